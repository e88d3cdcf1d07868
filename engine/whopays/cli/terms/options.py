"""What the commands about payment terms have in common: options, notes and rejects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from whopays.api.terms import ReadReport, Reject

rules_option = click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="The rule file or folder with terms; else those that ship.",
)
facts_option = click.option(
    "--facts",
    default="",
    metavar="TEXT",
    help="What lines do not say: 'claim_type professional, adjudicated yes'.",
)
mapping_option = click.option(
    "--mapping", help="How the columns of a table, or of X12, are facts."
)


def told_reject(reject: Reject) -> None:
    """Say what could not be read."""
    place = f"{Path(reject.file).name}, record {reject.record}"
    problem = f"{reject.field} {reject.reason}".strip()
    click.echo(f"rejected: {place}: {problem}", err=True)


def told_notes(report: ReadReport) -> None:
    """Say what was left out of a file, and what was wrong and was read on."""
    for note in report.notes():
        click.echo(f"note: {note}", err=True)
