"""Clocks, and the lines of the report."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, perf_counter_ns
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Spread:
    """The median and the 99th of a hundred, in microseconds."""

    median: float
    p99: float

    def __str__(self) -> str:
        return f"{self.median:8.1f} µs median {self.p99:8.1f} µs p99"


def each(do: Callable[[T], object], items: Iterable[T]) -> Spread:
    """Return how long `do` takes for each of `items`."""
    taken = []
    for item in items:
        start = perf_counter_ns()
        do(item)
        taken.append(perf_counter_ns() - start)
    taken.sort()
    return Spread(median(taken) / 1000, taken[len(taken) * 99 // 100] / 1000)


def seconds(do: Callable[[], T]) -> tuple[float, T]:
    """Return how long `do` takes, and what it returns."""
    start = perf_counter()
    found = do()
    return perf_counter() - start, found


def process(
    *arguments: str, cache: str | None = None, times: int = 5, fails: bool = False
) -> float:
    """Return the median of the seconds that `python ARGUMENTS` takes from the shell.

    Without `cache` each run begins with an empty cache folder. `fails`: its exit code
    may be 1.
    """
    taken = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as empty:
            own = {**os.environ, "XDG_CACHE_HOME": cache or empty}
            command = [sys.executable, *arguments]
            start = perf_counter()
            done = subprocess.run(
                command, env=own, check=not fails, stdout=subprocess.DEVNULL
            )
            if done.returncode not in {0, 1}:
                raise RuntimeError(f"exit code {done.returncode}: {arguments}")
            taken.append(perf_counter() - start)
    return median(taken)


def printed(program: str) -> str:
    """Return what the Python `program` prints in a process of its own."""
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


def times(one: float, other: float) -> str:
    """Return how much longer `one` takes than `other`, as text."""
    return f"{one / other:8.1f} times as long"


def say(what: str, figure: object, aim: str = "") -> None:
    """Print one line of the report, and the aim beside it."""
    print(f"  {what:<46} {figure!s:<38}{f'  aim {aim}' if aim else ''}".rstrip())
