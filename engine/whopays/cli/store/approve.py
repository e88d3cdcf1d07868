"""`whopays store approve`."""

from __future__ import annotations

import click

from whopays.cli.store.options import desk_of, of_store
from whopays.cli.store.told import tell


@click.command("approve")
@click.argument("name")
@of_store
def command(name: str, where: str, user: str | None) -> None:
    """Publish the change of NAME that waits, as the second person.

    Nobody approves an own change. It is checked and tested once more first. Look at it
    with: whopays store show NAME --waiting.
    """
    desk = desk_of(where, user)
    tell(desk.store, desk.approve(name))
