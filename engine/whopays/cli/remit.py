"""`whopays remit`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from whopays.cli.problems import REJECTS
from whopays.cli.spreadsheet import Sheet

if TYPE_CHECKING:
    from whopays.claims import ReadReport
    from whopays.model.remittance import Payment, RemittedClaim


@dataclass
class _Sums:
    """What all files together say, for the table."""

    claims: int = 0
    payments: int = 0
    unbalanced: int = 0
    paid: int = 0
    charge: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    cents: Counter[str] = field(default_factory=Counter)

    def claim(self, claim: RemittedClaim) -> None:
        """Count one claim."""
        self.claims += 1
        self.unbalanced += not claim.balanced
        self.charge += claim.charge or 0
        for _, _, parts in claim.rows():
            for name, cents in parts.leaves.items():
                self.rows[name] += 1
                self.cents[name] += cents

    def payment(self, payment: Payment) -> None:
        """Count one payment."""
        self.payments += 1
        self.unbalanced += not payment.balanced
        self.paid += payment.amount or 0


@click.command("remit")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "jsonl"]),
    default="table",
    show_default=True,
    help="csv: a row a line, in cents; jsonl: claims and payments, for programs.",
)
def command(files: tuple[Path, ...], form: str) -> None:
    """Read the remittances (X12 835) in FILES into the components of each charge.

    Each adjustment is put under deductible, copay, discount, withhold and so on, by its
    group and reason code. Reason 23 stands for all that prior payers paid and wrote
    off, and is not divided; a reason that fits nowhere is shown as unassigned. Lines,
    claims and payments that do not add up are reported and read on. Amounts of csv and
    jsonl are whole cents. A cell of csv that a spreadsheet would take for a formula has
    an apostrophe before it. The exit code is 3 when something can't be read.
    """
    from whopays.claims import ReadReport  # noqa: PLC0415 - on demand

    reports = [ReadReport() for _ in files]
    for path in files:
        path.stat()
    sums = _Sums()
    if form == "csv":
        _csv(files, reports)
    else:
        for record in _records(files, reports, sums):
            if form == "jsonl":
                click.echo(json.dumps(record, ensure_ascii=False, sort_keys=True))
        if form == "table":
            _table(sums, is_whole=not any(report.rejects for report in reports))
    for report in reports:
        for note in report.remark_notes():
            click.echo(f"note: {note}", err=True)
    if any(report.rejects for report in reports):
        sys.exit(REJECTS)


def _records(
    files: Iterable[Path], reports: Iterable[ReadReport], sums: _Sums
) -> Iterator[dict[str, Any]]:
    """Yield claims and payments, each as a record that says what it is."""
    from whopays.api.remittance import read_remittance  # noqa: PLC0415
    from whopays.claims import Reject  # noqa: PLC0415
    from whopays.model.remittance import Payment  # noqa: PLC0415

    for path, report in zip(files, reports, strict=True):
        for each in read_remittance(path, report):
            if isinstance(each, Reject):
                _rejected(each)
                continue
            if isinstance(each, Payment):
                sums.payment(each)
                kind = "payment"
            else:
                sums.claim(each)
                kind = "claim"
            yield {"kind": kind, "file": path.name, **each.record_of()}
        yield {"kind": "account", "file": path.name, **report.account}


def _csv(files: Iterable[Path], reports: Iterable[ReadReport]) -> None:
    from whopays.api.remittance import COLUMNS, rows  # noqa: PLC0415
    from whopays.claims import Reject  # noqa: PLC0415

    sheet = Sheet(sys.stdout, COLUMNS)
    for path, report in zip(files, reports, strict=True):
        for each in rows(path, report):
            if isinstance(each, Reject):
                _rejected(each)
            elif isinstance(each, dict):
                sheet.row(each[column] for column in COLUMNS)


def _rejected(reject: Any) -> None:
    place = f"{reject.file}, segment {reject.record}"
    problem = f"{reject.field} {reject.reason}".strip()
    click.echo(f"rejected: {place}: {problem}", err=True)


def _table(sums: _Sums, *, is_whole: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - on demand
    from rich.table import Table  # noqa: PLC0415

    from whopays.model.money import dollars  # noqa: PLC0415
    from whopays.model.remittance import LEAVES, PRIOR, UNASSIGNED  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    for column, side in (
        ("component", "left"),
        ("times", "right"),
        ("dollars", "right"),
    ):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    for name in (*LEAVES, PRIOR, UNASSIGNED):
        if sums.rows[name]:
            shown = name.replace("_", " ")
            table.add_row(shown, f"{sums.rows[name]:,}", dollars(sums.cents[name]))
    table.add_section()
    table.add_row("charges of claims", f"{sums.claims:,}", dollars(sums.charge))
    table.add_row("payments", f"{sums.payments:,}", dollars(sums.paid))
    Console(width=None if sys.stdout.isatty() else 100).print(table)
    if not sums.claims and not sums.payments:
        click.echo("no claim and no payment was read")
    elif sums.unbalanced:
        some = "one does" if sums.unbalanced == 1 else f"{sums.unbalanced:,} do"
        click.echo(f"of the claims and payments, {some} not add up: see the notes")
    elif is_whole:
        click.echo("all claims and payments add up")
    else:
        click.echo("all that could be read adds up; what could not is told as rejected")
