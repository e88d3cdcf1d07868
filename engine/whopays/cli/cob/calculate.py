"""`whopays cob calculate`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from whopays.cli.cob.options import (
    account_option,
    format_option,
    one_account,
    order_option,
    rules_option,
)

if TYPE_CHECKING:
    from whopays.api.accounts import AccountBook, Compared, Settled


@click.command("calculate")
@click.argument("account_file", metavar="ACCOUNT", type=click.Path(path_type=Path))
@rules_option
@order_option
@click.option("--plan", metavar="PLAN", help="Which plan; else each behind the first.")
@account_option
@format_option
def command(  # noqa: PLR0917 - one for each option
    account_file: Path,
    rules: Path | None,
    order: str | None,
    plan: str | None,
    account: str | None,
    form: str,
) -> None:
    """Show what each method would pay for a plan of the account in the file ACCOUNT.

    Every method that fits the place of the plan is shown side by side, with the term that
    won and what it needs. Nothing is stored, and the account may name no method at all.
    """
    from whopays.api.accounts import load_accounts  # noqa: PLC0415 - on demand
    from whopays.diagnostics import nearest  # noqa: PLC0415

    book = load_accounts(rules, order=order)
    read = one_account(book, account_file, account)
    plans = [each.plan for each in read.coverages]
    if plan is not None and plan not in plans:
        near = nearest(plan, plans)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(plans)}"
        raise click.UsageError(f"the account has no plan {plan}; {hint}")
    settled = book.settle(read)
    behind = [p.coverage.plan for p in settled.payers if p.position != "primary"]
    asked = [plan] if plan is not None else behind
    found = {each: book.compare(read, each) for each in asked}
    if form == "json":
        record = _record(book, settled, found)
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        _print(book, settled, found)


def _record(
    book: AccountBook, settled: Settled, found: dict[str, list[Compared]]
) -> dict[str, Any]:
    plans = []
    for plan, compared in found.items():
        methods = []
        for each in compared:
            record = book.record(each.settled)
            payer = next(p for p in record["payers"] if p["plan"] == plan)
            methods.append(payer)
        plans.append({"plan": plan, "methods": methods})
    order = book.record(settled)["order"]
    why = settled.why if not settled.payers else None
    return {
        "account_id": settled.account.id,
        "order": order,
        "why": why,
        "needs": list(settled.needs) if why else [],
        "plans": plans,
    }


def _print(
    book: AccountBook, settled: Settled, found: dict[str, list[Compared]]
) -> None:
    if not settled.payers:
        click.echo(f"No plan can be calculated: {settled.why}.")
        return
    places = " → ".join(" = ".join(each) for each in settled.order.places)
    click.echo(f"account {settled.account.id}: {places}")
    for pair in settled.order.pairs:
        click.echo(f"  {pair.text}")
    if not found:
        click.echo(
            "There is one plan, and it goes first: it pays what it would pay alone."
        )
    for plan, compared in found.items():
        payer = next(p for p in settled.payers if p.coverage.plan == plan)
        if payer.position == "primary":
            click.echo(f"\n{plan} goes first: no method is for it.")
        elif not compared:
            click.echo(
                f"\n{plan} stands {payer.position}, and no method is for such plans."
            )
        else:
            own = payer.coverage.method
            click.echo(
                f"\n{plan}, {payer.position}" + (f" (its method: {own})" if own else "")
            )
            _table(book, compared, own)


def _table(book: AccountBook, compared: list[Compared], own: str | None) -> None:
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
        table.add_column(column, justify=side, overflow="fold")  # type: ignore[arg-type]
    for each in compared:
        name = f"{each.method.id} ←" if each.method.id == own else each.method.id
        table.add_row(Text(name), *map(Text, _cells(book, each)))
    Console(width=None if sys.stdout.isatty() else 100).print(table)


def _cells(book: AccountBook, compared: Compared) -> tuple[str, str, str]:
    from whopays.model.money import dollars  # noqa: PLC0415 - on demand

    paid = compared.payer.paid
    if paid is None:
        return "?", "", compared.payer.problem
    owes = "not said" if paid.patient is None else dollars(paid.patient)
    if paid.status == "by_hand":
        return "by hand", "", ""
    if paid.cents is None:
        return "?", "", f"needs {', '.join(sorted(paid.missing))}"
    if paid.status == "gate":
        when = compared.method.when
        return dollars(paid.cents), owes, f"not so: {when.text}" if when else ""
    because = ", ".join(paid.because) or book.filled(paid)
    return dollars(paid.cents), owes, because
