"""The sides of the columnar benchmark beside whopays, each made ready in its process.

Sides that take a line at a time are handed facts that whopays has read; those that take
tables, a table in memory. Reading is in none of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from bench.by_hand import ByHand
from bench.by_message import ByMessage
from bench.columns_answers import Answer, Shares, clauses
from bench.columns_rules import STARTS, Versions
from bench.pools import Facts

T = TypeVar("T")

# Each process imports one side.
# ruff: noqa: PLC0415


@dataclass(frozen=True)
class Ready:
    """A side that can begin: `run` decides all lines, and is what the clock sees.

    `answers` makes of what `run` returned the answers of the first lines.
    """

    lines: int
    run: Callable[[], Any]
    answers: Callable[[Any, int], list[Answer]]
    close: Callable[[], None] = lambda: None


def by_hand(path: Path, versions: Versions) -> Ready:
    """Python by hand: every clause of the category asked, with the values, and the cents."""
    sides = [ByHand(made) for made in versions.parts]
    shares = Shares(clauses(versions.parts))

    def decide(facts: Facts) -> tuple[Answer, dict[str, Any]]:
        at = _version(facts)
        _, trace = sides[at].decide(facts)
        return shares.answer(trace["winner"], _cents(facts)), trace

    return _line_by_line(path, versions, decide, lambda found: found[0])


def by_message(path: Path, versions: Versions) -> Ready:
    """durable-rules: a rule a clause, a message a line, the conditions asked in Python."""
    sides = [
        ByMessage(made, name=f"made{at}") for at, made in enumerate(versions.parts)
    ]
    shares = Shares(clauses(versions.parts))

    def decide(facts: Facts) -> Answer:
        clause = sides[_version(facts)].clause(facts)
        return shares.answer(clause, _cents(facts))

    return _line_by_line(path, versions, decide, lambda found: found)


def _line_by_line(
    path: Path,
    versions: Versions,
    decide: Callable[[Facts], T],
    answer: Callable[[T], Answer],
) -> Ready:
    """Decide line by line, and keep nothing: what is kept costs Python more than it does."""
    lines = facts_of(path, versions)

    def run() -> None:
        for facts in lines:
            decide(facts)

    return Ready(
        len(lines),
        run,
        lambda _, count: [answer(decide(facts)) for facts in lines[:count]],
    )


def by_zen(path: Path, versions: Versions) -> Ready:
    """zen-engine: a decision table a version, a message a line."""
    from bench.columns_zen import Zen

    side, shares = Zen(versions), Shares(clauses(versions.parts))

    def decide(facts: Facts) -> Answer:
        return shares.answer(side.decide(facts), _cents(facts))

    return _line_by_line(path, versions, decide, lambda found: found)


def by_polars(path: Path, versions: Versions) -> Ready:
    """Polars: a chain of expressions a version, on a table in memory."""
    import polars as pl

    from bench.columns_polars import Polars

    side, table = Polars(versions), pl.read_parquet(path)
    return Ready(
        len(table),
        lambda: side.decide(table),
        lambda found, count: side.answers(found.head(count)),
    )


def by_duckdb(path: Path, versions: Versions) -> Ready:
    """DuckDB: one statement, on an Arrow table in memory."""
    import pyarrow.parquet as pq

    from bench.columns_duckdb import DuckDB

    side, table = DuckDB(versions), pq.read_table(path)
    return Ready(
        len(table),
        lambda: side.decide(table),
        lambda found, count: side.answers(found.slice(0, count)),
    )


def by_scan(path: Path, _: Versions) -> Ready:
    """Read the same columns from Parquet, and nothing else."""
    import pyarrow.parquet as pq

    def run() -> int:
        with pq.ParquetFile(path) as file:
            return sum(len(batch) for batch in file.iter_batches(65_536))

    return Ready(run(), run, _none)


def ours(path: Path, versions: Versions | None, cache: Path | None, how: str) -> Ready:
    """Make whopays ready: from dictionaries or plain columns in memory, or from files.

    `how` is "coded", "plain", "read" (reading alone), "files" or "checked": the last
    compares each line with the reference, and is no clock.
    """
    import pyarrow.parquet as pq

    from bench.columns_ours import Ours, agrees, answers, coded

    side = Ours(path.parent, versions, cache)
    table = coded(path) if how in {"coded", "read"} else pq.read_table(path)

    def checked() -> list[Any]:
        found = side.decide(table)
        agrees(side.book, table, found)
        return found

    run: Callable[[], Any] = {
        "read": lambda: side.read(table),
        "files": side.files(path, path.parent),
        "checked": checked,
    }.get(how, lambda: side.decide(table))
    lines = len(table)
    if how == "files":
        del table
    return Ready(
        lines, run, answers if how in {"coded", "plain"} else _none, side.close
    )


def _none(_found: Any, _count: int) -> list[Answer]:
    return []


SIDES = {
    "by_hand": by_hand,
    "by_message": by_message,
    "by_zen": by_zen,
    "by_polars": by_polars,
    "by_duckdb": by_duckdb,
    "by_scan": by_scan,
}


def facts_of(path: Path, versions: Versions) -> list[Facts]:
    """Return the facts of all lines of a file, as whopays reads them."""
    import tempfile

    from whopays import api
    from whopays.model.claim import Claim

    with tempfile.TemporaryDirectory() as folder:
        rules = versions.write(Path(folder, "rules"))
        book = api.load(rules, engine="reference")
        claims = [each for each in book.read(path) if isinstance(each, Claim)]
    return [line.facts for claim in claims for line in claim.lines]


def _version(facts: Facts) -> int:
    day = facts["service_date"]
    if not isinstance(day, date):
        raise TypeError(day)
    return bisect_right(STARTS, day) - 1


def _cents(facts: Facts) -> int:
    cents = facts["allowed"]
    if not isinstance(cents, int):
        raise TypeError(cents)
    return cents
