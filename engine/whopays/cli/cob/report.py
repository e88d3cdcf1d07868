"""`whopays cob report`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
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
    workbook_of,
)
from whopays.cli.problems import REJECTS

if TYPE_CHECKING:
    from whopays.office.reports import Reports
    from whopays.office.rows import Row

_MOST_SHOWN, _LONGEST = 200, 240
_NAMES = ("favorable", "unfavorable", "exception")


_REASONS = """\b
Reasons of the exception report:
  NO_PRODUCT_MATCH  no profile is for this plan on the service date
  METHOD_NONE       the profile has no method for this position
  LANGUAGE_NONE     the profile has no language category
  REPRICE_NO        the profile says reprice: no
  REPRICE_NONE      the profile does not say whether to reprice
  REPRICE_FAILED    no amount could be worked out, and why
"""


@click.command("report", epilog=_REASONS)
@click.argument("report", metavar="REPORT", type=click.Choice(_NAMES))
@accounts_argument
@profiles_options
@rules_option
@order_option
@click.option(
    "--tertiary", is_flag=True, help="List third payers too; the totals leave them out."
)
@format_option
@output_option
def command(  # noqa: PLR0917 - one for each option
    report: str,
    accounts: tuple[Path, ...],
    profiles: Path | None,
    store: str | None,
    rules: Path | None,
    order: str | None,
    tertiary: bool,
    form: str | None,
    output: Path | None,
) -> None:
    """Make one of the three reports of second payers: favorable, unfavorable, exception.

    Each account in the files ACCOUNTS with a second payer is on one of them. It is on the
    favorable or the unfavorable report if the payer's contract profile has a method, that
    language category and `reprice: yes`, and an amount was worked out; $0.00 is an amount,
    and a method by hand stands there with $0.00 and a flag. All else is an exception, with
    every reason why. Accounts with one plan are counted and not listed.

    Nothing is stored. The exit code is 3 when some accounts can't be read.
    """
    from whopays.office.columns import REPORT  # noqa: PLC0415 - on demand

    place = Place(profiles, store, rules, order)
    meant = chosen_format(form, output, (*accounts, *place.inputs), REPORT)
    with opened_office(place) as office:
        must_be_allowed(office.profiles.facility.against_reports())
        read = office.report(accounts)
    rows = read.reports.of(report, tertiary=tertiary)
    if meant == TEXT:
        _show(report, rows)
        click.echo("")
        _show_totals(read.reports)
    elif meant == CSV:
        put(csv_of(REPORT, rows), output)
    else:
        about = [*_about(read.reports), *((n, None, None, d) for n, d in read.sources)]
        put(workbook_of(report.capitalize(), REPORT, rows, about), output)
    told_order(read.reports, order)
    if told_rejects(read):
        sys.exit(REJECTS)


def _about(reports: Reports) -> list[About]:
    totals = reports.totals
    lines: list[About] = []
    for name, each in totals.items():
        lines.append((f"{name} report", each.accounts, each.cents, ""))
        if each.by_hand:
            lines.append(("  of these by hand", each.by_hand, None, ""))
    accounts = sum(each.accounts for each in totals.values())
    lines.append(("all with a second payer", accounts, None, ""))
    lines.append(("accounts with one plan", reports.alone, None, ""))
    if reports.replaced:
        lines.append(("adjusted or reversed", reports.replaced, None, ""))
    if reports.rejected:
        lines.append(("rejected", reports.rejected, None, "can't be read"))
    return lines


def _show_totals(reports: Reports) -> None:
    from whopays.cli.cob.tables import show_table  # noqa: PLC0415 - on demand
    from whopays.model.money import dollars  # noqa: PLC0415

    rows = [
        (name, f"{number:,}", "" if cents is None else dollars(cents))
        for name, number, cents, _ in _about(reports)
        if number is not None
    ]
    show_table((("", "left"), ("accounts", "right"), ("expected", "right")), rows)


def _show(report: str, rows: Sequence[Row]) -> None:
    from whopays.cli.cob.tables import show_table  # noqa: PLC0415 - on demand
    from whopays.model.money import dollars  # noqa: PLC0415

    if not rows:
        click.echo(f"No account is on the {report} report.")
        return
    shown = rows[:_MOST_SHOWN]
    cells = [
        (
            row.account,
            row.plan if row.payer == row.plan else f"{row.payer} ({row.plan})",
            row.method,
            "" if row.expected is None else dollars(row.expected),
            _why(row),
        )
        for row in shown
    ]
    columns = (
        *(("account", "left"), ("payer", "left"), ("method", "left")),
        *(("expected", "right"), ("because", "left")),
    )
    show_table(columns, cells)
    if len(rows) > len(shown):
        more = len(rows) - len(shown)
        click.echo(f"and {more:,} more (-o FILE.csv or FILE.xlsx has all)")


def _why(row: Row) -> str:
    if not row.reasons:
        waiting = " (a payer ahead has not posted)" if row.basis == "expected" else ""
        return f"{row.because}{waiting}"
    said = [", ".join(row.reasons)]
    if row.failure:
        said.append(f"{row.failure}, {row.why}")
    elif row.why:
        said.append(row.why)
    text = ": ".join(said)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"
