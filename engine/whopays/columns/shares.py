"""Cents for many lines: the largest remainder of `model.money.split`, by whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from whopays.model.money import split

Cents = NDArray[np.int64]

_MOST = 2**62


class Split:
    """Divides amounts by `shares`, which add up to 1 and stand in the order of parties."""

    def __init__(self, shares: Sequence[Fraction]) -> None:
        self.shares = tuple(shares)
        self._whole = lcm(*(share.denominator for share in self.shares))
        self._parts = [int(share * self._whole) for share in self.shares]

    def of(self, cents: Cents) -> list[Cents]:
        """Return, for each share, its part of each of `cents`."""
        if len(self.shares) == 1:
            return [cents]
        most = _MOST // max(self._whole, 1)
        large = np.flatnonzero((cents > most) | (cents < -most))
        found = self._small(np.abs(cents))
        turned = cents < 0
        for part in found:
            np.negative(part, out=part, where=turned)
        for at in large.tolist():
            for part, exact in zip(
                found, split(int(cents[at]), self.shares), strict=True
            ):
                part[at] = exact
        return found

    def _small(self, sizes: Cents) -> list[Cents]:
        """Return the parts of amounts that are no less than zero, and not too large."""
        products = [sizes * part for part in self._parts]
        found = [product // self._whole for product in products]
        rests = [p - f * self._whole for p, f in zip(products, found, strict=True)]
        over = sizes - sum(found)
        if len(found) == 2:  # noqa: PLR2004 - one cent at most, to the larger rest
            first = (over > 0) & (rests[0] >= rests[1])
            found[0] += first
            found[1] += over - first
            return found
        # One of the cents left over for each of the largest rests, the earlier first.
        ranks = np.argsort(-np.stack(rests), axis=0, kind="stable")
        for rank in range(len(found) - 1):
            gets = over > rank
            for at in range(len(found)):
                found[at] += gets & (ranks[rank] == at)
        return found
