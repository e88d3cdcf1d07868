"""By when something is to be done with a claim, and what interest runs after that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from whopays.model.accrual import MissingRateError, accrued, rounded
from whopays.model.clocks import PAID_ON, Clock, Interest
from whopays.model.conditions import Read
from whopays.model.duty import Duty
from whopays.model.money import split
from whopays.model.values import UNKNOWN, Value
from whopays.model.workdays import last_day

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A duty with its last day, None while that is not known; `needs` would settle it."""

    duty: Duty
    by: date | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts that would settle what is to be done, or by when."""
        clause = self.duty.clause
        if self.duty.state == "due" and self.by is None and clause is not None:
            return (clause.days.fact,)
        return self.duty.needs


@dataclass(frozen=True)
class Late:
    """The interest on one line: `cents`, None while they are not known.

    `days` is how late the claim was paid, 0 for in time, None where it is not paid or
    its last day is not known. `per_day` are the exact cents for each day on which it
    is not paid, where a rate runs by the day. `needs` are facts that are not given.
    """

    cents: int | None = None
    days: int | None = None
    per_day: Fraction | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Owed:
    """What interest is calculated of: an amount in cents, its last day, its payment.

    `needs` are the facts for want of which the `amount` is None: those that would tell
    who bears the line, and the amount itself. None of them where no fact tells it.
    """

    clock: Clock
    amount: int | None
    by: date
    paid: date | None
    needs: tuple[str, ...] = ()


def due(duty: Duty, facts: Mapping[str, Value], calendar: str) -> Due:
    """Return `duty` with its last day."""
    if duty.state != "due" or duty.clause is None:
        return Due(duty)
    days = duty.clause.days
    return Due(duty, last_day(days, facts.get(days.fact, UNKNOWN), calendar))


def owed(
    found: Due,
    facts: Mapping[str, Value],
    divides: str,
    bears: bool | None,
    needs: tuple[str, ...],
) -> Owed | None:
    """Return what interest on a line is calculated of, None where there is no interest.

    `divides` is the amount that the contract divides; `bears` whether anybody bears it,
    None while that is open, for want of the facts `needs`.
    """
    clock = found.duty.clause
    if not isinstance(clock, Clock) or clock.interest is None or found.by is None:
        return None
    name = clock.interest.on or divides
    given = facts.get(name, UNKNOWN)
    cents = given if isinstance(given, int) and not isinstance(given, bool) else None
    missing = (name,) if cents is None else ()
    if bears is False:
        cents, missing = 0, ()
    elif bears is None:
        cents, missing = None, tuple(dict.fromkeys((*needs, *missing)))
    paid = facts.get(PAID_ON, UNKNOWN)
    day = paid if isinstance(paid, date) else None
    return Owed(clock, cents, found.by, day, missing)


def late(lines: Sequence[Owed], facts: Mapping[str, Value]) -> list[Late]:
    """Return the interest on the lines of one claim, of one clock and one last day.

    They are added up, and what comes of it is rounded once and spread by the amounts.
    `facts` have the rates that the claim gives.
    """
    first = lines[0]
    interest = first.clock.interest
    if interest is None:
        return [Late() for _ in lines]
    days = max((first.paid - first.by).days, 0) if first.paid is not None else None
    if days == 0:
        return [Late(0, 0) for _ in lines]
    amounts = [line.amount for line in lines]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        needs = dict.fromkeys(need for line in lines for need in line.needs)
        return [Late(None, days, needs=tuple(needs)) for _ in lines]

    def read(name: str) -> Value:
        return facts.get(name, UNKNOWN)

    positive = [max(amount, 0) for amount in known]
    try:
        if first.paid is None:
            return [_per_day(interest, amount, first.by, read) for amount in positive]
        whole = accrued(interest, sum(positive), first.by, first.paid, read)
    except MissingRateError as missing:
        return [Late(None, days, needs=(str(missing),)) for _ in lines]
    cents = rounded(whole, interest.rounding)
    total = sum(positive)
    if not total:
        return [Late(0, days) for _ in lines]
    parts = split(cents, [Fraction(amount, total) for amount in positive])
    return [Late(part, days) for part in parts]


def _per_day(interest: Interest, amount: int, by: date, read: Read) -> Late:
    """Return what each day costs on which an amount is not paid, by rates for days."""
    running = tuple(rate for rate in interest.rates if not rate.begun)
    if not running or by > date.max - _DAY:
        return Late(needs=(PAID_ON,))
    daily = Interest(interest.extreme, running, interest.on, interest.rounding)
    cents = accrued(daily, amount, by, by + _DAY, read)
    return Late(None, None, cents, (PAID_ON,))
