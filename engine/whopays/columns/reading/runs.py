"""Runs of rows that follow one another and name the same claim, as `claims.rows` cuts.

A row whose claim can't be told may belong to either neighbour: it is in the run before
it, and the run after it is spoiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from whopays.claims import rows as scalar
from whopays.columns.reading.buffers import is_given
from whopays.columns.reading.rows import Rows, joined


@dataclass(frozen=True)
class Runs:
    """Whole runs: run i begins at row `starts[i]`; `spoiled`: it may lack a row."""

    rows: Rows
    starts: NDArray[np.int64]
    spoiled: NDArray[np.bool_]

    @property
    def of_row(self) -> NDArray[np.int64]:
        """The run of each row."""
        return np.repeat(np.arange(len(self.starts)), self.lengths)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The number of rows of each run."""
        return np.diff(self.starts, append=len(self.rows))

    def claims(self) -> Any:
        """Return the claim of each run as an Arrow array, null where none is told."""
        first = self.starts
        if self.rows.claims.null_count:
            told = np.flatnonzero(is_given(self.rows.claims))
            at = np.searchsorted(told, self.starts)
            ends = self.starts + self.lengths
            first = np.append(told, len(self.rows))[at]
            gone = first >= ends
            found = self.rows.claims.take(np.where(gone, 0, first))
            return pc.if_else(gone, None, found)
        return self.rows.claims.take(first)


def whole_runs(parts: Iterable[Rows]) -> Iterator[Runs]:
    """Yield the runs of rows that come in parts; a run is held back until it is whole."""
    held: Rows | None = None
    spoiled = False
    for part in parts:
        rows = joined([held, part]) if held is not None else part
        starts, tainted = _cut(rows.claims, spoiled)
        last = int(starts[-1])
        if last:
            yield Runs(rows.part(0, last), starts[:-1], tainted[:-1])
        held, spoiled = rows.part(last, len(rows)), bool(tainted[-1])
    if held is not None:
        yield Runs(held, np.zeros(1, np.int64), np.array([spoiled]))


def _cut(claims: Any, spoiled: bool) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return where runs of `claims` begin, and whether a row is missing before each.

    The first row begins a run, which `spoiled` says to be spoiled.
    """
    told = is_given(claims)
    placed = claims if told.all() else claims.filter(told)
    at = np.flatnonzero(told)
    other = np.asarray(
        pc.not_equal(placed[1:], placed[:-1]).to_numpy(zero_copy_only=False)
    ).astype(np.bool_)
    starts = np.concatenate([np.zeros(1, np.int64), at[1:][other]])
    lengths = np.diff(starts, append=len(claims))
    if lengths.max() + 1 >= scalar.LONGEST_RUN:
        starts = _cut_long(placed, told, spoiled)
    tainted = np.concatenate([np.array([spoiled]), ~told[starts[1:] - 1]])
    return starts, tainted


def _cut_long(placed: Any, told: NDArray[np.bool_], spoiled: bool) -> NDArray[np.int64]:
    """Return where runs begin: row by row, since no more than so many are held."""
    ids = placed.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    names = np.full(len(told), -1, np.int64)
    names[told] = ids
    starts = [0]
    current, length, before = -1, int(spoiled), -1
    for row, name in enumerate(names.tolist()):
        is_other = name >= 0 and current >= 0 and name != current
        if length and row and (length >= scalar.LONGEST_RUN or is_other):
            starts.append(row)
            current, length = -1, int(before < 0)
        length += 1
        current = name if current < 0 else current
        before = name
    return np.array(starts, np.int64)
