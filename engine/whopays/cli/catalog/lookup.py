"""`whopays catalog lookup`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.catalog.options import catalog_option, facts_option, user_option
from whopays.cli.catalog.packs import packs_record, told_packs
from whopays.cli.options import Day, codes_option, state_licences
from whopays.diagnostics import printable
from whopays.model.codes import shape_example

if TYPE_CHECKING:
    from whopays.analyse.catalogs.candidates import Candidate, Looked
    from whopays.analyse.catalogs.lookup import Lookup
    from whopays.model.changes import Changes

_MOST_WAYS = 12
_STATES = {
    "chosen": "takes the line",
    "after": "comes after",
    "open": "may take the line",
    "failed": "does not hold",
    "no row": "passed over: the contract has no row for it",
    "not reached": "not asked",
}


@click.command("lookup")
@click.argument("words", nargs=-1, required=True, metavar="CODE")
@catalog_option
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="Rules with the contract, or the catalog; else those that ship.",
)
@click.option(
    "--contract",
    metavar="ID",
    help="Only services with a row in this contract are candidates.",
)
@facts_option
@click.option("--as-of", type=Day(), help="The day on which the contract is read.")
@codes_option
@user_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
def command(  # noqa: PLR0917 - one for each option
    words: tuple[str, ...],
    catalog: str | None,
    rules: Path | None,
    contract: str | None,
    facts: str,
    as_of: date | None,
    codes: tuple[Path, ...],
    user: str,
    form: str,
) -> None:
    """Explain what becomes of CODE: 99283, "CPT 99283", F32.9, 450.

    Shows each service whose codes claim it, by which range; which of them remain under
    the facts; which one takes the line, and why. Facts that are not given are unknown,
    and it is said which of them would settle it. A code that is looked at beside CODE
    (a revenue code beside a procedure code) is taken as none unless it is given.
    """
    from whopays.analyse.catalogs.lookup_record import lookup_record  # noqa: PLC0415
    from whopays.api.catalogs import explain_code  # noqa: PLC0415 - on demand
    from whopays.codes import load_pack  # noqa: PLC0415

    packs = tuple(load_pack(each, wordings=True) for each in codes)
    found = explain_code(
        " ".join(words),
        catalog=catalog,
        rules=rules,
        contract=contract,
        facts=facts,
        as_of=as_of,
    )
    key, day = (found.system, found.code), as_of or found.service_date
    state_licences(packs)
    if form == "json":
        # Never with a wording: what is written for programs goes on to others.
        record = {**lookup_record(found), "packs": packs_record(packs, key, day)}
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
        return
    for line in _told(found):
        click.echo(printable(line))
    for line in told_packs(packs, key, day, user):
        click.echo(printable(line))


def _told(found: Lookup) -> Iterator[str]:
    yield from _head(found)
    yield f"  {_answer(found)}"
    if found.changes is not None:
        yield from (f"    {each}" for each in _ways(found.changes))
    elif found.status == "open":
        yield "    (too many facts are unknown to say what each would lead to)"
    if len(found.looked) > 1:
        yield "  Its codes are looked at in the order"
        yield from (f"    {line}" for line in found.order)
    if found.supposed:
        yield f"  Taken as none: {', '.join(found.supposed)} (--facts can say more)"
    for looked in found.looked:
        yield from _looked(looked)
    if found.codeless:
        yield "  Services without codes, by their condition"
        yield from (f"    {_candidate(each)}" for each in found.codeless)
    if found.mentioned:
        yield "  Conditions of services that ask for it"
        for each in found.mentioned:
            yield f"    {each.category}: {'; '.join(each.ranges)}"
    yield from _near(found)
    yield from _rows(found)


def _head(found: Lookup) -> Iterator[str]:
    catalog = f"catalog {found.catalog.id} {found.catalog.version}"
    yield f"{found.code_text} in {catalog}"
    if not found.is_claimed:
        if found.also:
            yield f"  (if {' or '.join(found.also)} is meant, write it so)"
        if found.short_of:
            like = " or ".join(f"{s} {shape_example(s)}" for s in found.short_of)
            yield f"  (a code like {like} has one character more: is one missing?)"
    if found.stated is not None:
        yield f"  for contract {found.stated.label}"
    if found.given:
        yield f"  given {', '.join(f'{n} {v}' for n, v in found.given.items())}"


def _answer(found: Lookup) -> str:
    if found.status in {"placed", "open"} and not found.is_claimed:
        return f"No service claims it. {_placing(found)}"
    return _placing(found)


def _placing(found: Lookup) -> str:
    if found.status == "placed":
        by = f"by {found.by_fact}" if found.by_fact else "by its condition"
        return f"{found.winner} takes the line, {by}."
    if found.status == "open":
        return f"Undetermined: needs {', '.join(found.needs) or 'more than one fact'}."
    if found.status == "tie":
        return (
            f"Ambiguous: {' and '.join(found.ties)} both hold the line, and neither is "
            "ranked before the other."
        )
    if found.status == "nowhere":
        return (
            "No service takes the line."
            if found.is_claimed
            else "No service claims it, and none takes the line by its condition."
        )
    return f"No `match by` looks at codes of {found.system}, so none of them places a line."


def _ways(changes: Changes) -> Iterator[str]:
    from whopays.analyse.catalogs.lookup_record import category_of  # noqa: PLC0415

    ways = [way for each in changes.sets for way in each.ways]
    for way in ways[:_MOST_WAYS]:
        service = category_of(way.status, way.answer)
        said = service or way.answer.replace("unlisted", "no service")
        yield f"{' and '.join(b.condition for b in way.becomes)} → {said}"
    if len(ways) > _MOST_WAYS:
        yield f"and {len(ways) - _MOST_WAYS} more (json has all)"


def _looked(looked: Looked) -> Iterator[str]:
    yield f"  By {looked.fact} {looked.code}"
    for each in looked.candidates:
        yield f"    {_candidate(each)}"
    if not looked.candidates:
        yield "    claimed by no service"


def _candidate(each: Candidate) -> str:
    codes = f" ({', '.join(each.ranges)})" if each.ranges else ""
    reasons = f": {'; '.join(each.reasons)}" if each.reasons else ""
    return f"{each.category}{codes}, {_STATES[each.state]}{reasons}"


def _near(found: Lookup) -> Iterator[str]:
    if not found.near:
        return
    yield "  The nearest that are claimed"
    for each in found.near:
        yield f"    {each.codes} by {', '.join(each.categories)}"


def _rows(found: Lookup) -> Iterator[str]:
    if found.stated is None or not found.winner:
        return
    rows = found.stated.rows(found.winner)
    treats = found.stated.treats(found.winner)
    yield f"  Rows of {found.stated.contract.id} for it"
    for row in rows:
        cites = f" ({'; '.join(row.cites)})" if row.cites else ""
        yield f"    {row.id} → {row.answer.text}{cites}"
    for treat in treats:
        when = f" when {treat.when.text}" if treat.when is not None else ""
        yield f"    treat {treat.id} as {treat.target}{when}"
