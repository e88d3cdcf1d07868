"""A contract: its head, its clauses, its amendments, and the text in force on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from whopays.diagnostics import Span
from whopays.model.catalog import By, Catalog, Period
from whopays.model.clocks import Clock, Days, Route
from whopays.model.conditions import Condition, normal, number_text
from whopays.model.facts import Fact
from whopays.model.formulas import Formula
from whopays.model.payments import Term
from whopays.model.values import Number

#: What a target names: row, otherwise or clause (a grid, too), its id, a row's category.
Address: TypeAlias = tuple[str, str, str | None]
#: The fact that says which member a line is of, for limits per member.
MEMBER = "member_id"
#: In a limit, the last day of the period over which it counts.
PERIOD_END = "period_end"


@dataclass(frozen=True)
class Answer:
    """What a clause answers.

    `kind`: `shares` (`shares` are bearers and their parts, which make 1), `not_covered`,
    `unlisted`, `ambiguous` (with the author's `reason`), or `draft`.
    """

    kind: str
    shares: tuple[tuple[str, Fraction], ...] = field(default=(), compare=False)
    reason: str = ""
    # Equal shares are equal answers, in whatever order they are written.
    _parts: frozenset[tuple[str, Fraction]] = field(
        init=False, repr=False, default=frozenset()
    )

    def __post_init__(self) -> None:
        """Keep the shares as a set, to compare by."""
        object.__setattr__(self, "_parts", frozenset(self.shares))

    @cached_property
    def percents(self) -> tuple[str, ...]:
        """The parts of the shares as text."""
        return tuple(percent(part) for _, part in self.shares)

    @cached_property
    def text(self) -> str:
        """The answer in the words of the language."""
        if self.kind == "shares":
            named = zip(self.shares, self.percents, strict=True)
            return ", ".join(f"{who} {part}" for (who, _), part in named)
        return {"not_covered": "not covered", "draft": "?"}.get(self.kind, self.kind)


def percent(part: Fraction) -> str:
    """Return a share as a percent, or as a fraction where no percent is exact."""
    text = number_text(part * 100)
    return f"{part.numerator}/{part.denominator}" if "/" in text else f"{text}%"


@dataclass(frozen=True)
class Row:
    """One row of a grid, or its `otherwise` (then `category` is None)."""

    grid: str
    category: str | None
    when: Condition | None
    answer: Answer
    cites: tuple[str, ...]
    span: Span = field(compare=False, repr=False)

    @property
    def id(self) -> str:
        """How the row is named: `C "Delivery"`, `C otherwise`, with its `when`."""
        what = "otherwise" if self.category is None else f'"{self.category}"'
        when = f" when {self.when.text}" if self.when is not None else ""
        return f"{self.grid} {what}{when}"

    @cached_property
    def addresses(self) -> frozenset[Address]:
        """What an exception may name to be one to this row; see `Target.address`."""
        own = "otherwise" if self.category is None else "row"
        return frozenset({("clause", self.grid, None), (own, self.grid, self.category)})

    @cached_property
    def meaning(self) -> str:
        """What the `when` says, however it is written; empty where there is none."""
        return normal(self.when)


@dataclass(frozen=True)
class Grid:
    """A responsibility grid."""

    id: str
    title: str
    when: Condition | None
    rows: tuple[Row, ...]
    otherwise: tuple[Row, ...]
    span: Span = field(compare=False, repr=False)

    def places(self, part: str, category: str | None) -> Sequence[int]:
        """Return where in `rows` those of `category` stand, or all of `otherwise`."""
        if part == "otherwise":
            return range(len(self.otherwise))
        return self._by_category.get(category, ())

    def rows_of(self, category: str) -> tuple[Row, ...]:
        """Return the rows of `category`, its own ones."""
        return tuple(self.rows[at] for at in self._by_category.get(category, ()))

    def in_place(self, rows: tuple[Row, ...]) -> Grid:
        """Return the grid with `rows`: each of the category of that in its place, or new.

        Where rows stand is known already; texts with many amendments ask it often.
        """
        known = self._by_category
        for at, row in enumerate(rows[len(self.rows) :], len(self.rows)):
            known = {**known, row.category: [*known.get(row.category, ()), at]}
        found = replace(self, rows=rows)
        vars(found)["_by_category"] = known
        return found

    @cached_property
    def _by_category(self) -> dict[str | None, list[int]]:
        found: dict[str | None, list[int]] = {}
        for at, row in enumerate(self.rows):
            found.setdefault(row.category, []).append(at)
        return found


@dataclass(frozen=True)
class Target:
    """What an exception replaces: `what` is grid, row, otherwise or clause."""

    what: str
    id: str
    category: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def address(self) -> Address:
        """What it names, to be compared with the `addresses` of a clause."""
        return self.what, self.id, self.category

    @property
    def text(self) -> str:
        """The target as the language writes it."""
        if self.what == "row":
            return f'{self.id} "{self.category}"'
        return f"{self.id} otherwise" if self.what == "otherwise" else self.id


@dataclass(frozen=True)
class ExceptionClause:
    """A clause that replaces the answer of its targets where it holds."""

    id: str
    targets: tuple[Target, ...]
    when: Condition | None
    answer: Answer
    cites: tuple[str, ...]
    regardless: tuple[str, ...]
    span: Span = field(compare=False, repr=False)

    @cached_property
    def addresses(self) -> frozenset[Address]:
        """What an exception may name to be one to this one."""
        return frozenset({("clause", self.id, None)})

    @cached_property
    def replaces(self) -> frozenset[Address]:
        """The addresses of what it is an exception to."""
        return frozenset(target.address for target in self.targets)


def is_to(exception: ExceptionClause, clause: Row | ExceptionClause | Treat) -> bool:
    """Tell whether `clause` is a target of `exception`."""
    if isinstance(clause, Treat):
        return False
    return not exception.replaces.isdisjoint(clause.addresses)


@dataclass(frozen=True)
class Treat:
    """A clause that moves a line from category `source` to `target`."""

    id: str
    source: str
    target: str
    when: Condition | None
    cites: tuple[str, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Tier:
    """The shares of what is counted up to `up_to`; None is all above."""

    shares: Answer
    up_to: Number | None


@dataclass(frozen=True)
class Limit:
    """A limit on what `applies_to` bears, for each `per` (member, contract, claim).

    `counts` is an amount of the line, of `unit` money (thresholds in integer cents) or
    number. `period`: contract year, calendar year, or empty for a claim. Contract years
    begin on the day `since` of each year; None is the first day of the contract. A line
    that a limit in `yields_to` pays from is neither counted nor paid here. `recover`:
    within which days what it pays is to be claimed back; of `PERIOD_END` or of a date.
    """

    id: str
    title: str
    when: Condition | None
    applies_to: str
    cites: tuple[str, ...]
    counts: Formula
    unit: str
    per: str
    period: str
    since: date | None
    tiers: tuple[Tier, ...]
    yields_to: tuple[str, ...]
    recover: Days | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Party:
    """A party; for a fund `paid_by` is the party that pays the claim."""

    id: str
    name: str
    paid_by: str | None = None


@dataclass(frozen=True)
class Text:
    """The clauses of a contract as they stand on some day."""

    grids: tuple[Grid, ...] = ()
    exceptions: tuple[ExceptionClause, ...] = ()
    treats: tuple[Treat, ...] = ()
    limits: tuple[Limit, ...] = ()
    parties: tuple[Party, ...] = ()
    routes: tuple[Route, ...] = ()
    clocks: tuple[Clock, ...] = ()

    @cached_property
    def payers(self) -> dict[str, str]:
        """Who pays the claim for each party: itself, or for a fund whom it names."""
        return {party.id: party.paid_by or party.id for party in self.parties}

    def grid(self, grid_id: str) -> Grid | None:
        """Return the grid `grid_id`, or None."""
        return next((each for each in self.grids if each.id == grid_id), None)

    def with_grid(self, grid: Grid) -> Text:
        """Return the text with `grid` in the place of the one of its id, or added."""
        if self.grid(grid.id) is None:
            return replace(self, grids=(*self.grids, grid))
        grids = tuple(grid if each.id == grid.id else each for each in self.grids)
        return replace(self, grids=grids)

    def has_row(self, category: str) -> bool:
        """Tell whether some grid has a row of its own for `category`."""
        return any(grid.rows_of(category) for grid in self.grids)


@dataclass(frozen=True)
class Change:
    """One line of an amendment: `kind` is replace, add, withdraw or rename.

    `what` is row, otherwise, clause or party; `id` the grid, clause or party.
    """

    kind: str
    what: str
    id: str
    category: str | None
    when: Condition | None
    answer: Answer | None
    cites: tuple[str, ...]
    name: str
    span: Span = field(compare=False, repr=False)

    @property
    def target(self) -> str:
        """What the change is made to, in the words of the language."""
        if self.what in {"clause", "party"}:
            return self.id
        where = "otherwise" if self.category is None else f'"{self.category}"'
        when = f" when {self.when.text}" if self.when is not None else ""
        return f"{self.id} {where}{when}"


@dataclass(frozen=True)
class Amendment:
    """One amendment: its changes, then the whole clauses that it brings (`text`).

    `defines` are the definitions that its clauses can use, by name.
    """

    number: int
    signed: date | None
    in_force: tuple[Period, ...]
    changes: tuple[Change, ...]
    text: Text
    defines: dict[str, Condition] = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)

    def applies_on(self, day: date) -> bool:
        """Tell whether the amendment is in force on `day`."""
        return any(day in period for period in self.in_force)


@dataclass(frozen=True, eq=False)
class Contract:
    """A contract with all its amendments.

    `amended_by` are amendments that `text` holds already, None if it does not say.
    `defines` are the definitions of the contract itself, by name. `calendar` is that of
    working days, empty where the head names none. `terms` are the definitions by which
    the terms are worked out that clauses name; empty where none does.
    """

    id: str
    title: str
    version: str
    signed: date | None
    in_force: tuple[Period, ...]
    payer: str | None
    group: str | None
    products: tuple[str, ...]
    divides: str
    decide_by: tuple[By, ...]
    catalog: Catalog
    facts: dict[str, Fact]
    text: Text
    amendments: tuple[Amendment, ...]
    sources: tuple[tuple[str, str], ...]
    amended_by: tuple[int, ...] | None
    defines: dict[str, Condition] = field(repr=False)
    span: Span = field(repr=False)
    calendar: str = ""
    terms: tuple[Term, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Version:
    """The text in force over `period`: the base and the amendments by number."""

    period: Period
    amendments: tuple[int, ...]
    text: Text

    def label(self, base: str) -> str:
        """Return how the version is called, `base` being the contract's version."""
        if not self.amendments:
            return base
        numbers = ", ".join(map(str, self.amendments))
        plural = "s" if len(self.amendments) > 1 else ""
        return f"{base} with amendment{plural} {numbers}"
