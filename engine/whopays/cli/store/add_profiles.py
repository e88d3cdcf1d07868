"""`whopays store add-profiles`."""

from __future__ import annotations

from pathlib import Path

import click

from whopays.cli.problems import count
from whopays.cli.store.options import desk_of, of_store, said, why_option


@click.command("add-profiles")
@click.argument("file", type=click.Path(path_type=Path))
@why_option
@of_store
def command(file: Path, why: str, where: str, user: str | None) -> None:
    """Add the contract profiles in FILE, each under its own name: all of them, or none.

    What the store has already is not changed by this: check it out, or, before
    coordination is fully enabled, use `whopays cob profiles set`.
    """
    done = desk_of(where, user).add_profiles(file, said(why, "--why"))
    for each in done:
        state = "waits for a second person" if each.waits else f"version {each.number}"
        click.echo(f"{each.name}  {state}")
    click.echo(f"added {count(len(done), 'profile')}")
