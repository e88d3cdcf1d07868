"""A table that was pasted from a spreadsheet: lines with tabs or commas instead of bars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from whopays.diagnostics import Diagnostic, Edit, Label, Source, Span
from whopays.syntax import surface

#: What stands between the cells of a line.
_BETWEEN = ("\t", ";", ",")
#: What begins the other lines of a grid, and lines that go on with the one above.
_STATEMENTS = frozenset(
    [*surface.first_words("responsibility"), "and", "or", "+", "-", "*"]
)


@dataclass
class _Table:
    """Lines without bars that follow each other in a grid."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    #: How many columns the grid has, if it has a header with bars.
    columns: int = 0


def tables(source: Source, typed: str) -> list[Diagnostic]:
    """Return each table without bars in `source`; `typed` is its text with the tabs."""
    if not any(mark in typed for mark in _BETWEEN):
        return []
    found = (_told(source, table) for table in _all(typed))
    return [each for each in found if each is not None]


def _all(typed: str) -> Iterator[_Table]:
    table: _Table | None = None
    start = 0
    for line in typed.split("\n"):
        text = line.strip()
        word = text.split(None, 1)[0] if text else ""
        if word == "responsibility":
            table = _Table()
        elif table is not None and (word in _STATEMENTS or text.startswith(("|", "#"))):
            if table.lines:
                yield table
            columns = text.count("|") - 1 if text.startswith("|") else table.columns
            table = None if word == "end" else _Table(columns=columns)
        elif table is not None and text and "|" not in text:
            table.lines.append((start, line))
        start += len(line) + 1
    if table is not None and table.lines:
        yield table


def _told(source: Source, table: _Table) -> Diagnostic | None:
    """Return what is wrong with `table`, or None if it is no table."""
    for mark in _BETWEEN:
        rows = [
            [
                cell.strip().strip('"')
                for cell in line.strip(" ").lstrip("\t").split(mark)
            ]
            for _, line in table.lines
        ]
        columns = table.columns or len(rows[0])
        has_header = table.columns or rows[0][0].casefold() == "category"
        if columns < 2 or not (has_header or mark == "\t"):  # noqa: PLR2004 - a table
            continue
        if all(1 < len(row) <= columns for row in rows):
            return _with_bars(
                source, table, [row + [""] * (columns - len(row)) for row in rows]
            )
    return None


def _with_bars(source: Source, table: _Table, rows: list[list[str]]) -> Diagnostic:
    edits = []
    for (start, line), cells in zip(table.lines, rows, strict=True):
        span = Span(source, start, start + len(line))
        edits.append(Edit(span, f"  | {' | '.join(cells)} |"))
    first = edits[0].span
    shown = edits[0].text.strip()
    more = f", and so on in {len(rows)} lines" if len(rows) > 1 else ""
    return Diagnostic(
        "P012",
        "a row begins and ends with `|`, and so does every cell of it",
        (Label(Span(source, first.start, first.end)),),
        f"write `{shown}`{more}",
        fix=tuple(edits),
    )
