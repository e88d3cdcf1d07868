"""Entries of tables, filled for whole files: the worker, the shadow, and what is kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from time import perf_counter

from bench.measure import say
from whopays.engines.durable import evaluated
from whopays.engines.filling import Filler, filler
from whopays.engines.guarded import Guarded
from whopays.program.table import Table

Cells = tuple[int, ...]
_SINGLE = 2_000  # entries that are asked for one by one


def fill(tables: list[Table]) -> None:
    """Fill whole tables in each way, and print what an entry costs."""
    asked = [
        (table, list(product(*(range(len(dim)) for dim in table.dims))))
        for table in tables
    ]
    count = sum(len(cells) for _, cells in asked)
    print(f"\nFilling for whole files: {count:,} entries of {len(asked)} tables")
    guarded = Guarded()
    started = _taken(lambda: guarded.answers([(asked[0][0], asked[0][1][:1])]), 1)
    say("start the worker", f"{started / 1000:8.1f} ms")
    for size in (1, 64, 1024):
        some = list(_batches(asked, size))[: _SINGLE if size == 1 else None]
        entries = sum(len(cells) for _, cells in some)
        for batch in some[:1]:
            guarded.answers([batch])
        taken = _taken(lambda: [guarded.answers([b]) for b in some], entries)  # noqa: B023
        say(f"an entry through the worker, {size} at once", _us(taken), "40 µs")
    guarded.close()
    plain = _taken(
        lambda: [evaluated(table, each) for table, cells in asked for each in cells],
        count,
    )
    say("an entry, by plain evaluation", _us(plain))
    with tempfile.TemporaryDirectory() as folder:
        for what, shadow, cache in (
            ("an entry filled, --shadow off --no-cache", "off", None),
            ("an entry filled, --shadow all --no-cache", "all", None),
            ("an entry filled and kept", "all", Path(folder)),
            ("an entry taken from disk", "all", Path(folder)),
        ):
            for table, _ in asked:
                table.held.clear()
            made = filler(shadow=shadow, cache=cache)  # type: ignore[arg-type]
            before = sum(os.times()[:4])
            taken = _taken(lambda: _all(made, asked), count)  # noqa: B023
            # With the worker, which has ended, and its start.
            both = (sum(os.times()[:4]) - before) / count * 1e6
            aim = "40 µs" if "filled" in what else ""
            say(what, f"{_us(taken)}, CPU {both:.1f} µs", aim)
        size = sum(path.stat().st_size for path in Path(folder).glob("*.held"))
        say("an entry on disk", f"{size / count:8.1f} bytes")


def _all(made: Filler, asked: list[tuple[Table, list[Cells]]]) -> None:
    with made:
        made.fill(asked)


def _batches(
    asked: list[tuple[Table, list[Cells]]], size: int
) -> Iterator[tuple[Table, list[Cells]]]:
    for table, cells in asked:
        for start in range(0, len(cells), size):
            yield table, cells[start : start + size]


def _taken(do: Callable[[], object], count: int) -> float:
    """Return the microseconds an entry takes, on the clock."""
    start = perf_counter()
    do()
    return (perf_counter() - start) / count * 1e6


def _us(taken: float) -> str:
    return f"{taken:8.1f} µs"
