"""The syntax tree of a rule file: what was written, with spans, before any meaning.

Names are words and literals are text here; `resolve` turns them into things. A node
has `span` for the whole of it, and its parts have spans of their own for the reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from whopays.diagnostics import Source, Span
from whopays.syntax.phrases import (
    AllOf,
    Answer,
    AnyOf,
    Atom,
    CodeList,
    Condition,
    Literal,
    Negated,
    Operand,
    Share,
    Shifted,
    Word,
)

__all__ = [
    "Address",
    "AllOf",
    "AmendmentBlock",
    "AmountLine",
    "Answer",
    "AnyOf",
    "Atom",
    "Block",
    "ByLine",
    "CatalogBlock",
    "CategoryBlock",
    "Cell",
    "Change",
    "CodeList",
    "Condition",
    "ContractBlock",
    "Dates",
    "DefineBlock",
    "ExceptionBlock",
    "Expectation",
    "FactLine",
    "FactsBlock",
    "GridBlock",
    "LaterBlock",
    "LimitBlock",
    "Literal",
    "LostBlock",
    "Negated",
    "Operand",
    "OtherwiseLine",
    "PartyLine",
    "RankLine",
    "Reference",
    "RowLine",
    "RuleFile",
    "Share",
    "Shifted",
    "TestBlock",
    "TreatBlock",
    "Word",
]


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


@dataclass(frozen=True)
class FactLine:
    """One `fact` line, which may declare several names of one type."""

    names: tuple[Word, ...]
    of: Word | None
    type: str
    words: tuple[Word, ...]
    per: tuple[Word, ...]
    or_none: bool
    otherwise: Literal | None
    required: bool
    spread_by: tuple[Word, ...]
    as_of: Word | None
    span: Span


@dataclass(frozen=True)
class AmountLine:
    """A shared amount and the facts of its formula."""

    name: Word
    per: Word
    facts: tuple[Word, ...]
    span: Span


@dataclass(frozen=True)
class FactsBlock:
    """`facts ID "title"` … `end`."""

    id: Word
    title: Word
    version: Word | None
    facts: tuple[FactLine, ...]
    amounts: tuple[AmountLine, ...]
    span: Span


@dataclass(frozen=True)
class ByLine:
    """`match by …` or `decide by …`, with its condition or none for `otherwise`."""

    facts: tuple[Word, ...]
    when: Condition | None
    span: Span


@dataclass(frozen=True)
class CatalogBlock:
    """`catalog ID "title"` … `end`."""

    id: Word
    title: Word
    version: Word | None
    in_force: tuple[Dates, ...]
    facts_from: tuple[Reference, ...]
    match_by: tuple[ByLine, ...]
    span: Span


@dataclass(frozen=True)
class CategoryBlock:
    """`category "Name"` … `end`."""

    name: Word
    also_called: tuple[Word, ...]
    codes: tuple[CodeList, ...]
    under: Word | None
    when: Condition | None
    span: Span


@dataclass(frozen=True)
class RankLine:
    """`rank "A" before "B", "C"`."""

    first: Word
    later: tuple[Word, ...]
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
    """`contract ID "title"` … `end`: the head."""

    id: Word
    title: Word
    version: Word | None
    signed: Word | None
    in_force: tuple[Dates, ...]
    payer: Word | None
    group: Word | None
    products: tuple[Word, ...]
    parties: tuple[PartyLine, ...]
    facts_from: tuple[Reference, ...]
    categories_from: tuple[Reference, ...]
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


@dataclass(frozen=True)
class LimitBlock:
    """The head of a limit: whose shares it divides, and when. The rest is not read."""

    id: Word
    title: Word
    when: Condition | None
    applies_to: Word | None
    span: Span


@dataclass(frozen=True)
class Expectation:
    """One `expect` line: its items, the facts needed, the reasons."""

    items: tuple[tuple[Literal, ...], ...]
    needs: tuple[Word, ...]
    because: tuple[Address, ...]
    span: Span


@dataclass(frozen=True)
class TestBlock:
    """`test "title"` … `end`; items are as written, commas apart."""

    title: Word
    contract: Word | None
    known_on: Word | None
    given: tuple[tuple[Literal, ...], ...]
    lines: tuple[tuple[tuple[Literal, ...], ...], ...]
    counted: tuple[tuple[Literal, ...], ...]
    expect: tuple[Expectation, ...]
    span: Span


@dataclass(frozen=True)
class LaterBlock:
    """A block of a kind that this edition does not evaluate yet."""

    kind: str
    span: Span


@dataclass(frozen=True)
class LostBlock:
    """A block whose head could not be read: it is reported, and what is below it kept."""

    kind: str
    span: Span


Block: TypeAlias = (
    FactsBlock
    | CatalogBlock
    | CategoryBlock
    | RankLine
    | ContractBlock
    | GridBlock
    | DefineBlock
    | ExceptionBlock
    | TreatBlock
    | AmendmentBlock
    | LimitBlock
    | TestBlock
    | LaterBlock
    | LostBlock
)


@dataclass(frozen=True)
class RuleFile:
    """All blocks of one file, in the order written.

    `unread` are the statements that have errors: what they declare is not to be missed.
    """

    source: Source
    blocks: tuple[Block, ...]
    unread: tuple[Span, ...] = ()
