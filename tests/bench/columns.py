"""Whole files: whopays by columns beside its alternatives, in one run; see README.md.

Every side first answers the same lines, and the run stops where one differs from what
whopays decides line by line. Each side has a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
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
_BEGIN, _END = "<!-- columns -->", "<!-- end of columns -->"
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
    """Print the report: BENCH_LINES lines, a million where that is not said.

    What is compared first: all sides on lines whose facts are known, and whopays with its
    reference on rules of our own kind and facts that are missing.
    """
    count = int(os.environ.get("BENCH_LINES", "1_000_000"))
    work = Workload(folder)
    compare(work, folder)
    found = [_timed(name, work, count) for name in SIDES]
    found += ours(work, count)
    by_hand = found[0].rate
    print(f"\n{count:,} lines by columns, a process each, lines a CPU second")
    rows = []
    for each in found:
        ratio, many = each.rate / by_hand, f"{each.lines:,}"
        figure = f"{each.rate:10,.0f} {ratio:8.2f} by hand {each.peak:8,.0f} MB"
        say(f"{each.what}, {many}", figure)
        cells = (
            each.what,
            many,
            f"{each.rate:,.0f}",
            f"{ratio:.2f}",
            f"{each.peak:,.0f}",
        )
        rows.append(f"| {' | '.join(cells)} |")
    committed(rows)


def compare(work: Workload, folder: Path) -> None:
    """Stop where a side answers otherwise than whopays, or whopays than its reference."""
    sample, made = work.lines(COMPARED), versions(ROWS)
    expected = answers(sample, made, folder)
    for name in (*SIDES, "ours_coded", "ours_plain"):
        found = side(name, sample, times=1, answers=COMPARED)["answers"]
        if found and [_plain(each) for each in found] != expected:
            raise AssertionError(f"{name} answers otherwise than whopays")
    side("ours_checked", work.lines(COMPARED, 10), times=1, options=("--own",))


def ours(work: Workload, count: int) -> list[Taken]:
    """Time whopays: ways met anew and known, columns coded and plain, facts missing."""
    some = max(count // 4, COMPARED)
    with tempfile.TemporaryDirectory() as cache:
        kept = ("--cache", cache)
        path, gone = work.lines(count), work.lines(count, 10)
        empty = side("ours_coded", path, times=1)
        side("ours_coded", path, times=1, options=kept)
        found = [
            *_both("dictionary columns in memory", "ours_coded", path, kept),
            *_both("plain columns in memory", "ours_plain", path, kept),
            *_both("10 % of facts missing", "ours_coded", gone, kept),
            *_both("rules of our own kind, 10 %", "ours_coded", gone, (*kept, "--own")),
            *_both("reading alone, dictionary columns", "ours_read", path, kept)[1:],
            _taken("no tables on disk", empty, empty["seconds"]),
        ]
        for lines in dict.fromkeys((some, count)):
            name = f"Parquet to Parquet, {lines:,} lines"
            files = side("ours_files", work.lines(lines), times=3, options=kept)
            found.append(_taken(name, files, files["seconds"]))
        for rows in (100, 1_000):
            name = f"{rows} rows, dictionary columns"
            grown = side("ours_coded", work.lines(some), times=3, rows=rows)
            found.append(_taken(f"{name}, ways known", grown, grown["seconds"][1:]))
    return found


def _both(what: str, name: str, path: Path, options: tuple[str, ...]) -> list[Taken]:
    """Return what the first run of a process takes, and what the later ones do."""
    found = side(name, path, options=options)
    seconds = found["seconds"]
    return [
        _taken(f"{what}, ways met anew", found, seconds[:1]),
        _taken(f"{what}, ways known", found, seconds[1:]),
    ]


def _taken(what: str, found: dict[str, Any], seconds: list[float]) -> Taken:
    rate = found["lines"] / median(seconds)
    return Taken(f"whopays: {what}", found["lines"], rate, found["peak"])


def committed(rows: list[str]) -> None:
    """Write the table into README.md, with what machine it was; no name of it, no place."""
    path = _HERE / "README.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    head = "| side | lines | lines a CPU second | by hand = 1 | peak, MB |"
    lines = (f"{machine()}", "", head, "| --- | --- | --- | --- | --- |", *rows)
    text = "\n".join((_BEGIN, *lines, _END))
    path.write_text(f"{before}{text}{after}", encoding="utf-8")


def machine() -> str:
    """Return cores, processor and memory."""
    names = re.findall(
        r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8")
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = ".".join(map(str, sys.version_info[:2]))
    cpu = names[0] if names else "unknown processor"
    return f"{os.cpu_count()} cores {cpu}, {memory:.0f} GiB, Python {python}."


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


def side(  # noqa: PLR0913, PLR0917 - what is run, on what, how often
    name: str,
    path: Path,
    times: int = 5,
    answers: int = 0,
    rows: int = ROWS,
    options: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Run one side in a process, on one core, and return what it printed."""
    given = {"--times": times, "--answers": answers, "--rows": rows}
    words = [*(str(word) for pair in given.items() for word in pair), *options]
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
