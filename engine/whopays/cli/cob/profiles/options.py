"""Options that several commands about profiles have."""

from __future__ import annotations

from pathlib import Path

import click

own_option = click.option(
    "--rules",
    "own",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A rule file or folder with methods of yours, beside those that ship. Repeatable.",
)
