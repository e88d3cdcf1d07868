"""Identities of amounts: each one that fails is told with its numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import Command
from component_claims import NETWORK, book_of, document
from whopays.api.terms import Balance, ComponentClaim, TermBook
from whopays.terms.checks import Check
from whopays.terms.rows import COMPONENTS
from x12_writer import Segment, written

PAID = 'term paid_amount by "A"\n  per line\n  is plan_paid'
DRUG = {
    "billed": "30.00",
    "ingredient_cost": "20.00",
    "dispensing_fee": "2.00",
    "admin_fee": None,
    "incentive_fee": None,
    "sales_tax_plan": "1.00",
    "sales_tax_member": "0.50",
    "discount": "6.50",
    "copay": "5.00",
    "plan_paid": "18.50",
}


@pytest.fixture
def book(tmp_path: Path) -> TermBook:
    return book_of(tmp_path, PAID)


def failed(book: TermBook, *lines: dict[str, Any], **whole: Any) -> list[Check]:
    return Balance().take(book.claim(document(*lines, **whole)))


def names(checks: list[Check]) -> list[str]:
    return [each.identity for each in checks]


def test_a_line_that_balances_fails_nothing(book: TermBook) -> None:
    assert failed(book, {**NETWORK, "allowed": "170.00", "capitated": "no"}) == []


def test_a_charge_that_is_not_its_components_is_told_with_both(book: TermBook) -> None:
    (check,) = failed(book, {**NETWORK, "copay": "21.00"})

    assert (check.identity, check.is_hard, check.difference) == ("I1", True, -100)
    assert "$250.00" in check.text
    assert "$251.00" in check.text
    assert "copay $21.00" in check.text


def test_an_adjudicated_line_has_all_components_or_it_is_told(book: TermBook) -> None:
    (check,) = failed(book, {"billed": "9.00", "copay": "1.00"}, adjudicated=None)

    assert (check.identity, check.is_hard) == ("I1", False)
    assert "withhold" in check.text


def test_a_line_that_is_not_adjudicated_has_no_component(book: TermBook) -> None:
    (check,) = failed(book, {"billed": "9.00", "copay": "1.00"}, adjudicated="no")

    assert check.is_hard
    assert "1 of the fifteen" in check.text
    assert failed(book, {"billed": "9.00"}, adjudicated="no") == []


def test_a_stated_allowed_amount_is_that_of_the_components(book: TermBook) -> None:
    found = failed(book, {**NETWORK, "allowed": "171.00"})

    assert names(found) == ["I2", "I3"]
    assert "$171.00" in found[1].text
    assert "$170.00" in found[1].text


@pytest.mark.parametrize(
    ("name", "amount"), [("member_share", "61.00"), ("prior_credited", "1.00")]
)
def test_a_stated_share_is_that_of_the_components(
    book: TermBook, name: str, amount: str
) -> None:
    assert names(failed(book, {**NETWORK, name: amount})) == ["I3"]


def test_more_allowed_than_charged_is_a_warning(book: TermBook) -> None:
    case_rate = {"billed": "100.00", "discount": "-50.00", "plan_paid": "150.00"}
    (check,) = failed(book, case_rate)

    assert (check.identity, check.is_hard) == ("I4", False)


def test_more_paid_than_allowed_is_a_warning(book: TermBook) -> None:
    line = {"billed": "10.00", "withhold": "-2.00", "plan_paid": "12.00"}

    assert names(failed(book, line)) == ["I5"]


def test_a_capitated_line_is_paid_nothing_and_only_it_is_prepaid(
    book: TermBook,
) -> None:
    prepaid = {"billed": "85.00", "prepaid": "85.00"}

    assert failed(book, {**prepaid, "capitated": "yes"}) == []
    assert names(failed(book, {**prepaid, "capitated": "no"})) == ["I6"]
    assert names(failed(book, {**NETWORK, "capitated": "yes"})) == ["I6"]


def test_no_more_of_a_withhold_is_returned_than_was_withheld(book: TermBook) -> None:
    assert failed(book, {**NETWORK, "withhold_returned": "5.00"}) == []
    assert names(failed(book, {**NETWORK, "withhold_returned": "5.01"})) == ["I7"]
    assert names(failed(book, {**NETWORK, "withhold_returned": "-1.00"})) == ["I7"]


@pytest.mark.parametrize(
    ("part", "amount"),
    [
        ("excluded_member", "0.01"),
        ("paid_to_member", "105.01"),
        ("paid_to_member", "-1.00"),
        ("sales_tax_plan", "105.01"),
        ("sales_tax_member", "60.01"),
    ],
)
def test_a_part_is_not_more_than_its_component(
    book: TermBook, part: str, amount: str
) -> None:
    (check,) = failed(book, {**NETWORK, part: amount})

    assert (check.identity, check.is_hard) == ("I8", True)


def test_a_prior_discount_may_be_more_where_this_payer_allows_more(
    book: TermBook,
) -> None:
    (check,) = failed(book, {**NETWORK, "discount_prior": "80.01"})

    assert (check.identity, check.is_hard) == ("I8", False)


def test_a_reversal_with_a_charge_above_zero_is_an_error(book: TermBook) -> None:
    checks = failed(book, {**NETWORK, "reversal": "yes"})

    (check,) = (each for each in checks if each.is_hard)
    assert (check.identity, check.text) == (
        "I8",
        "the line is a reversal, and its charge $250.00 is not below zero",
    )


def test_numbers_of_a_reversal_say_that_their_signs_are_turned(book: TermBook) -> None:
    void = {"billed": "-100.00", "medicare_credited": "-90.00", "plan_paid": "-10.00"}
    (check,) = failed(book, {**void, "medicare_paid": "-80.00"})

    assert check.identity == "I13"
    assert check.text == (
        "medicare_credited $90.00 is more than medicare_paid $80.00 "
        "(it is a reversal: its signs are turned here)"
    )


def test_a_reversal_balances_as_its_line_does(book: TermBook) -> None:
    line = {**NETWORK, "withhold_returned": "5.00", "paid_to_member": "1.00"}
    back = {name: f"-{amount}" for name, amount in line.items()}

    assert failed(book, back) == []
    assert names(failed(book, {**back, "withhold_returned": "-6.00"})) == ["I7"]
    denied = {"billed": "-9.00", "denied": "-9.00", "excluded_member": "-9.00"}
    assert failed(book, denied) == []
    assert names(failed(book, {**denied, "excluded_member": "9.00"})) == ["I8"]


def test_stated_totals_are_the_sum_of_lines_and_of_what_is_whole(
    book: TermBook,
) -> None:
    whole = {
        "level": "claim",
        "billed": "0.00",
        "discount": "5.00",
        "withhold": "-5.00",
    }
    total = {"level": "total", "billed": "250.00", "discount": "85.00"}
    wrong = {**total, "discount": "80.00"}

    assert failed(book, NETWORK, whole, total) == []
    (check,) = failed(book, NETWORK, whole, wrong)
    assert check.identity == "I9"
    assert "$80.00" in check.text
    assert "$85.00" in check.text


def test_the_price_of_a_drug_is_what_is_allowed(book: TermBook) -> None:
    assert failed(book, DRUG, claim_type="pharmacy") == []
    assert failed(book, {**DRUG, "ingredient_cost": "21.00"}) == []
    dearer = failed(book, {**DRUG, "ingredient_cost": "21.00"}, claim_type="pharmacy")
    assert names(dearer) == ["I10"]


def test_a_prior_payer_is_credited_with_no_more_than_it_paid(book: TermBook) -> None:
    line = {"billed": "100.00", "medicare_credited": "80.00", "plan_paid": "20.00"}

    assert failed(book, {**line, "medicare_paid": "85.00"}) == []
    assert failed(book, line) == []
    assert names(failed(book, {**line, "medicare_paid": "79.99"})) == ["I13"]


def test_what_can_not_be_checked_is_counted_and_no_failure(book: TermBook) -> None:
    balance = Balance()
    balance.take(book.claim(document({"billed": "9.00"}, adjudicated="no")))

    assert balance.open["I1"] == 1
    assert sum(balance.failed.values()) == 0


def remittance(*segments: Segment) -> str:
    return written([("BPR", "I", "0", "C", "CHK"), ("LX", "1"), *segments], "835")


def balanced(book: TermBook, folder: Path, *segments: Segment) -> list[Check]:
    file = folder / "paid.835"
    file.write_text(remittance(*segments), encoding="utf-8")
    (claim,) = book.read(file)
    return Balance().take(claim)  # type: ignore[arg-type]


def test_a_remittance_balances_as_it_was_sent(book: TermBook, tmp_path: Path) -> None:
    found = balanced(
        book,
        tmp_path,
        ("CLP", "C-1", "1", "250", "170", "", "12", "1"),
        ("SVC", "HC:99213", "250", "170"),
        ("CAS", "CO", "45", "79"),
    )

    assert names(found) == ["I1", "I11"]
    assert "charge $250.00 - CO $79.00 = $171.00, and $170.00 was paid" in found[1].text


def test_what_only_the_claim_lacks_is_told_of_the_claim(
    book: TermBook, tmp_path: Path
) -> None:
    found = balanced(
        book,
        tmp_path,
        ("CLP", "C-1", "1", "250", "169", "", "12", "1"),
        ("SVC", "HC:99213", "250", "170"),
        ("CAS", "CO", "45", "80"),
    )

    assert [(each.identity, each.place) for each in found] == [
        ("I1", "the claim as a whole"),
        ("I11", "the claim"),
    ]
    assert "charge $250.00 - CO $80.00 = $170.00, and $169.00 was paid" in found[1].text


def test_a_reason_that_is_in_no_component_is_named(
    book: TermBook, tmp_path: Path
) -> None:
    (check,) = balanced(
        book,
        tmp_path,
        ("CLP", "C-1", "1", "250", "170", "", "12", "1"),
        ("SVC", "HC:99213", "250", "170"),
        ("CAS", "CO", "ZZ9", "80"),
    )

    assert check.identity == "I1"
    assert "CO-ZZ9 $80.00" in check.text


def test_totals_of_a_remittance_are_compared(book: TermBook, tmp_path: Path) -> None:
    found = balanced(
        book,
        tmp_path,
        ("CLP", "C-1", "1", "251", "170", "7", "12", "1"),
        ("SVC", "HC:99213", "250", "170"),
        ("CAS", "CO", "45", "72"),
        ("CAS", "PR", "3", "8"),
    )

    assert names(found) == ["I9", "I11", "I11"]
    assert "$7.00" in found[1].text
    assert "charge $251.00 - CO $72.00 - PR $8.00 = $171.00" in found[2].text


def test_what_was_paid_to_the_member_is_in_the_component(
    book: TermBook, tmp_path: Path
) -> None:
    found = balanced(
        book,
        tmp_path,
        ("CLP", "C-1", "1", "250", "0", "", "12", "1"),
        ("SVC", "HC:99213", "250", "0"),
        ("CAS", "CO", "45", "80"),
        ("CAS", "OA", "100", "170"),
    )

    assert found == []


@pytest.mark.parametrize(
    ("segment", "open_", "told"),
    [
        (("CAS", "CO", "45"), "discount", "CO-45 without an amount"),
        (("CAS", "CO", "45", "x"), "discount", "CO-45 without an amount"),
        (("CAS", "PR", "3", "", "", "3"), "copay", "PR-3 without an amount"),
        (("CAS", "PR", "45"), "balance_bill", "PR-45 without an amount"),
        (
            ("CAS", "CO", "23"),
            "medicare_credited, other_insurance_credited, other_source_credited, discount",
            "CO-23 without an amount",
        ),
        (("CAS", "OA", "100"), "plan_paid", "OA-100 without an amount"),
    ],
)
def test_an_adjustment_without_an_amount_leaves_its_component_unknown(
    book: TermBook, tmp_path: Path, segment: Segment, open_: str, told: str
) -> None:
    found = balanced(
        book,
        tmp_path,
        ("CLP", "C-1", "1", "250", "170", "9", "12", "1"),
        ("SVC", "HC:99213", "250", "170"),
        segment,
    )

    of_line = [each for each in found if each.place == "line 1"]
    assert [(each.identity, each.is_hard) for each in of_line] == [("I1", True)]
    assert sorted(open_.split(", ")) == sorted(
        of_line[0].text.partition("given: ")[2].partition(";")[0].split(", ")
    )
    assert of_line[0].text.endswith(f"; adjusted {told}")
    # What is not known is compared with nothing: neither I11 of the claim, nor of PR.
    said_of_patient = [each for each in found if "patient" in each.text]
    assert len(said_of_patient) == (segment[1] != "PR")
    assert len(found) == 1 + len(said_of_patient)


@pytest.mark.parametrize(
    ("segment", "known"),
    [(("CAS", "CO", "ZZ9"), ["plan_paid"]), (("CAS", "CO", "", "80"), [])],
)
def test_an_adjustment_that_may_be_in_any_component_leaves_them_all_unknown(
    book: TermBook, tmp_path: Path, segment: Segment, known: list[str]
) -> None:
    file = tmp_path / "paid.835"
    of_claim = ("CLP", "C-1", "1", "250", "170", "", "12", "1")
    line = ("SVC", "HC:99213", "250", "170")
    file.write_text(remittance(of_claim, line, segment), encoding="utf-8")
    (claim,) = (each for each in book.read(file) if isinstance(each, ComponentClaim))

    assert [each for each in COMPONENTS if each not in claim.rows[0].unknown()] == known
    assert [check.identity for check in Balance().take(claim)] == ["I1"]


def test_a_term_that_reads_what_was_adjusted_without_an_amount_names_it(
    tmp_path: Path,
) -> None:
    terms = [PAID, 'term written_off by "A"\n  per line\n  is discount']
    book = book_of(tmp_path, *terms)
    file = tmp_path / "paid.835"
    of_claim = ("CLP", "C-1", "1", "250", "170", "", "12", "1")
    line = ("SVC", "HC:99213", "250", "170")
    text = remittance(of_claim, line, ("CAS", "CO", "45"))
    file.write_text(text, encoding="utf-8")
    (claim,) = (each for each in book.read(file) if isinstance(each, ComponentClaim))

    answers = {word.name: given[0] for word, given in book.said(claim).words}
    assert answers["paid_amount"].cents == 17_000
    assert answers["written_off"].status == "undetermined"
    assert answers["written_off"].needs == {"discount"}


def test_an_adjustment_of_the_whole_claim_without_an_amount_is_told_of_the_claim(
    book: TermBook, tmp_path: Path
) -> None:
    (check,) = balanced(
        book,
        tmp_path,
        ("CLP", "C-1", "1", "250", "250", "", "12", "1"),
        ("CAS", "CO", "45"),
        ("SVC", "HC:99213", "250", "250"),
    )

    assert (check.identity, check.place) == ("I1", "the claim as a whole")
    assert check.text.endswith("given: discount; adjusted CO-45 without an amount")


def test_the_command_names_claims_and_identities_and_counts(
    whopays: Command, tmp_path: Path
) -> None:
    file = tmp_path / "claims.json"
    wrong = document(
        {**NETWORK, "copay": "21.00"}, {"billed": "1.00", "denied": "1.00"}
    )
    file.write_text(json.dumps(wrong), encoding="utf-8")
    run = whopays("balance", file)

    assert run.code == 1
    assert "error[I1]: claims.json, claim C-1, line 1: the charge $250.00" in run.out
    assert "1 claim, 2 rows: 1 error, no warnings" in run.out

    data = [
        json.loads(line)
        for line in whopays("balance", file, "--format", "json").out.splitlines()
    ]
    assert data[0]["difference_cents"] == -100
    assert data[-1]["errors"] == 1
    assert data[-1]["identities"]["I1"] == {"hold": 1, "fail": 1, "not_known": 0}


def test_the_command_is_content_with_claims_that_balance(
    whopays: Command, tmp_path: Path
) -> None:
    file = tmp_path / "claims.json"
    file.write_text(json.dumps(document(NETWORK)), encoding="utf-8")

    assert whopays("balance", file).code == 0
    file.write_text('{"claim_id": "C-1", "lines": [{"billed": "x"}]}', encoding="utf-8")
    run = whopays("balance", file)
    assert run.code == 3
    assert "rejected: claims.json" in run.err
