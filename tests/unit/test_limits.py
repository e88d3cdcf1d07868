"""Limits: what a line counts, how tiers divide it, and what stays open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from small_rules import CATALOG, FACTS, GRID, HEAD, book_of, rules, written_rules
from whopays.accumulate.balances import Balances
from whopays.api import LineDecision, RuleBook, check
from whopays.api.outputs import told
from whopays.explain import decision_record
from whopays.explain.recorded import recorded
from whopays.explain.sentence import sentence
from whopays.explain.tree import tree

LIMITED = FACTS.replace(
    "  fact billed is",
    "  fact days is number\n  fact reference is money per line\n  fact billed is",
)
STOP_LOSS = """\
limit SL "Stop loss"
  cites "§6.4"
  applies to shares of IPA
  counts allowed
  per member per contract year
  first IPA up to $100.00
  then PLAN 80%, IPA 20%
end
"""


def book(folder: Path, *blocks: str, **parts: str) -> RuleBook:
    """Return the small contract with `blocks`."""
    parts = {"facts": LIMITED, **parts}
    return book_of(folder, rules(*blocks, **parts))


def line(number: int = 1, **facts: object) -> dict[str, object]:
    """Return a visit inside the area, all of which the group bears.

    What is None is given as none, or is unknown if there is no none of it.
    """
    given = {
        "claim_type": "professional",
        "procedure_code": "99213",
        "product": "HMO",
        "area": "inside",
        "service_date": "2026-03-04",
        "member_id": "M1",
        **facts,
    }
    return {"line": number, **given}


def claim(*lines: Mapping[str, object], name: str = "c") -> dict[str, Any]:
    """Return a claim document."""
    return {"claim_id": name, "lines": list(lines)}


def cents(decided: LineDecision) -> dict[str, int | None]:
    """Return the cents of each bearer."""
    return {part.bearer: part.cents for part in decided.decision.parts}


def decided(
    rule_book: RuleBook, *lines: Mapping[str, object], balances: Balances | None = None
) -> list[LineDecision]:
    """Return the decisions of a claim with `lines`."""
    return rule_book.decide(claim(*lines), balances)


def test_a_line_that_crosses_the_threshold_is_split_there(tmp_path: Path) -> None:
    small = book(tmp_path, STOP_LOSS)

    first, second = decided(small, line(1, allowed="90.00"), line(2, allowed="30.03"))

    assert cents(first) == {"IPA": 9000}
    # $10.00 below, $20.03 above: 80% of it are $16.02 by largest remainder.
    assert cents(second) == {"IPA": 1000 + 401, "PLAN": 1602}
    assert second.decision.because == ('A "Visits" when area is inside', "SL")
    assert first.decision.because == ('A "Visits" when area is inside',)


def test_exactly_at_the_threshold_is_the_lower_tier(tmp_path: Path) -> None:
    at, above = decided(
        book(tmp_path, STOP_LOSS), line(1, allowed="100.00"), line(2, allowed="0.01")
    )

    assert cents(at) == {"IPA": 10000}
    assert cents(above) == {"IPA": 0, "PLAN": 1}


def test_a_line_below_zero_gives_back_from_the_top(tmp_path: Path) -> None:
    small, balances = book(tmp_path, STOP_LOSS), Balances()

    found = decided(
        small,
        line(1, allowed="150.00"),
        line(2, allowed="-80.00"),
        line(3, allowed="10.00"),
        balances=balances,
    )

    assert cents(found[1]) == {"IPA": -3000 - 1000, "PLAN": -4000}
    assert cents(found[2]) == {"IPA": 1000}
    assert [each.exact for each in balances.counts.values()] == [8000]


def test_the_expression_counts_times_the_share_of_the_bearer(tmp_path: Path) -> None:
    small = book(tmp_path, STOP_LOSS)
    room: dict[str, Any] = {"procedure_code": None, "revenue_code": "0110"}

    (found,) = decided(small, line(allowed="180.01", **room))

    # IPA bears 2/3, $120.01 of $180.01: $20.01 are above.
    (taken,) = found.decision.taken
    assert taken.parts == (10000, 2001)
    assert cents(found) == {"PLAN": 6000 + 1601, "IPA": 10000 + 400}


def test_what_is_not_counted_stays_with_the_bearer(tmp_path: Path) -> None:
    limit = STOP_LOSS.replace(
        "counts allowed", "counts lesser of (allowed, 90% of reference)"
    )

    (found,) = decided(
        book(tmp_path, limit), line(allowed="200.00", reference="150.00")
    )

    # $135.00 count, $35.00 above.
    assert cents(found) == {"IPA": 6500 + 10000 + 700, "PLAN": 2800}


def test_a_number_divides_the_cents_of_the_bearer_as_it_is_divided(
    tmp_path: Path,
) -> None:
    limit = """\
limit DAYS "Days"
  applies to shares of IPA
  counts days
  per member per calendar year
  first IPA up to 2.5
  then not covered
end
"""
    (found,) = decided(book(tmp_path, limit), line(allowed="100.01", days=10))

    (taken,) = found.decision.taken
    assert (taken.parts, taken.nobody) == ((2.5, 7.5), 7501)
    assert cents(found) == {"IPA": 2500}


@pytest.mark.parametrize(
    ("per", "lines", "balances"),
    [
        ("member per contract year", [{}, {"member_id": "M2"}], [6000, 6000]),
        ("member per contract year", [{}, {"service_date": "2026-01-01"}], [12000]),
        (
            "member per contract year",
            [{}, {"service_date": "2025-12-31"}],
            [6000, 6000],
        ),
        (
            "member per contract year from 2025-04-01",
            [{}, {"service_date": "2026-04-01"}],
            [6000, 6000],
        ),
        (
            "member per contract year from 2024-02-29",
            [{"service_date": "2026-02-27"}, {"service_date": "2026-02-28"}],
            [6000, 6000],
        ),
        ("contract per calendar year", [{}, {"member_id": "M2"}], [12000]),
        ("claim", [{}, {"member_id": None}], [12000]),
    ],
)
def test_a_count_is_of_a_member_a_contract_or_a_claim_over_a_period(
    tmp_path: Path, per: str, lines: list[dict[str, str]], balances: list[int]
) -> None:
    limit = STOP_LOSS.replace("member per contract year", per)
    counted = Balances()

    decided(
        book(tmp_path, limit),
        *(line(at, allowed="60.00", **each) for at, each in enumerate(lines, 1)),
        balances=counted,
    )

    assert [each.exact for each in counted.counts.values()] == balances


def test_lines_count_by_governing_date_then_claim_then_line(tmp_path: Path) -> None:
    found = decided(
        book(tmp_path, STOP_LOSS),
        line(10, allowed="100.00"),
        line(9, allowed="100.00"),
        line(11, allowed="100.00", service_date="2026-01-31"),
    )

    stood = [each.decision.taken[0].before for each in found]
    assert [each and each.exact for each in stood] == [20000, 10000, 0]


def test_an_amendment_changes_tiers_from_its_date_and_never_the_count(
    tmp_path: Path,
) -> None:
    amendment = (
        "amendment 1 to K version 1\n  signed 2026-02-01\n  in force 2026-04-01 onward\nend\n"
        + STOP_LOSS.replace("$100.00", "$200.00")
    )
    found = decided(
        book(tmp_path, STOP_LOSS, amendment),
        line(1, allowed="150.00"),
        line(2, allowed="60.00", service_date="2026-04-01"),
    )

    assert cents(found[0]) == {"IPA": 11000, "PLAN": 4000}
    assert cents(found[1]) == {"IPA": 5200, "PLAN": 800}


def test_a_missing_amount_opens_its_line_and_what_it_can_change(tmp_path: Path) -> None:
    limit = STOP_LOSS.replace("counts allowed", "counts reference")
    found = decided(
        book(tmp_path, limit),
        line(1, allowed="10.00", reference="10.00"),
        line(2, allowed="10.00"),
        line(3, allowed="10.00", reference="10.00"),
        line(4, allowed="10.00", reference="10.00", member_id="M2"),
    )

    assert [each.status for each in found] == ["decided"] * 4
    assert [cents(each)["IPA"] for each in found] == [1000, None, None, 1000]
    assert "for want of reference" in found[1].decision.amounts_note
    assert "an earlier line of the same count is open" in found[2].decision.amounts_note


def test_an_unknown_condition_is_no_matter_below_the_threshold(tmp_path: Path) -> None:
    limit = STOP_LOSS.replace("  applies", "  when age > 64\n  applies")
    found = decided(
        book(tmp_path, limit),
        line(1, allowed="40.00"),
        line(2, allowed="50.00", age=70),
        line(3, allowed="50.00", age=70),
        line(4, allowed="50.00", age=30),
        line(5, allowed="50.00"),
    )

    assert [cents(each)["IPA"] for each in found] == [4000, 5000, None, 5000, None]


def test_a_line_of_which_nobody_knows_who_bears_it_may_have_counted(
    tmp_path: Path,
) -> None:
    found = decided(
        book(tmp_path, STOP_LOSS),
        line(1, allowed="60.00", area=None),
        line(2, allowed="40.00"),
        line(3, allowed="40.00"),
    )

    assert [each.status for each in found] == ["undetermined", "decided", "decided"]
    assert [cents(each).get("IPA") for each in found] == [None, 4000, None]


def test_a_line_of_no_member_is_in_no_count(tmp_path: Path) -> None:
    balances = Balances()
    found = decided(
        book(tmp_path, STOP_LOSS),
        line(1, allowed="60.00", member_id=None),
        line(2, allowed="60.00"),
        balances=balances,
    )

    assert [cents(each)["IPA"] for each in found] == [None, 6000]
    assert "for want of member_id" in found[0].decision.amounts_note
    assert len(balances.counts) == 1


SECOND = """\
limit OLD "Of the old"
  when age > 64
  applies to shares of IPA
  counts allowed
  per member per contract year
  first IPA up to $50.00
  then PLAN
  yields to SL
end
"""


def test_a_line_that_the_other_pays_from_is_neither_counted_nor_paid(
    tmp_path: Path,
) -> None:
    found = decided(
        book(tmp_path, STOP_LOSS, SECOND),
        line(1, allowed="70.00", age=70),
        line(2, allowed="31.00", age=70),  # SL pays from a dollar of it
        line(3, allowed="-1.00", age=70),  # which is given back
        line(4, allowed="0.00", age=70),
    )

    assert cents(found[0]) == {"IPA": 5000, "PLAN": 2000}
    assert found[0].decision.because[-1] == "OLD"
    assert found[1].decision.because[-1] == "SL"
    states = [
        {t.entry.limit.id: t.state for t in each.decision.taken} for each in found
    ]
    assert states[1] == {"SL": "paid", "OLD": "yielded"}
    assert states[2] == {"SL": "paid", "OLD": "yielded"}
    assert states[3] == {"SL": "counted", "OLD": "counted"}


def test_two_limits_that_pay_and_do_not_yield_leave_the_amounts_open(
    tmp_path: Path,
) -> None:
    other = SECOND.replace("  yields to SL\n", "")

    (found,) = decided(book(tmp_path, STOP_LOSS, other), line(allowed="200.00", age=70))

    assert cents(found) == {"IPA": None}
    assert "none yields to the other" in found.decision.amounts_note


def test_more_than_the_bearer_bears_is_not_divided(tmp_path: Path) -> None:
    limit = STOP_LOSS.replace("counts allowed", "counts billed")

    (found,) = decided(book(tmp_path, limit), line(billed="300.00", allowed="200.00"))

    assert cents(found) == {"IPA": None}
    assert "counts $300.00 of it, and IPA bears $200.00" in found.decision.amounts_note


@pytest.mark.parametrize("answer", ["unlisted", "?", 'ambiguous because "so"'])
def test_a_tier_that_says_nobody_s_name_leaves_the_amounts_open(
    tmp_path: Path, answer: str
) -> None:
    limit = STOP_LOSS.replace("then PLAN 80%, IPA 20%", f"then {answer}")

    below, above = decided(
        book(tmp_path, limit), line(1, allowed="100.00"), line(2, allowed="1.00")
    )

    assert (cents(below), cents(above)) == ({"IPA": 10000}, {"IPA": None})


def test_what_was_counted_before_a_claim_is_carried_in(tmp_path: Path) -> None:
    small, balances = book(tmp_path, STOP_LOSS), Balances()

    small.decide(claim(line(allowed="99.00"), name="a"), balances)
    (found,) = small.decide(claim(line(allowed="2.00"), name="b"), balances)

    assert cents(found) == {"IPA": 100 + 20, "PLAN": 80}


def test_the_explanation_says_what_each_limit_counted(tmp_path: Path) -> None:
    (found,) = decided(
        book(tmp_path, STOP_LOSS),
        line(allowed="130.00"),
    )

    assert sentence(found.decision).startswith(
        "IPA (The group) bears $106.00 (100% before limits) and "
        "PLAN (The plan) bears $24.00 because "
    )
    assert "and SL (§6.4)." in sentence(found.decision)
    said = (
        "Limit SL (§6.4) counts $130.00, and goes from $0.00 to $130.00: $100.00 up to "
        "$100.00 (IPA 100%), $30.00 above $100.00 (PLAN 80%, IPA 20%)."
    )
    assert said in tree(found.decision)
    (record,) = decision_record(found.decision)["limits"]
    assert record["before"] == 0
    assert record["after"] == 13000
    assert record["moved_cents"] == {"IPA": -2400, "PLAN": 2400}
    assert [tier["counted"] for tier in record["tiers"]] == [10000, 3000]


TEST = """\
test "Lines of one member, one after the other"
  contract K
  given procedure_code CPT 99213, product HMO, area inside, claim_type professional
  line service_date 2026-03-05, allowed $20.00
  line service_date 2026-03-04, allowed $40.00
  counted SL $50.00
  expect IPA $52.00, PLAN $8.00
end
"""


def test_tests_of_rule_files_count_over_several_lines(tmp_path: Path) -> None:
    wrong = TEST.replace("$8.00", "$9.00")

    results = book(tmp_path, STOP_LOSS, TEST, wrong).run_tests()

    assert [each.state for each in results] == ["passed", "failed"]
    assert results[1].problems == ("expected PLAN $9.00, got $8.00",)


def test_a_contract_without_limits_says_nothing_of_them(tmp_path: Path) -> None:
    plain = book_of(tmp_path, rules(facts=FACTS, catalog=CATALOG, head=HEAD, grid=GRID))

    (found,) = plain.decide(claim({**line(allowed="9.00"), "member_id": "M"}))

    assert "limits" not in decision_record(found.decision)
    assert "member_id" not in plain.facts


def test_limits_are_told_of_a_record_as_they_are_of_its_decision(
    tmp_path: Path,
) -> None:
    other = STOP_LOSS.replace("limit SL", "limit DAYS").replace(
        "counts allowed", "counts days"
    )
    other = other.replace("$100.00", "2").replace('  cites "§6.4"\n', "")
    found = decided(
        book(tmp_path, STOP_LOSS, other.replace("end", "  yields to SL\nend")),
        *(line(at, allowed="60.00", days=at) for at in (1, 2, 3)),
        line(4, allowed="60.00"),
        line(5, days=1),
    )

    assert {each["state"] for one in found for each in one.record()["limits"]} > {
        "paid"
    }
    for each in found:
        record = json.loads(json.dumps(decision_record(each.decision), sort_keys=True))
        trace = json.loads(json.dumps(each.record()["trace"], sort_keys=True))
        again = recorded(record, trace, each.decision.names)
        for form in ("tree", "sentence", "json"):
            assert told(again, form) == told(each.decision, form)


@pytest.mark.parametrize(
    ("days", "per", "code"),
    [
        ("90 days of period_end", "member per contract year", ""),
        ("90 days of period_end", "claim", "R027"),
        ("90 days of service_date", "claim", ""),
        ("90 days of area", "claim", "R003"),
        ("90 days of paid_on", "claim", "R001"),
        ("10 working days of period_end", "claim per contract year", "R027"),
        ("10 working days of period_end", "member per calendar year", "R028"),
        ("1.5 days of period_end", "member per calendar year", "R004"),
    ],
)
def test_the_days_to_claim_back_run_from_the_end_of_the_period_or_a_date(
    tmp_path: Path, days: str, per: str, code: str
) -> None:
    limit = STOP_LOSS.replace("member per contract year", per)
    limit = limit.replace("end\n", f"  recover within {days}\nend\n")

    report = check(written_rules(tmp_path, rules(limit, facts=LIMITED)))

    assert [each.code for each in report.diagnostics] == ([code] if code else [])


def test_the_explanation_says_by_when_to_claim_it_back(tmp_path: Path) -> None:
    limit = STOP_LOSS.replace("end\n", "  recover within 90 days of period_end\nend\n")

    (found,) = decided(book(tmp_path, limit), line(allowed="130.00"))

    assert "To be claimed back by 2027-03-31." in tree(found.decision)
