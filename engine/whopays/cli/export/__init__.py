"""`whopays export`: claims as files for others."""

from __future__ import annotations

import click

from whopays.cli.lazy import Lazy


class _Commands(Lazy):
    """The commands that write files for others."""

    package = "whopays.cli.export"
    commands_of = {  # noqa: RUF012 - never changed
        "apcd": "Write the money elements of medical claims for an all-payer database.",
    }


@click.group("export", cls=_Commands)
def command() -> None:
    """Write claims as files for others, in their words."""
