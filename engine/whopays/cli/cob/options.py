"""What the commands about accounts have in common: options, and reading one account."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.problems import REJECTS

if TYPE_CHECKING:
    from whopays.api.accounts import AccountBook
    from whopays.model.account import Account

rules_option = click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="The rule file or folder with methods and orders; else those that ship.",
)
order_option = click.option(
    "--order",
    metavar="ID",
    help="The order of benefits; as-given: the plans stand in the order they pay in.",
)
method_option = click.option(
    "--method", metavar="ID", help="The method of plans that name none."
)
profiles_option = click.option(
    "--profiles",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A profile file: plans pay by the methods of their profiles for their position.",
)
account_option = click.option(
    "--account", metavar="ID", help="Which account, where the file has several."
)


def one_account(book: AccountBook, path: Path, asked: str | None) -> Account:
    """Return the account of the file at `path`; say what is wrong, and stop, if none."""
    from whopays.api.accounts import ReadReport, Reject  # noqa: PLC0415 - on demand

    report = ReadReport()
    found, rejects = [], []
    for each in book.read(path, report):
        if isinstance(each, Reject):
            rejects.append(each)
        elif not each.reverses and asked in {None, each.account.id}:
            found.append(each.account)
    for note in report.notes():
        click.echo(f"note: {note}", err=True)
    if len(found) == 1 and (asked or not rejects):
        return found[0]
    if len(found) > 1:
        count = f"{path.name} has {len(found)} accounts"
        told = f" {asked}: `cob reprice` settles each" if asked else ""
        raise click.UsageError(f"{count}{told or ': name one with --account'}")
    for reject in rejects:
        told_reject(reject.file, reject.record, f"{reject.field} {reject.reason}")
    if rejects:
        sys.exit(REJECTS)
    if asked and not found:
        raise click.UsageError(f"{path.name} has no account {asked}")
    raise click.UsageError(f"{path.name} has no account")


def told_reject(file: str, record: int, problem: str) -> None:
    """Say what could not be read."""
    click.echo(f"rejected: {file}, record {record}: {problem.strip()}", err=True)
