"""`whopays terms CLAIM`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.options import Day
from whopays.cli.pages import HTML, must_take_a_page, output_option, put
from whopays.cli.problems import REJECTS
from whopays.cli.terms.options import (
    facts_option,
    mapping_option,
    rules_option,
    told_notes,
    told_reject,
)

if TYPE_CHECKING:
    from whopays.api.terms import Said, TermBook

_MOST_CLAIMS = 200  # some hundred kilobytes each: more are no reading for a person


@click.command("show")
@click.argument("claims", metavar="CLAIM", type=click.Path(path_type=Path))
@rules_option
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="NAME",
    help="Only the words of this source, or a part of its name. Repeatable.",
)
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
@click.option(
    "--reading",
    default="",
    metavar="NAME",
    help="Show this reading beside the answers; all: every reading.",
)
@click.option("--claim", help="Only the claim with this id.")
@facts_option
@mapping_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", HTML]),
    default="text",
    show_default=True,
    help="json: a record a claim, in cents; html: a page for people, with all readings.",
)
@output_option
def command(  # noqa: PLR0917 - one for each option
    claims: Path,
    rules: Path | None,
    sources: tuple[str, ...],
    words: tuple[str, ...],
    edition: date | None,
    reading: str,
    claim: str | None,
    facts: str,
    mapping: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Print the claims in the file CLAIM in every source's words, side by side.

    Each amount stands with its formula and with the numbers in it. A term that a source
    does not define, that can be read in two ways, or that does not apply is said to be
    so; one for which facts are missing names them. CLAIM is a claim document, a table, or
    X12: an 835, or an 837, which is shown as it was sent and as each other payer has seen
    it. The exit code is 3 when something can't be read.
    """
    from whopays.api.terms import ReadReport, Reject, load_terms  # noqa: PLC0415

    must_take_a_page(output, form)
    book = load_terms(rules, facts)
    asked = tuple(book.source(each) for each in sources)
    named = tuple(book.word(each) for each in words)
    _must_be_reading(book, reading)
    report = ReadReport()
    rejects = told = 0
    page: list[Said] = []
    for each in book.read(claims, mapping, report):
        if isinstance(each, Reject):
            rejects += 1
            told_reject(each)
            continue
        if claim not in {None, each.id}:
            continue
        said = book.said(each, asked, named, edition)
        if form == HTML:
            _must_fit(told)
            page.append(said)
        elif form == "json":
            click.echo(json.dumps(book.record(said), ensure_ascii=False))
        else:
            click.echo(
                f"\n{book.tree(said, reading)}" if told else book.tree(said, reading)
            )
        told += 1
    told_notes(report)
    if page:
        day = edition.isoformat() if edition else ""
        asked_for = (("by the definitions of", day), ("with the facts", facts))
        put(book.page(page, tuple(each for each in asked_for if each[1])), output)
    if rejects:
        sys.exit(REJECTS)
    if not told:
        which = f"no claim {claim}" if claim else "no claim"
        raise click.UsageError(f"{claims.name} has {which}")


def _must_fit(claims: int) -> None:
    if claims >= _MOST_CLAIMS:
        raise click.UsageError(
            f"A page holds {_MOST_CLAIMS:,} claims at most; choose one by `--claim`."
        )


def _must_be_reading(book: TermBook, reading: str) -> None:
    known = book.readings
    if reading in {"", "all", *known}:
        return
    from whopays.diagnostics import nearest  # noqa: PLC0415 - on demand

    near = nearest(reading, known)
    hint = f"did you mean {near}?" if near else f"there are {', '.join(sorted(known))}"
    raise click.UsageError(f"no term has a reading {reading}; {hint}")
