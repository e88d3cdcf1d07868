"""Whether a formula is money, a number or a percent: a result does not say it itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whopays.model import formulas
from whopays.model.facts import Fact, Kind

MONEY, NUMBER, PERCENT = "money", "number", "percent"


@dataclass(frozen=True)
class Units:
    """Says whether a formula is money, a number or a percent.

    `lets` are the units of the names that its block defines, `facts` those of the rest.
    """

    facts: Mapping[str, Fact]
    lets: Mapping[str, str] = field(default_factory=dict)

    def of(self, formula: formulas.Formula | formulas.Choice) -> str:
        """Return the unit of `formula`."""
        match formula:
            case formulas.Number(unit=unit, text=text):
                return PERCENT if text.endswith("%") else unit
            case formulas.Read(name):
                return self._of_name(name)
            case formulas.SumOf(part):
                return self.of(part)
            case formulas.Times(left, right):
                both = {self.of(left), self.of(right)}
                return MONEY if MONEY in both else NUMBER
            case formulas.Extreme(parts=parts) | formulas.Plus(parts=parts):
                return self.of(parts[0])
            case formulas.Choice(otherwise=otherwise):
                return self.of(otherwise)
            case _:
                return MONEY

    def _of_name(self, name: str) -> str:
        if name in self.lets:
            return self.lets[name]
        fact = self.facts.get(name)
        if fact is None or fact.kind is Kind.MONEY:
            return MONEY
        return PERCENT if fact.kind is Kind.PERCENT else NUMBER
