"""Whole accounts by the order and the methods that ship, worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from whopays.api.accounts import AccountBook, Settled, load_accounts
from whopays.model.account import Account

COB = Path(__file__).parents[2] / "rulesets" / "cob"
Document = dict[str, Any]


@pytest.fixture(scope="module")
def book() -> AccountBook:
    return load_accounts(COB, order="ALL-PAYERS")


GROUP = {
    "kind": "group",
    "covers_as": "subscriber",
    "employment": "active",
    "employer_size": "200",
    "coordinates": True,
    "yields_by_terms": False,
}
MEDICARE = {"kind": "medicare", "covers_as": "subscriber"}
MEDICAID = {"kind": "medicaid"}
AGED = {"medicare_by": "age", "esrd_eligible_from": None, "is_child": False}


def plan(name: str, facts: Document, method: str = "", **said: Any) -> Document:
    found: Document = {"plan": name, "facts": facts}
    if method:
        found["method"] = method
    for word in ("capitated", "balances"):
        if word in said:
            found[word] = said.pop(word)
    return {**found, "lines": [said]}


def settled(
    book: AccountBook, billed: str, *plans: Document, patient: Document | None = None
) -> Settled:
    account = book.account(
        {
            "account_id": "A-1",
            "service_date": "2026-03-04",
            "patient": {"active_duty": False, **(patient or AGED)},
            "lines": [{"billed": billed}],
            "coverages": list(plans),
        }
    )
    assert isinstance(account, Account), account
    return book.settle(account)


def _amounts(found: Settled) -> tuple[list[int | None], int | None, int | None]:
    paid = [payer.payment.cents for payer in found.payers]
    return paid, found.patient, found.write_off


def test_group_plan_medicare_and_medicaid_in_turn(book: AccountBook) -> None:
    found = settled(
        book,
        "175.00",
        plan("STATE", MEDICAID, "MEDICAID-LAST", allowed="152.00"),
        plan(
            "MEDICARE",
            MEDICARE,
            "MSP-FEE-SCHEDULE",
            allowed="125.00",
            plan_percent="80%",
            deductible="0.00",
            coinsurance="25.00",
            accepts_primary_as_full=False,
        ),
        plan("EMPLOYER", GROUP, paid="120.00", allowed="150.00", otaf=None),
    )
    assert found.order.places == (("EMPLOYER",), ("MEDICARE",), ("STATE",))
    # 42 CFR 411.33(b): 30.00. The state allows 152.00, of which 150.00 is paid.
    assert _amounts(found) == ([12000, 3000, 200], 0, 2300)


def test_medicare_and_medicaid_by_the_lesser_of_cost_share_and_fee(
    book: AccountBook,
) -> None:
    medicare = plan(
        "MEDICARE", MEDICARE, paid="80.00", deductible="0.00", coinsurance="20.00"
    )
    for fee, cents in (("90.00", 1000), ("130.00", 2000), ("80.00", 0), ("75.00", 0)):
        state = plan("STATE", MEDICAID, "MEDICAID-CROSSOVER-CLAIM", allowed=fee)
        found = settled(book, "200.00", state, medicare)
        assert _amounts(found) == ([8000, cents], 0, 20000 - 8000 - cents)


def test_tricare_behind_medicare_leaves_nothing_to_the_patient(
    book: AccountBook,
) -> None:
    found = settled(
        book,
        "200.00",
        plan("TRICARE", {"kind": "tricare"}, "TRICARE-FOR-LIFE"),
        plan("MEDICARE", MEDICARE, paid="64.00", patient_share="36.00"),
    )
    assert found.order.places == (("MEDICARE",), ("TRICARE",))
    assert _amounts(found) == ([6400, 3600], 0, 10000)


def test_a_second_plan_with_a_higher_allowed_amount_leaves_a_credit(
    book: AccountBook,
) -> None:
    spouse = {**GROUP, "covers_as": "dependent", "covers_through": "spouse"}
    own = plan("OWN", GROUP, paid="96.00", patient_share="24.00")
    nobody = {"medicare_by": None, "is_child": False}
    second = plan("SPOUSE", spouse, "STANDARD-PRIMARY", paid="44.00", benefit="112.00")
    found = settled(book, "120.00", second, own, patient=nobody)
    # It should have paid 24.00; it paid 44.00 on an allowed amount of its own.
    assert _amounts(found) == ([9600, 4400], 0, -2000)
    assert (found.payers[1].expected, found.payers[1].variance) == (2400, 2000)
    assert found.refund == 2000


def test_behind_a_capitated_plan_the_value_of_the_service_is_paid(
    book: AccountBook,
) -> None:
    spouse = {**GROUP, "covers_as": "dependent", "covers_through": "spouse"}
    hmo = plan(
        "HMO",
        GROUP,
        capitated=True,
        paid="0.00",
        cash_value="60.00",
        patient_share="25.00",
    )
    second = plan("SPOUSE", spouse, "CAPITATED-PRIMARY", benefit="80.00")
    nobody = {"medicare_by": None, "is_child": False}
    found = settled(book, "100.00", second, hmo, patient=nobody)
    assert _amounts(found) == ([6000, 2500], 0, 1500)


def test_a_third_plan_is_given_more_than_is_left_by_the_text_and_not_by_the_corrected(
    book: AccountBook,
) -> None:
    nobody = {"medicare_by": None, "is_child": False}
    since = ("2001-01-01", "2002-01-01", "2003-01-01")
    first, second, third = ({**GROUP, "covered_since": day} for day in since)
    ahead = (
        plan("ONE", first, paid="80.00", allowed="100.00"),
        plan("TWO", second, "STANDARD-PRIMARY", paid="20.00", allowed="90.00"),
    )
    for method, cents in (
        ("ALLOWED-LESS-PAID-TERTIARY-LITERAL", 9000),
        ("ALLOWED-LESS-PAID-TERTIARY", 0),
    ):
        last = plan("THREE", third, method, allowed="95.00")
        found = settled(book, "100.00", last, *ahead, patient=nobody)
        assert found.order.places == (("ONE",), ("TWO",), ("THREE",))
        assert found.payers[2].expected == cents


def test_two_plans_that_began_on_one_day_pay_half_each(book: AccountBook) -> None:
    nobody = {"medicare_by": None, "is_child": False}
    facts = {**GROUP, "covered_since": "2001-01-01"}
    both = [
        plan(name, facts, "EQUAL-SHARES", allowable_expense="75.01", benefit="60.00")
        for name in ("A", "B")
    ]
    found = settled(book, "100.00", *both, patient=nobody)
    assert found.order.places == (("A", "B"),)
    # Half of 75.01 is 37.505: each plan rounds for itself, a cent too much in all.
    assert [payer.payment.cents for payer in found.payers] == [3751, 3751]
