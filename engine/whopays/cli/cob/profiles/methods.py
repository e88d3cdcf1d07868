"""`whopays cob profiles methods`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from whopays.cli.cob.profiles.options import own_option


@click.command("methods")
@own_option
def command(own: tuple[Path, ...]) -> None:
    """List the methods that profiles may name, with the positions they are for.

    They are those that come with whopays, and those of your rule files (--rules).
    """
    from rich.console import Console  # noqa: PLC0415 - on demand
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from whopays.api.profiles import methods_of  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    for column in ("method", "for", "title"):
        table.add_column(column, overflow="fold")
    for name, method in methods_of(own).items():
        cells = (name, ", ".join(method.positions), method.title)
        table.add_row(*map(Text, cells))
    Console(width=None if sys.stdout.isatty() else 120).print(table)
