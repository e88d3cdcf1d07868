"""Facts that change over time: a value and the days on which it was in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from whopays.model.values import UNKNOWN, Value

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Spell:
    """A value and its first and last day; None where it has no such end."""

    value: Value
    first: date | None
    last: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether the value was in force on `day`."""
        after = self.first is None or self.first <= day
        return after and (self.last is None or day <= self.last)

    def follows(self, before: Spell) -> bool:
        """Tell whether no whole day lies between `before` and this one."""
        if self.first is None or before.last is None:
            return False
        return before.last < self.first <= before.last + _DAY


def value_on(spells: Iterable[Spell], days: Iterable[Value]) -> Value:
    """Return the value in force on `days`; unknown in a gap, or if the days differ."""
    spells = tuple(spells)
    found: set[Value] = set()
    for day in days:
        if not isinstance(day, date):
            return UNKNOWN
        found.add(next((s.value for s in spells if s.holds_on(day)), UNKNOWN))
    return found.pop() if len(found) == 1 else UNKNOWN


def value_in_year(spells: Iterable[Spell], year: int) -> Value:
    """Return the value that was in force on every day of `year`, else unknown.

    `spells` stand in the order of their days.
    """
    start, end = date(year, 1, 1), date(year, 12, 31)
    found: set[Value] = set()
    day = start
    for spell in spells:
        if spell.holds_on(day):
            found.add(spell.value)
            if spell.last is None or spell.last >= end:
                return found.pop() if len(found) == 1 else UNKNOWN
            day = spell.last + _DAY
    return UNKNOWN


def unbroken_since(spells: Iterable[Spell], day: date) -> Value:
    """Return the first day of the time on `day` during which the value was yes.

    Spells that follow each other count as one. Unknown where the value is not yes on
    `day`, or nobody says since when. `spells` stand in the order of their days.
    """
    since: Value = UNKNOWN
    before: Spell | None = None
    for spell in spells:
        if spell.value is True:
            joined = before is not None and spell.follows(before)
            if not joined:
                since = UNKNOWN if spell.first is None else spell.first
            before = spell
            if spell.holds_on(day):
                return since
        else:
            before = None
    return UNKNOWN
