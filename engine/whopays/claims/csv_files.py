"""Delimited text: CSV and pipe-delimited files, with a header line.

A quotation mark that is never closed would swallow the rest of a file. Here it costs
its own line only: the lines after it are read again as lines of their own.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from whopays.claims.binding import Binding, unused_columns
from whopays.claims.lines import TextLine, text_lines, unpaired
from whopays.claims.mapping import Mapping, identity_mapping
from whopays.claims.records import ReadReport, Reject
from whopays.claims.rows import Row, RowReader
from whopays.diagnostics import Diagnostic, DiagnosticError, Label, Source, Span
from whopays.model.claim import Claim
from whopays.model.facts import Fact

SUFFIXES = (".csv", ".txt", ".psv")
_MOST_LINES = 50  # physical lines of one record


def read_csv(
    path: Path,
    facts: AnyMapping[str, Fact],
    mapping: Mapping | None = None,
    open_facts: frozenset[str] = frozenset(),
    report: ReadReport | None = None,
) -> Iterator[Claim | Reject]:
    """Return claims and rejects of a delimited file.

    Without a mapping, columns are named as their facts, beside `claim_id` and `line`,
    and the delimiter is a pipe where the header has pipes and no comma. The header is
    checked now: DiagnosticError if a column is missing. Blank lines are no records.
    """
    report = report or ReadReport()
    found = open_csv(path, facts, mapping, open_facts, report)
    return RowReader(found.rows, found.binding, str(path), facts, report).read()


@dataclass(frozen=True)
class Delimited:
    """A delimited file that is open to be read: its cells are `quoted`, or not."""

    path: Path
    binding: Binding
    delimiter: str
    quoted: bool

    def rows(self) -> Iterator[Row]:
        """Yield its rows, from the first on."""
        width = self.binding.width
        return csv_rows(self.path, self.delimiter, width, quoted=self.quoted)


def open_csv(
    path: Path,
    facts: AnyMapping[str, Fact],
    mapping: Mapping | None,
    open_facts: frozenset[str],
    report: ReadReport,
) -> Delimited:
    """Return how a delimited file is read; see `read_csv`."""
    first = next(text_lines(path), TextLine(1, "", "is empty"))
    delimiter = mapping.delimiter if mapping else ","
    if mapping is None and "|" in first.text and "," not in first.text:
        delimiter = "|"
    header = _header(first, delimiter, str(path))
    if mapping is None:
        mapping = identity_mapping(header, facts, delimiter)
        report.knows((*facts, "claim_id", "line"))
        for name in unused_columns(header, facts):
            report.ignore(name)
    binding = Binding(mapping, header, str(path), open_facts)
    return Delimited(path, binding, delimiter, mapping.quoted)


def header_of(path: Path) -> tuple[tuple[str, ...], str]:
    """Return the columns of a delimited file and its delimiter: a comma, else a pipe."""
    first = next(text_lines(path), TextLine(1, "", "is empty"))
    delimiter = "|" if "|" in first.text and "," not in first.text else ","
    return _header(first, delimiter, str(path)), delimiter


def _header(first: TextLine, delimiter: str, file: str) -> tuple[str, ...]:
    cells = None if first.problem else _cells(first.text, delimiter)
    if cells is None:
        reason = first.problem or unpaired(first.text)
        raise DiagnosticError(
            [
                Diagnostic(
                    "M012",
                    f"the header of the file {reason}",
                    (Label(Span(Source(file, ""), 0, 0)),),
                    help="the first line names the columns, in UTF-8",
                )
            ]
        )
    return tuple(cell.strip() for cell in cells)


def csv_rows(
    path: Path, delimiter: str, width: int, *, quoted: bool = True
) -> Iterator[Row]:
    """Yield the records after the header; `record` is a record's first line."""
    source = text_lines(path)
    next(source, None)
    yield from rows_of(source, deque(), (delimiter, width), quoted=quoted)


def rows_of(
    source: Iterator[TextLine],
    waiting: deque[TextLine],
    shape: tuple[str, int],
    *,
    quoted: bool,
) -> Iterator[Row]:
    """Yield the records of lines, of the delimiter and the width in `shape`.

    After each record, the lines that are in none are `waiting`, then those of `source`.
    """
    delimiter, width = shape
    while True:
        line = waiting.popleft() if waiting else next(source, None)
        if line is None:
            return
        if line.problem:
            yield Row(line.number, (), line.problem)
            continue
        if not line.text.strip():
            continue
        if not quoted or '"' not in line.text:
            cells: list[str] | None = line.text.split(delimiter)
        else:
            cells = _quoted(line, shape, source, waiting)
        if cells is None:
            yield Row(line.number, (), "has quotation marks that do not pair up")
        elif len(cells) != width:
            reason = f"has {len(cells)} cells where the header has {width}"
            yield Row(line.number, (), reason)
        else:
            yield Row(line.number, cells)


def _quoted(
    line: TextLine,
    shape: tuple[str, int],
    source: Iterator[TextLine],
    waiting: deque[TextLine],
) -> list[str] | None:
    """Return the cells of a record that begins at `line` and may span lines, or None.

    `shape` is the delimiter and the width; what spans lines must have that width.
    """
    delimiter, width = shape
    taken: list[TextLine] = []

    def lines() -> Iterator[str]:
        yield f"{line.text}\n"
        while len(taken) < _MOST_LINES:
            more = waiting.popleft() if waiting else next(source, None)
            if more is None:
                return
            taken.append(more)
            if more.problem:
                return
            yield f"{more.text}\n"

    try:
        cells = next(csv.reader(lines(), delimiter=delimiter, strict=True), None)
    except csv.Error:
        cells = None
    if cells is not None and (not taken or len(cells) == width):
        return cells
    waiting.extendleft(reversed(taken))
    return None


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of one record, or None if a quotation mark is not closed."""
    try:
        found = list(csv.reader(StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None
