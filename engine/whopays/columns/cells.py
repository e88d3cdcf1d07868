"""Values to cells: what the conditions of a contract can tell apart, a number a line.

The cells of a fact are counted as lines meet them. Unknown is one of them, and so is
what is left of facts that are compared where some of those are unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from whopays.columns.interned import Interned, Places
from whopays.columns.lines import ABSENT, GIVEN, Coded, FactColumn, Numbered
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.cells import TooManyValuesError, View
from whopays.program.wide import WideFact

Values: TypeAlias = tuple[Value, ...]
Truth: TypeAlias = tuple[bool, ...]
Columns: TypeAlias = Mapping[str, FactColumn]

_MOST_DAYS = 1 << 16
_MOST_MET = 1_000_000  # combinations of compared values that are remembered


@dataclass(frozen=True)
class Cell:
    """A cell, with values that lie in it; `truth` is that of all atoms, if it is known.

    Where some values are unknown, `truth` is that of the first way to fill them in.
    """

    values: Values
    truth: Truth
    is_known: bool


class Group:
    """One fact, or facts that are compared, and the cells of it that lines have met.

    `also` tells more of the values apart, for what is no condition.
    """

    def __init__(
        self, wide: WideFact, also: Callable[[Values], Hashable] | None = None
    ) -> None:
        self.wide = wide
        self.names = wide.names
        self.met: list[Cell] = []
        self._also = also
        self._places: Interned[Hashable] = Interned()
        self._coded: dict[str, tuple[Sequence[Value], Places]] = {}
        self._by_value: dict[Value, int] = {}
        self._stretches: dict[int, int] = {}
        self._pairs = _Pairs()
        self.marks: tuple[int, ...] = ()

    def cut(self, days: Sequence[int] = ()) -> None:
        """Cut the numbers of the fact where conditions do, and before each of `days`."""
        fact = self.wide.facts[0]
        if len(self.names) == 1 and fact.kind.is_ordered:
            view = View(fact, self.wide.atoms, self.wide.parties)
            found = {_first(mark, side) for mark, side in view.cuts}
            self.marks = tuple(sorted({*found, *days}))

    def place(self, values: Values) -> int:
        """Return the number of the cell of `values`, which are unknown in part or not."""
        known = UNKNOWN not in values
        key, truth = self._known(values) if known else self._partly(values)
        place = self._places.place(key)
        if place == len(self.met):
            self.met.append(Cell(values, truth, known))
        return place

    def _known(self, values: Values) -> tuple[Hashable, Truth]:
        dim = self.wide.dim
        cell = dim.cell_of(values[0]) if len(values) == 1 else dim.cell(values)
        more = self._also(values) if self._also is not None else None
        return (cell, more), dim.truth[cell]

    def _partly(self, values: Values) -> tuple[Hashable, Truth]:
        """Return what lines with these values have in common, and a truth of it.

        That is which are unknown, and what the conditions can be for all ways to fill
        those in.
        """
        missing = tuple(value is UNKNOWN for value in values)
        if len(values) == 1:
            return missing, ()
        dim = self.wide.dim
        try:
            ways = tuple(dim.truth[dim.cell(w)] for w in dim.completions(values))
        except TooManyValuesError:
            return values, ()
        more = self._also(values) if self._also is not None else None
        return (missing, ways, more), ways[0] if ways else ()

    # Of columns

    def cells(self, columns: Columns, part: slice) -> Places | int:
        """Return the cell of each line in `part`, or the one that all of them have."""
        several = [columns.get(name) for name in self.names]
        if all(each is None for each in several):
            return self.place((UNKNOWN,) * len(several))
        if len(several) > 1:
            return self._together(several, part)
        column = several[0]
        if isinstance(column, Coded):
            found: Places = self.of_values(self.names[0], column)[column.at[part]]
            return found
        return self._numbered(column, part) if column is not None else 0

    def of_values(self, name: str, column: Coded) -> Places:
        """Return the cell of each of the values that `column` lists."""
        values, found = self._coded.get(name, (None, None))
        if found is None or values is not column.values or len(found) != len(values):
            known = self._by_value
            for value in column.values:
                if value not in known:
                    known[value] = self.place((value,))
            cells = [known[value] for value in column.values]
            found = np.array(cells, np.int32)
            self._coded[name] = column.values, found
            if len(known) > _MOST_MET:
                known.clear()
        return found

    def _numbered(self, column: Numbered, part: slice) -> Places:
        numbers, state = column.numbers[part], column.state[part]
        given = numbers[state == GIVEN] if state.any() else numbers
        stretch = _stretches(numbers, given, self.marks)
        cells = _looked_up(stretch, len(self.marks) + 1)
        found = self._stretches
        for at in np.flatnonzero(cells):
            if int(at) not in found:
                where = np.flatnonzero((stretch == at) & (state == GIVEN))
                if not len(where):
                    continue
                value = column.take(part).value(int(where[0]))
                found[int(at)] = self.place((value,))
        table = np.zeros(len(self.marks) + 1, np.int32)
        for mark, cell in found.items():
            table[mark] = cell
        result: Places = table[stretch]
        if state.any():
            result[state == ABSENT] = self.place((NONE,))
            result[state > ABSENT] = self.place((UNKNOWN,))
        return result

    def _together(self, columns: list[FactColumn | None], part: slice) -> Places:
        """Return the cells of compared facts: each combination of values once."""
        taken = [each.take(part) if each is not None else None for each in columns]
        keys, count = combined(taken)
        return self._pairs.cells(keys, count, taken, self.place)


class _Pairs:
    """The cells of combinations of values, remembered by the values."""

    def __init__(self) -> None:
        self._known: dict[Values, int] = {}

    def cells(
        self,
        keys: NDArray[np.int64],
        count: int,
        columns: list[FactColumn | None],
        place: Callable[[Values], int],
    ) -> Places:
        """Return the cell of each line, `place` for combinations not met before."""
        firsts = np.zeros(count, np.int64)
        firsts[keys[::-1]] = np.arange(len(keys))[::-1]
        table = np.zeros(count, np.int32)
        if len(self._known) > _MOST_MET:
            self._known.clear()
        for key, first in enumerate(firsts.tolist()):
            values = tuple(
                each.value(first) if each is not None else UNKNOWN for each in columns
            )
            cell = self._known.get(values)
            if cell is None:
                cell = self._known[values] = place(values)
            table[key] = cell
        found: Places = table[keys]
        return found


def combined(columns: Sequence[FactColumn | None]) -> tuple[NDArray[np.int64], int]:
    """Return a number for each combination of values, from 0 on, and how many there are."""
    keys: Any = None
    count = 1
    for column in columns:
        if column is None:
            continue
        own, size = _distinct(column)
        if keys is None:
            keys, count = own.astype(np.int64), size
            continue
        keys = keys * size + own
        keys, count = numbered(keys)
    return keys, count


def _distinct(column: FactColumn) -> tuple[NDArray[np.int64], int]:
    if isinstance(column, Coded):
        return column.at.astype(np.int64), len(column.values)
    if column.state.any():
        given = column.state == GIVEN
        keys, count = numbered(np.where(given, column.numbers, 0))
        return keys * 3 + column.state, count * 3
    return numbered(column.numbers)


def numbered(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Return each of `keys` as a number from 0 on, in the order met, and their count."""
    import pyarrow as pa  # noqa: PLC0415

    found = pa.array(keys).dictionary_encode()
    return found.indices.to_numpy().astype(np.int64), len(found.dictionary)


def _first(mark: Any, side: int) -> int:
    """Return the first whole number after the cut at `mark`: it or more, or above it."""
    if isinstance(mark, tuple):
        raise TypeError(mark)
    exact = Fraction(mark) if not hasattr(mark, "toordinal") else mark.toordinal()
    return ceil(exact) if side == 0 else floor(exact) + 1


def _stretches(
    numbers: NDArray[np.int64], given: NDArray[np.int64], marks: Sequence[int]
) -> Places:
    """Return, for each of `numbers`, how many of `marks` are no more than it.

    Those that are not among the `given` may come out as anything.
    """
    if not marks or not len(given):
        return np.zeros(len(numbers), np.int32)
    cuts = np.array(marks, np.int64)
    low, high = int(given.min()), int(given.max())
    if high - low < _MOST_DAYS:
        table = np.searchsorted(cuts, np.arange(low, high + 1), side="right")
        at = numbers - low
        if len(given) < len(numbers):
            np.clip(at, 0, high - low, out=at)
        found: Places = table.astype(np.int32)[at]
        return found
    return np.searchsorted(cuts, numbers, side="right").astype(np.int32)


def _looked_up(stretch: Places, count: int) -> NDArray[np.bool_]:
    seen = np.zeros(count, np.bool_)
    seen[stretch] = True
    return seen
