"""Amounts as written: the few lines of arithmetic of a method, a term or a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from whopays.diagnostics import Span
from whopays.syntax.phrases import Condition, Literal, Word


@dataclass(frozen=True)
class Number:
    """An amount, a number, a percent or a fraction: `$10.00`, `2`, `80%`, `1/3`."""

    literal: Literal
    span: Span


@dataclass(frozen=True)
class Name:
    """A fact, a balance, or a `let`."""

    word: Word
    span: Span


@dataclass(frozen=True)
class TermName:
    """`paid_amount by "Colorado DSG"`: a term, as one source defines it."""

    word: Word
    source: Word
    span: Span


@dataclass(frozen=True)
class SumOf:
    """`sum of x`: over the lines of the claim, and what is given for the claim."""

    part: Formula
    span: Span


@dataclass(frozen=True)
class Extreme:
    """`lesser of (…)` or `greater of (…)`; `given` skips what is missing."""

    kind: str
    given: bool
    parts: tuple[Formula, ...]
    span: Span


@dataclass(frozen=True)
class Plus:
    """Parts added or taken away; `signs` has one, `+` or `-`, before each part."""

    signs: tuple[str, ...]
    parts: tuple[Formula, ...]
    span: Span


@dataclass(frozen=True)
class Times:
    """`80% * x`, or `80% of x`."""

    left: Formula
    right: Formula
    span: Span


@dataclass(frozen=True)
class Case:
    """One side of a choice: `a if CONDITION`."""

    value: Formula
    when: Condition


@dataclass(frozen=True)
class IfElse:
    """`a if CONDITION else b if CONDITION else c`; only a whole `let` may be one."""

    cases: tuple[Case, ...]
    otherwise: Formula
    span: Span


Formula: TypeAlias = Number | Name | TermName | SumOf | Extreme | Plus | Times
Choice: TypeAlias = Formula | IfElse


@dataclass(frozen=True)
class Bound:
    """`not below X` or `not above X`; `kind` is below or above."""

    kind: str
    value: Formula
    span: Span


@dataclass(frozen=True)
class LetLine:
    """`let NAME = …`."""

    name: Word
    value: Choice
    span: Span


@dataclass(frozen=True)
class AmountLine:
    """A result and its bounds in the order written.

    `kind` is pay, patient owes, carry (with the balance as `name`) or is.
    """

    kind: str
    name: Word | None
    value: Formula
    bounds: tuple[Bound, ...]
    span: Span


@dataclass(frozen=True)
class PerLine:
    """`per line`, `per claim spread by …`, `per member per contract year from DAY`."""

    whom: Word
    period: tuple[Word, ...]
    since: Word | None
    spread_by: tuple[Word, ...]
    span: Span


def names(value: Choice) -> tuple[Word, ...]:
    """Return the names that `value` reads, in the order written."""
    match value:
        case Name(word):
            return (word,)
        case Number() | TermName():
            return ()
        case SumOf(part):
            return names(part)
        case Times(left, right):
            return (*names(left), *names(right))
        case Extreme(parts=parts) | Plus(parts=parts):
            return tuple(name for part in parts for name in names(part))
        case IfElse(cases, otherwise):
            parts = (*(case.value for case in cases), otherwise)
            return tuple(name for part in parts for name in names(part))
