"""Routes and clocks: what is to be done with a claim, and within how many days.

A route says what another than the payer does with a claim that it received; a clock by
when a claim is to be paid, and what interest runs after that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from whopays.diagnostics import Span
from whopays.model import conditions as model
from whopays.model.catalog import Period
from whopays.model.conditions import Condition, number_text
from whopays.model.money import dollars

#: The day on which the payer paid, and who got the claim first: facts by their names.
PAID_ON, RECEIVED_BY = "paid_date", "received_by"
WORKING = "working days"


@dataclass(frozen=True)
class Days:
    """`10 working days of received_date`, counted from the day after the date `fact`.

    `unit` is days, calendar days or working days; the first two are the same.
    """

    count: int
    unit: str
    fact: str

    @property
    def text(self) -> str:
        """The days in the words of the language."""
        return f"{self.count} {self.unit} of {self.fact}"

    @property
    def are_working(self) -> bool:
        """Whether weekends and holidays are not counted."""
        return self.unit == WORKING

    @property
    def meaning(self) -> tuple[int, bool, str]:
        """What two ways to write the same days have in common."""
        return self.count, self.are_working, self.fact


@dataclass(frozen=True)
class Rate:
    """`15% per year`, `$15.00 per year or part`.

    `amount` is a part of what is owed (15% is 3/20), integer cents where `kind` is
    money, or the name of a percent where it is fact. `unit`: day, month, year or
    calendar year. `begun`: a stretch that has begun counts whole.
    """

    kind: str
    amount: Fraction | int | str
    unit: str
    begun: bool

    @property
    def text(self) -> str:
        """The rate in the words of the language."""
        shown = str(self.amount)
        if self.kind == "money" and isinstance(self.amount, int):
            shown = dollars(self.amount)
        elif self.kind == "percent" and isinstance(self.amount, Fraction):
            shown = f"{number_text(self.amount * 100)}%"
        return f"{shown} per {self.unit}{' or part' if self.begun else ''}"


@dataclass(frozen=True)
class Interest:
    """What is owed after the last day: one of `rates`, or the greater or lesser of them.

    `on` is the amount that bears it, empty for the amount that the contract divides.
    """

    extreme: str
    rates: tuple[Rate, ...]
    on: str
    rounding: str

    @property
    def text(self) -> str:
        """The interest in the words of the language."""
        said = ", ".join(rate.text for rate in self.rates)
        said = f"{self.extreme} of ({said})" if self.extreme else said
        return f"{said} on {self.on}" if self.on else said


@dataclass(frozen=True)
class _Dated:
    """What routes and clocks have in common.

    `in_force` are the days on which the date that starts the days lies; empty for all.
    """

    id: str
    title: str
    when: Condition | None
    cites: tuple[str, ...]
    in_force: tuple[Period, ...]
    days: Days
    yields_to: tuple[str, ...]
    span: Span = field(compare=False, repr=False)

    @cached_property
    def dated(self) -> Condition:
        """That the date which starts the days is one of `in_force`."""
        periods = tuple(map(self._within, self.in_force))
        if not periods:
            return model.ALWAYS
        return periods[0] if len(periods) == 1 else model.Any_(periods)

    @cached_property
    def condition(self) -> Condition:
        """The `when`, on a day of `in_force`."""
        if not self.in_force:
            return self.when or model.ALWAYS
        return model.both(self.dated, self.when)

    def _within(self, period: Period) -> Condition:
        fact = self.days.fact
        since = f"{fact} >= {period.first}"
        first = model.Compares(fact, ">=", period.first, since)
        if period.last is None:
            return first
        until = f"{fact} <= {period.last}"
        last = model.Compares(fact, "<=", period.last, until)
        return model.All((first, last))


@dataclass(frozen=True)
class Route(_Dated):
    """What another than the payer does with a claim that it received, and by when.

    `duties` are forward, deny, or both (one of them).
    """

    duties: tuple[str, ...] = ()

    @property
    def answer(self) -> tuple[object, ...]:
        """What two routes that say the same have in common."""
        return frozenset(self.duties), self.days.meaning

    @property
    def text(self) -> str:
        """What the route says, apart from its condition."""
        return f"{' or '.join(self.duties)} within {self.days.text}"


@dataclass(frozen=True)
class Clock(_Dated):
    """By when a claim is to be paid, and what interest runs after that day."""

    interest: Interest | None = None

    @property
    def answer(self) -> tuple[object, ...]:
        """What two clocks that say the same have in common."""
        return self.days.meaning, self.interest

    @property
    def text(self) -> str:
        """What the clock says, apart from its condition."""
        interest = f", interest {self.interest.text}" if self.interest else ""
        return f"pay within {self.days.text}{interest}"
