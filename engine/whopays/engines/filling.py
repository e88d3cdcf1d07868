"""Tables filled for whole files: many entries at once, each checked, kept and counted.

`filler` is for batches. A single decision asks `engines.durable` in process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from operator import mul
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self, TypeAlias

from whopays.decide.decision import Decision
from whopays.engines.durable import evaluated, is_asked
from whopays.engines.guarded import Guarded, Incident
from whopays.engines.keeping import Keeping
from whopays.engines.shadow import Shadow, ShadowError
from whopays.program.table import Table

Cells: TypeAlias = tuple[int, ...]
Held: TypeAlias = frozenset[int]
#: How many of the entries filled are decided by the reference, too: every Nth.
Shadowed: TypeAlias = int | Literal["all", "off"]

_AHEAD = 16  # entries asked at once where one by one is asked for


class Answers(Protocol):
    """An engine behind a filler: asked for known entries that nobody has answered yet."""

    incidents: list[Incident]
    #: The entries, by table and address, that were evaluated in place of the engine.
    evaluated: set[tuple[Table, int]]

    def answers(
        self, asked: Sequence[tuple[Table, Sequence[Cells]]]
    ) -> list[list[Held]]:
        """Return the clauses that hold at the cells of each table."""

    def close(self) -> None:
        """End what was started."""


@dataclass
class Evaluation:
    """Evaluates the clauses, for machines without durable-rules."""

    incidents: list[Incident] = field(default_factory=list)
    evaluated: set[tuple[Table, int]] = field(default_factory=set)

    def answers(
        self, asked: Sequence[tuple[Table, Sequence[Cells]]]
    ) -> list[list[Held]]:
        """Return the clauses that hold at the cells of each table."""
        return [[evaluated(table, each) for each in cells] for table, cells in asked]

    def close(self) -> None:
        """Do nothing: nothing was started."""


@dataclass
class Filler:
    """Fills tables; a `decide.views.Fills` that is also asked for many entries at once.

    A context manager: what it started ends with it, and what was filled is kept.
    `incidents` are the entries that the engine did not answer as it must, which were
    evaluated; `explanations` the ids of those that rest on one. `notes` say in words
    what else went wrong. `filled` counts entries.
    """

    name: str
    engine: Answers
    shadow: Shadow | None = None
    keeping: Keeping | None = None
    filled: int = 0
    notes: list[str] = field(default_factory=list)
    explanations: set[str] = field(default_factory=set)
    _not_asked: int = 0  # entries of tables that the engine is never asked about
    # Not in `held` of the tables, so that whoever meets such an entry has to ask.
    _instead: dict[tuple[Table, int], Held] = field(default_factory=dict)
    _is_met: bool = False
    _misses: Counter[Table] = field(default_factory=Counter)

    @property
    def incidents(self) -> list[Incident]:
        """What went wrong, entry by entry."""
        return self.engine.incidents

    def held(self, table: Table, cells: Cells) -> Held:
        """Return the indexes of the clauses of `table` that hold at `cells`.

        Who asks one by one for many entries of a table gets some that lie near, too.
        """
        self._open(table)
        entry = table.entry(cells)
        if not self._is_filled(table, entry):
            self._fill([(table, self._ahead(table, entry, cells))])
        self._is_met |= entry not in table.held
        return self._found(table, entry)

    def held_many(self, table: Table, cells: Sequence[Cells]) -> list[Held]:
        """Return what `held` says of each of `cells`, in order."""
        return self.fill([(table, cells)])[0]

    def fill(self, asked: Sequence[tuple[Table, Sequence[Cells]]]) -> list[list[Held]]:
        """Return what `held` says of the cells of each table, in order.

        The fewer calls, the cheaper an entry is: ask for a whole chunk at once. The
        answers stand in `held` of the tables, too. Raise `ShadowError` where the engine
        and the reference disagree, `EngineMissing` without durable-rules.
        """
        entries, missing = [], []
        for table, cells in asked:
            self._open(table)
            own = _entries(table, cells)
            entries.append(own)
            open_ = {
                entry: each
                for entry, each in zip(own, cells, strict=True)
                if not self._is_filled(table, entry)
            }
            if open_:
                missing.append((table, open_))
        if missing:
            self._fill(missing)
        return [
            [self._found(table, entry) for entry in own]
            for (table, _), own in zip(asked, entries, strict=True)
        ]

    def _is_filled(self, table: Table, entry: int) -> bool:
        return entry in table.held or (table, entry) in self._instead

    def _found(self, table: Table, entry: int) -> Held:
        found = table.held.get(entry)
        return self._instead[table, entry] if found is None else found

    def explains(self, decision: Decision) -> None:
        """Take note of `decision`, if it met an entry that the engine did not answer.

        So it is, too, where the one before it met one late, for its route or clock.
        """
        if self._is_met:
            self._is_met = False
            self.explanations.add(decision.shared.id)

    def _fill(self, missing: Sequence[tuple[Table, dict[int, Cells]]]) -> None:
        told = [(t, list(cells.values())) for t, cells in missing if is_asked(t)]
        answers = iter(self.engine.answers(told) if told else ())
        for table, cells in missing:
            if is_asked(table):
                found = next(answers)
            else:
                found = [evaluated(table, each) for each in cells.values()]
                self._not_asked += len(found)
            held = dict(zip(cells, found, strict=True))
            self._check(table, cells, held)
            self.filled += len(held)
            for entry in [e for e in held if (table, e) in self.engine.evaluated]:
                self._instead[table, entry] = held.pop(entry)
            table.held.update(held)
            if self.keeping is not None:
                self.keeping.add(table, held, self.shadow)
        if self.keeping is not None and self.keeping.is_due:
            self.keep()

    def _check(
        self, table: Table, cells: Mapping[int, Cells], held: Mapping[int, Held]
    ) -> None:
        if self.shadow is None:
            return
        try:
            self.shadow.check(table, cells, held)
        except ShadowError:
            self.keeping = None  # what such a run has filled is worth nothing
            raise

    def _open(self, table: Table) -> None:
        """Take what is kept of `table`, when it is met first."""
        if self.keeping is None or self.keeping.is_open(table):
            return
        held, unchecked = self.keeping.open(table)
        cells = {entry: table.cells_at(entry) for entry in unchecked}
        self._check(table, cells, held)
        table.held.update(held)

    def _ahead(self, table: Table, entry: int, cells: Cells) -> dict[int, Cells]:
        """Return `cells`, and open entries near it: more, the more often it was asked."""
        most = min(4 ** self._misses[table], _AHEAD)
        self._misses[table] += 1
        if most == 1 or not is_asked(table):
            return {entry: cells}
        near: list[Iterable[int]] = []
        size = 1
        for dim, cell in zip(table.dims, cells, strict=True):
            is_whole = size * len(dim) <= most
            near.append(range(len(dim)) if is_whole else (cell,))
            size *= len(dim) if is_whole else 1
        some = list(product(*near))
        pairs = zip(_entries(table, some), some, strict=True)
        return {at: each for at, each in pairs if not self._is_filled(table, at)}

    def keep(self) -> None:
        """Keep on disk what was filled since it was last done."""
        if self.keeping is not None:
            self.keeping.keep()

    def report(self) -> dict[str, Any]:
        """Return what was asked and answered so far, for a manifest.

        The counts are those of this run: they depend on what was kept by earlier ones.
        """
        every = self.shadow.every if self.shadow else "off"
        evaluated_ = len(self.engine.evaluated) + self._not_asked
        kept = self.keeping
        return {
            "engine": self.name,
            "shadow": "all" if every == 1 else every,
            "entries": {
                "filled": self.filled,
                "by_engine": self.filled - evaluated_,
                "by_evaluation": evaluated_,
                "from_disk": kept.count if kept else 0,
                "shadowed": self.shadow.count if self.shadow else 0,
            },
            "incidents": [vars(each) for each in self.incidents],
            "explanations": sorted(self.explanations),
            "notes": list(self.notes),
        }

    def close(self) -> None:
        """Keep what was filled and end what was started; it may be asked again."""
        try:
            self.keep()
        finally:
            self.engine.close()

    def __enter__(self) -> Self:
        """Return the filler itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def _entries(table: Table, cells: Iterable[Cells]) -> list[int]:
    strides = table.strides
    return [sum(map(mul, each, strides)) for each in cells]


def filler(
    name: str = "durable", *, shadow: Shadowed = "all", cache: Path | None = None
) -> Filler:
    """Return what fills tables by the engine `name`: "durable" or "reference".

    `shadow`: how many of the entries the reference decides, too; every Nth, for a
    number. `cache` is the folder in which filled tables are kept, None for none: it
    is usually `resources.cache_folder()`.
    """
    every = {"all": 1, "off": 0}.get(str(shadow), shadow)
    notes: list[str] = []
    return Filler(
        name,
        Guarded() if name == "durable" else Evaluation(),
        Shadow(int(every)) if every else None,
        Keeping(cache, name, notes) if cache else None,
        notes=notes,
    )
