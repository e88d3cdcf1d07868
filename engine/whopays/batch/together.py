"""The outputs of a run, put together from its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

from whopays.batch import jsonl
from whopays.batch.folder import file_digest, on_disk, write_json
from whopays.batch.journal import Entry
from whopays.batch.parts import Parts
from whopays.batch.totals import Totals
from whopays.batch.work import MONTH, AChunk, Amend, Interrupted, Placed, Work

_ROWS = 5_000  # that are told of limits at once


def put_together(
    work: Work[AChunk],
    parts: Parts,
    done: Sequence[Entry],
    whole: Path,
    stop: Callable[[], bool],
) -> Totals:
    """Write the outputs of `done` into the new folder `whole`, and return their totals.

    Raise `Interrupted` when `stop` says so.
    """
    explanations = dict(parts.explanations(done))
    totals = Totals(
        rejects=sum(each.rejects for each in done),
        remarks=sum(each.remarks for each in done),
    )

    def plain(month: str = "") -> Placed:
        for placed in parts.tables(done, month):
            if stop():
                raise Interrupted(sum(each.lines for each in done))
            yield placed

    whole.mkdir()
    with _amending(work, whole, plain()) as amend:

        def tables(month: str = "") -> Iterator[Any]:
            for place, table in _slices(plain(month), whole=work.amend is None):
                found = amend(place, table)
                totals.add(found)
                yield found

        _write_decisions(work, tables, explanations, _months(done), whole)
    form = _form(work)
    form.write_explanations(explanations, whole / f"explanations.{work.form}")
    for what in ("rejects", "remarks"):
        found = chain.from_iterable(getattr(each, what) for each in parts.beside(done))
        form.write_records(found, whole / f"{what}.{work.form}")
    manifest = {
        **work.header,
        **work.more(),
        "counts": totals.counts(),
        "outputs": _digests(whole),
    }
    write_json(whole / "manifest.json", manifest)
    return totals


def _amending(
    work: Work[AChunk], whole: Path, tables: Placed
) -> AbstractContextManager[Amend]:
    if work.amend is None:
        return nullcontext(_as_it_is)
    return work.amend(whole.parent, whole, tables)


def _slices(tables: Placed, *, whole: bool) -> Placed:
    """Yield `tables`, or slices of them: what limits say of a line is long as text."""
    for place, table in tables:
        if whole:
            yield place, table
            continue
        for at in range(0, table.num_rows, _ROWS):
            yield place + at, table.slice(at, _ROWS)


def _as_it_is(_place: int, table: Any) -> Any:
    return table


def _write_decisions(
    work: Work[AChunk],
    tables: Callable[..., Iterator[Any]],
    explanations: Mapping[str, str],
    months: Sequence[str],
    whole: Path,
) -> None:
    if work.form != "parquet":
        jsonl.write_decisions(tables(), explanations, whole / "decisions.jsonl")
        return
    from whopays.batch import parquet  # noqa: PLC0415 - heavy, and only here

    if work.partition != MONTH:
        parquet.write_decisions(tables(), work.schema, whole / "decisions.parquet")
        return
    folder = whole / "decisions"
    folder.mkdir()
    for month in months:
        parquet.write_files(tables(month), work.schema, folder / f"month={month}")


def _months(done: Sequence[Entry]) -> list[str]:
    return sorted({month for each in done for month, _ in each.months})


def _form(work: Work[AChunk]) -> Any:
    if work.form != "parquet":
        return jsonl
    from whopays.batch import parquet  # noqa: PLC0415

    return parquet


def _digests(whole: Path) -> dict[str, str]:
    """Return the digests of all files of an output, which are then on the disk."""
    found = {}
    for path in sorted(each for each in whole.rglob("*") if each.is_file()):
        on_disk(path)
        found[path.relative_to(whole).as_posix()] = file_digest(path)
    return found
