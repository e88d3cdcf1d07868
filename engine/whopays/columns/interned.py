"""Numbers and texts that many lines share, each kept once under a small number."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=Hashable)
Ints = NDArray[np.int64]
Places = NDArray[np.int32]

_EMPTY = -1
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio
_FIRST = 12  # bits of the first table of slots
_DENSE = 1 << 20  # keys below are looked up by themselves


class Interned(Generic[T]):
    """Things under the numbers 0, 1, 2, … in the order in which they came."""

    def __init__(self) -> None:
        self.things: list[T] = []
        self._places: dict[T, int] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.things)

    def place(self, thing: T) -> int:
        """Return the number of `thing`, a new one if it has none."""
        found = self._places.setdefault(thing, len(self.things))
        if found == len(self.things):
            self.things.append(thing)
        return found


class Keys:
    """Whole numbers from 0 on, each with a place: a hash table that is asked by arrays.

    Small keys are places in an array. Else slots are tried one after the other, of which
    a quarter at most is in use, so that most keys are found at once.
    """

    def __init__(self) -> None:
        self._count = 0
        self._dense: Places | None = np.full(1, _EMPTY, np.int32)
        self._clear(_FIRST)

    def _clear(self, bits: int) -> None:
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys = np.full(1 << bits, _EMPTY, np.int64)
        self._places = np.full(1 << bits, _EMPTY, np.int32)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return self._count

    def find(self, keys: Ints) -> Places:
        """Return the place of each of `keys`, -1 where it has none."""
        if self._dense is not None:
            # The last stands for all that are beyond it.
            dense: Places = self._dense.take(keys, mode="clip")
            return dense
        slots = self._slots(keys)
        met = self._keys[slots]
        found: Places = self._places[slots]
        left = np.flatnonzero(met != keys)
        while len(left):
            # An empty slot ends the search; its place is -1 already.
            left = left[met[left] != _EMPTY]
            slots[left] = (slots[left] + 1) & self._mask
            met[left] = self._keys[slots[left]]
            found[left] = self._places[slots[left]]
            left = left[met[left] != keys[left]]
        return found

    def add(self, keys: Ints, places: Places) -> None:
        """Give each of `keys`, none of which is here yet, and none twice, its place."""
        self._count += len(keys)
        if self._dense is not None:
            if int(keys.max(initial=0)) < _DENSE:
                self._add_dense(keys, places)
                return
            known = np.flatnonzero(self._dense != _EMPTY)
            keys = np.concatenate((known, keys))
            places = np.concatenate((self._dense[known], places))
            self._dense = None
        if self._count * 4 > len(self._keys):
            full = np.flatnonzero(self._keys != _EMPTY)
            keys = np.concatenate((self._keys[full], keys))
            places = np.concatenate((self._places[full], places))
            self._clear(int(self._count * 4).bit_length())
        slots = self._slots(keys)
        left = np.arange(len(keys))
        while len(left):
            free = self._keys[slots[left]] == _EMPTY
            ours = left[free]
            # Of several that want one slot the last gets it.
            self._keys[slots[ours]] = keys[ours]
            self._places[slots[ours]] = places[ours]
            left = left[self._keys[slots[left]] != keys[left]]
            slots[left] = (slots[left] + 1) & self._mask

    def _add_dense(self, keys: Ints, places: Places) -> None:
        needed = int(keys.max(initial=0)) + 2
        if self._dense is not None and needed > len(self._dense):
            grown = np.full(max(needed, 2 * len(self._dense)), _EMPTY, np.int32)
            grown[: len(self._dense)] = self._dense
            self._dense = grown
        if self._dense is not None:
            self._dense[keys] = places

    def _slots(self, keys: Ints) -> Any:
        return ((keys.view(np.uint64) * _SPREAD) >> self._shift).view(np.int64)


class Pairs:
    """Pairs of numbers from 0 on, each under one number from 0 on, as they are met."""

    def __init__(self) -> None:
        self._keys = Keys()

    def numbers(self, left: Any, right: Any) -> Places:
        """Return the number of each pair; what is on the `right` is less than 2**31."""
        keys = (left.astype(np.int64) << 31) + right
        found = self._keys.find(keys)
        new = np.unique(keys[found < 0])
        if len(new):
            start = len(self._keys)
            self._keys.add(new, np.arange(start, start + len(new), dtype=np.int32))
            found = self._keys.find(keys)
        return found
