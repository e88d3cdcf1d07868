"""Values of ordered kinds as numbers: dates and birthdays as days, and what lies between."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from whopays.model.facts import Kind
from whopays.model.values import Value

_YEAR = 2000  # a leap year, to count the days of birthdays


def ordinal(value: Any) -> Any:
    """Return `value` of an ordered kind as a number: dates as days, birthdays too."""
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, tuple):
        return date(_YEAR, *value).toordinal()
    return value


def from_ordinal(kind: Kind, at: Any) -> Value:
    """Return the value of `kind` whose ordinal is `at`."""
    if kind is Kind.DATE:
        return date.fromordinal(at)
    if kind is Kind.BIRTHDAY:
        day = date.fromordinal(at)
        return (day.month, day.day)
    return at  # type: ignore[no-any-return]


def between(kind: Kind, marks: set[Any], facts: int = 1) -> list[Any]:
    """Return ordinals at, and on both sides of, each of `marks`, where there are any.

    Of so many `facts` that are compared each can have another value between two marks.
    """
    if kind is Kind.BIRTHDAY:
        low, high = date(_YEAR, 1, 1).toordinal(), date(_YEAR, 12, 31).toordinal()
        marks = marks | {low}
    elif kind is Kind.DATE:
        low, high = date.min.toordinal(), date.max.toordinal()
        marks = marks or {date(2026, 1, 1).toordinal()}
    else:
        low, high = None, None
        marks = marks or {0}
    if kind in {Kind.NUMBER, Kind.PERCENT}:
        ordered = sorted(map(Fraction, marks))
        steps = range(1, facts + 1)
        inside = {*ordered, *(ordered[0] - at for at in steps)}
        inside.update(ordered[-1] + at for at in steps)
        for left, right in pairwise(ordered):
            inside.update(left + (right - left) * at / (facts + 1) for at in steps)
        return [int(at) if at.denominator == 1 else at for at in sorted(inside)]
    reach = max(2, facts)
    found = {mark + step for mark in marks for step in range(-reach, reach + 1)}
    return sorted(at for at in found if low is None or low <= at <= high)


def from_kind_start(kind: Kind) -> Any:
    """Return an ordinal to start from where nothing is mentioned."""
    return date(2026, 1, 15).toordinal() if kind is Kind.DATE else 0
