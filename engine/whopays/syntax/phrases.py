"""The parts of a statement as written: words, values, conditions and answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from whopays.diagnostics import Span


@dataclass(frozen=True)
class Word:
    """A name, an id, or the text between two quotes."""

    text: str
    span: Span


@dataclass(frozen=True)
class Literal:
    """A value as written; `kind` is word, literal, money, string, yes, no or none.

    `system` is the code system before a code: `POS` in `POS 23`.
    """

    kind: str
    text: str
    span: Span
    system: Word | None = None


@dataclass(frozen=True)
class CodeList:
    """A code system and codes or ranges: `REV 0450-0459, 0981`."""

    system: Word
    items: tuple[Word, ...]
    span: Span


@dataclass(frozen=True)
class Shifted:
    """`60 days after admission_date`."""

    count: Literal
    unit: Word
    direction: str
    fact: Word
    span: Span


Operand: TypeAlias = Literal | Shifted


@dataclass(frozen=True)
class Atom:
    """One test of one fact. `op` is its words: `is`, `is not`, `in`, `<=`."""

    op: str
    fact: Word
    operands: tuple[Operand, ...]
    span: Span
    codes: CodeList | None = None


@dataclass(frozen=True)
class AllOf:
    """Conditions joined by `and`."""

    parts: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True)
class AnyOf:
    """Conditions joined by `or`."""

    parts: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True)
class Negated:
    """`not` before a fact, a name or a parenthesis."""

    part: Condition
    span: Span


Condition: TypeAlias = Atom | AllOf | AnyOf | Negated


@dataclass(frozen=True)
class Share:
    """A party and its part; without a part the party bears all."""

    party: Word
    part: Literal | None


@dataclass(frozen=True)
class Answer:
    """What a clause answers: `kind` is shares, not covered, unlisted, ambiguous, ?."""

    kind: str
    shares: tuple[Share, ...]
    reason: str
    span: Span


@dataclass(frozen=True)
class Reference:
    """An id and the version after it."""

    id: Word
    version: Word


@dataclass(frozen=True)
class Dates:
    """`in force FIRST to LAST`, or `onward` when `last` is None."""

    first: Word
    last: Word | None
    span: Span
