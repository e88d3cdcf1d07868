"""Amounts that nobody states: what a payer allowed, what is obligated, a compromise."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accounts import METHODS, account, coordinator, plan
from whopays.api.accounts import AccountBook, Filed, load_accounts
from whopays.coordinate.determined import (
    allowed,
    compromise_share,
    obligated_to_accept,
)

COB = Path(__file__).parents[2] / "rulesets" / "cob"


@pytest.fixture(scope="module")
def book() -> AccountBook:
    return load_accounts(COB, order="as-given", engine="reference")


def settled(book: AccountBook, lines: list[Any], *coverages: dict[str, Any]) -> Any:
    document = {"account_id": "A-1", "lines": lines, "coverages": list(coverages)}
    return book.settle(book.account(document))  # type: ignore[arg-type]


def first(method: str, line: dict[str, Any], **amounts: str | bool) -> dict[str, Any]:
    return {"plan": "SECOND", "method": method, "lines": [line], "amounts": amounts}


def test_a_compromise_is_for_medical_expenses_by_the_ratio_of_what_was_awarded() -> (
    None
):
    # 42 CFR 411.47(a), the example: $8,000 of $24,000, $18,000 of medical expenses.
    assert compromise_share(800_000, 0, 2_400_000, 1_800_000).cents == 600_000
    # $2,000 of it went to obtain the settlement: a quarter.
    assert compromise_share(800_000, 200_000, 2_400_000, 1_800_000).cents == 450_000


def test_a_compromise_is_rounded_once_and_never_below_nothing() -> None:
    assert compromise_share(100, 0, 300, 200).cents == 67
    assert compromise_share(100, 150, 300, 200).cents == 0
    with pytest.raises(ValueError, match="above zero"):
        compromise_share(100, 0, 0, 200)


def test_a_determined_amount_shows_its_numbers_and_its_source() -> None:
    text = compromise_share(800_000, 0, 2_400_000, 1_800_000).text
    assert "($8,000.00 - $0.00) / $24,000.00 * $18,000.00 = $6,000.00" in text
    assert "42 CFR 411.47(a)(2)" in text
    assert "$96.00 + $24.00 = $120.00" in allowed("allowed by A", 9600, 2400).text
    assert obligated_to_accept(8000).text.count("$80.00") == 1


def test_what_was_allowed_is_worked_out_whether_it_is_given_by_line_or_by_claim(
    book: AccountBook,
) -> None:
    own = {"benefit": "90.00", "allowed": "125.00"}
    by_claim = {"plan": "ONE", "amounts": {"paid": "96.00", "patient_share": "24.00"}}
    by_line = {"plan": "ONE", "lines": [{"paid": "96.00", "patient_share": "24.00"}]}
    mixed = {
        "plan": "ONE",
        "lines": [{"paid": "96.00"}],
        "amounts": {"patient_share": "24.00"},
    }
    for ahead in (by_claim, by_line, mixed):
        found = settled(
            book, [{"billed": "140.00"}], ahead, first("STANDARD-PRIMARY", own)
        )
        payer = found.payers[1]
        assert payer.payment.cents == 2400
        assert [each.cents for each in payer.paid.determined] == [12000]


def test_amounts_of_two_lines_and_of_the_claim_are_not_mixed(book: AccountBook) -> None:
    lines = [{"billed": "140.00"}, {"billed": "60.00"}]
    ahead = {
        "plan": "ONE",
        "lines": [{"paid": "96.00"}, {"line": "2", "paid": "40.00"}],
        "amounts": {"patient_share": "24.00"},
    }
    own = {
        "plan": "TWO",
        "method": "ALLOWED-LESS-PAID",
        "lines": [{"allowed": "1.00"}, {"line": "2", "allowed": "1.00"}],
    }
    found = settled(book, lines, ahead, own)
    assert found.payers[1].payment.cents == 2400
    assert found.payers[1].paid.determined[0].line is None


def test_one_line_may_state_what_another_leaves_to_be_worked_out(
    book: AccountBook,
) -> None:
    lines = [{"billed": "140.00"}, {"billed": "60.00"}]
    ahead = {
        "plan": "ONE",
        "lines": [
            {"paid": "96.00", "allowed": "120.00"},
            {"line": "2", "paid": "40.00", "patient_share": "10.00"},
        ],
    }
    own = {
        "plan": "TWO",
        "method": "ALLOWED-LESS-PAID",
        "lines": [{"allowed": "1.00"}, {"line": "2", "allowed": "1.00"}],
    }
    found = settled(book, lines, ahead, own)
    assert found.payers[1].payment.cents == 3400
    assert [each.line for each in found.payers[1].paid.determined] == [1]


_MEDICARE = {
    "allowed": "125.00",
    "deductible": "0.00",
    "coinsurance": "25.00",
    "plan_percent": "80%",
    "accepts_primary_as_full": False,
}


def _medicare(book: AccountBook, **said: Any) -> Any:
    ahead = {
        "plan": "GROUP",
        "amounts": {"paid": "60.00", "patient_share": "20.00", **said},
    }
    return settled(
        book, [{"billed": "175.00"}], ahead, first("MSP-FEE-SCHEDULE", _MEDICARE)
    )


def test_a_contracted_provider_is_obligated_to_accept_what_the_first_plan_allows(
    book: AccountBook,
) -> None:
    found = _medicare(book, contracted=True)
    paid = found.payers[1].paid
    assert (paid.cents, paid.because[:2]) == (2000, ("left_over", "charge"))
    assert {each.name for each in paid.determined} == {"otaf", "allowed by GROUP"}
    assert "otaf = primary_allowed" in book.tree(found)
    record = book.record(found)["payers"][1]
    assert [each["cents"] for each in record["determined"]] == [8000, 8000]


def test_a_contract_may_be_said_of_the_line(book: AccountBook) -> None:
    line = {"paid": "60.00", "patient_share": "20.00", "contracted": True}
    ahead = {"plan": "GROUP", "lines": [line]}
    found = settled(
        book, [{"billed": "175.00"}], ahead, first("MSP-FEE-SCHEDULE", _MEDICARE)
    )
    assert found.payers[1].paid.cents == 2000


def test_without_a_contract_the_charge_counts_and_what_is_not_said_is_not_guessed(
    book: AccountBook,
) -> None:
    found = _medicare(book, contracted=False).payers[1].paid
    # Medicare allows $125.00, the higher of the two: $125.00 - $60.00.
    assert (found.cents, found.because[0]) == (6500, "by_highest")
    assert _medicare(book).payers[1].paid.missing == {"otaf"}


def test_what_was_reported_stands_before_what_could_be_worked_out(
    book: AccountBook,
) -> None:
    found = _medicare(book, contracted=True, otaf="70.00").payers[1]
    assert found.paid.cents == 1000
    assert {each.name for each in found.paid.determined} == {"allowed by GROUP"}


def test_a_compromise_of_workers_compensation_is_what_that_plan_paid(
    book: AccountBook,
) -> None:
    ahead = {
        "plan": "COMP",
        "facts": {"kind": "workers_compensation"},
        "amounts": {
            "settlement": "8000.00",
            "settlement_costs": "0.00",
            "settlement_in_full": "24000.00",
            "settlement_medical": "18000.00",
        },
    }
    own = {"billed": "18000.00"}
    found = settled(book, [own], ahead, first("BILLED-LESS-PAID", {}))
    assert [payer.payment.cents for payer in found.payers] == [600_000, 1_200_000]
    assert "42 CFR 411.47(a)(2)" in book.tree(found)
    assert book.record(found)["payers"][0]["determined"][0]["cents"] == 600_000
    del ahead["amounts"]["settlement_costs"]  # type: ignore[attr-defined]
    assert settled(book, [own], ahead, first("BILLED-LESS-PAID", {})).needs == (
        "prior_paid",
    )


def test_a_table_may_say_a_compromise_in_columns(
    book: AccountBook, tmp_path: Path
) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(
        "account_id,line,plan,method,billed,settlement,settlement_costs,"
        "settlement_in_full,settlement_medical\n"
        "A-1,1,,,18000.00,,,,\n"
        "A-1,,COMP,,,8000.00,0.00,24000.00,18000.00\n"
        "A-1,,SECOND,BILLED-LESS-PAID,,,,,\n",
        encoding="utf-8",
    )
    (filed,) = book.read(path)
    assert isinstance(filed, Filed), filed
    found = book.settle(filed.account)
    assert [payer.payment.cents for payer in found.payers] == [600_000, 1_200_000]


def test_what_a_plan_left_to_the_patient_is_not_what_it_was_left(
    book: AccountBook,
) -> None:
    ahead = {"plan": "ONE", "amounts": {"paid": "80.00", "patient_share": "20.00"}}
    own = {
        "plan": "TWO",
        "method": "SUPPLEMENT",
        "amounts": {"paid": "15.00", "remaining_patient_share": "5.00"},
    }
    last = {"plan": "THREE", "method": "SUPPLEMENT"}
    found = settled(book, [{"billed": "120.00"}], ahead, own, last)
    assert [payer.expected for payer in found.payers] == [None, 2000, 500]


def test_a_government_program_is_known_by_its_kind(book: AccountBook) -> None:
    own = {"benefit": "80.00", "allowable_expense": "100.00"}
    for kind, cents in (("medicare", 0), ("group", 4000)):
        ahead = {
            "plan": "ONE",
            "facts": {"kind": kind},
            "amounts": {"paid": "60.00"},
        }
        found = settled(
            book, [{"billed": "100.00"}], ahead, first("GOVERNMENT-EXCLUDED", own)
        )
        assert found.payers[1].payment.cents == cents


def test_equal_plans_share_what_those_ahead_left(tmp_path: Path) -> None:
    settle = coordinator(
        tmp_path,
        METHODS.replace(
            "equal_share * sum of allowable_expense",
            "equal_share * (sum of allowable_expense - sum of prior_paid)",
        ),
    )
    since = date(2002, 1, 1)
    two = [plan(name, "EQUAL", since=since, benefit=9000) for name in ("B", "C")]
    alone = settle.settle(account(*two))
    behind = settle.settle(account(plan("A", since=date(2001, 1, 1), paid=6000), *two))
    assert [each.payment.cents for each in alone.payers] == [5000, 5000]
    assert [each.payment.cents for each in behind.payers] == [6000, 2000, 2000]


def test_what_the_patient_owes_names_what_it_lacks(book: AccountBook) -> None:
    ahead = {"plan": "ONE", "amounts": {"paid": "60.00"}}
    found = settled(
        book,
        [{"billed": "100.00"}],
        ahead,
        first("NON-DUPLICATION", {"benefit": "80.00"}),
    )
    assert found.payers[1].payment.cents == 2000
    assert found.needs == ("own_allowed",)
