"""`whopays store restore`."""

from __future__ import annotations

import click

from whopays.cli.store.options import desk_of, of_store, said, why_option
from whopays.cli.store.told import tell


@click.command("restore")
@click.argument("name")
@click.option("--version", "number", type=click.IntRange(1), required=True)
@why_option
@of_store
def command(name: str, number: int, why: str, where: str, user: str | None) -> None:
    """Make an earlier version of NAME the current one.

    It becomes a new version with the old text, checked and tested by what is in force
    today; nothing of the history goes. Another's check-out stands against it.
    """
    desk = desk_of(where, user)
    tell(desk.store, desk.restore(name, number, said(why, "--why")))
