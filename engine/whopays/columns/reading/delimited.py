"""Delimited text by blocks: by Arrow where a block is plain, else row by row.

Quoting, the numbers of lines and what costs which row are the trade of
`claims.csv_files`. Arrow cuts a block only where there is nothing to know of them:
quotation marks around whole cells of one line, or none, no blank line, and every line
as wide as the header.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import csv

from whopays.claims.csv_files import Delimited, rows_of
from whopays.claims.lines import TextLine, lines_from
from whopays.claims.rows import Row
from whopays.columns.reading.rows import Cells

# Bytes at once: no line of a block is longer than a record may be.
_BLOCK = 8 << 20
_CELL = 100_000  # bytes of a line; longer cells are refused by the module csv
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class DelimitedTable:
    """A delimited file."""

    file: Delimited

    def read(self, rows: int, *, only: int | None = None) -> Iterator[Cells]:
        """Yield the rows, at most `rows` at once; of one with a problem cells are null."""
        wanted = {only} if only is not None else self._wanted()
        with self.file.path.open("rb") as file:
            next(lines_from(file, 1), None)
            at, number = file.tell(), 2
            while block := _block(file, at):
                found = self._plain(block, number, wanted)
                if found is None:
                    found, at, number = self._by_rows(file, at, number, block)
                else:
                    at, number = at + len(block), number + len(found.records)
                for start in range(0, len(found.records), rows):
                    yield _part(found, start, rows)

    def _wanted(self) -> set[int]:
        binding = self.file.binding
        cells = (at for each in binding.fields for at in each.cells_at)
        return {binding.claim_at, binding.line_at, *cells}

    def _plain(self, block: bytes, number: int, wanted: set[int]) -> Cells | None:
        """Return the cells of a block, or None where it is not as plain as Arrow asks."""
        width, delimiter = self.file.binding.width, self.file.delimiter
        if (
            delimiter.isspace()
            or not delimiter.isascii()
            or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n"))
            or block.startswith(_BOM)
            or (len(block) == _BLOCK and not block.endswith(b"\n"))
        ):
            return None
        is_quoted = self.file.quoted and b'"' in block
        if is_quoted and not _quotes_are_plain(block, delimiter):
            return None
        names = [str(at) for at in range(width)]
        kept = [str(at) for at in sorted(wanted)]
        try:
            table = csv.read_csv(
                pa.BufferReader(block),
                csv.ReadOptions(
                    use_threads=False, column_names=names, block_size=len(block) + 1
                ),
                csv.ParseOptions(
                    delimiter=delimiter,
                    quote_char='"' if is_quoted else False,
                    ignore_empty_lines=True,
                ),
                csv.ConvertOptions(
                    include_columns=kept,
                    column_types=dict.fromkeys(kept, pa.string()),
                    strings_can_be_null=False,
                ),
            ).combine_chunks()
        except pa.ArrowException:  # a row of another width, or text that is none
            return None
        lines = _newlines(block) + (not block.endswith(b"\n"))
        if table.num_rows != lines:  # blank lines
            return None
        columns: list[Any] = [None] * width
        for name in kept:
            columns[int(name)] = table.column(name).chunk(0)
        return Cells(columns, np.arange(number, number + lines))

    def _by_rows(
        self, file: BinaryIO, at: int, number: int, block: bytes
    ) -> tuple[Cells, int, int]:
        """Return the cells of a block, and where the line after its last row begins.

        A row that begins in the block may end behind it.
        """
        last = number + _newlines(block) - block.endswith(b"\n")
        file.seek(at)
        begins = {number: at}
        waiting: deque[TextLine] = deque()
        shape = (self.file.delimiter, self.file.binding.width)
        source = _followed(file, number, begins)
        found: list[Row] = []
        for row in rows_of(source, waiting, shape, quoted=self.file.quoted):
            found.append(row)
            after = waiting[0].number if waiting else next(reversed(begins))
            if after > last:
                break
        else:
            after = next(reversed(begins))
        return self._cells(found), begins[after], after

    def _cells(self, rows: list[Row]) -> Cells:
        nothing = (None,) * self.file.binding.width
        problems = {at: row.problem for at, row in enumerate(rows) if row.problem}
        by_row = [nothing if row.problem else row.cells for row in rows]
        columns = [
            pa.array([cells[at] for cells in by_row], pa.string())
            for at in range(self.file.binding.width)
        ]
        records = np.array([row.record for row in rows], np.int64)
        return Cells(columns, records, problems)


def _quotes_are_plain(block: bytes, delimiter: str) -> bool:
    """Tell whether each quotation mark is at an end of a whole cell of one line.

    Then the cells are the same for whoever reads them: nothing is doubled, open, or
    in the midst of a cell.
    """
    data = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero(data == ord('"'))
    ends = np.flatnonzero(data == ord("\n"))
    if len(marks) % 2 or np.diff(ends, prepend=-1, append=len(data)).max() > _CELL:
        return False
    opening, closing = marks[::2], marks[1::2]
    before = np.where(opening > 0, data[opening - 1], ord("\n"))
    last = len(data) - 1
    after = np.where(closing < last, data[np.minimum(closing + 1, last)], ord("\n"))
    line = np.searchsorted(ends, opening)
    return bool(
        np.isin(before, [ord(delimiter), ord("\n")]).all()
        and np.isin(after, [ord(delimiter), ord("\n"), ord("\r")]).all()
        and (line == np.searchsorted(ends, closing)).all()
    )


def _newlines(block: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == ord("\n")))


def _block(file: BinaryIO, at: int) -> bytes:
    """Return whole lines from the byte `at` on; part of one where it is very long."""
    file.seek(at)
    block = file.read(_BLOCK)
    if len(block) == _BLOCK:
        block = block[: block.rfind(b"\n") + 1] or block
    return block


def _followed(
    file: BinaryIO, number: int, begins: dict[int, int]
) -> Iterator[TextLine]:
    """Yield the lines of `file`; `begins` is told where each begins, and the next."""
    for line in lines_from(file, number):
        begins[line.number + 1] = file.tell()
        yield line


def _part(cells: Cells, start: int, rows: int) -> Cells:
    stop = start + rows
    return Cells(
        [None if each is None else each[start:stop] for each in cells.columns],
        cells.records[start:stop],
        {at - start: why for at, why in cells.problems.items() if start <= at < stop},
    )
