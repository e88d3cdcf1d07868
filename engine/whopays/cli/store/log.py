"""`whopays store log`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from whopays.cli.store.options import json_option, opened, store_option
from whopays.cli.store.told import lines_of
from whopays.diagnostics import printable

if TYPE_CHECKING:
    from whopays.api.office import Store
    from whopays.store import Verdict
    from whopays.store.records import Entry


@click.command("log")
@click.argument("name", required=False)
@click.option("--last", type=click.IntRange(1), metavar="N", help="Only the last N.")
@store_option
@json_option
def command(name: str | None, last: int | None, where: str, form: str) -> None:
    """Show who did what, when and why: all of the store, or of NAME.

    Of NAME it also shows what each version says otherwise than the one before, and what
    was checked. Times are UTC.
    """
    store = opened(where)
    if name is not None and not store.trail(name):
        store.item(name)  # says what was probably meant
    entries = store.trail(name)
    entries = entries if last is None else entries[-last:]
    if form == "json":
        found = [{**asdict(each), "more": dict(each.more)} for each in entries]
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    verdicts = _verdicts(store, name) if name is not None else {}
    for entry in entries:
        click.echo(printable(_line(entry)))
        verdict = verdicts.get(entry.version)
        for line in () if verdict is None else lines_of(verdict):
            click.echo(f"        {line}")


def _verdicts(store: Store, name: str) -> dict[int | None, Verdict]:
    if not any(each.name == name for each in store.items()):
        return {}  # given up before anything of it was published
    return {each.number: each.verdict for each in store.versions(name)}


def _line(entry: Entry) -> str:
    words = [f"{entry.number:>5}", entry.at, entry.who, entry.what]
    if entry.item is not None:
        words.append(entry.item)
    if entry.version is not None:
        words.append(f"version {entry.version}")
    return "  ".join([*words, *_more(entry)])


def _more(entry: Entry) -> Iterator[str]:
    more = entry.more
    if entry.what in {"init", "facility"}:
        yield ", ".join(f"{name}: {_said(value)}" for name, value in more.items())
    if "author" in more:
        yield f"a change by {more['author']}"
    if "right" in more:
        yield f"{more.get('person')}: {more['right']}"
    if "restores" in more:
        yield f"as version {more['restores']}"
    if "instead_of" in more:
        yield f"after {more['instead_of']}'s expired"
    if entry.what in {"release", "send-back"}:
        yield f"of {more.get('owner')}"
    if "expires" in more:
        yield f"until {more['expires']}"
    for key in ("reason", "why"):
        if key in more:
            yield str(more[key])


def _said(value: object) -> str:
    return (
        {True: "yes", False: "no"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value)
    )
