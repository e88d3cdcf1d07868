"""Which of many short sequences of whole numbers are the same: each is read once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32] | NDArray[np.int64]
_SEED = 20_260_101
_MIX = np.uint64(0x9E3779B97F4A7C15)


def alike(
    starts: Ints, lengths: Ints, numbers: Ints
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return for each sequence its kind, and for each kind a sequence that has it.

    Sequence i is `numbers[starts[i] : starts[i] + lengths[i]]`. Kinds are found by a
    hash, and then compared number by number: two sequences that share a hash are told
    apart one by one.
    """
    starts, lengths = starts.astype(np.int64), lengths.astype(np.int64)
    within = _within(lengths)
    flat = numbers[np.repeat(starts, lengths) + within]
    _, first, which = np.unique(
        _hashes(flat, within, lengths), return_index=True, return_inverse=True
    )
    model = first[which]
    same = bool(np.array_equal(lengths, lengths[model])) and bool(
        np.array_equal(flat, numbers[np.repeat(starts[model], lengths) + within])
    )
    if not same:
        return _one_by_one(starts, lengths, numbers)
    return which.astype(np.int32), first.astype(np.int64)


def _within(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places 0, 1, … within each sequence, one sequence after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    before: NDArray[np.int64] = np.repeat(ends - lengths, lengths)
    places: NDArray[np.int64] = np.arange(total, dtype=np.int64)
    return places - before


def _hashes(
    flat: Ints, within: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.uint64]:
    chance = np.random.default_rng(_SEED)
    most = int(lengths.max()) if len(lengths) else 0
    by_place = chance.integers(1, 2**63, size=most + 1, dtype=np.uint64) * 2 + 1
    mixed = (flat.astype(np.uint64) + np.uint64(1)) * _MIX
    mixed ^= mixed >> np.uint64(29)
    sums = np.zeros(len(flat) + 1, np.uint64)
    np.cumsum(mixed * by_place[within], out=sums[1:])
    ends = np.cumsum(lengths)
    found: NDArray[np.uint64] = sums[ends] - sums[ends - lengths]
    return found + lengths.astype(np.uint64) * _MIX


def _one_by_one(
    starts: NDArray[np.int64], lengths: NDArray[np.int64], numbers: Ints
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    met: dict[tuple[int, ...], int] = {}
    first: list[int] = []
    which = np.empty(len(starts), np.int32)
    for place, (start, length) in enumerate(zip(starts, lengths, strict=True)):
        key = tuple(numbers[start : start + length].tolist())
        if key not in met:
            met[key] = len(met)
            first.append(place)
        which[place] = met[key]
    return which, np.array(first, np.int64)
