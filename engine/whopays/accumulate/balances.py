"""What a limit has counted: for whom, over which period, and how sure that is.

A balance is exact until a line comes of which nobody can say what it counts. From there
on it lies between a least and a most, each None where there is no bound: nothing is
guessed, and what comes out the same wherever the balance lies is still decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from whopays.model.contract import Contract, Limit
from whopays.model.values import Number

_CONTRACT_YEAR, _CALENDAR_YEAR = "contract year", "calendar year"


class Key(NamedTuple):
    """One count: of a limit, for one member, contract or claim, over one period.

    `first` is the first day of the period as ISO text, empty for a claim. A limit that
    an amendment replaces keeps its count as long as it counts the same unit for the
    same over the same period.
    """

    contract: str
    limit: str
    per: str
    whom: str
    period: str
    first: str
    unit: str


@dataclass(frozen=True)
class Balance:
    """From `least` to `most`: integer cents or a number; None has no bound."""

    least: Number | None = 0
    most: Number | None = 0

    @property
    def exact(self) -> Number | None:
        """The amount where it is known, or None."""
        return self.least if self.least == self.most else None

    def plus(self, other: Balance) -> Balance:
        """Return the balance after `other` is counted."""
        return Balance(_sum(self.least, other.least), _sum(self.most, other.most))

    def or_nothing(self) -> Balance:
        """Return what is counted where it is open whether anything is."""
        least = None if self.least is None else min(self.least, 0)
        most = None if self.most is None else max(self.most, 0)
        return Balance(least, most)


ZERO, ANYTHING = Balance(), Balance(None, None)


def _sum(one: Number | None, other: Number | None) -> Number | None:
    return None if one is None or other is None else one + other


@dataclass
class Balances:
    """All counts, as they stand now. One that was never seen stands at zero.

    `start` are those that a test gives, by limit: they are of every key.
    """

    counts: dict[Key, Balance] = field(default_factory=dict)
    start: Mapping[str, Number] = field(default_factory=dict)

    def get(self, key: Key) -> Balance:
        """Return what stands counted under `key`."""
        found = self.counts.get(key)
        if found is not None:
            return found
        start = self.start.get(key.limit, 0)
        return Balance(start, start)

    def add(self, key: Key, counted: Balance) -> tuple[Balance, Balance]:
        """Count `counted`; return what stood there before and what stands there now."""
        before = self.get(key)
        after = self.counts[key] = before.plus(counted)
        return before, after

    def closing(self) -> Iterator[tuple[Key, Balance]]:
        """Yield the counts in the order of their keys."""
        yield from sorted(self.counts.items())


def first_day(limit: Limit, contract: Contract, day: date) -> str:
    """Return the first day of the period of `limit` that has `day`, as ISO text."""
    if limit.period == _CALENDAR_YEAR:
        return date(day.year, 1, 1).isoformat()
    if limit.period != _CONTRACT_YEAR:
        return ""
    began = limit.since or contract.in_force[0].first
    this_year = _anniversary(began, day.year)
    found = this_year if this_year <= day else _anniversary(began, day.year - 1)
    return found.isoformat()


def period_end(key: Key) -> date | None:
    """Return the last day of the period of `key`; None for a claim."""
    if not key.first:
        return None
    first = date.fromisoformat(key.first)
    return _anniversary(first, first.year + 1) - timedelta(days=1)


def _anniversary(began: date, year: int) -> date:
    # 29 February is the 28th in other years; there is no year 0, nor 10000.
    year = min(max(year, date.min.year), date.max.year)
    if (began.month, began.day) == (2, 29):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return date(year, 2, 29 if leap else 28)
    return date(year, began.month, began.day)
