"""`whopays store allow`."""

from __future__ import annotations

import click

from whopays.cli.store.options import desk_of, name_of, of_store, right_argument


@click.command("allow")
@click.argument("person")
@right_argument
@of_store
def command(person: str, right: str, where: str, user: str | None) -> None:
    """Give PERSON the right RIGHT.

    edit: add, check out, check in, restore. approve: publish what others checked in.
    calculate: ad hoc calculation. manage: settings, rights, release of what others have.
    Who has the right to manage gives and takes rights.
    """
    desk = desk_of(where, user)
    name = name_of(person)
    is_new = desk.store.allow(desk.who, name, right)
    click.echo(f"{name} may {right}" + ("" if is_new else ", as before"))
