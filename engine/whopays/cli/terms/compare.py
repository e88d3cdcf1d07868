"""`whopays terms compare`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.options import Day
from whopays.cli.problems import REJECTS
from whopays.cli.terms.options import (
    facts_option,
    mapping_option,
    rules_option,
    told_notes,
    told_reject,
)

if TYPE_CHECKING:
    from whopays.api.comparison import Comparison
    from whopays.api.terms import ComponentClaim


@click.command("compare")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option(
    "--claims",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    metavar="FILE",
    help="The claims: documents, a table, or X12. Repeatable.",
)
@rules_option
@click.option(
    "--word",
    "words",
    multiple=True,
    metavar="NAME",
    help="Only this word, such as paid_amount. Repeatable.",
)
@click.option(
    "--edition",
    type=Day(),
    help="By the definitions in force on this day, whatever the service date.",
)
@facts_option
@mapping_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: a record a difference, then the sums; amounts in cents.",
)
def command(  # noqa: PLR0917 - one for each option
    one: str,
    other: str,
    files: tuple[Path, ...],
    rules: Path | None,
    words: tuple[str, ...],
    edition: date | None,
    facts: str,
    mapping: str | None,
    form: str,
) -> None:
    """Say on which lines the sources A and B differ, by how much, and why.

    A and B are names of sources, or a part that is of one alone: `colo` is Colorado DSG.
    Each word that both define is compared. A difference is told with the components that
    cause it; they add up to it. A line on which one source has an amount and the other
    has none is told too: none is not $0.00. An amount per claim is compared with the sum
    over the lines. Sums over all claims follow. The exit code is 3 when something can't be
    read.
    """
    from whopays.api.comparison import comparison  # noqa: PLC0415 - on demand
    from whopays.api.terms import ReadReport, Reject, load_terms  # noqa: PLC0415
    from whopays.explain.terms.compared import sums_record, sums_text  # noqa: PLC0415

    both = comparison(load_terms(rules, facts), (one, other), words, edition)
    if form == "text":
        click.echo(f"{' against '.join(both.sources)}: {', '.join(both.words)}")
    for path in files:
        path.stat()
    rejects = 0
    report = ReadReport()
    for path in files:
        for each in both.book.read(path, mapping, report):
            if isinstance(each, Reject):
                rejects += 1
                told_reject(each)
            else:
                _tell(both, each, form)
    told_notes(report)
    if form == "json":
        click.echo(json.dumps(sums_record(both.sums, both.sources)))
    else:
        click.echo(sums_text(both.sums, both.sources))
    if rejects:
        sys.exit(REJECTS)


def _tell(both: Comparison, claim: ComponentClaim, form: str) -> None:
    from whopays.explain.terms.compared import (  # noqa: PLC0415 - on demand
        compared_record,
        compared_text,
    )
    from whopays.terms.compared import NEITHER, SAME  # noqa: PLC0415

    for found in both.take(claim):
        if found.outcome in {SAME, NEITHER}:
            continue
        if form == "json":
            click.echo(json.dumps(compared_record(found, claim), ensure_ascii=False))
        else:
            click.echo(f"  {compared_text(found, claim)}")
