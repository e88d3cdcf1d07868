"""The orders that ship, on plans drawn at random: tables and definition agree."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whopays.api import load
from whopays.coordinate.account import Coordinator, pair_facts
from whopays.coordinate.pairs import UNDETERMINED, Pairs
from whopays.engines.durable import Plain
from whopays.model.account import Account, Coverage
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.reference.pairs import ahead
from whopays.resolve.payments.orders import of_pair

COB = Path(__file__).parents[2] / "rulesets" / "cob"
ORDERS = (
    "ALL-PAYERS",
    "INCIDENT-PAYERS",
    "MEDICAID-LAST",
    "MEDICARE-SECONDARY",
    "NAIC-2013",
    "TRICARE",
)
#: Few values of each kind, so that what rules ask for comes up often.
DATES = tuple(map(date.fromisoformat, ("2023-08-01", "2023-08-02", "2026-01-31")))
NUMBERS = (19, 20, 99, 100)
BIRTHDAYS = ((2, 29), (3, 1), (12, 31))

chances = st.randoms(use_true_random=True)


@cache
def _pairs(name: str) -> Pairs:
    order = load(COB, engine="reference").rules.orders[name, "2026.1"]
    return Pairs(order, of_pair(order.facts), Plain())


def _value(fact: Fact, chance: Random) -> Value:
    if fact.or_none and chance.random() < 0.3:
        return NONE
    values: dict[Kind, tuple[Value, ...]] = {
        Kind.ONE_OF: tuple(fact.options),
        Kind.YES_NO: (True, False),
        Kind.NUMBER: NUMBERS,
        Kind.DATE: DATES,
        Kind.BIRTHDAY: BIRTHDAYS,
    }
    if fact.name.endswith("kind") and chance.random() < 0.6:
        return chance.choice(("group", "medicare"))
    return chance.choice(values[fact.kind])


def _drawn(pairs: Pairs, chance: Random, plans: int) -> Account:
    claim: dict[str, Value] = {}
    coverages: list[dict[str, Value]] = [{} for _ in range(plans)]
    for name in pairs.wide:
        side, dot, rest = name.partition(".")
        fact = pairs.facts[name]
        if not dot or side == "patient":
            claim[name] = _value(fact, chance)
        elif side == "this":
            for each in coverages:
                each[rest] = _value(fact, chance)
    plan = [Coverage(n, f) for n, f in zip("ABCDE", coverages, strict=False)]
    return Account("A-1", claim, ({"billed": 100},), tuple(plan))


@pytest.mark.parametrize("name", ORDERS)
@settings(max_examples=60)
@given(chance=chances)
def test_the_tables_of_a_shipped_order_say_what_its_rules_say(
    name: str, chance: Random
) -> None:
    pairs = _pairs(name)
    account = _drawn(pairs, chance, 2)
    facts = pair_facts(account, "A", "B")

    plan, rule = ahead(pairs.order, lambda fact: facts[fact])
    found = pairs.decide(facts)

    assert (found.plan, found.rules) == (plan, (rule,) if rule else ())
    assert pairs.decide(pair_facts(account, "B", "A")) == found.exchanged


@pytest.mark.parametrize("name", ORDERS)
@settings(max_examples=25, deadline=None)
@given(chance=chances)
def test_what_a_shipped_order_says_without_some_facts_holds_whatever_they_are(
    name: str, chance: Random
) -> None:
    pairs = _pairs(name)
    account = _drawn(pairs, chance, 2)
    facts = pair_facts(account, "A", "B")
    plan, rule = ahead(pairs.order, lambda fact: facts[fact])
    hidden = {n for n in sorted(facts) if chance.random() < 0.15}

    said = pairs.decide({n: UNKNOWN if n in hidden else v for n, v in facts.items()})

    if said.plan == UNDETERMINED:
        assert said.needs
        assert set(said.needs) <= hidden
    else:
        assert said.plan == plan
        assert rule in said.rules or not rule


@settings(max_examples=60, deadline=None)
@given(chance=chances)
def test_all_payers_have_one_order_however_they_are_listed_or_none(
    chance: Random,
) -> None:
    pairs = _pairs("ALL-PAYERS")
    account = _drawn(pairs, chance, chance.randint(2, 5))
    coordinator = Coordinator(pairs, {}, {})
    found = coordinator.order_of(account)

    plans = list(account.coverages)
    chance.shuffle(plans)
    listed = Account("A-1", account.claim, account.lines, tuple(plans))
    assert coordinator.order_of(listed) == found

    placed = [plan for place in found.places for plan in place]
    if not found.places:
        assert found.why
    else:
        assert sorted(placed) == sorted(each.plan for each in plans)
        at = {plan: i for i, place in enumerate(found.places) for plan in place}
        for pair in found.pairs:
            first, second = at[pair.this], at[pair.other]
            assert (first < second) == (pair.ahead.plan == "this")
            assert (first == second) == (pair.ahead.plan == "neither")
