"""`whopays catalog`: what a catalog does with codes."""

from __future__ import annotations

import click

from whopays.cli.lazy import Lazy


class _Commands(Lazy):
    """The commands about catalogs."""

    package = "whopays.cli.catalog"
    commands_of = {  # noqa: RUF012 - never changed
        "lookup": "Explain a code: which services claim it, which one wins, and why.",
        "coverage": "Count which codes of a list each service claims.",
        "diff": "Show which codes moved between two catalogs, and whom that touches.",
    }


@click.group("catalog", cls=_Commands)
def command() -> None:
    """Ask a catalog of services about codes.

    A catalog is named by its path, or one that ships by its folder or version: 2026,
    2026.1, "STD 2026.1". Without a name it is the latest that ships.
    """
