"""Contracts and amendments as written: heads, grids, exceptions, treats, changes."""

from __future__ import annotations

from dataclasses import dataclass

from whopays.diagnostics import Span
from whopays.syntax.phrases import Answer, Condition, Dates, Reference, Word


@dataclass(frozen=True)
class ByLine:
    """`match by …` or `decide by …`, with its condition or none for `otherwise`."""

    facts: tuple[Word, ...]
    when: Condition | None
    span: Span


@dataclass(frozen=True)
class PartyLine:
    """`party ID "Name"`, or `fund ID "Name" paid by ID`."""

    id: Word
    name: Word
    paid_by: Word | None
    span: Span


@dataclass(frozen=True)
class ContractBlock:
    """`contract ID "title"` … `end`: the head.

    `amended_by` are the numbers of amendments that the text holds already, empty for
    `none`; None where the text does not say.
    """

    id: Word
    title: Word
    version: Word | None
    amended_by: tuple[Word, ...] | None
    signed: Word | None
    in_force: tuple[Dates, ...]
    payer: Word | None
    group: Word | None
    products: tuple[Word, ...]
    parties: tuple[PartyLine, ...]
    facts_from: tuple[Reference, ...]
    categories_from: tuple[Reference, ...]
    regulations_from: tuple[Reference, ...]
    terms_from: tuple[Reference, ...]
    divides: Word | None
    calendar: Word | None
    decide_by: tuple[ByLine, ...]
    span: Span


@dataclass(frozen=True)
class Cell:
    """One cell of a grid's row under the column `column`."""

    column: Word
    text: Word


@dataclass(frozen=True)
class RowLine:
    """One row of a grid."""

    category: Word
    when: Condition | None
    cells: tuple[Cell, ...]
    cites: Word | None
    span: Span


@dataclass(frozen=True)
class OtherwiseLine:
    """`otherwise ANSWER when … cites …`."""

    answer: Answer
    when: Condition | None
    cites: tuple[Word, ...]
    span: Span


@dataclass(frozen=True)
class GridBlock:
    """`responsibility ID "title"` … `end`."""

    id: Word
    title: Word
    when: Condition | None
    columns: tuple[Word, ...]
    rows: tuple[RowLine, ...]
    otherwise: tuple[OtherwiseLine, ...]
    span: Span


@dataclass(frozen=True)
class DefineBlock:
    """`define NAME` / `when …` / `end`."""

    name: Word
    when: Condition
    span: Span


@dataclass(frozen=True)
class Address:
    """Where a clause stands: `ID`, `GRID "Category" when …` or `GRID otherwise`.

    `what` is clause, row or otherwise.
    """

    what: str
    id: Word
    category: Word | None
    when: Condition | None
    span: Span


@dataclass(frozen=True)
class ExceptionBlock:
    """`exception ID to …` … `end`."""

    id: Word
    targets: tuple[Address, ...]
    cites: tuple[Word, ...]
    when: Condition | None
    then: Answer
    regardless: tuple[Word, ...]
    span: Span


@dataclass(frozen=True)
class TreatBlock:
    """`treat ID "A" as "B"` … `end`."""

    id: Word
    source: Word
    target: Word
    cites: tuple[Word, ...]
    when: Condition | None
    span: Span


@dataclass(frozen=True)
class Change:
    """One line of an amendment; `kind` is replace, add, withdraw or rename."""

    kind: str
    address: Address | None
    answer: Answer | None
    cites: tuple[Word, ...]
    party: PartyLine | None
    span: Span


@dataclass(frozen=True)
class AmendmentBlock:
    """`amendment N to ID version V` … `end`."""

    number: Word
    contract: Reference
    signed: Word | None
    in_force: tuple[Dates, ...]
    changes: tuple[Change, ...]
    span: Span
