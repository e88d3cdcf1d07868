"""Accounts: the order of plans, each payment in turn, the patient, and the balance."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from accounts import account, coordinator, plan
from whopays.coordinate.account import Coordinator
from whopays.coordinate.ordering import ranked
from whopays.coordinate.pairs import NEITHER, OTHER, THIS, Ahead
from whopays.model.account import Coverage
from whopays.model.values import UNKNOWN

FIRST, SECOND, THIRD = date(2001, 1, 1), date(2002, 1, 1), date(2003, 1, 1)


@pytest.fixture
def settle(tmp_path: Path) -> Coordinator:
    return coordinator(tmp_path)


def test_the_second_plan_pays_what_the_first_left_and_the_account_balances(
    settle: Coordinator,
) -> None:
    found = settle.settle(
        account(
            plan("BETA", "REST", since=SECOND),
            plan("ALPHA", since=FIRST, paid=7000),
        )
    )

    assert found.order.places == (("ALPHA",), ("BETA",))
    assert [payer.payment.cents for payer in found.payers] == [7000, 3000]
    assert (found.patient, found.write_off, found.status) == (0, 0, "balanced")
    assert found.is_expected  # the second has not posted yet


def test_a_posted_zero_is_a_payment_and_nothing_posted_is_not(
    settle: Coordinator,
) -> None:
    alpha = plan("ALPHA", since=FIRST, benefit=8000)
    zero = plan("ALPHA", since=FIRST, benefit=8000, paid=0)
    beta = plan("BETA", "REST", since=SECOND)

    by_expected = settle.settle(account(alpha, beta))
    by_posted = settle.settle(account(zero, beta))

    assert by_expected.payers[1].payment.cents == 2000
    assert by_expected.payers[0].payment.basis == "expected"
    assert by_posted.payers[1].payment.cents == 10000
    assert by_posted.payers[0].variance == -8000


def test_a_payment_that_is_neither_posted_nor_expected_is_missing_and_named(
    settle: Coordinator,
) -> None:
    found = settle.settle(
        account(plan("ALPHA", since=FIRST), plan("BETA", "REST", since=SECOND))
    )

    assert found.status == "undetermined"
    assert found.needs == ("prior_paid",)
    assert found.write_off is None


def test_overpaid_is_a_credit_balance_with_the_refund_that_is_due(
    settle: Coordinator,
) -> None:
    found = settle.settle(
        account(
            plan("ALPHA", since=FIRST, paid=8000),
            plan("BETA", "REST", since=SECOND, paid=4400),
        )
    )

    assert (found.patient, found.write_off, found.refund) == (0, -2400, 2400)
    assert found.payers[1].expected == 2000
    assert found.payers[1].variance == 2400


def test_a_third_plan_sees_what_both_ahead_of_it_paid(settle: Coordinator) -> None:
    found = settle.settle(
        account(
            plan("C", "REST", since=THIRD),
            plan("A", since=FIRST, paid=5000),
            plan("B", "NONDUP", since=SECOND, benefit=6000, allowed=9000),
        )
    )

    assert [payer.position for payer in found.payers] == [
        "primary",
        "secondary",
        "tertiary",
    ]
    assert [payer.payment.cents for payer in found.payers] == [5000, 1000, 4000]


def test_plans_that_no_rule_tells_apart_share_equally(settle: Coordinator) -> None:
    three = [plan(name, "EQUAL", since=FIRST, benefit=8000) for name in ("C", "A", "B")]

    found = settle.settle(account(*three))

    assert found.order.places == (("A", "B", "C"),)
    assert [payer.payment.cents for payer in found.payers] == [3333, 3333, 3333]
    assert (found.patient, found.write_off) == (0, 1)


def test_a_plan_without_a_method_for_its_place_is_said(settle: Coordinator) -> None:
    found = settle.settle(
        account(plan("A", since=FIRST, paid=5000), plan("B", "EQUAL", since=SECOND))
    )

    assert found.status == "undetermined"
    assert found.why == "EQUAL is for equal plans, and B stands secondary"


def test_what_is_calculated_by_hand_leaves_those_behind_it_open(
    settle: Coordinator,
) -> None:
    found = settle.settle(
        account(
            plan("A", since=FIRST, paid=5000),
            plan("B", "HAND", since=SECOND),
            plan("C", "REST", since=THIRD),
        )
    )

    assert found.status == "by_hand"
    assert found.payers[2].paid is not None
    assert found.payers[2].paid.missing == {"prior_paid"}


def test_an_unknown_fact_leaves_the_order_open_only_where_it_matters(
    settle: Coordinator,
) -> None:
    old = plan("A", since=FIRST, paid=5000, covers_as=UNKNOWN)
    dependent = plan("B", "REST", since=SECOND)

    # As a subscriber it goes first, and as a dependent it is the older plan.
    assert settle.settle(account(old, dependent)).order.places == (("A",), ("B",))

    young = plan("A", "REST", since=SECOND, covers_as=UNKNOWN)
    found = settle.settle(account(young, plan("B", since=FIRST, paid=1)))
    assert found.order.needs == ("A.covers_as",)
    assert found.status == "undetermined"


def test_nobody_is_asked_for_what_a_rule_reads_that_can_not_hold(
    settle: Coordinator,
) -> None:
    # SIZE reads the size of a group plan, and neither is Medicare.
    one = plan("A", "REST", since=UNKNOWN, size=UNKNOWN)
    other = plan("B", "REST", since=SECOND, size=UNKNOWN)

    assert settle.settle(account(one, other)).needs == ("A.since",)


def test_three_plans_in_a_circle_are_undetermined_and_their_rules_named() -> None:
    said = {
        ("A", "B"): Ahead(THIS, ("R-1",)),
        ("B", "C"): Ahead(THIS, ("R-2",)),
        ("A", "C"): Ahead(OTHER, ("R-3",)),
    }

    found = ranked("CAB", lambda a, b: said[a, b], share_equally=True)

    assert found.places == ()
    assert "in a circle" in found.why
    assert all(rule in found.why for rule in ("R-1", "R-2", "R-3"))


def test_a_tie_is_shared_only_by_plans_that_stand_alike_to_the_others() -> None:
    said = {
        ("A", "B"): Ahead(NEITHER),
        ("B", "C"): Ahead(THIS, ("R-2",)),
        ("A", "C"): Ahead(OTHER, ("R-3",)),
    }

    found = ranked("ABC", lambda a, b: said[a, b], share_equally=True)
    alone = ranked("AB", lambda a, b: said[a, b], share_equally=False)

    assert found.places == ()
    assert "do not stand alike to C" in found.why
    assert alone.why == "no rule tells A and B apart"


def test_a_line_that_a_plan_excludes_is_out_of_charges_and_of_payments(
    settle: Coordinator,
) -> None:
    paid = ({"paid": 5000}, {"paid": 3000})
    first = Coverage(
        "A", {"kind": "group", "covers_as": "dependent", "since": FIRST}, None, {}, paid
    )
    second = Coverage(
        "B",
        {"kind": "group", "covers_as": "dependent", "since": SECOND},
        "REST",
        {},
        ({}, {"covered": False}),
    )

    found = settle.settle(account(first, second, billed=(10000, 4000)))

    assert found.payers[1].payment.lines == (5000, 0)


def test_a_payment_of_the_claim_is_spread_over_lines_to_the_cent(
    settle: Coordinator,
) -> None:
    first = plan("A", since=FIRST, paid=100)
    second = Coverage(
        "B",
        {"kind": "group", "covers_as": "dependent", "since": SECOND},
        "NONDUP",
        {},
        tuple({"benefit": 100, "allowed": 100} for _ in range(3)),
    )

    found = settle.settle(account(first, second, billed=(100, 100, 100)))

    assert found.payers[1].payment.lines == (66, 67, 67)
    assert found.payments == 300


def test_a_capitated_payer_counts_with_the_value_of_its_service(
    settle: Coordinator,
) -> None:
    first = plan("A", since=FIRST, paid=0, capitated=True, cash_value=6000)

    found = settle.settle(account(first, plan("B", "REST", since=SECOND)))

    assert [payer.payment.cents for payer in found.payers] == [6000, 4000]


def test_a_plan_that_refused_because_another_goes_first_is_an_error(
    settle: Coordinator,
) -> None:
    first = plan("A", since=FIRST, paid=0, refused=True)

    found = settle.settle(account(first, plan("B", "REST", since=SECOND)))

    assert found.status == "error"
    assert found.payers == ()


def test_a_reserve_is_used_and_carried(settle: Coordinator) -> None:
    second = plan("B", "RESERVE", since=SECOND, benefit=2000, reserve=2000)

    found = settle.settle(account(plan("A", since=FIRST, paid=7000), second))

    assert found.payers[1].payment.cents == 3000
    assert found.payers[1].balances == {"reserve_left": 1000}
