"""The facts that a method reads as unknowns of the prover.

A fact is given, none (where it may be) or unknown, as it is for the engine. Money is a
whole number of cents, a percent a part of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import z3

from whopays.model.facts import Fact, Kind

#: Kinds that conditions may ask about; all others are no matter of amounts.
_TOLD = {Kind.MONEY, Kind.PERCENT, Kind.NUMBER, Kind.YES_NO, Kind.ONE_OF, Kind.DATE}
_HUNDRED = 100


class OutsideError(Exception):
    """A method says something that the prover can't take: what, in a few words."""


@dataclass(frozen=True)
class Symbol:
    """One fact: its value, whether there is one, and whether it is known to be none."""

    fact: Fact
    value: Any
    given: Any
    none: Any

    @property
    def unknown(self) -> Any:
        """Whether nobody said."""
        return z3.And(z3.Not(self.given), z3.Not(self.none))

    @property
    def as_asked(self) -> Any:
        """The value as a condition compares it: a percent of 80 is 80."""
        if self.fact.kind is Kind.PERCENT:
            return self.value * _HUNDRED
        return self.value


@dataclass
class Symbols:
    """The unknowns of one question; `suffix` tells two accounts apart.

    `rates` are numbers and percents whose value is chosen: what they multiply is linear.
    Amounts are multiples of `step` cents.
    """

    facts: Mapping[str, Fact]
    suffix: str = ""
    shared: Mapping[str, Symbol] = field(default_factory=dict)
    rates: Mapping[str, Fraction] = field(default_factory=dict)
    step: int = 1
    known: dict[str, Symbol] = field(default_factory=dict)

    def of(self, name: str) -> Symbol:
        """Return the unknown for the fact `name`; `OutsideError` if it has none."""
        found = self.shared.get(name) or self.known.get(name)
        if found is None:
            found = self.known[name] = self._made(name)
        return found

    def read(self) -> dict[str, Symbol]:
        """Return all that were asked for, by name."""
        return {**self.known}

    def _made(self, name: str) -> Symbol:
        fact = self.facts.get(name)
        if fact is None:
            raise OutsideError(f"there is no fact `{name}`")
        if fact.kind not in _TOLD:
            raise OutsideError(f"`{name}` is {fact.described}")
        if fact.formula is not None:
            raise OutsideError(f"`{name}` is calculated from other facts")
        full = f"{name}{self.suffix}"
        given = z3.Bool(f"{full} is given")
        none = z3.Bool(f"{full} is none") if fact.or_none else z3.BoolVal(val=False)
        return Symbol(fact, self._value(fact, full), given, none)

    def _value(self, fact: Fact, full: str) -> Any:
        chosen = self.rates.get(fact.name)
        if chosen is not None:
            return z3.RealVal(str(chosen))
        if fact.kind is Kind.YES_NO:
            return z3.Bool(full)
        if fact.kind in {Kind.PERCENT, Kind.NUMBER}:
            return z3.Real(full)
        if fact.kind is Kind.MONEY and self.step > 1:
            return z3.Int(full) * self.step
        return z3.Int(full)  # cents, the place among the options, or the day


def in_type(symbol: Symbol) -> list[Any]:
    """Return what holds of a fact because of its type, and of amounts of every account."""
    fact, value = symbol.fact, symbol.value
    found = [z3.Not(z3.And(symbol.given, symbol.none))]
    match fact.kind:
        case Kind.MONEY | Kind.NUMBER:
            found.append(value >= 0)
        case Kind.PERCENT:
            found.extend((value >= 0, value <= 1))
        case Kind.ONE_OF:
            found.extend((value >= 0, value < len(fact.options)))
        case Kind.DATE:
            found.append(value >= 1)
        case _:
            pass
    if fact.name == "equal_share":
        found.extend((symbol.given, value > 0, value * 2 <= 1))
    return found
