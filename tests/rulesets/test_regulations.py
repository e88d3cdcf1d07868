"""The shipped regulations, by dates and cents worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import whopays
from whopays.api import check

CONTRACT = """\
edition 1

contract SHOWN "A contract that both regulations speak of"
  version 1.0
  in force 2024-01-01 to 2026-12-31
  products HMO, PPO, MEDICAID, MA
  party PLAN  "Health Plan"
  party GROUP "Medical Group"
  facts from STANDARD 2026.1
  categories from STD 2026.1
  regulations from CA-HMO 2026.1
  regulations from MA-PROMPT-PAY 2026.1
  calendar US-FEDERAL
  decide by service_date
end

responsibility A "Exhibit A"
  | category      | GROUP |
  | Office visits |   x   |
  otherwise PLAN
end

test "{title}"
  contract SHOWN
  given procedure_code CPT 99213, claim_type professional, place_of_service POS 11
  given service_date 2025-01-02, allowed $1,000.00
  given {given}
  {expect}
end
"""
CASES = [
    (
        "an emergency claim goes on, whoever filed it",
        "product HMO, emergency yes, contracted yes, received_by PLAN, received_date 2025-12-19",
        "expect forward to GROUP by 2026-01-06 because CA-FORWARD-ER",
    ),
    (
        "a claim of a provider with an agreement goes on or back",
        "product HMO, emergency no, contracted yes, received_by PLAN, received_date 2026-01-05",
        "expect forward or deny to GROUP by 2026-01-20 because CA-FORWARD-OR-DENY",
    ),
    (
        "any other claim goes on",
        "product HMO, emergency no, contracted no, received_by PLAN, received_date 2024-02-27",
        "expect forward to GROUP by 2024-03-12 because CA-FORWARD",
    ),
    (
        "whoever is to pay keeps the claim",
        "product HMO, emergency no, contracted no, received_by GROUP, received_date 2024-02-27",
        "expect no route",
    ),
    (
        "without the day of receipt the last day is not known",
        "product HMO, emergency yes, contracted no, received_by PLAN",
        "expect forward to GROUP by unknown needs received_date because CA-FORWARD-ER",
    ),
    (
        "whether it was an emergency makes no difference without an agreement",
        "product HMO, contracted no, received_by PLAN, received_date 2026-01-05",
        "expect forward to GROUP by 2026-01-20 because CA-FORWARD, CA-FORWARD-ER",
    ),
    (
        "with an agreement it makes one",
        "product HMO, contracted yes, received_by PLAN, received_date 2026-01-05",
        "expect route undetermined needs emergency",
    ),
    (
        "an HMO had forty-five working days in 2025",
        "product HMO, clean yes, emergency no, received_date 2025-11-03, paid_date 2026-01-09",
        "expect pay by 2026-01-09, interest $0.00 because CA-PAY-HMO-2025",
    ),
    (
        "an emergency claim of 2025 bears $15.00 at least",
        "product HMO, clean yes, emergency yes, received_date 2025-11-03, paid_date 2026-01-12",
        "expect pay by 2026-01-09, interest $15.00 because CA-PAY-HMO-ER-2025",
    ),
    (
        "another plan had thirty working days in 2025",
        "product PPO, clean yes, emergency no, received_date 2025-11-03, paid_date 2025-12-26",
        "expect pay by 2025-12-17, interest $3.70 because CA-PAY-PPO-2025",
    ),
    (
        "the last claim by the old clock",
        "product HMO, clean yes, emergency no, received_date 2025-12-31",
        "expect pay by 2026-03-09 because CA-PAY-HMO-2025",
    ),
    (
        "the first claim by the new one: thirty calendar days, at 15%",
        "product HMO, clean yes, emergency no, received_date 2026-01-01, paid_date 2026-02-03",
        "expect pay by 2026-01-31, interest $1.23 because CA-PAY-2026",
    ),
    (
        "the new clock is that of Medi-Cal, too",
        "product MEDICAID, clean yes, received_date 2026-01-05, paid_date 2026-02-10",
        "expect pay by 2026-02-04, interest $2.47 because CA-PAY-2026",
    ),
    (
        "as long as it is not paid, interest is told for each day",
        "product HMO, clean yes, emergency no, received_date 2026-01-05",
        "expect pay by 2026-02-04, interest $0.41 per day because CA-PAY-2026",
    ),
    (
        "without the day of receipt nobody knows which clock it is",
        "product HMO, clean yes, emergency no",
        "expect clock undetermined needs received_date",
    ),
    (
        "no clock runs for a claim that is not complete",
        "product HMO, clean no, received_date 2026-01-05",
        "expect no clock",
    ),
    (
        "Medicare Advantage: thirty days, at the Treasury's rate",
        "product MA, clean yes, contracted no, received_date 2026-03-01, paid_date 2026-04-10, treasury_rate 4%",
        "expect pay by 2026-03-31, interest $1.10 because MA-PAY-CLEAN",
    ),
    (
        "Medicare Advantage: without the rate the interest is not known",
        "product MA, clean yes, contracted no, received_date 2026-03-01, paid_date 2026-04-10",
        "expect pay by 2026-03-31 because MA-PAY-CLEAN",
    ),
    (
        "Medicare Advantage: sixty days for other claims",
        "product MA, clean no, contracted no, received_date 2026-03-01",
        "expect pay by 2026-04-30 because MA-PAY-OTHER",
    ),
    (
        "Medicare Advantage: an agreement has a time of its own",
        "product MA, clean yes, contracted yes, received_date 2026-03-01",
        "expect no clock",
    ),
]


@pytest.mark.parametrize(("title", "given", "expect"), CASES, ids=[c[0] for c in CASES])
def test_what_a_regulation_makes_of_a_claim(
    title: str, given: str, expect: str, tmp_path: Path
) -> None:
    path = tmp_path / "shown.rules"
    path.write_text(CONTRACT.format(title=title, given=given, expect=expect), "utf-8")

    for engine in ("durable", "reference"):
        (result,) = whopays.load(path, engine=engine).run_tests()
        assert (result.state, result.problems) == ("passed", ())


def test_nothing_in_the_regulations_contradicts_itself(tmp_path: Path) -> None:
    path = tmp_path / "shown.rules"
    text = CONTRACT.format(title="a", given="product HMO", expect="expect GROUP 100%")
    path.write_text(text, "utf-8")

    assert check(path).diagnostics == ()
