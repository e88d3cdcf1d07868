"""durable-rules in a process of its own: what crashes or hangs there stops nothing.

The worker is started anew, the entry that it was at is answered by evaluation of the
clauses, as the reference does, and that is noted. A meaning never changes silently.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from whopays.engines import frames
from whopays.engines.durable import ALIVE, evaluated, sizes_of
from whopays.engines.plan import plans
from whopays.engines.worker import SERVER, Failure, Worker
from whopays.program.table import Table

Cells: TypeAlias = tuple[int, ...]
Held: TypeAlias = frozenset[int]

_SECONDS = 20  # for one answer: of _MOST entries, with their rules to be loaded first
_MOST = 1024  # entries in one question
_ASIDE = 3  # failures of a table in a row, after which it is not asked again
_GIVEN_UP = 6  # failures in a row, whatever the table


@dataclass(frozen=True)
class Incident:
    """Something that went wrong, at `entry` of the table with this digest.

    `entry` is None where no entry was answered otherwise than by durable-rules.
    """

    table: str
    entry: int | None
    what: str


@dataclass
class _Ask:
    """Cells of a table, and where their answers go."""

    table: Table
    cells: list[Cells]
    places: list[tuple[int, int]]


@dataclass
class _Loaded:
    """A table that the worker knows, and the sets of clauses that it has named so far."""

    number: int
    sizes: tuple[int, ...]
    sets: list[Held] = field(default_factory=list)


@dataclass
class Guarded:
    """Asks durable-rules in a worker. One process and one thread ask at a time.

    `by_worker` counts entries. `evaluated` are those, by table and address, that were
    not answered by durable-rules; why stands in `incidents`.
    """

    seconds: int = _SECONDS
    server: str = SERVER
    incidents: list[Incident] = field(default_factory=list)
    by_worker: int = 0
    evaluated: set[tuple[Table, int]] = field(default_factory=set)
    _worker: Worker | None = None
    # By the table itself: those of two contracts may have one digest and other cells.
    _loaded: dict[Table, _Loaded] = field(default_factory=dict)
    _numbers: int = 0
    _failures: int = 0
    _of_table: Counter[Table] = field(default_factory=Counter)

    @property
    def is_given_up(self) -> bool:
        """Whether the worker failed too often to be asked again."""
        return self._failures >= _GIVEN_UP

    def answers(
        self, asked: Sequence[tuple[Table, Sequence[Cells]]]
    ) -> list[list[Held]]:
        """Return the clauses that hold at the cells of each table, in order.

        Raise `EngineMissing` where the worker can't import durable-rules, and
        `TooManyKeysError` for a table that is too much for it.
        """
        found: list[list[Held]] = [[frozenset()] * len(cells) for _, cells in asked]
        waiting: deque[_Ask] = deque()
        for at, (table, cells) in enumerate(asked):
            for start in range(0, len(cells), _MOST):
                some = list(cells[start : start + _MOST])
                places = [(at, start + n) for n in range(len(some))]
                waiting.append(_Ask(table, some, places))
        try:
            while waiting:
                self._answer(waiting, found)
        except BaseException:
            # What the worker knows by now is not known here.
            self.close()
            raise
        return found

    def _answer(self, waiting: deque[_Ask], found: list[list[Held]]) -> None:
        if self._is_evaluated(waiting[0].table):
            self._evaluate(waiting.popleft(), found)
            return
        try:
            self._exchange(waiting, found)
        except Failure as failure:
            self._fail(failure, waiting[0], found)
            if not waiting[0].cells:
                waiting.popleft()

    def _is_evaluated(self, table: Table) -> bool:
        return self.is_given_up or self._of_table[table] >= _ASIDE

    def _evaluate(self, ask: _Ask, found: list[list[Held]]) -> None:
        for (at, place), cells in zip(ask.places, ask.cells, strict=True):
            found[at][place] = self._evaluated(ask.table, cells)

    def _evaluated(self, table: Table, cells: Cells) -> Held:
        self.evaluated.add((table, table.entry(cells)))
        return evaluated(table, cells)

    def _exchange(self, waiting: deque[_Ask], found: list[list[Held]]) -> None:
        """Ask the worker all that is `waiting`, up to what is not to be asked of it."""
        worker = self._started(waiting[0].table)
        requests: list[bytes] = []
        known: list[_Loaded] = []
        for ask in waiting:
            # No more tables at once than may be loaded at once.
            if self._is_evaluated(ask.table) or len(known) == ALIVE:
                break
            known.append(self._load(ask.table, requests))
            requests.append(frames.ask(known[-1].number, ask.cells))
        replies = worker.ask(requests, len(known))
        for each, reply in zip(known, replies, strict=True):
            ask = waiting.popleft()
            answers = frames.answered(reply, each.sets)
            for (at, place), held in zip(ask.places, answers, strict=True):
                found[at][place] = held
            self.by_worker += len(answers)
            self._failures = 0
            del self._of_table[ask.table]

    def _started(self, table: Table) -> Worker:
        if self._worker is not None and not self._worker.is_there:
            if self._worker.is_mine:
                what = "the worker was gone before it was asked, and started anew"
                self.incidents.append(Incident(table.digest, None, what))
            self.close()
        if self._worker is None:
            self._worker = Worker(self.seconds, self.server)
        return self._worker

    def _load(self, table: Table, requests: list[bytes]) -> _Loaded:
        """Return `table` as the worker knows it; add what makes it known to `requests`."""
        found = self._loaded.get(table)
        if found is not None and found.sizes != sizes_of(table):
            # A dimension of compared facts grew: the rules name its cells.
            self._loaded.pop(table)
            requests.append(frames.drop(found.number))
            found = None
        if found is None:
            if len(self._loaded) >= ALIVE:
                oldest = self._loaded.pop(next(iter(self._loaded)))
                requests.append(frames.drop(oldest.number))
            self._numbers += 1
            found = _Loaded(self._numbers, sizes_of(table))
            requests.append(frames.load(found.number, plans(table)))
            self._loaded[table] = found
        return found

    def _fail(self, failure: Failure, ask: _Ask, found: list[list[Held]]) -> None:
        """Note the failure, and evaluate the entry in flight where there is one."""
        self.close()
        self._failures += 1
        table, what, entry = ask.table, failure.what, None
        if failure.entry is not None:
            self._of_table[table] += 1
            at, place = ask.places.pop(failure.entry)
            cells = ask.cells.pop(failure.entry)
            entry = table.entry(cells)
            found[at][place] = self._evaluated(table, cells)
            if self._of_table[table] == _ASIDE:
                what += "; the table is set aside, and evaluated from here on"
        if self.is_given_up:
            what += (
                "; the worker is given up, and all entries are evaluated from here on"
            )
        self.incidents.append(Incident(table.digest, entry, what))

    def close(self) -> None:
        """End the worker; it starts again when it is asked again."""
        self._loaded.clear()
        if self._worker is not None:
            self._worker.close()
            self._worker = None
