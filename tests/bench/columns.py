"""Whole files: whopays by columns beside its alternatives, in one run; see README.md.

Every side first answers the same lines, and the run stops where one differs from what
whopays decides line by line. Each side has a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.columns_answers import Answer
from bench.columns_rules import PARTIES, Versions, versions
from bench.measure import say
from whopays import api
from whopays.model.claim import Claim

ROWS = 300
COMPARED = 3_000
_HERE = Path(__file__).parent
#: What each side ran, and how many lines of the file at most: the slow ones take a sample.
SIDES = {
    "by_hand": ("Python by hand, full trace", 50_000),
    "by_polars": ("polars expressions, clause and cents", None),
    "by_duckdb": ("DuckDB SQL, clause and cents", None),
    "by_zen": ("zen-engine, a message a line, clause and cents", 3_000),
    "by_message": ("durable-rules, a message a line, clause and cents", 3_000),
    "by_scan": ("a bare scan of the same columns, from Parquet", None),
}


@dataclass(frozen=True)
class Taken:
    """What a side took: lines a CPU second, the median, and its peak in MB."""

    what: str
    lines: int
    rate: float
    peak: float


class Workload:
    """Files of lines, each written once, by a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lines(self, count: int, missing: int = 0) -> Path:
        """Return a Parquet file of `count` lines, `missing` percent of the cells empty."""
        path = self._folder / f"{count}-{missing}.parquet"
        if not path.exists():
            program = str(_HERE / "columns_workload.py")
            command = [sys.executable, program, str(path), str(count), str(missing)]
            subprocess.run(command, check=True)
        return path


def columns(folder: Path) -> None:
    """Print the report: BENCH_LINES lines, a million where that is not said."""
    count = int(os.environ.get("BENCH_LINES", "1_000_000"))
    print(f"\n{count:,} lines by columns, a process each, lines a CPU second")
    found = sides(folder, count)
    for each in found:
        ratio = each.rate / found[0].rate
        figure = f"{each.rate:10,.0f} {ratio:8.2f} by hand {each.peak:8,.0f} MB"
        say(f"{each.what}, {each.lines:,}", figure)


def sides(folder: Path, count: int) -> list[Taken]:
    """Compare what all sides answer, then time each."""
    work, made = Workload(folder), versions(ROWS)
    sample = work.lines(COMPARED)
    expected = answers(sample, made, folder)
    for name in SIDES:
        found = side(name, sample, times=1, answers=COMPARED)["answers"]
        if found and [_plain(each) for each in found] != expected:
            raise AssertionError(f"{name} answers otherwise than whopays")
    return [_timed(name, work, count) for name in SIDES]


def _plain(found: Any) -> Answer:
    said, cents = found
    return said, tuple(cents)


def answers(path: Path, made: Versions, folder: Path) -> list[Answer]:
    """Return what whopays decides line by line, in the form that all sides have."""
    book = api.load(made.write(folder / "answers"))
    decided = [
        book.decide_line(line)
        for claim in book.read(path)
        if isinstance(claim, Claim)
        for line in claim.lines
    ]
    return [
        (each.because[0], tuple(each.cents.get(party) for party in PARTIES))
        for each in decided
    ]


def _timed(name: str, work: Workload, count: int) -> Taken:
    what, most = SIDES[name]
    path = work.lines(min(count, most or count))
    found = side(name, path)
    rate = found["lines"] / median(found["seconds"])
    return Taken(what, found["lines"], rate, found["peak"])


def side(
    name: str, path: Path, times: int = 5, answers: int = 0, rows: int = ROWS
) -> dict[str, Any]:
    """Run one side in a process, on one core, and return what it printed."""
    options = {"--times": times, "--answers": answers, "--rows": rows}
    words = [str(word) for pair in options.items() for word in pair]
    command = [sys.executable, str(_HERE / "columns_side.py"), name, str(path), *words]
    one = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS"), "1")
    ran = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **one},
    )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found
