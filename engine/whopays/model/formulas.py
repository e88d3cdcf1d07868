"""Amounts with their names resolved: what methods, terms, limits and facts calculate.

A formula has a unit, money or number, and a level: an amount of the line, of the claim,
or a balance, which goes with either. Constants have no level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from whopays.model.conditions import Condition
from whopays.model.values import Number as Value


@dataclass(frozen=True)
class Number:
    """A constant: integer cents where `unit` is money; a percent of 12 is 12/100."""

    value: Value
    unit: str
    text: str


@dataclass(frozen=True)
class Read:
    """A fact, a balance, a `let`, or `own_paid`."""

    name: str

    @property
    def text(self) -> str:
        """The name."""
        return self.name


@dataclass(frozen=True)
class TermAmount:
    """A term, as one source defines it."""

    name: str
    source: str

    @property
    def text(self) -> str:
        """The term as the language writes it."""
        return f'{self.name} by "{self.source}"'


def term_named(text: str) -> TermAmount | None:
    """Return the term that `text` names, as `TermAmount.text` writes it, or None."""
    name, by, source = text.partition(' by "')
    return TermAmount(name, source.removesuffix('"')) if by else None


@dataclass(frozen=True)
class SumOf:
    """The sum over the lines of the claim, and of what is given for the whole claim."""

    part: Formula

    @cached_property
    def text(self) -> str:
        """The formula as the language writes it."""
        return f"sum of {_factor(self.part)}"


@dataclass(frozen=True)
class Extreme:
    """The `lesser` or `greater` of several; `given`: of those that are not missing."""

    kind: str
    given: bool
    parts: tuple[Formula, ...]

    @cached_property
    def text(self) -> str:
        """The formula as the language writes it."""
        given = "given " if self.given else ""
        return f"{self.kind} of {given}({', '.join(p.text for p in self.parts)})"


@dataclass(frozen=True)
class Plus:
    """Parts that are added or taken away: a sign, `+` or `-`, for each part."""

    signs: tuple[str, ...]
    parts: tuple[Formula, ...]

    @cached_property
    def text(self) -> str:
        """The formula as the language writes it."""
        first, *rest = self.parts
        signed = zip(self.signs[1:], rest, strict=True)
        inner = (f" {sign} {_term(part)}" for sign, part in signed)
        return _term(first) + "".join(inner)


@dataclass(frozen=True)
class Times:
    """A number or percent, times an amount."""

    left: Formula
    right: Formula

    @cached_property
    def text(self) -> str:
        """The formula as the language writes it."""
        return f"{_factor(self.left)} * {_factor(self.right)}"


Formula: TypeAlias = Number | Read | TermAmount | SumOf | Extreme | Plus | Times


@dataclass(frozen=True)
class Choice:
    """The first amount whose condition holds, else the last: a whole `let`."""

    cases: tuple[tuple[Formula, Condition], ...]
    otherwise: Formula

    @cached_property
    def text(self) -> str:
        """The choice as the language writes it."""
        cases = (f"{value.text} if {when.text} else " for value, when in self.cases)
        return "".join(cases) + self.otherwise.text


@dataclass(frozen=True)
class Bound:
    """`not below` or `not above`; of several, in the order written, the last wins."""

    kind: str
    value: Formula


@dataclass(frozen=True)
class Let:
    """A named amount of a method or a term, with its unit and level."""

    name: str
    value: Formula | Choice
    unit: str
    level: str


@dataclass(frozen=True)
class Result:
    """`pay`, `patient owes`, `carry NAME` or `is`: a formula and its bounds."""

    kind: str
    name: str
    value: Formula
    bounds: tuple[Bound, ...]
    level: str


def parts_of(formula: Formula | Choice) -> Iterator[Formula]:
    """Yield the parts of `formula` that are no sums or products: names and numbers."""
    match formula:
        case SumOf(part):
            yield from parts_of(part)
        case Times(left, right):
            yield from parts_of(left)
            yield from parts_of(right)
        case Extreme(parts=parts) | Plus(parts=parts):
            for part in parts:
                yield from parts_of(part)
        case Choice(cases, otherwise):
            for value, _ in cases:
                yield from parts_of(value)
            yield from parts_of(otherwise)
        case _:
            yield formula


def _factor(part: Formula) -> str:
    return f"({part.text})" if isinstance(part, Plus | Times) else part.text


def _term(part: Formula) -> str:
    return f"({part.text})" if isinstance(part, Plus) else part.text
