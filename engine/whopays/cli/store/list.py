"""`whopays store list`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from whopays.cli.problems import count
from whopays.cli.store.options import json_option, opened, store_option
from whopays.diagnostics import printable

if TYPE_CHECKING:
    from whopays.store import Item


@click.command("list")
@click.option("--out", is_flag=True, help="Only what is checked out or waits.")
@store_option
@json_option
def command(*, out: bool, where: str, form: str) -> None:
    """List the profiles and contracts, their versions, and who has them checked out."""
    store = opened(where)
    at = store.now()
    items = [
        each for each in store.items() if not out or each.is_out(at) or each.proposal
    ]
    if form == "json":
        found = [_record(each, at) for each in items]
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    _show(items, at)
    waiting = sum(each.proposal is not None for each in items)
    taken = sum(each.is_out(at) for each in items)
    click.echo(f"\n{count(len(items), 'item')}, {taken} checked out, {waiting} waiting")


def _record(item: Item, at: str) -> dict[str, object]:
    out, waiting = item.check_out, item.proposal
    return {
        "name": item.name,
        "kind": item.kind,
        "version": item.current,
        "sha256": item.digest,
        "checked_out": None
        if out is None or not item.is_out(at)
        else {
            "by": out.owner,
            "reason": out.reason,
            "since": out.since,
            "until": out.expires,
        },
        "waiting": None
        if waiting is None
        else {"by": waiting.who, "why": waiting.why, "since": waiting.at},
    }


def _show(items: list[Item], at: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - on demand
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    for column in ("name", "kind", "version", "state"):
        table.add_column(column, overflow="fold")
    for item in items:
        version = str(item.current) if item.current else "none yet"
        state = printable(_state(item, at))
        table.add_row(*map(Text, (printable(item.name), item.kind, version, state)))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def _state(item: Item, at: str) -> str:
    out, waiting = item.check_out, item.proposal
    if waiting is not None:
        return f"waits for a second person: {waiting.why} ({waiting.who})"
    if out is None:
        return "free"
    if not item.is_out(at):
        return f"free; the check-out by {out.owner} expired {out.expires}"
    return f"checked out by {out.owner} until {out.expires}: {out.reason}"
