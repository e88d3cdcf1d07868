"""The worker: a process that asks durable-rules and does nothing else.

It reads frames from its standard input and answers on its standard output, and ends
when nobody can ask it any more. It imports nothing of whopays but `rulesets` and
`frames`.
"""

from __future__ import annotations

import json
import mmap
import os
import select
import signal
import sys
from collections.abc import Iterator
from typing import Any

from whopays.engines import frames
from whopays.engines.rulesets import EngineMissing, Rulesets, raw_engine

_IN, _OUT = 0, 1
_PIPE = 1 << 16
_PATIENCE = 2  # seconds between two looks at whether the parent is there
#: What is noted: how many frames that ask were begun, and the entry of it in flight.
BEGUN, ENTRY = 0, 1


class Gone(Exception):
    """Nobody is left who asks."""


def main() -> None:
    """Serve until the input ends: `server PARENT PROGRESS SECONDS`.

    PROGRESS is the descriptor of a file in which the entry in flight is noted, SECONDS
    how long an answer may take before the process ends itself.
    """
    parent, progress, seconds = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A hang in the engine can't be interrupted, but a signal without a handler ends it.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with mmap.mmap(progress, mmap.PAGESIZE) as shared:
        try:
            raw_engine()
        except EngineMissing:
            _say(frames.frame(frames.MISSING))
            return
        _say(frames.frame(frames.READY))
        try:
            serve(parent, shared, seconds)
        except (Gone, BrokenPipeError):
            return


def serve(parent: int, shared: mmap.mmap, seconds: int) -> None:
    """Answer frames until `Gone` is raised."""
    plans: dict[int, str] = {}
    tables: dict[int, Answers] = {}
    with memoryview(shared).cast("q") as progress:
        for kind, content in _frames(parent):
            if kind == frames.LOAD:
                number, _, text = content.decode().partition(":")
                plans[int(number)] = text
            elif kind == frames.DROP:
                tables.pop(int(content)).close()
            else:
                signal.alarm(seconds)
                try:
                    reply = _answer(frames.numbers(content), plans, tables, progress)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is told
                    said = f"{type(error).__name__}: {error}"
                    _say(frames.frame(frames.ERROR, said.encode()))
                    return
                signal.alarm(0)
                _say(reply)


class Answers:
    """The loaded rules of a table, and the sets of clauses that were found to hold."""

    def __init__(self, text: str) -> None:
        self.loaded = [Rulesets(plan) for plan in json.loads(text)]
        self.sets: dict[frozenset[int], int] = {}

    def held(self, cells: Any) -> frozenset[int]:
        """Return the clauses that hold at `cells`."""
        if len(self.loaded) == 1:
            return self.loaded[0].held(cells)
        return frozenset().union(*(each.held(cells) for each in self.loaded))

    def close(self) -> None:
        """Unload the rules."""
        for each in self.loaded:
            each.close()


def _answer(
    asked: Any, plans: dict[int, str], tables: dict[int, Answers], progress: Any
) -> bytes:
    number, width, count = asked[0], asked[1], asked[-1]
    progress[ENTRY] = 0
    progress[BEGUN] += 1
    if number in plans:
        tables[number] = Answers(plans.pop(number))
    table = tables[number]
    found, new = [], []
    for at in range(count):
        progress[ENTRY] = at
        start = 2 + at * width
        held = table.held(asked[start : start + width])
        place = table.sets.get(held)
        if place is None:
            place = table.sets[held] = len(table.sets)
            new.append(held)
        found.append(place)
    return frames.answer(new, found)


def _frames(parent: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield frames as they come; raise `Gone` at the end of the input."""
    found = frames.Frames()
    while True:
        while (each := found.next()) is not None:
            yield each
        # A process forked from the parent may hold the pipe open after its end.
        while not select.select([_IN], [], [], _PATIENCE)[0]:
            if os.getppid() != parent:
                raise Gone
        read = os.read(_IN, _PIPE)
        if not read:
            raise Gone
        found.add(read)


def _say(content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(_OUT, rest) :]


if __name__ == "__main__":
    main()
