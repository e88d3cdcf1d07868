"""`whopays cob calculate`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.cob.office import (
    METHOD_OR_PROFILES,
    Place,
    book_of,
    must_be_allowed,
    only_store_option,
    opened_office,
)
from whopays.cli.cob.options import (
    account_option,
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
    from whopays.model.account import Account
    from whopays.office import Facility


@click.command("calculate")
@click.argument("account_file", metavar="ACCOUNT", type=click.Path(path_type=Path))
@rules_option
@order_option
@method_option
@profiles_option
@click.option("--plan", metavar="PLAN", help="Which plan; else each behind the first.")
@account_option
@only_store_option
@click.option("--user", metavar="NAME", envvar="WHOPAYS_USER", help="Who you are.")
@click.option(
    "--from",
    "viewing",
    metavar="PLAN",
    help="Whose reprice it begins from; else the plan's that pays first.",
)
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
    store: str | None,
    user: str | None,
    viewing: str | None,
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

    With --store it is the facility's ad hoc calculation: by who has the right to
    calculate; with coordination fully enabled, from the reprice of a primary payer alone;
    before that, if the facility has enabled it.
    """
    must_take_a_page(output, form)
    book, facility = _book(Place(profiles, store, rules, order), method)
    read = one_account(book, account_file, account)
    plans = [each.plan for each in read.coverages]
    for each in (plan, viewing):
        if each is not None and each not in plans:
            raise click.UsageError(
                f"the account has no plan {each}; {_meant(each, plans)}"
            )
    if facility is not None:
        may, position = _may_calculate(store, user), _position(book, read, viewing)
        must_be_allowed(facility.against_ad_hoc(may_calculate=may, viewing=position))
    settled, found = book.compare(read, None if plan is None else [plan])
    if form == "json":
        record = book.comparison_record(settled, found)
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
    elif form == HTML:
        put(book.comparison_page(settled, found), output)
    else:
        _print(book, settled, found)


def _book(place: Place, method: str | None) -> tuple[AccountBook, Facility | None]:
    """Return what settles the account, and the facility of a store if one is named."""
    if place.store is None:
        return book_of(place, method), None
    if method is not None:
        raise click.UsageError(METHOD_OR_PROFILES)
    with opened_office(place) as office:
        return office.load(office.profiles), office.profiles.facility


def _may_calculate(store: str | None, user: str | None) -> bool:
    from whopays.cli.store.options import desk_of  # noqa: PLC0415 - on demand

    desk = desk_of(store or "", user)
    return desk.store.has_right(desk.who, "calculate")


def _position(book: AccountBook, account: Account, plan: str | None) -> str:
    """Return where the plan stands whose reprice is looked at: primary if none is named."""
    from whopays.api.profiles import positions  # noqa: PLC0415 - on demand

    if plan is None:
        return "primary"
    order = book.coordinator.order_of(account)
    first = order.places[0] if order.places else ()
    behind = positions(order).get(plan, "behind others")
    return "primary" if first == (plan,) else behind


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
