"""`whopays store release`."""

from __future__ import annotations

import click

from whopays.cli.store.options import desk_of, of_store


@click.command("release")
@click.argument("name")
@of_store
def command(name: str, where: str, user: str | None) -> None:
    """Give NAME back unchanged, so that others can check it out.

    With the right to manage you may release what another has checked out; the files in
    that person's folder stay, and nothing of them is in the store.
    """
    desk = desk_of(where, user)
    desk.store.release(desk.who, name)
    click.echo(f"{name} is free")
