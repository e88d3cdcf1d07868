"""`whopays store upgrade`."""

from __future__ import annotations

import click

from whopays.cli.store.options import must_have_libraries, store_option


@click.command("upgrade")
@store_option
def command(where: str) -> None:
    """Bring the tables of a store of an earlier whopays up to this one.

    Make a copy of the store first. It is done whole or not at all.
    """
    must_have_libraries()
    from whopays.api.office import upgrade_store  # noqa: PLC0415 - on demand

    place, was_old = upgrade_store(where)
    click.echo(f"{place} is up to date" + ("" if was_old else " already"))
