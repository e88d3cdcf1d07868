"""All entries of a table at once, as bits of one number.

Bit n is entry n of the grid of cells. A condition is a handful of bit operations on
numbers of as many bits as there are entries, so every entry is looked at, however many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from whopays.model import conditions as model
from whopays.program.table import Table

MOST = 4_000_000


class TooManyEntriesError(Exception):
    """A table has more entries than are enumerated."""


@dataclass(eq=False)
class Entries:
    """The grid of all known entries of `table`."""

    table: Table

    def __post_init__(self) -> None:
        """Refuse what can't be enumerated in bounded time."""
        if self.table.size > MOST or not all(d.is_whole for d in self.table.dims):
            raise TooManyEntriesError(self.table.size)

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.table.size

    @cached_property
    def all(self) -> int:
        """All entries."""
        return (1 << self.size) - 1

    @cached_property
    def _atoms(self) -> dict[model.Atom, int]:
        found: dict[model.Atom, int] = {}
        stride = 1
        for dim in self.table.dims:
            for at, atom in enumerate(dim.atoms):
                block = 0
                for cell, truth in enumerate(dim.truth):
                    if truth[at]:
                        block |= ((1 << stride) - 1) << (cell * stride)
                found[atom] = _repeated(block, stride * len(dim), self.size)
            stride *= len(dim)
        return found

    def where(self, condition: model.Condition) -> int:
        """Return the entries in which `condition` holds."""
        match condition:
            case model.All(parts):
                bits = self.all
                for part in parts:
                    bits &= self.where(part)
                return bits
            case model.Any_(parts):
                bits = 0
                for part in parts:
                    bits |= self.where(part)
                return bits
            case model.Not(part):
                return self.all & ~self.where(part)
            case model.Named(_, part):
                return self.where(part)
            case _:
                return self._atoms[condition]

    def along(self, dim: int, entries: int) -> int:
        """Return the entries that differ from one of `entries` in dimension `dim` at most."""
        stride = 1
        for each in self.table.dims[:dim]:
            stride *= len(each)
        first = 0
        for cell in range(len(self.table.dims[dim])):
            first |= (entries & self.at_cell(dim, cell)) >> (cell * stride)
        found = 0
        for cell in range(len(self.table.dims[dim])):
            found |= first << (cell * stride)
        return found

    def at_cell(self, dim: int, cell: int) -> int:
        """Return the entries that have `cell` in dimension number `dim`."""
        stride = 1
        for each in self.table.dims[:dim]:
            stride *= len(each)
        block = ((1 << stride) - 1) << (cell * stride)
        return _repeated(block, stride * len(self.table.dims[dim]), self.size)

    def groups(self) -> Iterator[tuple[frozenset[int], int]]:
        """Yield each set of clauses that hold together somewhere, and the entries."""
        found: list[tuple[tuple[int, ...], int]] = [((), self.all)]
        for at, (_, when) in enumerate(self.table.clauses):
            bits = self.where(when)
            divided = []
            for held, entries in found:
                inside, outside = entries & bits, entries & ~bits
                if inside:
                    divided.append(((*held, at), inside))
                if outside:
                    divided.append((held, outside))
            found = divided
        for held, entries in found:
            yield frozenset(held), entries

    def some(self, entries: int, most: int) -> Iterator[tuple[int, ...]]:
        """Yield the cells of some of `entries`, at most `most`, spread over them."""
        step = max(1, entries.bit_count() // most)
        count = 0
        while entries and count < most * step:
            lowest = entries & -entries
            if count % step == 0:
                yield self._cells(lowest.bit_length() - 1)
            entries ^= lowest
            count += 1

    def _cells(self, place: int) -> tuple[int, ...]:
        cells = []
        for dim in self.table.dims:
            place, cell = divmod(place, len(dim))
            cells.append(cell)
        return tuple(cells)


def _repeated(block: int, width: int, size: int) -> int:
    """Return `block`, `width` bits wide, repeated to `size` bits."""
    bits, filled = block, width
    while filled < size:
        bits |= bits << filled
        filled *= 2
    return bits & ((1 << size) - 1)
