"""Runs the tests of methods, orders and terms: amounts, who goes ahead, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from whopays.amounts.sight import Sight
from whopays.analyse.term_testing import TermTests
from whopays.coordinate.method import run
from whopays.coordinate.paid import Paid
from whopays.coordinate.pairs import OTHER, THIS, Ahead, Pairs
from whopays.decide.views import Fills
from whopays.model.facts import Fact, Kind
from whopays.model.money import dollars
from whopays.model.rules import PaymentExpected, PaymentTest, Rules, TestCase
from whopays.model.shared import shared_names, with_shared
from whopays.model.values import UNKNOWN, Value
from whopays.model.worked import Number

_WORDS = {
    THIS: "this ahead of other",
    OTHER: "other ahead of this",
    "neither": "share equally",
    "undetermined": "undetermined",
}
_PRIOR = ("prior_paid", "primary_paid")


@dataclass
class PaymentTests:
    """Runs tests by the methods, orders and terms of `rules`."""

    rules: Rules
    engine: Fills
    _pairs: dict[tuple[str, str], Pairs] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepare the terms."""
        self._terms = TermTests(self.rules)

    def problems(self, case: TestCase) -> list[str]:
        """Return what is not as the test expects."""
        test = case.payment
        if test is None:
            return []
        if test.kind == "term":
            return self._terms.problems(test, case)
        if test.kind == "order":
            ahead = self._pair(test, case)
            return [p for e in test.expected for p in _of_order(e, ahead)]
        method = self.rules.methods[test.key].methods[test.id]
        sight = sight_of_test(test.facts, case.lines)
        paid = run(method, sight)
        return [p for e in test.expected for p in _of_method(e, paid, sight)]

    def _pair(self, test: PaymentTest, case: TestCase) -> Ahead:
        if test.key not in self._pairs:
            order = self.rules.orders[test.key]
            self._pairs[test.key] = Pairs(order, test.facts, self.engine)
        return self._pairs[test.key].decide(case.lines[0])


def sight_of_test(facts: dict[str, Fact], lines: tuple[dict[str, Value], ...]) -> Sight:
    """Return what a method sees of the `lines` of a test; balances are the first's."""
    balances = {
        name: lines[0].get(name, UNKNOWN)
        for name, fact in facts.items()
        if fact.kind is Kind.MONEY and fact.per == "member"
    }
    seen = [dict(line) for line in lines]
    for line in seen:
        with_shared(facts, line, shared_names(facts))
    return Sight(facts, {}, tuple(seen), balances)


def _of_order(expected: PaymentExpected, ahead: Ahead) -> list[str]:
    found = []
    got = _WORDS[ahead.plan]
    by = f" because {', '.join(ahead.rules)}" if ahead.rules else ""
    if expected.word and expected.word != got:
        needs = f", needs {', '.join(ahead.needs)}" if ahead.needs else ""
        return [f"expected {expected.word}, got {got}{by}{needs}"]
    if expected.because and set(expected.because) != set(ahead.rules):
        found.append(
            f"expected because {', '.join(expected.because)}, got "
            f"{by.strip() or 'no rule'}"
        )
    if expected.needs and set(expected.needs) != set(ahead.needs):
        needs = ", ".join(ahead.needs) or "nothing"
        found.append(f"expected needs {', '.join(expected.needs)}, got {needs}")
    return found


def _of_method(expected: PaymentExpected, paid: Paid, sight: Sight) -> list[str]:
    found = []
    status = "by hand" if paid.status == "by_hand" else paid.status
    if expected.word and expected.word != status:
        got = status if paid.cents is None else f"pay {dollars(paid.cents)}"
        return [f"expected {expected.word}, got {got}"]
    for name, cents in expected.amounts:
        amount = _amount(name, paid, sight)
        if amount is None:
            needs = ", ".join(sorted(paid.missing))
            why = f", it needs {needs}" if needs else ""
            found.append(f"expected {name} {dollars(cents)}, got no amount{why}")
        elif amount != cents:
            found.append(f"expected {name} {dollars(cents)}, got {_shown(amount)}")
    if expected.needs and set(expected.needs) != paid.missing:
        needs = ", ".join(sorted(paid.missing)) or "nothing"
        found.append(f"expected needs {', '.join(expected.needs)}, got {needs}")
    if expected.because and not set(expected.because) <= set(paid.because):
        got = ", ".join(paid.because) or "nothing that has a name"
        found.append(f"expected because {', '.join(expected.because)}, got {got}")
    return found


def _amount(name: str, paid: Paid, sight: Sight) -> Number | None:
    """Return what a test calls `name`: cents, or an exact amount of a `let`."""
    if name == "pay":
        return paid.cents
    if name == "patient owes":
        return paid.patient
    if name == "write_off":
        return _write_off(paid, sight)
    if name in paid.balances:
        return paid.balances[name]
    values = [let.value for step in paid.steps for let in step.lets if let.text == name]
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _write_off(paid: Paid, sight: Sight) -> int | None:
    billed = sight.total("billed")
    prior = next((t for t in map(sight.total, _PRIOR) if t is not UNKNOWN), UNKNOWN)
    parts = (billed, prior, paid.cents, paid.patient)
    cents = [part for part in parts if isinstance(part, int)]
    if len(cents) < len(parts):
        return None
    return cents[0] - sum(cents[1:])


def _shown(amount: Number) -> str:
    return dollars(amount) if isinstance(amount, int) else f"{amount} cents"
