"""Tables that can be read more than once: Parquet files and Arrow tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from whopays.claims.tables import damaged
from whopays.columns.reading.rows import Cells


@dataclass(frozen=True)
class ParquetTable:
    """The `columns` of a Parquet file. `coded` are texts that repeat: read as codes.

    DiagnosticError while it is read, if a part of it is damaged.
    """

    path: Path
    columns: Sequence[str]
    coded: Sequence[str] = ()

    def read(self, rows: int, *, only: int | None = None) -> Iterator[Cells]:
        """Yield the rows."""
        columns = list(self.columns) if only is None else [self.columns[only]]
        done = 0
        try:
            for batch in self._batches(rows, columns):
                found = [None] * (only or 0) + [batch.column(name) for name in columns]
                records = np.arange(done + 1, done + 1 + batch.num_rows)
                yield Cells(found, records)
                done += batch.num_rows
        except (pa.ArrowException, OSError):
            raise damaged(self.path) from None

    def _batches(self, rows: int, columns: list[str]) -> Iterator[Any]:
        with pq.ParquetFile(self.path) as file:
            nulls = {
                name: _nulls(file.metadata, name)
                for name in columns
                if name in self.coded
            }
        left = {name: count for name, count in nulls.items() if count is not None}
        coded = list(left)
        with pq.ParquetFile(self.path, read_dictionary=coded) as file:
            for batch in file.iter_batches(batch_size=rows, columns=columns):
                for name in coded:
                    left[name] -= batch.column(name).null_count
                if batch.num_rows:
                    yield batch
        # Read as codes, cells of a damaged page are null instead of an error.
        if any(left.values()):
            raise damaged(self.path)


def _nulls(metadata: Any, column: str) -> int | None:
    """Return how many nulls a column has, as the file itself says; None if it doesn't."""
    found = 0
    for group in range(metadata.num_row_groups):
        for at in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(at)
            if chunk.path_in_schema == column:
                said = chunk.statistics
                if said is None or not said.has_null_count:
                    return None
                found += said.null_count
    return found


@dataclass(frozen=True)
class ArrowTable:
    """The `columns` of an Arrow table in memory."""

    table: Any
    columns: Sequence[str]

    def read(self, rows: int, *, only: int | None = None) -> Iterator[Cells]:
        """Yield the rows."""
        columns = list(self.columns) if only is None else [self.columns[only]]
        done = 0
        for batch in self.table.select(columns).to_batches(max_chunksize=rows):
            if batch.num_rows:
                found = [None] * (only or 0) + batch.columns
                records = np.arange(done + 1, done + 1 + batch.num_rows)
                yield Cells(found, records)
            done += batch.num_rows
