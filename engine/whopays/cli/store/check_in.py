"""`whopays store check-in`."""

from __future__ import annotations

from pathlib import Path

import click

from whopays.cli.store.options import desk_of, of_store, said, why_option
from whopays.cli.store.told import tell


@click.command("check-in")
@click.argument("name")
@why_option
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path),
    help="The folder of the check-out; else NAME, here.",
)
@of_store
def command(
    name: str, why: str, folder: Path | None, where: str, user: str | None
) -> None:
    """Check in NAME from the folder that the check-out wrote.

    A profile is read and its methods looked up; of a contract all is checked, and its
    tests run. With an error or a failed test nothing is kept, and you still have it
    checked out. What differs from the version before is shown and kept.
    """
    desk = desk_of(where, user)
    tell(desk.store, desk.check_in(name, said(why, "--why"), folder))
