"""`whopays catalog coverage`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO, Any

import click

from whopays.cli.catalog.counted import tell_unread, told_coverage, write_rows
from whopays.cli.catalog.options import catalog_option
from whopays.cli.catalog.packs import file_of_list
from whopays.cli.options import Day
from whopays.cli.problems import PROBLEMS, REJECTS
from whopays.diagnostics import printable


@click.command("coverage")
@click.argument("codes", nargs=-1, required=True, type=click.Path(path_type=Path))
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
    codes: tuple[Path, ...],
    catalog: str | None,
    rules: Path | None,
    contract: str | None,
    as_of: date | None,
    columns: tuple[str, ...],
    system: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Count which codes of the lists CODES each service claims, and list the rest.

    A list is a table with a column `code`, and one `system` beside it; or with columns
    such as `hcpcs`, `revenue_code`, `diagnosis_code`; or of one column of codes alone.
    A code pack (a folder) will do as well, and so will a table of claims. A code is
    counted once, however often it stands there. The exit code is 0 if every code is claimed, 1 if some are not, 3 if
    some rows can't be read: these are told by the numbers of their lines.
    """
    from whopays.analyse.catalogs.coverage import Claims, Coverage  # noqa: PLC0415
    from whopays.analyse.catalogs.coverage_record import coverage_record  # noqa: PLC0415
    from whopays.analyse.catalogs.listing import systems_looked_at  # noqa: PLC0415
    from whopays.api.catalogs import as_it_stands, catalog_and_contract  # noqa: PLC0415
    from whopays.codes.lists import code_list  # noqa: PLC0415

    found, chosen = catalog_and_contract(catalog, rules, contract)
    text = as_it_stands(chosen, {}, as_of)
    sources = []
    for each in codes:
        path, own = file_of_list(each)
        looked_at = (*own, *systems_looked_at(found))
        sources.append(code_list(path, looked_at, columns=columns, system=system))
        if output is not None and output.resolve() == path.resolve():
            raise click.UsageError(f"{output} is the list itself; name another file.")
    coverage = Coverage(Claims(found, None if text is None else text.answered))
    title = f"catalog {found.id} {found.version}"
    if text is not None:
        title += f", services of contract {text.label}"
    entries = chain.from_iterable(source.read() for source in sources)
    judged = coverage.add(entries)
    with _opened(output) as out:
        if form == "csv":
            write_rows(judged, out)
        else:
            for _ in judged:
                pass
            if form == "json":
                _dump(coverage_record(coverage, title), out)
            else:
                for line in told_coverage(coverage, sources, title):
                    print(printable(line), file=out)
    tell_unread(coverage)
    if coverage.unread_rows:
        sys.exit(REJECTS)
    if any(status == "unclaimed" for _, status in coverage.by_system):
        sys.exit(PROBLEMS)


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    if output is None:
        yield sys.stdout
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        yield file
    click.echo(f"written to {output}", err=True)


def _dump(record: dict[str, Any], out: IO[str]) -> None:
    json.dump(record, out, indent=2, ensure_ascii=False)
    out.write("\n")
