"""Decides chunks of lines and writes what comes of them, so that a killed run goes on.

Each chunk is decided and written aside, and entered into a journal. When all are, the
outputs are put together from these parts, and take the place of what was there before.
So what is there is always whole, and depends on nothing but the input and the rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from time import monotonic
from typing import Any

from whopays.batch.folder import (
    aside_of,
    check_free,
    emptied,
    held,
    removed,
    swap,
    write_json,
)
from whopays.batch.journal import Entry, Journal, must_be_same
from whopays.batch.parts import Beside, Parts
from whopays.batch.together import put_together
from whopays.batch.totals import Totals
from whopays.batch.work import MONTH, AChunk, Done, Interrupted, Work, never, silent

_TABLES = "tables.json"
_NO_MONTHS: tuple[tuple[str, int], ...] = ()


@dataclass
class _State:
    """The chunks that are done, how many of them before, and the explanations they have."""

    done: list[Entry] = field(default_factory=list)
    before: int = 0
    explained: set[str] = field(default_factory=set)
    #: What earlier runs told of tables, where something went wrong in them.
    earlier: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return sum(each.lines for each in self.done)


def run(
    work: Work[AChunk],
    out: Path,
    *,
    resume: bool = False,
    progress: Callable[[Done], None] = silent,
    stop: Callable[[], bool] = never,
) -> Totals:
    """Do `work` and write the outputs into the folder `out`.

    `resume`: go on with a run that did not end, if there is one. Raise `Interrupted`
    when a chunk is done and `stop` says so; `OutputExistsError` if `out` is there and no
    run wrote it, `OutputInUseError` if one does, `ChangedError` if a run that is to go on
    was begun with something else, OSError if `out` can't be written. What is decided by
    then is kept, to go on with.
    """
    out = out.resolve()
    check_free(out)
    begun = monotonic()
    with held(out) as aside:
        try:
            state = _begun(work, aside, resume=resume)
            _decide(work, aside, state, progress, stop)
            progress(Done(state.lines, Fraction(1), writes=True))
            whole = aside / "whole"
            removed(whole)
            totals = put_together(work, Parts(aside), state.done, whole, stop)
            about = {
                "seconds": round(monotonic() - begun),
                "chunk": work.rows,
                "chunks": len(state.done),
                "chunks_of_earlier_runs": state.before,
                "tables": work.tables(),
                "tables_of_earlier_runs": state.earlier,
            }
            write_json(whole / "run.json", about)
            check_free(out)
            swap(whole, out)
        except BaseException:
            if not records_kept(out):
                removed(aside)
            raise
        removed(aside)
    return totals


def records_kept(out: Path) -> int:
    """Return how many records a run to `out` that did not end has read and decided."""
    aside = aside_of(out)
    if not aside.is_dir():
        return 0
    return sum(each.lines + each.rejects for each in Journal(aside).entries())


def begun_with(out: Path) -> int | None:
    """Return the size of the chunks of a run to `out` that did not end, if there is one."""
    aside = aside_of(out)
    header = Journal(aside).header() if aside.is_dir() else None
    return int(header["chunk"]) if header else None


def _begun(work: Work[AChunk], aside: Path, *, resume: bool) -> _State:
    journal = Journal(aside)
    header = {**work.header, "chunk": work.rows}
    before = journal.header() if resume else None
    state = _State()
    if before is None:
        emptied(aside)
        journal.begin(header)
        return state
    must_be_same(before, header)
    state.done = journal.done()
    state.before = len(state.done)
    noted = aside / _TABLES
    if noted.is_file():
        state.earlier = json.loads(noted.read_bytes())["runs"]
    state.explained.update(name for name, _ in Parts(aside).explanations(state.done))
    return state


def _decide(
    work: Work[AChunk],
    aside: Path,
    state: _State,
    progress: Callable[[Done], None],
    stop: Callable[[], bool],
) -> None:
    """Decide the chunks that are not done, and write what comes of each."""
    journal, parts = Journal(aside), Parts(aside)
    for at, (chunk, share) in enumerate(work.chunks(), 1):
        if at > state.before:
            entry = _written(work, chunk, at, parts, state)
            _note_incidents(work, aside, state)
            journal.add(entry)
            state.done.append(entry)
            progress(Done(state.lines, share))
        if stop():
            raise Interrupted(state.lines)


def _note_incidents(work: Work[AChunk], aside: Path, state: _State) -> None:
    """Keep what went wrong with tables, so that it is told if another run goes on."""
    told = work.tables()
    if told.get("incidents"):
        new = aside / f"{_TABLES}.new"
        write_json(new, {"runs": [*state.earlier, told]})
        new.replace(aside / _TABLES)


def _written(
    work: Work[AChunk], chunk: AChunk, at: int, parts: Parts, state: _State
) -> Entry:
    """Decide `chunk`, the one number `at`, and write what comes of it."""
    found = work.decide(chunk)
    table, months = found.table, _NO_MONTHS
    if work.partition == MONTH:
        from whopays.batch.months import by_month  # noqa: PLC0415 - heavy

        table, months = by_month(table, found.explanations)
    new = {
        name: text
        for name, text in found.explanations.items()
        if name not in state.explained
    }
    state.explained.update(new)
    rejects = [asdict(each) for each in chunk.rejects]
    beside = Beside(rejects, [dict(each) for each in chunk.remarks])
    return parts.write(at, table, beside, new, months)
