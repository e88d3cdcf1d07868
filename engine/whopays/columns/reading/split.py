"""Claims whose rows stand apart: found by hashes of claim ids, and gathered whole.

Memory grows by eight bytes a claim, and by the rows of such claims, if there are any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from whopays.columns.lines import Coded, FactColumn
from whopays.columns.reading.buffers import hashes, is_given
from whopays.columns.reading.faults import FINE
from whopays.columns.reading.gathered import ClaimFacts
from whopays.columns.reading.rows import NOTHING, Rows, joined
from whopays.columns.reading.runs import Runs

Ints = NDArray[np.int64]


def repeated(runs: Iterable[Runs]) -> NDArray[np.uint64]:
    """Return the hashes that claims of more than one run have, sorted."""
    met = []
    for each in runs:
        claims = each.claims()
        met.append(hashes(claims)[is_given(claims)])
    every = np.sort(np.concatenate(met)) if met else np.zeros(0, np.uint64)
    return np.unique(every[1:][every[1:] == every[:-1]])


@dataclass
class Split:
    """The claims that are split: their facts, and the rows that repeat a line.

    `facts` has a row for each claim of `places`. `again` are the records, sorted, of
    lines that were given before.
    """

    hashes: NDArray[np.uint64]
    places: dict[str, int] = field(default_factory=dict)
    facts: dict[str, FactColumn] = field(default_factory=dict)
    again: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def of(self, runs: Runs, *, new: bool = False) -> Ints:
        """Return the place of the claim of each run, below zero where it is not split.

        `new`: a claim that has one of the hashes is given a place.
        """
        found = np.full(len(runs.starts), -1, np.int64)
        claims = runs.claims()
        maybe = np.isin(hashes(claims), self.hashes) & is_given(claims)
        for run in np.flatnonzero(maybe).tolist():
            claim = claims[run].as_py()
            if new:
                found[run] = self.places.setdefault(claim, len(self.places))
            else:
                found[run] = self.places.get(claim, -1)
        return found


def gathered(
    runs: Iterator[Runs], repeats: NDArray[np.uint64], facts: ClaimFacts
) -> Split:
    """Return the split claims of a table, whose claims share the hashes `repeats`."""
    split = Split(repeats)
    held: list[Rows] = []
    claims: list[Ints] = []
    times: list[Ints] = []
    unplaced = False
    for each in runs:
        unplaced = unplaced or bool(each.rows.claims.null_count)
        of_run = split.of(each, new=True)
        times.append(of_run[of_run >= 0])
        of_row = of_run[each.of_row]
        chosen = of_row >= 0
        if chosen.any():
            claims.append(of_row[chosen])
            held.append(_narrow(each.rows, chosen, facts))
    if not held:
        return split
    _fill(split, joined(held), np.concatenate(claims), facts, unplaced=unplaced)
    counts = np.bincount(np.concatenate(times), minlength=len(split.places))
    split.places = {claim: at for claim, at in split.places.items() if counts[at] > 1}
    return split


def _narrow(rows: Rows, chosen: NDArray[np.bool_], facts: ClaimFacts) -> Rows:
    """Return the chosen rows, with the columns that facts of claims come from alone."""
    nothing = Coded(np.zeros(int(chosen.sum()), np.int32), NOTHING)
    kept: Sequence[FactColumn] = [
        column.take(chosen) if place in facts.columns else nothing
        for place, column in enumerate(rows.facts)
    ]
    return Rows(
        rows.claims[:0],
        rows.numbers.take(chosen),
        rows.records[chosen],
        rows.fault[chosen],
        tuple(kept),
    )


def _fill(
    split: Split, rows: Rows, claims: Ints, facts: ClaimFacts, *, unplaced: bool
) -> None:
    good = rows.fault == FINE
    again = good.copy()
    again[good] = repeats(claims[good], rows.numbers.at[good])
    split.again = rows.records[again]
    good &= ~again
    missed = np.zeros(len(split.places), np.bool_)
    missed[claims[~good]] = True
    missed |= unplaced
    columns = [column.take(good) for column in rows.facts]
    split.facts = facts.of(claims[good], len(split.places), columns, missed)


def repeats(claims: Ints, numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which rows have the claim and the line number of a row before them."""
    keys = claims << 32 | numbers
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    found = np.zeros(len(keys), np.bool_)
    found[order[1:]] = ordered[1:] == ordered[:-1]
    return found
