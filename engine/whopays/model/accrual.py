"""Simple interest on what is paid late, as an exact fraction of cents.

It begins on the day after the last day and ends on the day of payment, which counts.
"""

from __future__ import annotations

import calendar
from datetime import date
from fractions import Fraction

from whopays.model.clocks import Interest, Rate
from whopays.model.conditions import Read, Shift
from whopays.model.values import UNKNOWN

_YEAR = 365


class MissingRateError(Exception):
    """A rate that the claim should give is not given: the name of the fact."""


def accrued(
    interest: Interest, owed: int, due: date, paid: date, read: Read
) -> Fraction:
    """Return the cents of interest on `owed` cents, due on `due` and paid on `paid`.

    Nothing before or on the last day, and nothing on what is $0.00 or less. Raise
    `MissingRateError` if the claim does not give a rate.
    """
    if paid <= due or owed <= 0:
        return Fraction(0)
    amounts = [_by(rate, owed, due, paid, read) for rate in interest.rates]
    return min(amounts) if interest.extreme == "lesser" else max(amounts)


def _by(rate: Rate, owed: int, due: date, paid: date, read: Read) -> Fraction:
    return _each(rate, owed, read) * _stretches(rate, due, paid)


def _each(rate: Rate, owed: int, read: Read) -> Fraction:
    """Return the cents for one day, month or year."""
    if rate.kind == "money" and isinstance(rate.amount, int):
        return Fraction(rate.amount)
    part = rate.amount
    if isinstance(part, str):
        given = read(part)
        if given is UNKNOWN or not isinstance(given, int | Fraction):
            raise MissingRateError(part)
        part = Fraction(given) / 100
    return Fraction(part) * owed


def _stretches(rate: Rate, due: date, paid: date) -> Fraction:
    """Return for how many days, months or years `rate` runs."""
    days = (paid - due).days
    if rate.unit == "day":
        return Fraction(days)
    if rate.begun:
        return Fraction(_begun(rate.unit, due, paid))
    if rate.unit == "year":
        return Fraction(days, _YEAR)
    return sum(
        (
            Fraction(_days_in(year, due, paid), _YEAR + calendar.isleap(year))
            for year in range(due.year, paid.year + 1)
        ),
        Fraction(0),
    )


def _days_in(year: int, due: date, paid: date) -> int:
    """Return how many of the days after `due`, up to `paid`, are in `year`."""
    first = max(due, date(year - 1, 12, 31) if year > 1 else date.min)
    return (min(paid, date(year, 12, 31)) - first).days


def _begun(unit: str, due: date, paid: date) -> int:
    """Return how many months or years have begun on `paid`, the first after `due`."""
    count = paid.year - due.year
    if unit == "month":
        count = count * 12 + paid.month - due.month
    count = max(count - 1, 1)
    while Shift(count, f"{unit}s").apply(due) < paid:
        count += 1
    return count


def rounded(cents: Fraction, rounding: str) -> int:
    """Return `cents` as whole cents: half a cent up, or to the even cent (`half even`).

    Interest is never below zero, so up is away from zero.
    """
    if rounding == "half even":
        return round(cents)
    return int(cents + Fraction(1, 2))
