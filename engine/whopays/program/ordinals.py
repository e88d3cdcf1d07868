"""Values of ordered kinds as numbers: dates and birthdays as days, and what lies between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from whopays.model.facts import Kind
from whopays.model.values import Number, Value

_MOST_DECIMALS = 12  # of a number that a claim gives
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
        found = numbers(marks, facts)
        return [int(at) if at.denominator == 1 else at for at in sorted(found)]
    reach = max(2, facts)
    near = {mark + step for mark in marks for step in range(-reach, reach + 1)}
    return sorted(at for at in near if low is None or low <= at <= high)


def numbers(marks: Iterable[Number], count: int) -> set[Fraction]:
    """Return `marks`, and `count` numbers below, above, and between each two of them.

    They have as few decimals as there is room for, so that a claim can give them.
    """
    ordered = sorted(map(Fraction, marks))
    steps = range(1, count + 1)
    found = {*ordered, *(Fraction(ceil(ordered[0]) - at) for at in steps)}
    found.update(Fraction(floor(ordered[-1]) + at) for at in steps)
    for low, high in pairwise(ordered):
        found.update(_inside(low, high, count))
    return found


def _inside(low: Fraction, high: Fraction, count: int) -> Iterator[Fraction]:
    """Yield `count` numbers between two others, spread evenly."""
    for decimals in range(_MOST_DECIMALS + 1):
        scale = 10**decimals
        first = floor(low * scale) + 1
        room = ceil(high * scale) - first
        if room >= count:
            for at in range(count):
                yield Fraction(first + (2 * at + 1) * room // (2 * count), scale)
            return
    for at in range(1, count + 1):
        yield low + (high - low) * at / (count + 1)


def from_kind_start(kind: Kind) -> Any:
    """Return an ordinal to start from where nothing is mentioned."""
    return date(2026, 1, 15).toordinal() if kind is Kind.DATE else 0
