"""Cells to keys: a whole number for all that conditions can tell apart in a line.

A *shape* says which facts are asked, and what is asked of them. Its row has, for each
cell of each fact, what that cell adds to the key: the sum tells all combinations apart.
Facts with few cells are packed together, so that one look-up adds for several.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import repeat
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from whopays.columns.cells import Cell, Group
from whopays.columns.interned import Interned, Pairs, Places

#: What is asked of a cell: those that answer alike are not told apart.
Probe: TypeAlias = Callable[[Cell], Hashable]
#: For each group that is asked, by number, the probe; alike if the names are.
Shape: TypeAlias = tuple[tuple[int, Hashable], ...]
#: The cells of each line, by the number of the group; or the cell of all of them.
Cells: TypeAlias = Mapping[int, Places | int]

_WIDEST = 256  # cells of a pack
_LARGEST = 1 << 31  # keys of a row that are sums
_FOLDED = 1 << 31  # keys of a row whose combinations are numbered as they are met
_SPARE = 2
_FEW = 6  # cells for which there is hardly more room


class Rows:
    """The rows of shapes. `version` changes when keys made before mean nothing any more."""

    def __init__(
        self, groups: Sequence[Group], probe: Callable[[int, Hashable], Probe]
    ) -> None:
        self.version = 0
        self._groups = groups
        self._probe = probe
        self._shapes: Interned[Shape] = Interned()
        self._rows: list[_Row] = []
        self._packs: list[_Pack] = []
        self._room: dict[int, int] = {}
        self._met: list[int] = []

    def row(self, shape: Shape) -> int:
        """Return the number of the row of `shape`."""
        found = self._shapes.place(shape)
        if found == len(self._rows):
            probes = {at: self._probe(at, name) for at, name in shape}
            self._rows.append(_Row(probes, self._groups))
            self._ready()
            for pack in self._packs:
                pack.fill(self._rows, found)
        return found

    def size(self, row: int) -> int:
        """Return how many keys a row has: they are from 0 on, and less than that."""
        return self._rows[row].size

    @property
    def asked(self) -> list[int]:
        """The numbers of the groups that some row asks."""
        return sorted(self._room)

    def grow(self) -> None:
        """Take in the cells that lines have met since."""
        met = [len(group.met) for group in self._groups]
        if met == self._met:
            return
        self._met = met
        crowded = [row.widen() for row in self._rows]
        self.version += any(crowded)
        if any(crowded) or any(
            len(self._groups[at].met) > room for at, room in self._room.items()
        ):
            self._pack()
        else:
            for pack in self._packs:
                pack.more(self._rows)

    def _ready(self) -> None:
        asked = {at for row in self._rows for at in row.steps}
        if asked - set(self._room) or any(
            len(self._groups[at].met) > room for at, room in self._room.items()
        ):
            self._room = dict.fromkeys(asked, 0)
            self._pack()

    def _pack(self) -> None:
        """Pack the groups anew, with room for the cells that will be met."""
        for at in self._room:
            cells = len(self._groups[at].met)
            self._room[at] = cells + 1 if cells < _FEW else 1 << cells.bit_length()
        packs: list[list[int]] = []
        width = _WIDEST + 1
        for at in sorted(self._room, key=lambda at: (self._room[at], at)):
            width *= self._room[at]
            if width > _WIDEST:
                packs.append([])
                width = self._room[at]
            packs[-1].append(at)
        self._packs = [
            _Pack(self._groups, {at: self._room[at] for at in pack}) for pack in packs
        ]
        for pack in self._packs:
            for row in range(len(self._rows)):
                pack.fill(self._rows, row)

    def keys(self, rows: Places, cells: Cells) -> Any:
        """Return the key of each line within its row; `rows` are those of the lines."""
        total: Any = 0
        for pack in self._packs:
            total = total + pack.offsets(rows, cells)
        return self._folded(total, rows, cells)

    def _folded(self, total: Any, rows: Places, cells: Cells) -> Any:
        """Return `total` with the keys of rows that are too large for a sum."""
        for number, row in enumerate(self._rows):
            if row.is_large:
                lines = np.flatnonzero(rows == number)
                if len(lines):
                    if np.ndim(total) == 0:
                        total = np.full(len(rows), total, np.int64)
                    total = total.astype(np.int64)
                    total[lines] = row.folded(lines, cells)
        return total


class _Row:
    """What each cell of each group that a shape asks adds to a key."""

    def __init__(self, probes: Mapping[int, Probe], groups: Sequence[Group]) -> None:
        self.probes = probes
        self.groups = groups
        self.numbers: dict[int, list[int]] = {at: [] for at in probes}
        self._seen: dict[int, Interned[Hashable]] = {at: Interned() for at in probes}
        self._room: dict[int, int] = {}
        self.steps: dict[int, int] = {}
        self.is_large = False
        self._folds: dict[int, Pairs] = {}
        self._see()
        self._measure()

    def _see(self) -> None:
        for at, probe in self.probes.items():
            numbers, seen = self.numbers[at], self._seen[at]
            for cell in self.groups[at].met[len(numbers) :]:
                numbers.append(seen.place(probe(cell)))

    def _measure(self) -> None:
        size = 1
        for at in sorted(self.probes):
            room = self._expected(at)
            self._room[at] = room
            self.steps[at] = size
            size *= room
        self.is_large = size > _LARGEST
        if self.is_large:
            self.steps = dict.fromkeys(self.steps, 0)
            self._folds = {}
        self.size = _FOLDED if self.is_large else size

    def _expected(self, at: int) -> int:
        """Return for how many answers there has to be room: all that can be, and more."""
        group, seen = self.groups[at], self._seen[at]
        if len(group.names) == 1 and group.wide.dim.is_whole:
            dim, probe = group.wide.dim, self.probes[at]
            every = map(Cell, dim.values, dim.truth, repeat(True))
            answers = set(map(probe, every))
            return max(len(answers | set(seen.things)) + _SPARE, self._room.get(at, 0))
        return max(4 * len(seen), 8)

    def widen(self) -> bool:
        """Take in new cells; tell whether the row had too little room for them."""
        self._see()
        if all(len(self._seen[at]) <= room for at, room in self._room.items()):
            return False
        self._measure()
        return True

    def offset(self, at: int) -> NDArray[np.int64]:
        """Return what each cell of the group adds."""
        return np.array(self.numbers[at], np.int64) * self.steps[at]

    def folded(self, lines: NDArray[np.int64], cells: Cells) -> Places:
        """Return the keys of `lines`, each pair of facts numbered as it is met."""
        keys: Any = np.zeros(len(lines), np.int32)
        for at in sorted(self.probes):
            own = cells[at]
            number = np.array(self.numbers[at], np.int64)
            mine = number[own] if isinstance(own, int) else number[own[lines]]
            keys = self._folds.setdefault(at, Pairs()).numbers(keys, mine)
        found: Places = keys
        return found


class _Pack:
    """Groups that are looked up together: `room` are the cells there is room for."""

    def __init__(self, groups: Sequence[Group], room: Mapping[int, int]) -> None:
        self._groups = groups
        self._room = room
        self._width = 1
        for each in room.values():
            self._width *= each
        self._table = np.zeros((4, self._width), np.int32)
        self._filled = dict.fromkeys(room, 0)

    def fill(self, rows: Sequence[_Row], number: int) -> None:
        """Write the row `number`."""
        if number >= len(self._table):
            grown = np.zeros((2 * len(self._table), self._width), np.int32)
            grown[: len(self._table)] = self._table
            self._table = grown
        row = rows[number]
        total = np.zeros(1, np.int64)
        for at, room in self._room.items():
            own = np.zeros(room, np.int64)
            if at in row.steps:
                known = row.offset(at)
                own[: len(known)] = known
            total = (own[:, None] + total[None, :]).ravel()
        self._table[number] = total
        self._filled = {at: len(self._groups[at].met) for at in self._room}

    def more(self, rows: Sequence[_Row]) -> None:
        """Write again what new cells add."""
        if any(len(self._groups[at].met) > n for at, n in self._filled.items()):
            for number in range(len(rows)):
                self.fill(rows, number)

    def offsets(self, rows: Places, cells: Cells) -> Any:
        """Return what the cells of the groups add to the key of each line."""
        at: Any = 0
        step = 1
        for group, room in self._room.items():
            at = at + (cells[group] if step == 1 else cells[group] * step)
            step *= room
        return self._table.ravel().take(rows * self._width + at, mode="clip")
