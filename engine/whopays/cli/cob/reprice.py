"""`whopays cob reprice`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from whopays.cli.cob.office import Place, book_of, only_store_option
from whopays.cli.cob.options import (
    method_option,
    order_option,
    profiles_option,
    rules_option,
)
from whopays.cli.problems import REJECTS


@click.command("reprice")
@click.argument("accounts", nargs=-1, required=True, type=click.Path(path_type=Path))
@rules_option
@order_option
@method_option
@profiles_option
@only_store_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="A folder."
)
def command(  # noqa: PLR0917 - one for each option
    accounts: tuple[Path, ...],
    rules: Path | None,
    order: str | None,
    method: str | None,
    profiles: Path | None,
    store: str | None,
    output: Path,
) -> None:
    """Settle the accounts in the files ACCOUNTS.

    The format of a file follows from its suffix: JSON, JSON Lines, CSV, Parquet; X12 837 is
    known by its beginning. Writes accounts.jsonl, rejects.jsonl and manifest.json into the
    folder OUTPUT (`whopays schema result` and `schema reject`). Each account is in the
    results or in the rejects. An account with `adjusts` stands in place of an earlier one,
    and what changes is told; one with `reverses` takes it back; X12 claims of frequency 7
    and 8 do the same to the claim before them with their id. The exit code is 3 when there
    are rejects.
    """
    book = book_of(Place(profiles, store, rules, order), method)
    counts, notes = book.reprice_files(accounts, output)
    for note in notes:
        click.echo(f"note: {note}", err=True)
    _show(counts)
    click.echo(f"written to {output}")
    if counts["rejects"]:
        click.echo(f"{counts['rejects']} rejected, see rejects in {output}", err=True)
        sys.exit(REJECTS)


def _show(counts: dict[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415 - on demand
    from rich.table import Table  # noqa: PLC0415

    from whopays.model.money import dollars  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    table.add_column("")
    table.add_column("accounts", justify="right")
    table.add_column("dollars", justify="right")
    for status, count in counts["by_status"].items():
        table.add_row(status.replace("_", " "), f"{count:,}", "")
    table.add_row("rejected", f"{counts['rejects']:,}", "")
    balanced = counts["by_status"].get("balanced", 0)
    if balanced:
        table.add_section()
    for name, cents in counts["cents_of_balanced"].items() if balanced else ():
        word = "refunds due" if name == "refund" else name.replace("_", "-")
        table.add_row(f"balanced: {word}", "", dollars(cents))
    Console(width=None if sys.stdout.isatty() else 100).print(table)
    if counts["needs"]:
        most = sorted(counts["needs"].items(), key=lambda each: (-each[1], each[0]))[:3]
        said = ", ".join(f"{name} ({count:,})" for name, count in most)
        click.echo(f"facts most needed: {said}")
