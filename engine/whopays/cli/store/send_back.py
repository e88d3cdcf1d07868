"""`whopays store send-back`."""

from __future__ import annotations

import click

from whopays.cli.store.options import desk_of, of_store, said, why_option


@click.command("send-back")
@click.argument("name")
@why_option
@of_store
def command(name: str, why: str, where: str, user: str | None) -> None:
    """Give the change of NAME that waits back to its author.

    The author has it checked out for a day then; checking it out again writes the text
    that was sent back into a folder. Authors may take back their own.
    """
    desk = desk_of(where, user)
    author = desk.store.send_back(desk.who, name, said(why, "--why"))
    click.echo(
        f"{name} is checked out by {author} again, who gets its text by "
        f"whopays store check-out"
    )
