"""`whopays export apcd`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.problems import PROBLEMS, REJECTS, count
from whopays.cli.terms.options import (
    facts_option,
    mapping_option,
    rules_option,
    told_notes,
    told_reject,
)

if TYPE_CHECKING:
    from whopays.api.exports import Export


@click.command("apcd")
@click.argument(
    "claims",
    metavar="CLAIMS...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--layout",
    required=True,
    metavar="LAYOUT",
    help="apcd-cdl, arkansas, colorado, massachusetts, washington; or a .yaml file.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="The file to write; problems and a manifest are written beside it.",
)
@rules_option
@facts_option
@mapping_option
def command(  # noqa: PLR0917 - one for each option
    claims: tuple[Path, ...],
    layout: str,
    output: Path,
    rules: Path | None,
    facts: str,
    mapping: str | None,
) -> None:
    """Write the files CLAIMS for an all-payer claims database: a row for each line.

    A layout says which element is which fact of a line, or which source's word, and what
    an empty element means. An amount that is undetermined, ambiguous, undefined or not
    applicable is left empty, never written as 0.00; FILE.problems.csv says where and why,
    and which amounts do not add up. FILE.manifest.json has the digests of claims, layout
    and rules, and the counts. The file is written all the same. The exit code is 1 when a
    required element is empty or a claim does not add up, and 3 when something can't be
    read.
    """
    from whopays.api.exports import Export, beside, read_layout  # noqa: PLC0415
    from whopays.api.terms import ReadReport, load_terms  # noqa: PLC0415
    from whopays.cli.spreadsheet import Sheet  # noqa: PLC0415

    written = {each.resolve() for each in (output, *beside(output))}
    for path in claims:
        path.stat()
        if path.resolve() in written:
            raise click.UsageError(f"{path} is a file of claims: name another to write")
    if Path(layout).resolve() in written:
        raise click.UsageError(f"{layout} is the layout: name another file to write")
    book = load_terms(rules, facts)
    export = Export(book, read_layout(layout, book), Sheet)
    report = ReadReport()
    for reject in export.write(claims, output, mapping, report):
        told_reject(reject)
    told_notes(report)
    for text in _told(export, output):
        click.echo(text)
    if export.counts.rejects:
        sys.exit(REJECTS)
    if export.counts.errors:
        sys.exit(PROBLEMS)


def _told(export: Export, output: Path) -> Iterator[str]:
    """Yield what was written, element by element, and what is wrong."""
    from whopays.api.exports import beside  # noqa: PLC0415 - on demand
    from whopays.terms.exported import EMPTY, WRITTEN  # noqa: PLC0415

    counts = export.counts
    lines, of = count(counts.lines, "line"), count(counts.claims, "claim")
    yield f"{export.read.layout.name}: {lines} of {of} written to {output}"
    wide = max(map(len, counts.cells))
    yield f"  {'':<{wide}}  written  empty"
    for name, found in counts.cells.items():
        empty = [f"{each} {found[each]:,}" for each in EMPTY if found[each]]
        yield f"  {name:<{wide}}  {found[WRITTEN]:>7,}  {', '.join(empty)}".rstrip()
    yield f"an empty element means: {export.read.layout.empty}"
    if counts.left_out:
        yield f"denied, and left out as the layout says: {count(counts.left_out, 'line')}"
    if counts.other_views:
        views = count(counts.other_views, "claim")
        yield f"left out, as what other payers have seen: {views}"
    if counts.not_checked:
        open_ = count(counts.not_checked, "row")
        yield f"not checked whether the charge adds up, for want of components: {open_}"
    if counts.needs:
        most = ", ".join(f"{n} ({c:,})" for n, c in counts.needs.most_common(3))
        yield f"facts most needed: {most}; --facts says what holds of every line"
    errors = count(counts.errors, "error")
    warnings = count(counts.warnings, "warning")
    yield f"{errors}, {warnings}: {beside(output)[0]}"
