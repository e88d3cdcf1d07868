"""Coordination of benefits and payment terms: methods, orders of payers, definitions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from whopays.diagnostics import Span
from whopays.model.catalog import Period
from whopays.model.conditions import Condition, facts_of
from whopays.model.facts import Fact
from whopays.model.formulas import (
    Choice,
    Let,
    Read,
    Result,
    TermAmount,
    parts_of,
    term_named,
)

#: What a method promises unless it says that it breaks it, by the word that rules write.
PROMISES = ("floor", "ceilings", "own_allowed", "charge", "falling", "balance")


@dataclass(frozen=True)
class Broken:
    """A promise that a method does not keep by design, and why."""

    promise: str
    why: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Method:
    """How one payer's amount is calculated, behind others or beside them.

    `positions`: secondary, tertiary (third or later), or equal. `level`: line or claim.
    `rounding`: "half away" from zero, or "half even". Where `by_hand`, there is no
    formula. `breaks` are the promises that it says it does not keep, `terms`
    the definitions by which the terms that it names are worked out.
    """

    id: str
    title: str
    cites: tuple[str, ...]
    positions: tuple[str, ...]
    level: str
    spread_by: tuple[str, ...]
    when: Condition | None
    lets: tuple[Let, ...]
    pay: Result | None
    patient: Result | None
    carries: tuple[Result, ...]
    rounding: str
    by_hand: bool
    span: Span = field(compare=False, repr=False)
    breaks: tuple[Broken, ...] = ()
    terms: tuple[Term, ...] = field(default=(), repr=False)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names that its formulas and conditions mention, lets and terms among them."""
        results = [each for each in (self.pay, self.patient) if each is not None]
        results.extend(self.carries)
        values = [*(let.value for let in self.lets), *(each.value for each in results)]
        values.extend(bound.value for each in results for bound in each.bounds)
        conditions = [] if self.when is None else [self.when]
        for value in values:
            if isinstance(value, Choice):
                conditions.extend(when for _, when in value.cases)
        parts = (part for value in values for part in parts_of(value))
        amounts = {part.text for part in parts if isinstance(part, Read | TermAmount)}
        return frozenset(amounts.union(*map(facts_of, conditions)))

    @cached_property
    def names_terms(self) -> bool:
        """Whether it mentions a payment term."""
        return any(term_named(name) is not None for name in self.reads)


@dataclass(frozen=True, eq=False)
class MethodSet:
    """The methods under one `methods` head, by id."""

    id: str
    version: str
    title: str
    facts: dict[str, Fact]
    methods: dict[str, Method]
    span: Span = field(repr=False)


@dataclass(frozen=True)
class OrderRule:
    """One rule for a pair of plans; `order` says from which order it comes."""

    id: str
    title: str
    cites: tuple[str, ...]
    when: Condition
    order: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class Order:
    """An order of benefits: rules tried in the order written, each in both directions."""

    id: str
    version: str
    title: str
    facts: dict[str, Fact]
    rules: tuple[OrderRule, ...]
    share_equally: bool
    span: Span = field(repr=False)


@dataclass(frozen=True)
class Reading:
    """Another way in which a definition can be read, given on request."""

    name: str
    value: Result


@dataclass(frozen=True)
class Term:
    """What one source means by a word, over a period.

    `ambiguous` and `undefined` are the author's reasons, or empty. `holds` is the
    condition of a yes-or-no term, `dictionary` the id and version of its `terms` block.
    """

    name: str
    source: str
    called: str
    cites: tuple[str, ...]
    when: Condition | None
    in_force: tuple[Period, ...]
    level: str
    lets: tuple[Let, ...]
    value: Result | None
    readings: tuple[Reading, ...]
    holds: Condition | None
    ambiguous: str
    undefined: str
    span: Span = field(compare=False, repr=False)
    dictionary: str = ""

    @property
    def id(self) -> str:
        """How the term is named in formulas."""
        return f'{self.name} by "{self.source}"'


@dataclass(frozen=True, eq=False)
class TermSet:
    """The terms under one `terms` head, in the order written."""

    id: str
    version: str
    title: str
    facts: dict[str, Fact]
    terms: tuple[Term, ...]
    span: Span = field(repr=False)
