"""The codes of lists, counted: as text, and as a table with a row for each code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

import click

from whopays.cli.spreadsheet import Sheet
from whopays.diagnostics import printable

if TYPE_CHECKING:
    from whopays.analyse.catalogs.coverage import Coverage, Judged
    from whopays.codes.lists import CodeList, Unread

_MOST_SHOWN, _MOST_UNREAD = 200, 20
_COLUMNS = ("file", "line", "system", "code", "status", "categories", "again", "reason")


def write_rows(judged: Iterator[Judged | Unread], out: IO[str]) -> None:
    """Write a row for each code, and for each row that can't be read, as they come."""
    from whopays.codes.lists import Unread  # noqa: PLC0415 - on demand

    sheet = Sheet(out, _COLUMNS)
    for each in judged:
        if isinstance(each, Unread):
            sheet.row((each.file, each.record, "", "", "unread", "", "", each.reason))
            continue
        entry = each.entry
        names = "; ".join(each.categories)
        again = "yes" if each.again else ""
        sheet.row(
            (
                *(entry.file, entry.record, entry.system, entry.code),
                *(each.status, names, again, ""),
            )
        )


def told_coverage(
    coverage: Coverage, sources: list[CodeList], title: str
) -> Iterator[str]:
    """Yield what was counted in `sources` by the catalog `title`, line by line."""
    for source in sources:
        by = f" by {title}" if source is sources[-1] else ""
        yield f"{source.found.path.name}{by}"
        yield f"  {source.described}"
    more = f" ({coverage.repeated:,} more repeated)" if coverage.repeated else ""
    yield f"  {coverage.codes:,} codes{more}"
    for system in coverage.systems:
        yield f"  {_of_system(coverage, system)}"
    names = [n for n in coverage.claims.catalog.categories if coverage.claimed_by[n]]
    if names:
        yield ""
        yield "  codes   alone  service"
    for name in sorted(names, key=lambda each: -coverage.claimed_by[each]):
        yield f"{coverage.claimed_by[name]:7,} {coverage.alone[name]:7,}  {name}"
    if coverage.unclaimed:
        yield ""
        yield "Claimed by none:"
        yield from _unclaimed(coverage.unclaimed)
    if coverage.forgotten:
        yield "The list is so long that repeated codes were no longer noticed."


def _of_system(coverage: Coverage, system: str) -> str:
    from whopays.analyse.catalogs.coverage import (  # noqa: PLC0415 - on demand
        ASKED,
        CLAIMED,
        UNCLAIMED,
    )

    counts = {
        status: coverage.by_system[system, status]
        for status in (CLAIMED, ASKED, UNCLAIMED)
    }
    whole = sum(counts.values())
    said = [f"{counts[CLAIMED]:,} of {whole:,} claimed{_share(counts[CLAIMED], whole)}"]
    if counts[ASKED]:
        said.append(f"{counts[ASKED]:,} asked for by conditions of services alone")
    if counts[UNCLAIMED]:
        said.append(f"{counts[UNCLAIMED]:,} by none")
    return f"{system}: {', '.join(said)}"


def _share(part: int, whole: int) -> str:
    tenths = part * 1000 // whole
    return f" ({tenths // 10}.{tenths % 10}%)"


def _unclaimed(codes: list[tuple[str, str]]) -> Iterator[str]:
    from whopays.model.codes import shown_code  # noqa: PLC0415 - on demand

    shown = sorted(codes)[:_MOST_SHOWN]
    for system in dict.fromkeys(system for system, _ in shown):
        own = [shown_code(system, code) for each, code in shown if each == system]
        for at in range(0, len(own), 10):
            yield f"  {system} {', '.join(own[at : at + 10])}"
    if len(codes) > len(shown):
        yield f"  and {len(codes) - len(shown):,} more (--format json or csv has all)"


def tell_unread(coverage: Coverage) -> None:
    """Say which rows can't be read, the first of them one by one."""
    if not coverage.unread_rows:
        return
    for each in coverage.unread[:_MOST_UNREAD]:
        name = printable(each.file)
        click.echo(f"unread: {name}, line {each.record:,}: {each.reason}", err=True)
    if coverage.unread_rows > _MOST_UNREAD:
        more = coverage.unread_rows - _MOST_UNREAD
        click.echo(f"unread: {more:,} more (--format csv has all)", err=True)
