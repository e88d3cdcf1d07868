"""Tables as an Excel workbook. The only module that knows the library.

What accounts and profiles say is text here: no cell is a formula or a link, and each has the
mark by which Excel keeps it as text when somebody edits it. The workbook does not say when
it was made, so that the same accounts give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from whopays.office.columns import COUNT, MONEY, TEXT, Cell

#: Rows that a sheet of Excel can have, its header among them, and characters of a cell.
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
_NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's times have no zone
_DAY = "day"
_FIRST_YEAR = 1900
_NARROWEST, _WIDEST = 10, 60
_OPTIONS = {
    "in_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


class TooManyRowsError(ValueError):
    """There are more rows than a sheet of Excel has: the text says what to do."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, and its columns as titles with kinds; `rows` are cells."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Iterable[Sequence[Cell]]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook with `sheets`; TooManyRowsError if a sheet can't have as many rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"created": _NO_TIME})
    formats = {
        "header": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        TEXT: book.add_format({"quote_prefix": True}),
        _DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        MONEY: book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"}),
        COUNT: book.add_format({"num_format": "#,##0"}),
    }
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, formats)
    book.close()
    return out.getvalue()


def _write(page: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    widths = [max(_NARROWEST, len(title)) for title, _ in sheet.columns]
    for at, (title, _) in enumerate(sheet.columns):
        page.write_string(0, at, title, formats["header"])
    count = 0
    for count, row in enumerate(sheet.rows, 1):
        if count >= MOST_ROWS:
            raise TooManyRowsError(
                f"a sheet of Excel has at most {MOST_ROWS - 1:,} rows: write a file .csv"
            )
        for at, (cell, (_, kind)) in enumerate(zip(row, sheet.columns, strict=True)):
            if cell is not None and cell != "":
                value, form = _value(cell, kind)
                widths[at] = max(widths[at], len(str(value)))
                _put(page, (count, at), value, formats[form])
    for at, width in enumerate(widths):
        page.set_column(at, at, min(width + 2, _WIDEST))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(count, 1), len(sheet.columns) - 1)


def _value(cell: str | int | date, kind: str) -> tuple[str | Decimal | date, str]:
    """Return what stands in a cell, and the name of its format."""
    if isinstance(cell, date):
        # Excel counts days from 1900 on: a mistyped day is shown as it stands.
        return (cell, _DAY) if cell.year >= _FIRST_YEAR else (cell.isoformat(), TEXT)
    if isinstance(cell, int):
        dollars = kind == MONEY
        return (Decimal(cell).scaleb(-2), MONEY) if dollars else (Decimal(cell), COUNT)
    return _kept(cell), TEXT


def _put(
    page: Worksheet, at: tuple[int, int], value: str | Decimal | date, form: Format
) -> None:
    if isinstance(value, str):
        page.write_string(*at, value, form)
    elif isinstance(value, date):
        page.write_datetime(*at, value, form)
    else:
        page.write_number(*at, value, form)


def _kept(text: str) -> str:
    """Return as much of `text` as a cell can hold."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[: MOST_CHARACTERS - 2]} …"
