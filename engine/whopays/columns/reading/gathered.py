"""Facts of claims for many claims at once, as `claims.gather` has them for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whopays.claims.binding import BoundField
from whopays.columns.lines import OPEN, Coded, FactColumn, Numbered
from whopays.columns.reading.alike import alike
from whopays.columns.reading.faults import Faults, Known
from whopays.columns.reading.kept import Kept
from whopays.model.values import NONE, UNKNOWN, Value

Ints = NDArray[np.int64]


_BITS = 62


def _few(places: NDArray[np.int32]) -> NDArray[np.int32] | None:
    """Return the places that occur, rising, if they are few enough for bits."""
    if not len(places):
        return None
    met = np.zeros(int(places.max()) + 1, np.bool_)
    met[places] = True
    used = np.flatnonzero(met).astype(np.int32)
    return used if len(used) <= _BITS else None


class Unions:
    """Unions of what lines say: from several places of values to the value of a claim."""

    def __init__(self) -> None:
        self._values: Sequence[Value] = ()
        self._begin()

    def _begin(self) -> None:
        self.kept = Kept(self._union, "", Faults(), Known.LINE)

    def of(self, claims: Ints, count: int, column: Coded) -> Coded:
        """Return the value of each of `count` claims; row i is of `claims[i]`."""
        if self._values is not column.values:
            self._values = column.values
            self._begin()
        used = _few(column.at)
        if used is not None and len(claims):
            return self._by_masks(claims, count, column, used)
        size = len(column.values)
        pairs = np.sort(claims * size + column.at)
        pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
        lengths = np.bincount(pairs // size, minlength=count)
        starts = np.cumsum(lengths) - lengths
        places = pairs % size
        which, first = alike(starts, lengths, places)
        cells = [
            tuple(places[start : start + length].tolist())
            for start, length in zip(starts[first], lengths[first], strict=True)
        ]
        return Coded(self.kept.codes(cells)[which], self.kept.values)

    def _by_masks(
        self, claims: Ints, count: int, column: Coded, used: NDArray[np.int32]
    ) -> Coded:
        """Return the same where lines have but a few values: a bit for each."""
        bits = np.zeros(int(used[-1]) + 1, np.int64)
        bits[used] = np.int64(1) << np.arange(len(used))
        starts = np.flatnonzero(np.append(True, claims[1:] != claims[:-1]))
        masks = np.zeros(count, np.int64)
        runs = np.bitwise_or.reduceat(bits[column.at], starts)
        np.bitwise_or.at(masks, claims[starts], runs)  # a claim may have several
        kinds, which = np.unique(masks, return_inverse=True)
        cells = [
            tuple(place for at, place in enumerate(used.tolist()) if mask >> at & 1)
            for mask in kinds.tolist()
        ]
        return Coded(self.kept.codes(cells)[which], self.kept.values)

    def _union(self, places: Any) -> Value:
        found: set[str] = set()
        for place in places:
            value = self._values[place]
            if isinstance(value, tuple):
                found.update(map(str, value))
            elif isinstance(value, str):
                found.add(value)
            elif value is not NONE:
                return UNKNOWN
        return tuple(sorted(found)) or NONE


def agreed(claims: Ints, count: int, column: FactColumn) -> FactColumn:
    """Return what the rows of each claim say, unknown where two rows differ.

    Equal values have one place in `column`. A claim without rows gets anything.
    """
    if not len(claims):
        return _unknown(column, count)
    first = np.zeros(count, np.int64)
    first[claims[::-1]] = np.arange(len(claims))[::-1]
    of_claim = column.take(first)
    back = of_claim.take(claims)
    if isinstance(column, Coded) and isinstance(back, Coded):
        differ = column.at != back.at
    else:
        assert isinstance(column, Numbered)  # noqa: S101 - as `back`, which is of it
        assert isinstance(back, Numbered)  # noqa: S101
        differ = (column.numbers != back.numbers) | (column.state != back.state)
    return unknown_at(of_claim, np.unique(claims[differ]))


def _unknown(column: FactColumn, count: int) -> FactColumn:
    if isinstance(column, Coded):
        return Coded(np.zeros(count, np.int32), column.values)
    state = np.full(count, OPEN, np.uint8)
    return Numbered(np.zeros(count, np.int64), state, column.is_date)


def unknown_at(column: FactColumn, where: Any) -> FactColumn:
    """Return `column` with unknown in the rows `where`; place 0 of its values is that."""
    if isinstance(column, Coded):
        at = column.at.copy()
        at[where] = 0
        return Coded(at, column.values)
    numbers, state = column.numbers.copy(), column.state.copy()
    numbers[where], state[where] = 0, OPEN
    return Numbered(numbers, state, column.is_date)


class ClaimFacts:
    """Which facts of the claim there are, and from which columns they come.

    `sources` maps gathered facts to the facts of lines that they are gathered from.
    """

    def __init__(
        self, sources: Mapping[str, str], fields: Sequence[BoundField]
    ) -> None:
        at = {
            each.name: place for place, each in enumerate(fields) if not each.of_claim
        }
        self.gathered = [(name, at.get(source)) for name, source in sources.items()]
        self.given = [
            (each.name, place) for place, each in enumerate(fields) if each.of_claim
        ]
        self._unions = [Unions() for _ in self.gathered]

    @property
    def columns(self) -> set[int]:
        """The places of the columns that they come from."""
        both = [place for _, place in (*self.gathered, *self.given)]
        return {place for place in both if place is not None}

    def of(
        self, claims: Ints, count: int, columns: Sequence[FactColumn], missed: Any
    ) -> dict[str, FactColumn]:
        """Return the facts of `count` claims; row i of `columns` is of `claims[i]`.

        `missed` is a mask of claims that lack a line: what is gathered is unknown there.
        """
        found: dict[str, FactColumn] = {}
        for (name, place), unions in zip(self.gathered, self._unions, strict=True):
            if place is None or not isinstance(column := columns[place], Coded):
                found[name] = Coded(np.zeros(count, np.int32), (UNKNOWN,))
            else:
                found[name] = unknown_at(unions.of(claims, count, column), missed)
        for name, place in self.given:
            found[name] = agreed(claims, count, columns[place])
        return found
