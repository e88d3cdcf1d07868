"""Why a rule of an order holds for two plans: its tests, with the values of their facts."""

from __future__ import annotations

import re

from whopays.coordinate.account import Settled, pair_facts
from whopays.coordinate.ordering import Pair
from whopays.coordinate.pairs import OTHER, THIS
from whopays.model import conditions as model
from whopays.model.conditions import Condition, value_text
from whopays.model.payments import Order
from whopays.model.truth import deciding_atoms, truth_of
from whopays.model.values import UNKNOWN, Value

_SIDE = re.compile(r"\b(this|other)\.")


def pair_tests(pair: Pair, settled: Settled, order: Order) -> tuple[str, ...]:
    """Return the tests that made one rule decide `pair`, with plans in place of sides.

    None where several rules might have decided it, or one whose facts are not all known.
    """
    ahead = pair.ahead
    rules = [rule for rule in order.rules if rule.id in ahead.rules]
    if ahead.plan not in {THIS, OTHER} or not rules or len(ahead.rules) > 1:
        return ()
    first, second = pair.this, pair.other
    if ahead.plan == OTHER:
        first, second = second, first
    facts = pair_facts(settled.account, first, second)

    def read(name: str) -> Value:
        return facts.get(name, UNKNOWN)

    when = rules[0].when
    if truth_of(when, read) is not True:
        return ()
    plans = {"this": first, "other": second}
    found = (_test(atom, facts) for atom in dict.fromkeys(deciding_atoms(when, read)))
    return tuple(_SIDE.sub(lambda m: f"{plans[m[1]]}.", text) for text in found)


def _test(test: Condition, facts: dict[str, Value]) -> str:
    """Return a test, with the values of its facts where it does not say them itself."""
    if isinstance(test, model.Is | model.IsGiven) or (
        isinstance(test, model.Not) and isinstance(test.part, model.IsGiven)
    ):
        return test.text
    names = model.facts_of(test)
    values = ", ".join(f"{n} is {value_text(facts.get(n, UNKNOWN))}" for n in names)
    return f"{test.text} ({values})"
