"""Limits of many lines at once: counts by sums over sorted groups, tiers by clipping.

What goes in, for each limit, a line each: its place among all lines (`line`), the number
of its count (`key`), what it counts (`counted`, int64: cents of the bearer's own share,
split as the line is; or a number in whole parts of one unit), and which of the texts of
the limit governs it (`text`). For all lines: `rank`, their turns, all different. What
comes out: `before` and `after` of each line, and `parts`, what lies in each tier; the
same as `accumulate.counting` says of lines of which everything is known. Lines of which
something is open go there, with all later ones of their counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
_FAR = 2**62  # sums that stay below it are exact in 64 bits


@dataclass(frozen=True)
class Tiers:
    """The thresholds of one text of a limit, and which tiers leave all to its bearer.

    `left` has one more than `up_to`.
    """

    up_to: tuple[int, ...]
    left: tuple[bool, ...]


@dataclass(frozen=True)
class Limited:
    """The lines that one limit takes; `opening` is what each key stands at before them.

    `yields_to` are places of limits in the same list.
    """

    line: Whole
    key: Whole
    counted: Whole
    text: NDArray[np.int32]
    texts: Sequence[Tiers]
    opening: Whole
    yields_to: tuple[int, ...] = ()


@dataclass(frozen=True)
class Divided:
    """What came of the lines of a limit: `parts` has a column a tier, 0 where there is none.

    `paid` tells where another than the bearer bears something; `yielded` where a limit
    that goes first paid, so that nothing was counted.
    """

    before: Whole
    after: Whole
    parts: Whole
    paid: NDArray[np.bool_]
    yielded: NDArray[np.bool_]


def counted(limits: Sequence[Limited], rank: Whole) -> list[Divided]:
    """Count all lines by all `limits`, and return what came of each limit's lines.

    Raise OverflowError where a count would not fit 64 bits: such lines are counted one
    by one. Raise ValueError if limits yield in a circle.
    """
    found: dict[int, Divided] = {}
    paid: dict[int, NDArray[np.bool_]] = {}
    for at in _first_first(limits):
        limit = limits[at]
        yielded = np.zeros(len(limit.line), np.bool_)
        for other in limit.yields_to:
            yielded |= paid[other][limit.line]
        found[at] = _one(limit, rank, yielded)
        paid[at] = np.zeros(len(rank), np.bool_)
        paid[at][limit.line] = found[at].paid
    return [found[at] for at in range(len(limits))]


def _first_first(limits: Sequence[Limited]) -> list[int]:
    """Return the limits, each after those that it yields to."""
    order: list[int] = []
    waiting = list(range(len(limits)))
    while waiting:
        ready = [at for at in waiting if set(limits[at].yields_to) <= set(order)]
        if not ready:
            raise ValueError("limits yield in a circle")
        order.extend(ready)
        waiting = [at for at in waiting if at not in ready]
    return order


def _one(limit: Limited, rank: Whole, yielded: NDArray[np.bool_]) -> Divided:
    _must_fit(limit)
    adds = np.where(yielded, 0, limit.counted)
    order = np.lexsort((rank[limit.line], limit.key))
    keys, sums = limit.key[order], np.cumsum(adds[order])
    starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
    # What is summed before a group begins is not its own.
    base = sums[starts] - adds[order][starts]
    own = np.repeat(base, np.diff(starts, append=len(keys)))
    after = np.empty(len(adds), np.int64)
    after[order] = sums - own + limit.opening[keys]
    before = after - adds
    parts = _parts(limit, before, after)
    left = np.ones(parts.shape, np.bool_)
    for number, tiers in enumerate(limit.texts):
        left[limit.text == number, : len(tiers.left)] = tiers.left
    paid = ((parts != 0) & ~left).any(axis=1)
    return Divided(before, after, parts, paid, yielded)


def _parts(limit: Limited, before: Whole, after: Whole) -> Whole:
    """Return what of the stretch from `before` to `after` lies in each tier."""
    most = max((len(each.left) for each in limit.texts), default=1)
    parts = np.zeros((len(before), most), np.int64)
    for number, tiers in enumerate(limit.texts):
        own = limit.text == number
        ends = (-_FAR, *tiers.up_to, _FAR)
        for tier in range(len(tiers.left)):
            low, high = ends[tier], ends[tier + 1]
            reached = np.clip(after[own], low, high)
            parts[own, tier] = reached - np.clip(before[own], low, high)
    return parts


def _must_fit(limit: Limited) -> None:
    # By Python's own numbers: the sums that are looked for may be what does not fit.
    whole = sum(map(abs, limit.counted.tolist())) if _may_be_far(limit.counted) else 0
    opening = max(map(abs, limit.opening.tolist()), default=0)
    highest = max((abs(e) for t in limit.texts for e in t.up_to), default=0)
    # Below half of it what was not added up and an opening balance fit together.
    if max(whole, opening, highest) >= _FAR // 2:
        raise OverflowError("a count does not fit 64 bits")


def _may_be_far(numbers: Whole) -> bool:
    """Tell whether the sizes of `numbers` may add up to 2**61, without adding them."""
    if not len(numbers):
        return False
    most = max(abs(int(numbers.max())), abs(int(numbers.min())))
    return len(numbers) * most >= _FAR // 2
