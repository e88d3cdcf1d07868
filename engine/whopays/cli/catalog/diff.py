"""`whopays catalog diff`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.catalog.packs import file_of_list
from whopays.cli.problems import PROBLEMS, REJECTS
from whopays.diagnostics import printable

if TYPE_CHECKING:
    from whopays.analyse.catalogs.moves import Diff, Move
    from whopays.analyse.catalogs.touched import Touched, TouchedContract

_MOST_RANGES, _MOST_EXAMPLES = 12, 8


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option(
    "--rules",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Rules with contracts; else those that ship. Repeatable.",
)
@click.option(
    "--codes",
    type=click.Path(path_type=Path),
    metavar="LIST",
    help="Count real codes: only what moves codes of this list (or pack) is shown.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
def command(
    old: str, new: str, rules: tuple[Path, ...], codes: Path | None, form: str
) -> None:
    """Show which codes move from the catalog OLD to NEW, and which rows that touches.

    A catalog is a path, or one that ships: 2026, 2026.1, "STD 2026.1". Codes are told
    by ranges: with --codes those of a list (see `catalog coverage`) are counted in each.
    A row is touched where codes may reach it that did not, or no longer do. The exit
    code is 0 if nothing differs, 1 if something does, 3 if rows of LIST can't be read.
    """
    from whopays.analyse.catalogs.diff_record import diff_record  # noqa: PLC0415
    from whopays.api.catalog_diff import compare_catalogs  # noqa: PLC0415 - on demand

    found, contracts = compare_catalogs(old, new, rules or None)
    real, unread = _counted(found, codes) if codes is not None else (None, 0)
    if form == "json":
        counts = None if real is None else {at: each[0] for at, each in real.items()}
        record = diff_record(found, contracts, counts)
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        for line in _told(found, contracts, real):
            click.echo(printable(line))
    if unread:
        message = (
            f"{unread:,} rows of {codes} can't be read (`catalog coverage` lists them)"
        )
        click.echo(printable(message), err=True)
        sys.exit(REJECTS)
    if not found.is_empty:
        sys.exit(PROBLEMS)


#: The codes of a list that are part of a move: how many, and the first of them.
_Real = dict[int, tuple[int, list[str]]]


def _counted(found: Diff, path: Path) -> tuple[_Real, int]:
    """Return for each move, by its place in the list of moves, its codes in the list."""
    from whopays.analyse.catalogs.coverage import MOST_CODES  # noqa: PLC0415
    from whopays.analyse.catalogs.listing import systems_looked_at  # noqa: PLC0415
    from whopays.codes.lists import Unread, code_list  # noqa: PLC0415 - on demand
    from whopays.model.codes import shown_code  # noqa: PLC0415

    finder = found.where()
    places = {id(move): at for at, move in enumerate(found.moves)}
    counts: Counter[int] = Counter()
    shown: dict[int, list[str]] = {}
    seen: set[tuple[str, str]] = set()
    unread = 0
    file, own = file_of_list(path)
    for each in code_list(file, (*own, *systems_looked_at(found.new))).read():
        if isinstance(each, Unread):
            unread += 1
            continue
        move = finder.find(each.system, each.code)
        if move is None or (each.system, each.code) in seen:
            continue
        if len(seen) < MOST_CODES:
            seen.add((each.system, each.code))
        at = places[id(move)]
        counts[at] += 1
        if counts[at] <= _MOST_EXAMPLES:
            shown.setdefault(at, []).append(shown_code(each.system, each.code))
    return {at: (count, shown[at]) for at, count in counts.items()}, unread


def _told(
    found: Diff, contracts: list[TouchedContract], real: _Real | None
) -> Iterator[str]:
    yield f"{_name(found, 'old')} → {_name(found, 'new')}"
    if found.is_empty:
        yield "  nothing differs that could place a line elsewhere"
        return
    for kind in ("appeared", "vanished", "moved"):
        own = [
            (at, move)
            for at, move in enumerate(found.moves)
            if move.kind == kind and (real is None or at in real)
        ]
        if own:
            yield f"Codes that {kind}"
        for at, move in own:
            yield f"  {move.system} {_ranges(move.codes)}: {_fate(move)}"
            if real is not None:
                count, examples = real[at]
                more = ", …" if count > len(examples) else ""
                yield f"    {count:,} of the list: {', '.join(examples)}{more}"
    if real is not None and not real and found.moves:
        yield "No code of the list moved, appeared or vanished."
    yield from _services(found)
    shown = [move for at, move in enumerate(found.moves) if real is None or at in real]
    yield from _rows(contracts, shown)


def _name(found: Diff, which: str) -> str:
    catalog = found.old if which == "old" else found.new
    return f"{catalog.id} {catalog.version}"


def _ranges(codes: tuple[str, ...]) -> str:
    if len(codes) <= _MOST_RANGES:
        return ", ".join(codes)
    return (
        f"{', '.join(codes[:_MOST_RANGES])} and {len(codes) - _MOST_RANGES} ranges more"
    )


def _fate(move: Move) -> str:
    said = []
    if move.left:
        said.append(f"from {_listed(move.left)}")
    if move.joined:
        said.append(f"to {_listed(move.joined)}")
    stayed = sorted(move.before & move.after)
    if stayed:
        said.append(f"as before claimed by {_listed(stayed)}")
    return ", ".join(said)


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f'"{name}"' for name in names)


def _services(found: Diff) -> Iterator[str]:
    if found.added:
        yield f"New services: {_listed(found.added)}"
    if found.gone:
        yield f"Services that are gone: {_listed(found.gone)}"
    for old, new in found.renamed.items():
        yield f'Service "{old}" is called "{new}"'
    for each in found.changed:
        before, after = each.before or "none", each.after or "none"
        if each.what == "condition":
            yield f'Condition of "{each.category}"'
        else:
            yield f'"{each.category}" is under another service'
        yield f"  was  {before}"
        yield f"  is   {after}"
    for pair in found.ranked:
        yield f'"{pair[0]}" is now ranked before "{pair[1]}"'
    for pair in found.unranked:
        yield f'"{pair[0]}" is no longer ranked before "{pair[1]}"'
    if found.match_by is not None:
        yield "The order in which codes are looked at"
        yield f"  was  {found.match_by[0]}"
        yield f"  is   {found.match_by[1]}"


def _rows(contracts: list[TouchedContract], shown: list[Move]) -> Iterator[str]:
    """Yield the rows that the moves in `shown`, and what else differs, touch."""
    yield "Rows that this touches"
    for each in contracts:
        contract = each.contract
        told = [(row, list(_touches(row, shown))) for row in each.rows]
        if not each.is_on_it:
            yield f"  {contract.id}: built on catalog {contract.catalog.id}"
        elif not any(lines for _, lines in told):
            yield f"  {contract.id}: none"
        else:
            yield f"  {contract.id}"
        for row, lines in told:
            if lines:
                yield f"    {row.row} ({row.place})"
                yield from (f"      {line}" for line in lines)
    if not contracts:
        yield "  there is no contract"


def _touches(row: Touched, shown: list[Move]) -> Iterator[str]:
    for word, moves in (
        ("may gain", row.gains),
        ("loses", row.loses),
        ("claims, beside others than before,", row.shares),
    ):
        own = [move for move in moves if move in shown]
        if own:
            codes = "; ".join(f"{m.system} {_ranges(m.codes)}" for m in own)
            yield f"{word} {codes}"
    yield from row.otherwise
