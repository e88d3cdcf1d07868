"""`whopays explain`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.explained import explained_from_output, must_have_rules
from whopays.cli.options import (
    codes_option,
    contract_option,
    engine_option,
    known_on_option,
    state_licences,
)
from whopays.cli.pages import HTML, must_take_a_page, output_option, put
from whopays.cli.problems import REJECTS
from whopays.cli.whatif import (
    changes_of,
    must_be_party,
    must_wish,
    told_changes,
    what_would_change_options,
    wish_of,
)

if TYPE_CHECKING:
    from whopays.api import LineDecision
    from whopays.claims import ReadReport, Reject
    from whopays.model.changes import Changes
    from whopays.model.claim import Claim

_MOST_LINES = 2_000  # some kilobytes each; more are no reading for a person


@click.command("explain")
@click.argument("claims", type=click.Path(path_type=Path))
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="The rule file or folder; not for the output of `whopays decide`.",
)
@click.option("--claim", help="Only the claim with this id.")
@click.option("--line", help="Only this line.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["sentence", "tree", "json", "html"]),
    default="tree",
    show_default=True,
    help="json: for programs; html: a page for people.",
)
@output_option
@click.option("--why-not", metavar="PARTY", help="Say why PARTY does not bear it.")
@what_would_change_options
@click.option("--mapping", help="How the columns of a table, or of X12, are facts.")
@contract_option
@known_on_option
@engine_option
@codes_option
def command(  # noqa: PLR0917 - one for each option
    claims: Path,
    rules: Path | None,
    claim: str | None,
    line: str | None,
    form: str,
    output: Path | None,
    why_not: str | None,
    what_would_change: bool,
    party: str | None,
    to: str | None,
    mapping: str | None,
    contract: str | None,
    known_on: date | None,
    engine: str,
    codes: tuple[Path, ...],
) -> None:
    """Explain who pays the claims in the file CLAIMS, and why.

    CLAIMS may also be an output folder of `whopays decide`: then a claim, named by
    --claim, is explained as it was decided, without rules or claims.

    With --what-would-change: all smallest sets of facts by which the answer of a line
    would be another, and what they would have to be. Facts that rules declare `fixed`
    are left alone. Of an undetermined line it says which unknown facts would settle it.
    """
    from whopays.api import load  # noqa: PLC0415 - on demand
    from whopays.claims import ReadReport, Reject  # noqa: PLC0415

    must_take_a_page(output, form)
    if explained_from_output(click.get_current_context().params):
        return
    rules = must_have_rules(rules)
    wish = wish_of(party, to) if what_would_change else None
    must_wish(wish, party, to, why_not)
    book = load(rules, engine=engine, known_on=known_on, contract=contract, codes=codes)
    state_licences(book.packs)
    _must_be_parties(book.parties, why_not, party)
    page: list[tuple[LineDecision, Changes | None]] = []
    rejects: list[Reject] = []
    told = 0
    report = ReadReport()
    read = book.read(claims, mapping, report)
    for each in _asked_for(read, claim, line, book.decide):
        if isinstance(each, Reject):
            rejects.append(each)
            place = f"{each.file}, record {each.record}"
            problem = f"{each.field} {each.reason}".strip()
            click.echo(f"rejected: {place}: {problem}", err=True)
            continue
        told += 1
        decided = each
        changes = changes_of(book, decided.line, wish) if decided.line else None
        if form == HTML:
            _must_fit(told)
            page.append((decided, changes))
        elif changes is not None:
            click.echo(told_changes(decided, changes, form))
        else:
            click.echo(_told(decided, form, why_not))
    _note(report)
    if not told and (not rejects or claim is not None or line is not None):
        click.echo("no line of this claim and number was found", err=True)
        sys.exit(2)
    if form == HTML:
        from whopays.api.pages import page_of_lines  # noqa: PLC0415

        # A page about one claim goes to one reader, who has no business with others.
        mine = [
            each
            for each in rejects
            if claim in {None, each.claim_id} and line in {None, each.line}
        ]
        put(page_of_lines(book, page, mine, why_not), output)
    if rejects:
        sys.exit(REJECTS)


def _must_be_parties(parties: set[str], *names: str | None) -> None:
    for name in names:
        if name is not None:
            must_be_party(name, parties)


def _note(report: ReadReport) -> None:
    for note in report.remark_notes():
        click.echo(f"note: {note}", err=True)


def _asked_for(
    found: Iterable[Claim | Reject],
    claim: str | None,
    line: str | None,
    decide: Callable[[Claim], list[LineDecision]],
) -> Iterator[LineDecision | Reject]:
    """Yield the rejects, and the lines that are asked for, decided with their claim."""
    from whopays.model.claim import Claim  # noqa: PLC0415 - on demand

    for each in found:
        if not isinstance(each, Claim):
            yield each
        elif claim in {None, each.id}:
            asked = line is None or any(one.number == line for one in each.lines)
            decided = decide(each) if asked else []
            yield from (one for one in decided if line in {None, one.decision.line})


def _must_fit(lines: int) -> None:
    if lines > _MOST_LINES:
        raise click.UsageError(
            f"A page holds {_MOST_LINES:,} lines at most; choose a claim by `--claim`."
        )


def _told(decided: LineDecision, form: str, why_not: str | None) -> str:
    from whopays.explain.tree import why_not as why_not_text  # noqa: PLC0415

    if why_not is not None:
        return why_not_text(decided.decision, why_not)
    if form == "json":
        return json.dumps(decided.record(), indent=2, ensure_ascii=False)
    return decided.explain(form)
