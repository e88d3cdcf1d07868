"""A table of codes: its header, whatever divides its cells, and its rows one by one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from whopays.claims.csv_files import csv_rows
from whopays.claims.lines import TextLine, text_lines, unpaired
from whopays.claims.rows import Row
from whopays.diagnostics import Diagnostic, DiagnosticError

_DELIMITERS = (",", ";", "\t", "|")
_MOST_COLUMNS = 1_000


@dataclass(frozen=True)
class Table:
    """A delimited file; `names` are the cells of its first line, folded."""

    path: Path
    delimiter: str
    first: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns: small letters and underscores."""
        return tuple(map(folded, self.first))

    def rows(self) -> Iterator[Row]:
        """Yield the rows after the first line; the file is never held whole."""
        return csv_rows(self.path, self.delimiter, len(self.first))


def folded(name: str) -> str:
    """Return the name of a column as it is compared: `Valid From` is `valid_from`."""
    return re.sub(r"[^0-9a-z]+", "_", name.strip().casefold()).strip("_")


def table(path: Path, what: str) -> Table:
    """Return the table in the file `path`; raise DiagnosticError if it has no header.

    `what` names the file in the message. OSError if it can't be opened.
    """
    first = next(text_lines(path), TextLine(1, "", "is empty"))
    if first.problem or not first.text.strip():
        raise _unread(what, first.problem or "has an empty first line")
    delimiter = max(_DELIMITERS, key=first.text.count)
    try:
        cells = next(csv.reader([first.text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise _unread(what, unpaired(first.text)) from None
    if len(cells) > _MOST_COLUMNS:
        raise _unread(what, f"has more than {_MOST_COLUMNS:,} columns")
    return Table(path, delimiter, tuple(cell.strip() for cell in cells))


def _unread(what: str, reason: str) -> DiagnosticError:
    message = f"the first line of {what} {reason}"
    remedy = "the first line names the columns, in UTF-8"
    return DiagnosticError([Diagnostic("M012", message, (), help=remedy)])
