"""Blocks about money and time as written: limits, routes, clocks, coordination, terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from whopays.diagnostics import Span
from whopays.syntax.formulas import (
    AmountLine,
    Bound,
    Formula,
    LetLine,
    PerLine,
)
from whopays.syntax.phrases import Answer, Condition, Dates, Literal, Reference, Word


@dataclass(frozen=True)
class TierLine:
    """`first IPA up to $10,000.00`, `then PLAN 80%, IPA 20%`."""

    shares: Answer
    up_to: Literal | None
    span: Span


@dataclass(frozen=True)
class LimitBlock:
    """`limit ID "title"` … `end`."""

    id: Word
    title: Word
    cites: tuple[Word, ...]
    when: Condition | None
    applies_to: Word
    counts: Formula
    per: PerLine
    tiers: tuple[TierLine, ...]
    yields_to: tuple[Word, ...]
    recover: DaysLine | None
    span: Span


@dataclass(frozen=True)
class DutyLine:
    """`then forward or deny within 10 working days of received_date`."""

    duties: tuple[str, ...]
    count: Word
    unit: tuple[Word, ...]
    fact: Word
    span: Span


@dataclass(frozen=True)
class RouteBlock:
    """`route ID "title"` … `end`."""

    id: Word
    title: Word
    cites: tuple[Word, ...]
    in_force: tuple[Dates, ...]
    when: Condition | None
    then: DutyLine
    yields_to: tuple[Word, ...]
    span: Span


@dataclass(frozen=True)
class DaysLine:
    """`then pay within 30 calendar days of received_date`."""

    count: Word
    unit: tuple[Word, ...]
    fact: Word
    span: Span


@dataclass(frozen=True)
class RateTerm:
    """`15% per year`, `$15.00 per year or part`: an amount and its stretch of time."""

    amount: Literal
    unit: tuple[Word, ...]
    begun: bool
    span: Span


@dataclass(frozen=True)
class InterestLine:
    """`interest greater of (…) on FACT`; `extreme` is greater, lesser or empty."""

    extreme: str
    rates: tuple[RateTerm, ...]
    on: Word | None
    span: Span


@dataclass(frozen=True)
class ClockBlock:
    """`clock ID "title"` … `end`: by when a claim is to be paid."""

    id: Word
    title: Word
    cites: tuple[Word, ...]
    in_force: tuple[Dates, ...]
    when: Condition | None
    then: DaysLine
    interest: InterestLine | None
    rounded: tuple[Word, ...]
    yields_to: tuple[Word, ...]
    span: Span


@dataclass(frozen=True)
class RegulationBlock:
    """`regulation ID "title"` … `end`: the head of routes and clocks of a law."""

    id: Word
    title: Word
    version: Word | None
    facts_from: tuple[Reference, ...]
    span: Span


@dataclass(frozen=True)
class MethodsBlock:
    """`methods ID "title"` … `end`: the head of the methods below it."""

    id: Word
    title: Word
    version: Word | None
    facts_from: tuple[Reference, ...]
    terms_from: tuple[Reference, ...]
    span: Span


@dataclass(frozen=True)
class BreaksLine:
    """`breaks charge, falling because "why"`: promises that a method does not keep."""

    promises: tuple[Word, ...]
    because: Word
    span: Span


@dataclass(frozen=True)
class MethodBlock:
    """`method ID "title"` … `end`; `by_hand` where it is not calculated."""

    id: Word
    title: Word
    cites: tuple[Word, ...]
    positions: tuple[Word, ...]
    per: PerLine | None
    when: Condition | None
    lets: tuple[LetLine, ...]
    amounts: tuple[AmountLine, ...]
    rounded: tuple[Word, ...]
    by_hand: Span | None
    breaks: tuple[BreaksLine, ...]
    span: Span


@dataclass(frozen=True)
class RuleBlock:
    """`rule ID "title"` … `end` of an order."""

    id: Word
    title: Word
    cites: tuple[Word, ...]
    when: Condition
    span: Span


@dataclass(frozen=True)
class RulesFrom:
    """`rules from ORDER VERSION`: that order's rules stand at this place."""

    order: Reference
    span: Span


Step: TypeAlias = RuleBlock | RulesFrom


@dataclass(frozen=True)
class OrderBlock:
    """`order ID "title"` … `end`; the steps are tried in the order written."""

    id: Word
    title: Word
    version: Word | None
    facts_from: tuple[Reference, ...]
    steps: tuple[Step, ...]
    share_equally: bool
    span: Span


@dataclass(frozen=True)
class TermsBlock:
    """`terms ID "title"` … `end`: the head of the terms below it."""

    id: Word
    title: Word
    version: Word | None
    facts_from: tuple[Reference, ...]
    span: Span


@dataclass(frozen=True)
class ReadingLine:
    """`reading NAME per line is …`: an alternative, given on request."""

    name: Word
    per: Word | None
    value: Formula
    bounds: tuple[Bound, ...]
    span: Span


@dataclass(frozen=True)
class TermBlock:
    """`term NAME by "Source"` … `end`."""

    name: Word
    source: Word
    called: Word | None
    cites: tuple[Word, ...]
    when: Condition | None
    in_force: tuple[Dates, ...]
    per: PerLine | None
    lets: tuple[LetLine, ...]
    value: AmountLine | None
    readings: tuple[ReadingLine, ...]
    holds: Condition | None
    ambiguous: Word | None
    undefined: Word | None
    span: Span
