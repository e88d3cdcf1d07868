"""`whopays store init`."""

from __future__ import annotations

import click

from whopays.cli.store.options import must_have_libraries, name_of, of_store, said


@click.command("init")
@click.argument("facility")
@of_store
def command(facility: str, where: str, user: str | None) -> None:
    """Make a store for FACILITY, the name of the hospital.

    You get all rights in it: edit, approve, calculate, manage. Coordination is not fully
    enabled at first: `whopays store facility` shows and changes the settings.
    """
    must_have_libraries()
    from whopays.api.office import Facility, make_store  # noqa: PLC0415 - on demand

    who = name_of(user)
    store = make_store(where, Facility(said(facility, "FACILITY")), who)
    click.echo(f"made the store {store.place} for {store.facility().name}")
    click.echo(f"{who} has all rights; give others theirs with: whopays store allow")
