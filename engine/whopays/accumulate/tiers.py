"""What is counted, divided over the tiers of a limit.

Exactly at a threshold is the lower tier. A count that is taken back leaves from the top:
after it every tier has what it would have had without it.
"""

from __future__ import annotations

from fractions import Fraction

from whopays.accumulate.balances import Balance
from whopays.model.contract import Answer, Limit
from whopays.model.money import split
from whopays.model.values import Number


def divided(limit: Limit, before: Number, counted: Number) -> tuple[Number, ...]:
    """Return what of `counted` lies in each tier; the parts add up to it."""
    after = before + counted
    return tuple(
        _within(limit, at, after) - _within(limit, at, before)
        for at in range(len(limit.tiers))
    )


def _within(limit: Limit, at: int, total: Number) -> Number:
    """Return what of `total` lies in the tier at `at`; below zero is the first tier."""
    over = limit.tiers[at - 1].up_to if at else None
    up_to = limit.tiers[at].up_to
    found = total if up_to is None else min(total, up_to)
    return found if over is None else max(found - over, 0)


def only_tier(limit: Limit, least: Number | None, most: Number | None) -> int | None:
    """Return the tier in which all from `least` to `most` lies, None if in none alone."""
    if least is None or most is None:
        return None
    for at, tier in enumerate(limit.tiers):
        over = limit.tiers[at - 1].up_to if at else None
        starts = over is None or least >= over
        if starts and (tier.up_to is None or most <= tier.up_to):
            return at
    return None


def reach(before: Balance, counted: Balance) -> tuple[Number | None, Number | None]:
    """Return the least and the most that the count can be, before or after the line."""
    after = before.plus(counted)
    if None in {before.least, before.most, after.least, after.most}:
        return None, None
    return min(before.least, after.least), max(before.most, after.most)  # type: ignore[type-var]


def is_left(limit: Limit, at: int) -> bool:
    """Tell whether the tier at `at` leaves what it has with the bearer of the limit."""
    return limit.tiers[at].shares.shares == ((limit.applies_to, Fraction(1)),)


def borne(answer: Answer, cents: int, order: tuple[str, ...]) -> dict[str, int]:
    """Return who bears `cents` by the shares of a tier, ties in the `order` of parties."""
    shares = sorted(answer.shares, key=lambda share: order.index(share[0]))
    parts = split(cents, [part for _, part in shares])
    return {who: part for (who, _), part in zip(shares, parts, strict=True)}
