"""`whopays cob worklist`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.cob.office import (
    Place,
    accounts_argument,
    must_be_allowed,
    opened_office,
    profiles_options,
    told_order,
    told_rejects,
)
from whopays.cli.cob.options import order_option, rules_option
from whopays.cli.cob.tables import (
    CSV,
    TEXT,
    About,
    chosen_format,
    csv_of,
    format_option,
    output_option,
    put,
    show_table,
    workbook_of,
)
from whopays.cli.options import Day
from whopays.cli.problems import REJECTS, count

if TYPE_CHECKING:
    from whopays.office.worklist import Line, Worklist

_MOST_SHOWN, _MOST_PAYERS = 100, 20
_BEHIND = ("secondary", "tertiary")


class _Dollars(click.ParamType[int]):
    """An amount of dollars, as cents."""

    name = "DOLLARS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the cents of an amount."""
        from whopays.model.money import parse_cents  # noqa: PLC0415 - on demand

        if isinstance(value, int):
            return value
        try:
            return parse_cents(str(value).replace("$", "").replace(",", ""))
        except ValueError as error:
            self.fail(f"{value} is {error}; for example 250 or 1250.50", param, ctx)


@click.command("worklist")
@accounts_argument
@profiles_options
@rules_option
@order_option
@click.option(
    "--language-category",
    "categories",
    multiple=True,
    type=click.Choice(["favorable", "unfavorable", "none"]),
    help="Payers with a profile of this category. Repeatable.",
)
@click.option(
    "--position",
    "places",
    multiple=True,
    type=click.Choice(["primary", *_BEHIND]),
    help="Payers that stand here; else secondary and tertiary ones. Repeatable.",
)
@click.option(
    "--payer",
    "payers",
    multiple=True,
    metavar="NAME",
    help="This payer, plan or profile. Repeatable.",
)
@click.option(
    "--older-than",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Accounts that are older.",
)
@click.option(
    "--at-least",
    type=_Dollars(),
    metavar="DOLLARS",
    help="Lines of which as much is expected.",
)
@click.option("--not-posted", is_flag=True, help="Payers that have posted nothing.")
@click.option(
    "--all-records",
    is_flag=True,
    help="A line for each account, not one for each account number and payer.",
)
@click.option("--on", type=Day(), help="The day from which age counts; else today.")
@format_option
@output_option
def command(  # noqa: PLR0917 - one for each option
    accounts: tuple[Path, ...],
    profiles: Path | None,
    store: str | None,
    rules: Path | None,
    order: str | None,
    categories: tuple[str, ...],
    places: tuple[str, ...],
    payers: tuple[str, ...],
    older_than: int | None,
    at_least: int | None,
    not_posted: bool,
    all_records: bool,
    on: date | None,
    form: str | None,
    output: Path | None,
) -> None:
    """List what payers behind others are expected to pay, the most dollars first.

    A line stands for all accounts in the files ACCOUNTS that have one account number
    (`account_number`; else the account's id) and one payer. Its dollars are sums; its
    method, date and age are those of the account of which most is expected. `10001 (2,3)`
    says that two payers and three accounts have the number. Payers without an amount are
    not listed, but on the exception report. A list has at most 30,000 lines; its totals
    are of all.

    With a store, the worklist comes with coordination fully enabled.
    """
    from whopays.office.columns import WORKLIST  # noqa: PLC0415 - on demand
    from whopays.office.worklist import Asked, worklist  # noqa: PLC0415

    place = Place(profiles, store, rules, order)
    meant = chosen_format(form, output, (*accounts, *place.inputs), WORKLIST)
    with opened_office(place) as office:
        must_be_allowed(office.profiles.facility.against_worklist())
        read = office.report(accounts)
    asked = Asked(
        *(places or _BEHIND, categories, payers, older_than, at_least),
        *(not_posted, all_records),
    )
    told_payers(
        payers, {n for r in read.reports.rows for n in (r.payer, r.plan, r.profile)}
    )
    found = worklist(read.reports.rows, asked, on or date.today())  # noqa: DTZ011
    if meant == TEXT:
        _show(found)
    elif meant == CSV:
        put(csv_of(WORKLIST, found.lines), output)
    else:
        about = [*_about(found), *((n, None, None, d) for n, d in read.sources)]
        put(workbook_of("Worklist", WORKLIST, found.lines, about), output)
    if len(found.lines) < found.count:
        cut = f"{found.count - len(found.lines):,} lines with less are left out"
        click.echo(f"note: {cut}; the totals have them", err=True)
    told_order(read.reports, order)
    if told_rejects(read):
        sys.exit(REJECTS)


def told_payers(asked: tuple[str, ...], names: set[str]) -> None:
    """Say which payers asked for are on no account, and what was probably meant."""
    from whopays.diagnostics import nearest  # noqa: PLC0415 - on demand

    known = {name.casefold() for name in names}
    for each in asked:
        if each.casefold() not in known:
            near = nearest(each, sorted(names - {""}))
            hint = f"; did you mean {near}?" if near else ""
            click.echo(f"note: no account has a payer {each}{hint}", err=True)


def _about(found: Worklist) -> list[About]:
    lines: list[About] = [(t.payer, t.accounts, t.expected, "") for t in found.totals]
    accounts = sum(t.accounts for t in found.totals)
    lines.append(("all payers", accounts, sum(t.expected for t in found.totals), ""))
    if found.without:
        lines.append(("without an amount", found.without, None, "not listed"))
    return lines


def _show(found: Worklist) -> None:
    if not found.lines:
        click.echo("No payer that is asked for is expected to pay anything.")
    else:
        _show_lines(found)
        click.echo("")
        _show_totals(found)
    if found.without:
        payers = count(found.without, "payer")
        click.echo(
            f"{payers} without an amount: those behind others are on the exception report"
        )


def _show_lines(found: Worklist) -> None:
    from whopays.model.money import dollars  # noqa: PLC0415 - on demand

    def cells(line: Line) -> tuple[str, ...]:
        money = (line.expected, line.posted, line.left)
        main = line.main
        return (
            line.label,
            main.payer if main.payer == main.plan else f"{main.payer} ({main.plan})",
            main.position,
            main.category,
            "by hand" if main.by_hand else main.method,
            "" if line.age is None else f"{line.age:,}",
            *("" if each is None else dollars(each) for each in money),
        )

    columns = (
        *(("account", "left"), ("payer", "left"), ("position", "left")),
        *(("category", "left"), ("method", "left"), ("age", "right")),
        *(("expected", "right"), ("posted", "right"), ("left", "right")),
    )
    show_table(columns, [cells(line) for line in found.lines[:_MOST_SHOWN]])
    if found.count > _MOST_SHOWN:
        more = found.count - _MOST_SHOWN
        click.echo(f"and {more:,} more (-o FILE.csv or FILE.xlsx has them)")


def _show_totals(found: Worklist) -> None:
    from whopays.model.money import dollars  # noqa: PLC0415 - on demand

    rows = [
        (t.payer, f"{t.accounts:,}", *map(dollars, (t.expected, t.posted, t.left)))
        for t in found.totals[:_MOST_PAYERS]
    ]
    more = len(found.totals) - len(rows)
    if more > 0:
        rows.append((f"and {more:,} more", "", "", "", ""))
    sums = [
        sum(each)
        for each in zip(
            *((t.accounts, t.expected, t.posted, t.left) for t in found.totals),
            strict=True,
        )
    ]
    rows.append(("all payers", f"{sums[0]:,}", *map(dollars, sums[1:])))
    columns = (
        *(("", "left"), ("accounts", "right"), ("expected", "right")),
        *(("posted", "right"), ("left", "right")),
    )
    show_table(columns, rows)
