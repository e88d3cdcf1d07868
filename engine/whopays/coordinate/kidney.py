"""Kidney failure and Medicare: the month in which the right to it begins, and thirty months.

Sources: 42 U.S.C. 426-1(b) and (c) (42 CFR 406.13), POMS HI 00801.216 and 00801.226; for the
coordination period 42 CFR 411.162(b) and POMS HI 00801.247. A right that comes again
after an earlier one has no waiting time: it is given as it is, and not worked out here.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from whopays.model.conditions import Shift

CITES: Final = ("42 U.S.C. 426-1(b), (c)", "42 CFR 406.13", "POMS HI 00801.216")
_WAITING = Shift(3, "months")
_TWO_BEFORE = Shift(-2, "months")
#: Periods that began earlier had eighteen months (Balanced Budget Act of 1997, section 4631(b)).
_LONGER_FROM = date(1996, 3, 1)
_MONTHS, _MONTHS_BEFORE = 30, 18


def first_month(
    dialysis: date | None,
    training: date | None,
    admitted: date | None,
    transplanted: date | None,
) -> date | None:
    """Return the first day of the month in which kidney failure gives a right to Medicare.

    It is the earliest of: the third month after the one in which dialysis began; the
    month in which dialysis began, if `training` for dialysis at home began before the
    waiting is over; the month of the transplant; the month in which the person was
    `admitted` for it, but not more than two months before. None without any of these.
    """
    found: list[date] = []
    if dialysis is not None:
        begins = dialysis.replace(day=1)
        waited = _WAITING.apply(begins)
        at_home = training is not None and training < waited
        found.append(begins if at_home else waited)
    if transplanted is not None:
        month = transplanted.replace(day=1)
        found.append(month)
        if admitted is not None and admitted <= transplanted:
            found.append(max(admitted.replace(day=1), _TWO_BEFORE.apply(month)))
    return min(found, default=None)


def coordination_ends(eligible_from: date) -> date:
    """Return the last day on which a group plan goes ahead of Medicare by kidney failure."""
    months = _MONTHS if eligible_from >= _LONGER_FROM else _MONTHS_BEFORE
    return Shift(months, "months").apply(eligible_from) - timedelta(days=1)
