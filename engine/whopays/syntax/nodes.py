"""The syntax tree of a rule file: what was written, with spans, before any meaning.

All nodes are found here; `phrases`, `formulas`, `contracts` and `payments` hold those of
their part of the language.

Names are words and literals are text here; `resolve` turns them into things. A node
has `span` for the whole of it, and its parts have spans of their own for the reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from whopays.diagnostics import Source, Span
from whopays.syntax.contracts import (
    Address,
    AmendmentBlock,
    ByLine,
    Cell,
    Change,
    ContractBlock,
    DefineBlock,
    ExceptionBlock,
    GridBlock,
    OtherwiseLine,
    PartyLine,
    RowLine,
    TreatBlock,
)
from whopays.syntax.formulas import (
    AmountLine,
    Bound,
    Case,
    Choice,
    Extreme,
    Formula,
    IfElse,
    LetLine,
    Name,
    Number,
    PerLine,
    Plus,
    SumOf,
    TermName,
    Times,
)
from whopays.syntax.payments import (
    BreaksLine,
    ClockBlock,
    DaysLine,
    DutyLine,
    InterestLine,
    LimitBlock,
    MethodBlock,
    MethodsBlock,
    OrderBlock,
    RateTerm,
    ReadingLine,
    RegulationBlock,
    RouteBlock,
    RuleBlock,
    RulesFrom,
    Step,
    TermBlock,
    TermsBlock,
    TierLine,
)
from whopays.syntax.phrases import (
    AllOf,
    Answer,
    AnyOf,
    Atom,
    CodeList,
    Condition,
    Dates,
    Literal,
    Negated,
    Operand,
    Reference,
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
    "Bound",
    "BreaksLine",
    "ByLine",
    "Case",
    "CatalogBlock",
    "CategoryBlock",
    "Cell",
    "Change",
    "Choice",
    "ClockBlock",
    "CodeList",
    "Condition",
    "ContractBlock",
    "Dates",
    "DaysLine",
    "DefineBlock",
    "DutyLine",
    "ExceptionBlock",
    "Expectation",
    "Extreme",
    "FactLine",
    "FactsBlock",
    "Formula",
    "GridBlock",
    "IfElse",
    "InterestLine",
    "LetLine",
    "LimitBlock",
    "Literal",
    "LostBlock",
    "MethodBlock",
    "MethodsBlock",
    "Name",
    "Negated",
    "Number",
    "Operand",
    "OrderBlock",
    "OtherwiseLine",
    "PartyLine",
    "PerLine",
    "Plus",
    "RankLine",
    "RateTerm",
    "ReadingLine",
    "Reference",
    "RegulationBlock",
    "RouteBlock",
    "RowLine",
    "RuleBlock",
    "RuleFile",
    "RulesFrom",
    "Share",
    "SharedAmount",
    "Shifted",
    "Step",
    "SumOf",
    "TermBlock",
    "TermName",
    "TermsBlock",
    "TestBlock",
    "TierLine",
    "Times",
    "TreatBlock",
    "Word",
]


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
    fixed: bool
    span: Span


@dataclass(frozen=True)
class SharedAmount:
    """`amount NAME per line = …`: given and computed must agree to the cent."""

    name: Word
    per: Word
    value: Formula
    span: Span


@dataclass(frozen=True)
class FactsBlock:
    """`facts ID "title"` … `end`."""

    id: Word
    title: Word
    version: Word | None
    facts: tuple[FactLine, ...]
    amounts: tuple[SharedAmount, ...]
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
class Expectation:
    """One `expect` line: its items, the facts needed, the reasons."""

    items: tuple[tuple[Literal, ...], ...]
    needs: tuple[Word, ...]
    because: tuple[Address, ...]
    span: Span


@dataclass(frozen=True)
class TestBlock:
    """`test "title"` … `end`; items are as written, commas apart.

    `of` is what it tests, `kind` what that is: contract, method, order or term (then
    with its `source`). `unreviewed`: it was generated, and nobody has looked at it yet.
    """

    title: Word
    kind: str
    of: Word | None
    source: Word | None
    unreviewed: bool
    known_on: Word | None
    given: tuple[tuple[Literal, ...], ...]
    lines: tuple[tuple[tuple[Literal, ...], ...], ...]
    counted: tuple[tuple[Literal, ...], ...]
    expect: tuple[Expectation, ...]
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
    | RouteBlock
    | ClockBlock
    | RegulationBlock
    | MethodsBlock
    | MethodBlock
    | OrderBlock
    | TermsBlock
    | TermBlock
    | TestBlock
    | LostBlock
)


@dataclass(frozen=True)
class RuleFile:
    """All blocks of one file, in the order written.

    `unread` are the statements that have errors: what they declare is not to be missed.
    `has_errors`: something could not be read, or a block is not closed.
    """

    source: Source
    blocks: tuple[Block, ...]
    unread: tuple[Span, ...] = ()
    has_errors: bool = False
