"""Accounts drawn at random: they balance, in whatever order the plans are given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import coordinator
from whopays.coordinate.account import Coordinator, pair_facts
from whopays.coordinate.compared import compare
from whopays.coordinate.pairs import UNDETERMINED
from whopays.model.account import Account, Coverage
from whopays.model.values import UNKNOWN, Value
from whopays.reference.pairs import ahead

chances = st.randoms(use_true_random=True)
METHODS = ("REST", "NONDUP", "RESERVE", "EQUAL", "HAND")


@pytest.fixture(scope="module")
def settle(tmp_path_factory: pytest.TempPathFactory) -> Coordinator:
    return coordinator(tmp_path_factory.mktemp("cob"))


def drawn(chance: Random, *, missing: float) -> Account:
    """Return an account of up to five coverages and four lines."""
    count = chance.randint(1, 4)
    lines = tuple(
        {"billed": cents, "allowable_expense": cents}
        for cents in (chance.choice((1, 99, 100, 10001, 33333)) for _ in range(count))
    )
    plans = [
        _coverage(chance, name, count, missing)
        for name in "ABCDE"[: chance.randint(1, 5)]
    ]
    return Account("A-1", {"service_date": date(2026, 3, 4)}, lines, tuple(plans))


def _coverage(chance: Random, name: str, count: int, missing: float) -> Coverage:
    facts: dict[str, Value] = {
        "kind": chance.choice(("group", "medicare", "medicaid")),
        "covers_as": chance.choice(("subscriber", "dependent")),
        "since": date(2000 + chance.randint(0, 3), 1, 1),
        "size": chance.choice((5, 19, 20, 100)),
    }
    amounts: dict[str, Value] = {}
    by_line: list[dict[str, Value]] = [{} for _ in range(count)]
    for word in ("benefit", "allowed", "paid", "patient_share"):
        if word == "paid" and chance.random() < 0.5:
            continue
        if chance.random() < 0.3:
            amounts[word] = chance.choice((0, 50, 7001, 40000))
        else:
            for line in by_line:
                line[word] = chance.choice((0, 1, 99, 5000, 12345))
    for held in (facts, amounts, *by_line):
        for key in list(held):
            if chance.random() < missing:
                held[key] = UNKNOWN
    for line in by_line:
        if chance.random() < 0.1:
            line["covered"] = False
    balances: dict[str, Value] = {"reserve_left": chance.choice((0, 777))}
    return Coverage(
        name, facts, chance.choice(METHODS), amounts, tuple(by_line), balances
    )


@settings(max_examples=150)
@given(chances)
def test_an_account_balances_and_never_guesses(
    settle: Coordinator, chance: Random
) -> None:
    found = settle.settle(drawn(chance, missing=0.05))

    if found.status == "balanced":
        made = [payer.payment.cents for payer in found.payers]
        assert None not in made
        assert found.billed == sum(m or 0 for m in made) + (found.patient or 0) + (
            found.write_off or 0
        )
        assert found.refund == max(0, -(found.write_off or 0))
    for payer in found.payers:
        lines = payer.payment.lines
        if payer.payment.has_lines:
            assert sum(cents or 0 for cents in lines) == payer.payment.cents
        if payer.paid is not None and payer.paid.cents is not None:
            assert payer.paid.cents >= 0
            assert not payer.paid.missing


@settings(max_examples=100)
@given(chances)
def test_the_order_in_which_plans_are_given_changes_nothing(
    settle: Coordinator, chance: Random
) -> None:
    account = drawn(chance, missing=0.05)
    plans = list(account.coverages)
    chance.shuffle(plans)
    other = Account(account.id, account.claim, account.lines, tuple(plans))

    one, two = settle.settle(account), settle.settle(other)

    assert one.order == two.order
    assert one.payers == two.payers
    assert (one.status, one.write_off, one.needs) == (
        two.status,
        two.write_off,
        two.needs,
    )


@settings(max_examples=100)
@given(chances)
def test_pairs_are_decided_as_the_reference_decides_them(
    settle: Coordinator, chance: Random
) -> None:
    pairs = settle.pairs
    assert pairs is not None
    account = drawn(chance, missing=0.0)
    names = [each.plan for each in account.coverages]
    if len(names) == 1:
        return
    this, other = chance.sample(names, 2)
    facts = pair_facts(account, this, other)

    plan, rule = ahead(pairs.order, lambda name: facts[name])
    found = pairs.decide(facts)
    assert (found.plan, found.rules) == (plan, (rule,) if rule else ())
    assert pairs.decide(pair_facts(account, other, this)) == found.exchanged

    # What is said although facts are unknown holds whatever they are.
    unknown = {n: UNKNOWN if chance.random() < 0.4 else v for n, v in facts.items()}
    said = pairs.decide(unknown)
    if said.plan != UNDETERMINED:
        assert said.plan == plan
        assert rule in said.rules or not rule
    else:
        assert set(said.needs) <= {n for n, v in unknown.items() if v is UNKNOWN}


@settings(max_examples=60)
@given(chances)
def test_a_method_compared_comes_to_what_the_account_comes_to_with_it(
    settle: Coordinator, chance: Random
) -> None:
    account = drawn(chance, missing=0.0)
    found, comparisons = compare(settle, account)

    assert {each.payer.coverage.plan for each in comparisons} == {
        payer.coverage.plan for payer in found.payers if payer.position != "primary"
    }
    for comparison in comparisons:
        plan = comparison.payer.coverage.plan
        for each in comparison.methods:
            assert comparison.payer.position in each.method.positions
            coverages = tuple(
                replace(c, method=each.method.id) if c.plan == plan else c
                for c in account.coverages
            )
            whole = settle.settle(replace(account, coverages=coverages))
            assert each.settled == whole
            assert each.payer in whole.payers
