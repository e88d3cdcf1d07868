"""A table becomes chunks of lines, with the meaning of `claims.rows`, row by row.

As there, the table is read twice, the first time for claim ids alone; a third time only
where rows of a claim stand apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from whopays.claims.binding import Binding
from whopays.claims.gather import gathered_from
from whopays.claims.records import ReadReport, Reject
from whopays.columns.lines import Coded, FactColumn, Lines, Numbered
from whopays.columns.reading.chunk import ROWS, Chunk
from whopays.columns.reading.faults import FINE, Faults, Known
from whopays.columns.reading.gathered import ClaimFacts
from whopays.columns.reading.rows import CellReader, Table
from whopays.columns.reading.runs import Runs, whole_runs
from whopays.columns.reading.split import Split, gathered, repeated, repeats
from whopays.model.facts import Fact

_RANKED = 4_096  # line numbers that are put in order, to see that none comes twice


class TableReader:
    """Reads one table; `file` is its name in rejects. See `claims.rows.RowReader`."""

    def __init__(  # noqa: PLR0913 - as RowReader, and how much at once
        self,
        table: Table,
        binding: Binding,
        file: str,
        facts: Mapping[str, Fact],
        report: ReadReport,
        *,
        rows: int = ROWS,
    ) -> None:
        self._table = table
        self._file = file
        self._report = report
        self._rows = rows
        self._claim_at = binding.claim_at
        self._faults = Faults()
        required = {name: fact for name, fact in facts.items() if fact.required}
        self._cells = CellReader(binding, required, self._faults)
        self._again = self._faults.code(
            binding.line_column, "was given before for this claim", Known.LINE
        )
        self._facts = ClaimFacts(gathered_from(facts, binding.gather), binding.fields)
        self._names = [None if each.of_claim else each.name for each in binding.fields]
        self._ranks = _Ranks()

    def read(self) -> Iterator[Chunk]:
        """Yield the chunks."""
        split = self._split()
        for runs in self._runs():
            yield self._chunk(runs, split)

    def _runs(self) -> Iterator[Runs]:
        cells = self._table.read(self._rows)
        return whole_runs(map(self._cells.read, cells))

    def _split(self) -> Split | None:
        """Return the claims whose rows do not stand in one short run, if there are any."""
        cells = self._table.read(self._rows, only=self._claim_at)
        found = repeated(whole_runs(map(self._cells.only_claims, cells)))
        if not len(found):
            return None
        kept = [self._cells.numbers]
        kept += [self._cells.fields[place].kept for place in self._facts.columns]
        for each in kept:
            each.forgets = False
        split = gathered(self._runs(), found, self._facts)
        for each in kept:
            each.forgets = True
        return split if split.places else None

    def _chunk(self, runs: Runs, split: Split | None) -> Chunk:
        rows = runs.rows
        of_run = None if split is None else split.of(runs)
        of_row = runs.of_row
        fault = self._without_repeats(runs, of_row, split, of_run)
        good = fault == FINE
        whole = bool(good.all())
        rejects = () if whole else tuple(self._rejects(runs, fault, of_row))
        kept = slice(None) if whole else good
        columns = [each.take(kept) for each in rows.facts]
        claims = of_row[kept]
        missed = runs.spoiled
        if not whole:
            missed = missed | ~np.logical_and.reduceat(good, runs.starts)
        of_claim = self._facts.of(claims, len(runs.starts), columns, missed)
        if split is not None and of_run is not None:
            of_claim = _overlaid(of_claim, split.facts, of_run)
        facts = {
            name: column
            for name, column in zip(self._names, columns, strict=True)
            if name is not None
        }
        facts |= {name: column.take(claims) for name, column in of_claim.items()}
        numbers = rows.numbers.take(kept)
        lines = Lines(
            rows.claims if whole else rows.claims.filter(pa.array(good)),
            pa.DictionaryArray.from_arrays(numbers.at, self._ranks.texts(numbers)),
            rows.records[kept],
            facts,
        )
        self._report.lines += len(lines)
        self._report.rejects += len(rejects)
        return Chunk(lines, rejects, tuple(self._report.take_remarks()))

    def _without_repeats(
        self,
        runs: Runs,
        of_row: NDArray[np.int64],
        split: Split | None,
        of_run: NDArray[np.int64] | None,
    ) -> NDArray[np.int32]:
        """Return the faults of the rows, with those of lines given before."""
        rows = runs.rows
        fault = rows.fault
        alone = fault == FINE
        again = np.zeros(len(rows), np.bool_)
        if split is not None and of_run is not None:
            apart = of_run[of_row] >= 0
            again = apart & np.isin(rows.records, split.again)
            alone &= ~apart
        at = np.flatnonzero(alone)
        claims, numbers = of_row[at], rows.numbers.at[at]
        if not self._ranks.rise(claims, numbers, rows.numbers):
            again[at] = repeats(claims, numbers)
        return np.where(again, np.int32(self._again), fault) if again.any() else fault

    def _rejects(
        self, runs: Runs, fault: NDArray[np.int32], of_row: NDArray[np.int64]
    ) -> Iterator[Reject]:
        rows = runs.rows
        bad = np.flatnonzero(fault)
        claims = runs.claims().take(of_row[bad]).to_pylist()
        for row, claim in zip(bad.tolist(), claims, strict=True):
            number = rows.numbers.value(row)
            yield self._faults.reject(
                int(fault[row]),
                self._file,
                int(rows.records[row]),
                claim or "",
                number if isinstance(number, str) else "",
            )


def _overlaid(
    of_claim: Mapping[str, FactColumn],
    whole: Mapping[str, FactColumn],
    of_run: NDArray[np.int64],
) -> dict[str, FactColumn]:
    """Return the facts of runs, of whole claims where `of_run` says which it is."""
    found: dict[str, FactColumn] = {}
    split = of_run >= 0
    for name, column in of_claim.items():
        other = whole[name].take(np.maximum(of_run, 0))
        if isinstance(column, Coded) and isinstance(other, Coded):
            used, places = np.unique(other.at[split], return_inverse=True)
            own = [other.values[place] for place in used.tolist()]
            at = column.at.copy()
            at[split] = places + len(column.values)
            found[name] = Coded(at, [*column.values, *own])
        else:
            assert isinstance(column, Numbered)  # noqa: S101 - both are of one fact
            assert isinstance(other, Numbered)  # noqa: S101
            found[name] = Numbered(
                np.where(split, other.numbers, column.numbers),
                np.where(split, other.state, column.state),
                column.is_date,
            )
    return found


class _Ranks:
    """The order of line numbers: where they rise within a claim, none comes twice."""

    def __init__(self) -> None:
        self._of: Any = None
        self._known = 0
        self._ranks = np.zeros(0, np.int32)
        self._texts: Any = None

    def texts(self, numbers: Coded) -> Any:
        """Return the line numbers that `numbers` are places of, as an Arrow array."""
        self._take(numbers)
        return self._texts

    def rise(
        self, claims: NDArray[np.int64], numbers: NDArray[np.int32], column: Coded
    ) -> bool:
        """Return whether the line numbers of each claim are seen to rise."""
        if len(column.values) > _RANKED:
            return False
        self._take(column)
        ranks = self._ranks[numbers]
        fine = (claims[1:] != claims[:-1]) | (ranks[1:] > ranks[:-1])
        return bool(fine.all())

    def _take(self, column: Coded) -> None:
        values: Any = column.values
        if self._of is values and self._known == len(values):
            return
        texts = ["", *values[1:]]
        self._of, self._known = values, len(values)
        self._texts = pa.array(texts, pa.string())
        if len(texts) <= _RANKED:
            order = sorted(
                range(len(texts)), key=lambda at: (len(texts[at]), texts[at])
            )
            self._ranks = np.empty(len(texts), np.int32)
            self._ranks[order] = np.arange(len(texts), dtype=np.int32)
