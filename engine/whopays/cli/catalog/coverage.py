"""`whopays catalog coverage`."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from whopays.cli.catalog.options import catalog_option
from whopays.cli.options import Day
from whopays.cli.problems import PROBLEMS, REJECTS
from whopays.diagnostics import printable

if TYPE_CHECKING:
    from whopays.analyse.catalogs.coverage import Coverage, Judged
    from whopays.codes.lists import CodeList, Unread

_MOST_SHOWN, _MOST_UNREAD = 200, 20
_COLUMNS = ("line", "system", "code", "status", "categories", "again", "reason")


@click.command("coverage")
@click.argument("codes", type=click.Path(path_type=Path))
@catalog_option
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="Rules with the contract, or the catalog; else those that ship.",
)
@click.option(
    "--contract", metavar="ID", help="Count only services with a row in this contract."
)
@click.option("--as-of", type=Day(), help="The day on which the contract is read.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME",
    help="A column with codes, if its name does not say so. Repeatable.",
)
@click.option("--system", help="The code system of all codes: CPT, REV, …")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="csv: a row for each code of the list.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file, not the terminal.",
)
def command(  # noqa: PLR0917 - one for each option
    codes: Path,
    catalog: str | None,
    rules: Path | None,
    contract: str | None,
    as_of: date | None,
    columns: tuple[str, ...],
    system: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Count which codes of the list CODES each service claims, and list the rest.

    CODES is a table with a column `code`, and one `system` beside it; or with columns
    such as `hcpcs`, `revenue_code`, `diagnosis_code`; or of one column of codes alone.
    A code pack (a folder) will do as well. A code is counted once, however often it
    stands there. The exit code is 0 if every code is claimed, 1 if some are not, 3 if
    some rows can't be read: these are told by the numbers of their lines.
    """
    from whopays.analyse.catalogs.coverage import Claims, Coverage  # noqa: PLC0415
    from whopays.analyse.catalogs.coverage_record import coverage_record  # noqa: PLC0415
    from whopays.analyse.catalogs.listing import systems_looked_at  # noqa: PLC0415
    from whopays.api.catalogs import as_it_stands, catalog_and_contract  # noqa: PLC0415
    from whopays.codes.lists import code_list  # noqa: PLC0415

    found, chosen = catalog_and_contract(catalog, rules, contract)
    text = as_it_stands(chosen, {}, as_of)
    path, own = _file_of(codes)
    looked_at = (*own, *systems_looked_at(found))
    source = code_list(path, looked_at, columns=columns, system=system)
    if output is not None and output.resolve() == source.found.path.resolve():
        raise click.UsageError(f"{output} is the list itself; name another file.")
    coverage = Coverage(Claims(found, None if text is None else text.answered))
    title = f"catalog {found.id} {found.version}"
    if text is not None:
        title += f", services of contract {text.label}"
    judged = coverage.add(source.read())
    with _opened(output) as out:
        if form == "csv":
            _write_rows(judged, out)
        else:
            for _ in judged:
                pass
            if form == "json":
                _dump(coverage_record(coverage, title), out)
            else:
                for line in _told(coverage, source, title):
                    print(printable(line), file=out)
    _tell_unread(coverage, source)
    if coverage.unread_rows:
        sys.exit(REJECTS)
    if any(status == "unclaimed" for _, status in coverage.by_system):
        sys.exit(PROBLEMS)


def _file_of(codes: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the file with the codes and, where it is of a pack, the systems of that."""
    if not codes.is_dir():
        return codes, ()
    from whopays.cli.options import state_licences  # noqa: PLC0415 - on demand
    from whopays.codes import load_pack  # noqa: PLC0415

    pack = load_pack(codes)
    state_licences((pack,))
    return codes / "codes.csv", pack.dates.systems


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    if output is None:
        yield sys.stdout
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        yield file
    click.echo(f"written to {output}", err=True)


def _write_rows(judged: Iterator[Judged | Unread], out: IO[str]) -> None:
    from whopays.codes.lists import Unread  # noqa: PLC0415 - on demand

    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for each in judged:
        if isinstance(each, Unread):
            writer.writerow((each.record, "", "", "unread", "", "", each.reason))
            continue
        entry = each.entry
        names = "; ".join(map(_plain, each.categories))
        again = "yes" if each.again else ""
        writer.writerow(
            (entry.record, entry.system, entry.code, each.status, names, again, "")
        )


def _plain(name: str) -> str:
    """Return `name` so that no spreadsheet takes it for a formula."""
    return f"'{name}" if name[:1] in "=+-@" else name


def _dump(record: dict[str, Any], out: IO[str]) -> None:
    json.dump(record, out, indent=2, ensure_ascii=False)
    out.write("\n")


def _told(coverage: Coverage, source: CodeList, title: str) -> Iterator[str]:
    yield f"{source.found.path.name} by {title}"
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


def _tell_unread(coverage: Coverage, source: CodeList) -> None:
    if not coverage.unread_rows:
        return
    name = printable(source.found.path.name)
    for each in coverage.unread[:_MOST_UNREAD]:
        click.echo(f"unread: {name}, line {each.record:,}: {each.reason}", err=True)
    if coverage.unread_rows > _MOST_UNREAD:
        more = coverage.unread_rows - _MOST_UNREAD
        click.echo(f"unread: {more:,} more (--format csv has all)", err=True)
