"""Where a report or a worklist goes: the terminal, CSV, or an Excel workbook."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from whopays.office.columns import Column

T = TypeVar("T")
TEXT, CSV, XLSX = "text", "csv", "xlsx"
_SUFFIXES = {".csv": CSV, ".xlsx": XLSX}
_ZIP = b"PK"

format_option = click.option(
    "--format",
    "form",
    type=click.Choice([TEXT, CSV, XLSX]),
    help="By default as the name of -o ends, and text on the terminal.",
)
output_option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file .csv or .xlsx, with every row and column.",
)


def chosen_format(
    form: str | None,
    output: Path | None,
    inputs: Iterable[Path],
    columns: Sequence[Column[T]],
) -> str:
    """Return the format that is meant; refuse an output before any work is done.

    A CSV file that is there is only replaced if its header is that of the `columns`.
    """
    if output is None or output == Path("-"):
        if form == XLSX:
            raise click.UsageError("A workbook goes into a file: add `-o FILE.xlsx`.")
        return form or TEXT
    meant = form or _SUFFIXES.get(output.suffix.lower())
    if meant is None:
        raise click.UsageError(f"Name a file .csv or .xlsx, or say --format: {output}.")
    if not output.parent.is_dir():
        raise click.UsageError(f"There is no folder {output.parent}.")
    if any(each.exists() and output.resolve() == each.resolve() for each in inputs):
        raise click.UsageError(f"{output} is what is read; name another file.")
    if output.is_file() and not _may_replace(output, meant, columns):
        raise click.UsageError(
            f"{output} is there, and is another thing; name a new file."
        )
    return meant


def _may_replace(path: Path, form: str, columns: Sequence[Column[T]]) -> bool:
    header = ",".join(each.name for each in columns).encode()
    with path.open("rb") as file:
        begins = file.read(len(header) + 1)
    if form == XLSX:
        return begins.startswith(_ZIP) or not begins
    return form == TEXT or begins in {b"", header + b"\n"}


def csv_of(columns: Sequence[Column[T]], rows: Iterable[T]) -> str:
    """Return rows as CSV that no spreadsheet takes for formulas."""
    from whopays.cli.spreadsheet import Sheet  # noqa: PLC0415 - on demand
    from whopays.office.columns import cell_text  # noqa: PLC0415

    out = io.StringIO()
    sheet = Sheet(out, [each.name for each in columns])
    for row in rows:
        sheet.row([cell_text(each.of(row), each.kind) for each in columns])
    return out.getvalue()


#: A line of the sheet that says what a workbook is of: a word, accounts, cents, a text.
About = tuple[str, int | None, int | None, str]
_ABOUT = (("What", "text"), ("Accounts", "count"), ("Dollars", "money"), ("", "text"))


def workbook_of(
    name: str, columns: Sequence[Column[T]], rows: Iterable[T], about: Sequence[About]
) -> bytes:
    """Return a workbook with a sheet of `rows`, and one that says what they are of."""
    from whopays.office.workbook import (  # noqa: PLC0415 - on demand
        Sheet,
        TooManyRowsError,
        workbook,
    )

    cells = ([each.of(row) for each in columns] for row in rows)
    main = Sheet(name, [(each.title, each.kind) for each in columns], cells)
    try:
        return workbook([main, Sheet("About", _ABOUT, about)])
    except TooManyRowsError as error:
        raise click.UsageError(f"{error}.") from None


def put(content: str | bytes, output: Path | None) -> None:
    """Write `content` to the file `output`, or print it where there is none."""
    if output is None or output == Path("-"):
        click.echo(content, nl=False)
        return
    from whopays.syntax.files import replace_bytes  # noqa: PLC0415 - on demand

    body = content.encode("utf-8") if isinstance(content, str) else content
    try:
        replace_bytes(output, body)
    except OSError as error:  # of the file aside, which nobody has named
        raise OSError(error.errno, error.strerror, str(output)) from error
    click.echo(f"written to {output}", err=True)


def show_table(
    columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]
) -> None:
    """Print rows as a table; `columns` are names and sides."""
    from rich.console import Console  # noqa: PLC0415 - on demand
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from whopays.diagnostics import printable  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    for name, side in columns:
        table.add_column(name, justify=side, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 140).print(table)
