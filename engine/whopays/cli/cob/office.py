"""What the report, the worklist and the bulk update have in common: accounts and profiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.cob.options import told_reject

if TYPE_CHECKING:
    from whopays.api.reports import Reported

_MOST_TOLD = 20

accounts_argument = click.argument(
    "accounts", nargs=-1, required=True, type=click.Path(path_type=Path)
)
profiles_option = click.option(
    "--profiles",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="The contract profiles, a YAML file.",
)


def read_office(
    accounts: tuple[Path, ...], profiles: Path, rules: Path | None, order: str | None
) -> Reported:
    """Return what the accounts come to by the profiles."""
    from whopays.api.accounts import load_accounts  # noqa: PLC0415 - on demand
    from whopays.api.profiles import profiles_of_file  # noqa: PLC0415
    from whopays.api.reports import report_files  # noqa: PLC0415

    found = profiles_of_file(profiles, () if rules is None else (rules,))
    book = load_accounts(rules, order=order, profiles=found)
    return report_files(book, found, accounts)


def told_rejects(read: Reported) -> bool:
    """Say which accounts can't be read, and what was left out; tell if there are any."""
    for note in read.notes:
        click.echo(f"note: {note}", err=True)
    for each in read.rejects[:_MOST_TOLD]:
        told_reject(each.file, each.record, f"{each.field} {each.reason}")
    more = len(read.rejects) - _MOST_TOLD
    if more > 0:
        click.echo(f"rejected: {more:,} more", err=True)
    return bool(read.rejects)
