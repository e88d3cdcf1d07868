"""The last day of a number of days: calendar days, or working days of a calendar.

The only module that knows the holidays library, which is loaded when working days are
counted first.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, lru_cache

from whopays.model.clocks import Days
from whopays.model.values import Value

_DAY = timedelta(days=1)
_SATURDAY = 5
#: For which years the holidays of each calendar are known.
_KNOWN = range(1971, 2100)
#: The calendars that a head can name, and the country whose public holidays they have.
CALENDARS = {"US-FEDERAL": "US"}


def last_day(days: Days, start: Value, calendar: str) -> date | None:
    """Return the last of `days` after `start`, None where it is not known.

    It is not known where `start` is no date, or the years are not those of `calendar`.
    """
    if not isinstance(start, date):
        return None
    if days.are_working:
        return _working(start, days.count, calendar)
    if days.count > (date.max - start).days:
        return None
    return start + timedelta(days=days.count)


@lru_cache(maxsize=65_536)
def _working(start: date, count: int, calendar: str) -> date | None:
    day, left = start, count
    while left:
        if day.year not in _KNOWN:
            return None
        day += _DAY
        if day.weekday() < _SATURDAY and day not in _holidays(calendar, day.year):
            left -= 1
    return day if day.year in _KNOWN else None


@cache
def _holidays(calendar: str, year: int) -> frozenset[date]:
    """Return the holidays of `year` on the days on which they are observed."""
    import holidays  # noqa: PLC0415 - 0.06 s, and only for working days

    return frozenset(holidays.country_holidays(CALENDARS[calendar], years=year))
