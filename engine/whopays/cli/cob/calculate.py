"""`whopays cob calculate`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.cob.options import (
    account_option,
    book_of,
    method_option,
    one_account,
    order_option,
    profiles_option,
    rules_option,
)
from whopays.cli.pages import HTML, must_take_a_page, output_option, put

if TYPE_CHECKING:
    from whopays.api.accounts import AccountBook, Comparison, Settled
    from whopays.explain.accounts import MethodRow


@click.command("calculate")
@click.argument("account_file", metavar="ACCOUNT", type=click.Path(path_type=Path))
@rules_option
@order_option
@method_option
@profiles_option
@click.option("--plan", metavar="PLAN", help="Which plan; else each behind the first.")
@account_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", HTML]),
    default="text",
    show_default=True,
    help="json: a record, for programs; html: a page, for -o FILE.",
)
@output_option
def command(  # noqa: PLR0917 - one for each option
    account_file: Path,
    rules: Path | None,
    order: str | None,
    method: str | None,
    profiles: Path | None,
    plan: str | None,
    account: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Show what each method would pay for a plan of the account in the file ACCOUNT.

    Every method that fits the place of the plan is shown side by side, with what it needs
    where it needs more than the account says; then those that come to an amount, each with
    its formula and numbers, the term that won, the bounds that acted and what it cites.
    Nothing is stored, and the account may name no method at all; --method or --profiles say
    how plans ahead pay that have posted nothing. `whopays schema calculation` describes the
    JSON.
    """
    must_take_a_page(output, form)
    book = book_of(rules, order, method, profiles)
    read = one_account(book, account_file, account)
    plans = [each.plan for each in read.coverages]
    if plan is not None and plan not in plans:
        raise click.UsageError(f"the account has no plan {plan}; {_meant(plan, plans)}")
    settled, found = book.compare(read, None if plan is None else [plan])
    if form == "json":
        record = book.comparison_record(settled, found)
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
    elif form == HTML:
        put(book.comparison_page(settled, found), output)
    else:
        _print(book, settled, found)


def _meant(plan: str, plans: Sequence[str]) -> str:
    from whopays.diagnostics import nearest  # noqa: PLC0415 - on demand

    near = nearest(plan, plans)
    return f"did you mean {near}?" if near else f"there are {', '.join(plans)}"


def _print(book: AccountBook, settled: Settled, found: Sequence[Comparison]) -> None:
    if not settled.payers:
        click.echo(f"No plan can be calculated: {settled.why}.")
        for line in book.pair_lines(settled):
            click.echo(f"  {line}")
        click.echo(book.rules_text)
        return
    places = " → ".join(" = ".join(each) for each in settled.order.places)
    click.echo(f"account {settled.account.id}: {places}")
    for line in book.pair_lines(settled):
        click.echo(f"  {line}")
    if not found:
        click.echo(
            "There is one plan, and it goes first: it pays what it would pay alone."
        )
    for each in found:
        _print_plan(book, each)
    click.echo(f"\n{book.rules_text}")


def _print_plan(book: AccountBook, found: Comparison) -> None:
    plan, position = found.payer.coverage.plan, found.payer.position
    if position == "primary":
        click.echo(f"\n{plan} goes first: no method is for it.")
        return
    if not found.methods:
        click.echo(f"\n{plan} stands {position}, and no method is for such plans.")
        return
    own = found.payer.coverage.method
    click.echo(f"\n{plan}, {position}" + (f" (its method: {own})" if own else ""))
    rows = book.method_rows(found)
    _table(rows)
    worked_out = [row for row in rows if row.pays != "?"]
    for row in worked_out:
        click.echo("")
        for at, line in enumerate(row.lines):
            click.echo(f"{'    ' if at else '  '}{line}")
    if len(worked_out) < len(rows):
        click.echo("\n  --format json or html has the steps of the other methods too.")


def _table(rows: Sequence[MethodRow]) -> None:
    from rich.console import Console  # noqa: PLC0415 - on demand
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    for column, side in (
        ("method", "left"),
        ("pays", "right"),
        ("patient owes", "right"),
        ("because", "left"),
    ):
        whole = column == "method"  # an id is copied from here
        table.add_column(column, justify=side, overflow="fold", no_wrap=whole)  # type: ignore[arg-type]
    for row in rows:
        name = f"{row.id} ←" if row.is_own else row.id
        table.add_row(*map(Text, (name, row.pays, row.owes, row.because)))
    Console(width=None if sys.stdout.isatty() else 100).print(table)
