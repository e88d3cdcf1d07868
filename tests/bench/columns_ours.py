"""whopays as a side of the columnar benchmark, explanations on.

What is decided is whole: every column of a decision for each line, and the explanations of
all ways, by id. The first run of a process meets all ways anew, with filled tables on disk
or without; later ones know them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.columns_answers import Answer
from bench.columns_own import own_rules
from bench.columns_rules import PARTIES, Versions
from whopays import api
from whopays.api.book import RuleBook
from whopays.claims import ReadReport
from whopays.columns.reading import read_table
from whopays.engines.filling import filler

#: Columns whose cells nearly all differ: nobody keeps a dictionary of them.
_OWN = ("claim_id", "allowed")
Run = Callable[[], Any]


class Ours:
    """Rules loaded, with filled tables in `cache`, or none, and as long as the process."""

    def __init__(
        self, folder: Path, versions: Versions | None, cache: Path | None
    ) -> None:
        self.stack = ExitStack()
        self.cache = cache
        self.book = api.load(_rules(folder, versions))
        self._engine = self.stack.enter_context(filler("durable", cache=cache))
        self.stack.enter_context(self.book.filled_by(self._engine))
        self._columnar = self.book.columnar()

    def close(self) -> None:
        """Keep what was filled."""
        self._engine.keep()
        self.stack.close()

    def decide(self, table: Any) -> list[Any]:
        """Return the decisions of an Arrow table in memory; explanations are made, too."""
        found, explained = [], dict[str, str]()
        for chunk in read_table(table, self.book.facts, report=ReadReport()):
            decided = self._columnar.decide(chunk.lines)
            found.append(decided.table)
            explained.update(decided.explanations)
        return found

    def read(self, table: Any) -> int:
        """Read a table into lines and no more: a stage of `decide`."""
        chunks = read_table(table, self.book.facts, report=ReadReport())
        return sum(len(each.lines) for each in chunks)

    def files(self, path: Path, folder: Path) -> Run:
        """Return what decides a file into a folder, a new one each time, as Parquet."""
        numbers = count()

        def run() -> Path:
            out = folder / f"out-{next(numbers)}"
            self.book.decide_files([path], out, form="parquet", cache=self.cache)
            return out

        return run


def _rules(folder: Path, versions: Versions | None) -> Path:
    """Write rules into a new folder: those of `versions`, or of our own kind."""
    rules = Path(tempfile.mkdtemp(dir=folder), "rules")
    if versions is not None:
        return versions.write(rules)
    rules.mkdir()
    (rules / "own.rules").write_text(own_rules(), encoding="utf-8")
    return rules


def coded(path: Path) -> Any:
    """Return the lines of a file with a dictionary for each column that repeats itself."""
    table = pq.read_table(path)
    for at, name in enumerate(table.column_names):
        column = table.column(name)
        if name not in _OWN and not pa.types.is_list(column.type):
            table = table.set_column(at, name, column.dictionary_encode())
    return table.unify_dictionaries()


def answers(found: list[Any], count: int) -> list[Answer]:
    """Return the first decisions in the form that all sides have."""
    table = pa.concat_tables(found).slice(0, count)
    cents = [table.column(f"cents_{party}").to_pylist() for party in PARTIES]
    because = table.column("because").to_pylist()
    return [
        (json.loads(why)[0], own)
        for why, own in zip(because, zip(*cents, strict=True), strict=True)
    ]


def agrees(book: RuleBook, table: Any, found: list[Any]) -> None:
    """Raise AssertionError where a line is decided otherwise than by the reference.

    The reference is the definition, by a plain scan of the text (`whopays.reference`).
    """
    from whopays.reference import decide  # noqa: PLC0415 - it checks, and takes no part

    (contract,) = book.rules.contracts.values()
    decided = pa.concat_tables(found).to_pylist()
    at = 0
    for chunk in read_table(table, book.facts, report=ReadReport()):
        for place in range(len(chunk.lines)):
            line = chunk.lines.line(place)
            told = decide(contract, line)
            own, at = decided[at], at + 1
            because = [*told.moved, *told.clauses]
            # Which of the needs is best asked first is no part of the meaning.
            needs = sorted(json.loads(own["needs"]))
            said = (own["status"], json.loads(own["because"]), needs)
            if said != (told.status, because, sorted(told.needs)):
                raise AssertionError(f"{line.claim_id}: {said}, not {told}")
