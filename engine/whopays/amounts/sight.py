"""What a formula sees: facts of the lines of a claim, and of the claim as a whole.

A sight gives raw values. An amount given for the claim alone is divided over the lines
where a formula of the line asks for it, by the amounts that its fact is spread by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from whopays.model.facts import Fact, Kind
from whopays.model.money import spread
from whopays.model.values import NONE, UNKNOWN, Value

_HUNDRED = 100


@dataclass
class Sight:
    """The facts that the formulas of a method or a term may read.

    `claim` are facts of the claim, the plan and the patient, and the part of an amount
    of the lines that is given for the claim as a whole; `lines` the facts of each line,
    in order. Money is integer cents. `balances` are those of the member before the claim.
    """

    facts: Mapping[str, Fact]
    claim: Mapping[str, Value]
    lines: tuple[Mapping[str, Value], ...]
    balances: dict[str, Value] = field(default_factory=dict)
    _spread: dict[str, tuple[Value, ...]] = field(default_factory=dict, repr=False)

    def of_line(self, name: str, at: int) -> Value:
        """Return the fact `name` of the line at the place `at`."""
        if name in self.balances:
            return self.balances[name]
        value = self.lines[at].get(name, UNKNOWN)
        if value is not UNKNOWN:
            return value
        fact = self.facts.get(name)
        if fact is None or fact.kind is not Kind.MONEY or fact.per != "line":
            return self.claim.get(name, UNKNOWN)
        return self._part(fact, at)

    def of_claim(self, name: str) -> Value:
        """Return the fact `name` of the claim; of a fact of the lines, what all agree on."""
        if name in self.balances:
            return self.balances[name]
        if name in self.claim:
            return self.claim[name]
        found = {line.get(name, UNKNOWN) for line in self.lines}
        return found.pop() if len(found) == 1 else UNKNOWN

    def total(self, name: str) -> Value:
        """Return the claim's amount: that of its lines and that of the claim as a whole.

        It is unknown where a line lacks it, unless it is given for the claim alone.
        """
        of_lines = [line.get(name, UNKNOWN) for line in self.lines]
        whole = self.claim.get(name, UNKNOWN)
        given = [value for value in of_lines if value is not UNKNOWN]
        if not given and whole is not UNKNOWN:
            return whole
        if len(given) < len(of_lines) or not of_lines:
            return UNKNOWN
        fact = self.facts.get(name)
        counted = [amount(fact, value) for value in given]
        is_missing = whole is UNKNOWN or whole is NONE
        counted.append(0 if is_missing else amount(fact, whole))
        known = [each for each in counted if each is not None]
        if len(known) < len(counted):
            return NONE
        return sum(known)

    def _part(self, fact: Fact, at: int) -> Value:
        """Return the line's part of what is given for the claim as a whole."""
        whole = self.claim.get(fact.name, UNKNOWN)
        if whole is NONE or not isinstance(whole, int):
            return whole
        if len(self.lines) == 1:
            return whole
        if fact.name not in self._spread:
            self._spread[fact.name] = self._parts(fact, whole)
        return self._spread[fact.name][at]

    def _parts(self, fact: Fact, cents: int) -> tuple[Value, ...]:
        weights = self.weights(fact.spread_by)
        if weights is None:
            return (UNKNOWN,) * len(self.lines)
        return spread(cents, weights)

    def weights(self, names: tuple[str, ...]) -> list[int] | None:
        """Return what the lines have of the first of `names` that all of them have."""
        for name in names:
            values = [line.get(name, UNKNOWN) for line in self.lines]
            cents = [value for value in values if isinstance(value, int)]
            fine = len(cents) == len(values) and min(cents, default=-1) >= 0
            if fine and sum(cents) > 0:
                return cents
        return None


def amount(fact: Fact | None, value: Value) -> int | Fraction | None:
    """Return `value` as formulas count it, or None where it is missing.

    A percent is a hundredth part; an absent component counts as zero.
    """
    if value is NONE:
        return 0 if fact is not None and fact.none_is_zero else None
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return None
    if fact is not None and fact.kind is Kind.PERCENT:
        return Fraction(value) / _HUNDRED
    return value
