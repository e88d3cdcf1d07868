"""`whopays explain`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.options import (
    contract_option,
    engine_option,
    known_on_option,
    rules_option,
)
from whopays.cli.problems import REJECTS

if TYPE_CHECKING:
    from whopays.api import LineDecision


@click.command("explain")
@click.argument("claims", type=click.Path(path_type=Path))
@rules_option
@click.option("--claim", help="Only the claim with this id.")
@click.option("--line", help="Only this line.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["sentence", "tree", "json"]),
    default="tree",
    show_default=True,
)
@click.option("--why-not", metavar="PARTY", help="Say why PARTY does not bear it.")
@click.option("--mapping", help="How the columns of a table are facts.")
@contract_option
@known_on_option
@engine_option
def command(  # noqa: PLR0917 - one for each option
    claims: Path,
    rules: Path,
    claim: str | None,
    line: str | None,
    form: str,
    why_not: str | None,
    mapping: str | None,
    contract: str | None,
    known_on: date | None,
    engine: str,
) -> None:
    """Explain who pays the claims in the file CLAIMS, and why."""
    from whopays.api import load  # noqa: PLC0415 - on demand
    from whopays.claims import Reject  # noqa: PLC0415

    book = load(rules, engine=engine, known_on=known_on, contract=contract)
    if why_not is not None:
        _must_be_party(why_not, book.parties)
    shown, rejected = 0, 0
    for each in book.read(claims, mapping):
        if isinstance(each, Reject):
            rejected += 1
            place = f"{each.file}, record {each.record}"
            problem = f"{each.field} {each.reason}".strip()
            click.echo(f"rejected: {place}: {problem}", err=True)
            continue
        if claim is not None and each.id != claim:
            continue
        for one in each.lines:
            if line is not None and one.number != line:
                continue
            shown += 1
            click.echo(_told(book.decide_line(one), form, why_not))
    if not shown and (not rejected or claim is not None or line is not None):
        click.echo("no line of this claim and number was found", err=True)
        sys.exit(2)
    if rejected:
        sys.exit(REJECTS)


def _told(decided: LineDecision, form: str, why_not: str | None) -> str:
    from whopays.explain.tree import why_not as why_not_text  # noqa: PLC0415

    if why_not is not None:
        return why_not_text(decided.decision, why_not)
    if form == "json":
        return json.dumps(decided.record(), indent=2, ensure_ascii=False)
    return decided.explain(form)


def _must_be_party(name: str, parties: set[str]) -> None:
    from whopays.diagnostics import nearest  # noqa: PLC0415 - on demand

    if name in parties:
        return
    near = nearest(name, sorted(parties))
    hint = f" Did you mean `{near}`?" if near else ""
    raise click.UsageError(f"There is no party `{name}`.{hint}")
