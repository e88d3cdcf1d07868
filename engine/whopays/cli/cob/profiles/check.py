"""`whopays cob profiles check`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.cob.profiles.options import own_option
from whopays.cli.problems import count

if TYPE_CHECKING:
    from whopays.office import Profile


@click.command("check")
@click.argument("profiles", metavar="FILE", type=click.Path(path_type=Path))
@own_option
def command(profiles: Path, own: tuple[Path, ...]) -> None:
    """Read the contract profiles in FILE, and show them.

    Whatever is wrong is told with its line: a key or a word that there is not, a method
    that is in no rule file or not for the position, two profiles for one plan on one day.
    """
    from whopays.api.profiles import read_profiles  # noqa: PLC0415 - on demand

    found = read_profiles(profiles, own)
    _show(found)
    click.echo(f"\n{count(len(found), 'profile')}, and nothing is wrong")


def _show(profiles: tuple[Profile, ...]) -> None:
    from rich.console import Console  # noqa: PLC0415 - on demand
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    for column in (
        *("profile", "plans", "days", "secondary", "tertiary"),
        *("language category", "reprice"),
    ):
        table.add_column(column, overflow="fold")
    for each in profiles:
        cells = (
            *(each.id, ", ".join(each.plans), _days(each)),
            *(each.secondary or "none", each.tertiary or "none"),
            *(each.language_category, each.reprice),
        )
        table.add_row(*map(Text, cells))
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def _days(profile: Profile) -> str:
    first, last = profile.effective, profile.termination
    if first is None and last is None:
        return "always"
    since = f"from {first}" if first else ""
    until = f"to {last}" if last else ""
    return f"{since} {until}".strip()
