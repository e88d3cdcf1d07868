"""`whopays terms`: claims in every source's words, as text and as data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from command_line import Command
from component_claims import NETWORK, document
from page_structure import read_page
from whopays.explain.terms.tree import row_text
from whopays.terms.rows import CLAIM, Row

README = Path(__file__).parents[2] / "README.md"
NOBODY_ELSE = {
    "medicare_paid": "0.00",
    "other_insurance_paid": "0.00",
    "other_source_paid": "0.00",
    "member_paid": "20.00",
}


@pytest.fixture
def claim(tmp_path: Path) -> Path:
    file = tmp_path / "claim.json"
    given = document({**NETWORK, **NOBODY_ELSE}, service_date="2026-03-04")
    file.write_text(json.dumps({**given, "claim_id": "C-8"}), encoding="utf-8")
    return file


def test_the_readme_shows_what_the_command_prints(
    whopays: Command, claim: Path
) -> None:
    found = re.findall(r"```terms\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    sources = ("APCD Council", "CARIN", "Colorado DSG", "Oregon OAR 409-025")
    words = [word for source in sources for word in ("--source", source)]
    run = whopays("terms", claim, "--word", "paid_amount", *words)

    assert [run.out] == found
    assert run.code == 0


def test_a_source_may_be_named_by_a_part_that_is_its_own(
    whopays: Command, claim: Path
) -> None:
    run = whopays("terms", claim, "--source", "colo")
    assert "Colorado DSG" in run.out
    assert "CARIN" not in run.out

    several = whopays("terms", claim, "--source", "DSG")
    assert several.code == 2
    assert "Colorado DSG or Connecticut DSG" in several.err
    assert "did you mean Tuva?" in whopays("terms", claim, "--source", "Tuvva").err


def test_words_and_readings_that_do_not_exist_are_told(
    whopays: Command, claim: Path
) -> None:
    word = whopays("terms", claim, "--word", "paid_amont")
    assert (word.code, "did you mean paid_amount?" in word.err) == (2, True)
    reading = whopays("terms", claim, "--reading", "realized")
    assert (reading.code, "did you mean realised?" in reading.err) == (2, True)
    lost = whopays("terms", claim, "--claim", "C-9")
    assert (lost.code, "has no claim C-9" in lost.err) == (2, True)


def test_a_reading_is_shown_on_request(whopays: Command, claim: Path) -> None:
    words = ("terms", claim, "--source", "APCD Council", "--word", "paid_amount")

    assert "reading" not in whopays(*words).out
    assert "reading custom: $110.00" in whopays(*words, "--reading", "custom").out
    assert "reading custom: $110.00" in whopays(*words, "--reading", "all").out


def test_an_edition_is_asked_for_by_its_day(whopays: Command, claim: Path) -> None:
    words = ("terms", claim, "--source", "Uniform Glossary", "--word", "allowed_amount")

    assert "Allowed amount (2019)" in whopays(*words).out
    assert "Allowed amount (2012)" in whopays(*words, "--edition", "2015-01-01").out
    before = whopays(*words, "--edition", "2001-01-01").out
    assert "not applicable" in before
    assert "no definition is in force" in before


def test_data_tell_states_from_zeros(whopays: Command, claim: Path) -> None:
    run = whopays("terms", claim, "--format", "json")
    record = json.loads(run.out)
    answers = {
        (term["name"], term["source"]): term["answers"][0] for term in record["terms"]
    }

    assert record["rows"][0]["components_cents"]["withhold"] == 500
    colorado = answers["paid_amount", "Colorado DSG"]
    assert colorado["cents"] == 11_000
    assert colorado["formula"] == "plan_paid + withhold"
    assert colorado["filled"] == "$105.00 + $5.00"
    assert colorado["cites"]
    undefined = answers["paid_amount", "APCD Council"]
    assert (undefined["status"], undefined["cents"]) == ("undefined", None)
    assert answers["patient_pay", "NCPDP D.0"]["status"] == "not applicable"
    missing = answers["contracted_allowable_charge", "Premera"]
    assert (missing["cents"], missing["needs"]) == (None, ["contract_max"])
    assert answers["prepaid_amount", "Maine ch. 243"]["cents"] == 0


def test_what_a_remittance_lacks_can_be_said(whopays: Command, root: Path) -> None:
    paid = root / "tests" / "fuzz" / "seeds" / "x12" / "paid.835"
    words = ("terms", paid, "--source", "Colorado DSG")

    assert "needs claim_type" in whopays(*words).out
    known = whopays(*words, "--facts", "claim_type professional")
    assert "needs claim_type" not in known.out
    assert whopays(*words, "--facts", "claim_typ professional").code == 1


def test_a_shared_amount_is_opened_into_its_components(
    whopays: Command, claim: Path
) -> None:
    words = ("terms", claim, "--source", "Regence", "--word", "allowed_amount")
    allowed = (
        "allowed = member_share + prior_credited + plan_paid + withhold + prepaid + "
        "payment_reduction = $60.00 + $0.00 + $105.00 + $5.00 + $0.00 + $0.00 = $170.00"
    )
    share = (
        "member_share = deductible + copay + coinsurance + member_other = "
        "$30.00 + $20.00 + $10.00 + $0.00 = $60.00"
    )

    assert f"{allowed}; {share}" in whopays(*words).out
    # Of the claim as a whole the sums are opened.
    whole = whopays("terms", claim, "--source", "T-MSIS", "--word", "allowed_amount")
    assert "sum of allowed = sum of (member_share + prior_credited" in whole.out


def test_what_a_word_of_a_few_lacks_is_told_with_those_words(
    whopays: Command, root: Path
) -> None:
    paid = root / "tests" / "fuzz" / "seeds" / "x12" / "paid.835"
    run = whopays("terms", paid, "--source", "Colorado DSG")

    kinds = "one of professional, institutional, dental, pharmacy"
    assert f"needs claim_type ({kinds})" in run.out


def test_a_row_of_the_claim_alone_says_what_is_known_of_it() -> None:
    paid = row_text(Row("", {"plan_paid": 3600}, CLAIM))
    assert paid == (
        "of what is charged on its lines: plan_paid $36.00; no other component is known"
    )
    sent = row_text(Row("", {}, CLAIM))
    assert sent == "of what is charged on its lines, not adjudicated"
    line = row_text(Row("1", {"plan_paid": 3600, "copay": 0}))
    assert line.startswith("charge not known: plan_paid $36.00; not known: noncovered")


def test_show_may_be_written_or_left_out(whopays: Command, claim: Path) -> None:
    words = ("--source", "Colorado DSG")

    assert whopays("terms", "show", claim, *words) == whopays("terms", *words, claim)
    assert whopays("terms", "--help").code == 0
    assert "--edition" in whopays("terms", claim, "--help").out


def test_a_page_has_each_source_with_its_readings_and_citations(
    whopays: Command, claim: Path, tmp_path: Path
) -> None:
    out = tmp_path / "terms.html"
    words = ("--source", "APCD Council", "--source", "Colorado DSG")
    run = whopays(
        "terms", claim, "--format", "html", "-o", out, *words, "--word", "paid_amount"
    )
    page = read_page(out.read_text(encoding="utf-8"))

    assert run.code == 0
    assert page.problems == []
    rows = [row for row in page.rows if "$110.00" in row]
    assert [row[:4] for row in rows] == [
        ["APCD Council", "reading custom", "", "$110.00"],
        ["Colorado DSG", "Paid amount", "", "$110.00"],
    ]
    assert any("undefined" in row for row in page.rows)
    assert whopays("terms", claim, "-o", tmp_path / "x.txt").code == 2


def test_a_page_says_by_which_edition_it_was_made(
    whopays: Command, claim: Path
) -> None:
    run = whopays("terms", claim, "--format", "html", "--edition", "2015-01-01")

    assert "by the definitions of 2015-01-01" in run.out
    assert (
        "by the definitions of" not in whopays("terms", claim, "--format", "html").out
    )


def test_what_a_claim_says_is_text_on_a_page(whopays: Command, tmp_path: Path) -> None:
    file = tmp_path / "claim.json"
    given = {**document(NETWORK), "claim_id": "<script>alert(1)</script>"}
    file.write_text(json.dumps(given), encoding="utf-8")
    run = whopays("terms", file, "--format", "html")

    assert read_page(run.out).problems == []
    assert "<script" not in run.out
