"""Engines that fill tables in process, as single decisions need it.

Which clauses hold in an entry is decided by durable-rules, inside its safe limits
(`engine/decisions/0003-durable-rules.md`), or by plain evaluation. Which of them wins
is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from whopays.engines.plan import plans
from whopays.engines.rulesets import Rulesets
from whopays.program.table import Table, evaluate

ALIVE = 64  # tables whose rulesets are loaded


@dataclass
class Durable:
    """Fills tables. `asked` counts the entries that durable-rules answered."""

    name: str = "durable"
    asked: int = 0
    # By the table itself: those of two contracts may have one digest and other cells.
    _loaded: dict[Table, tuple[tuple[int, ...], list[Rulesets]]] = field(
        default_factory=dict
    )

    def held(self, table: Table, cells: tuple[int, ...]) -> frozenset[int]:
        """Return the indexes of the clauses of `table` that hold at `cells`."""
        entry = table.entry(cells)
        found = table.held.get(entry)
        if found is None:
            if is_asked(table):
                self.asked += 1
                parts = [each.held(cells) for each in self._rulesets(table)]
                found = parts[0] if len(parts) == 1 else frozenset().union(*parts)
            else:
                found = evaluated(table, cells)
            table.held[entry] = found
        return found

    def _rulesets(self, table: Table) -> list[Rulesets]:
        sizes, found = self._loaded.get(table, ((), []))
        if found and sizes != sizes_of(table):
            # A dimension of compared facts grew: the rules name its cells.
            _close(self._loaded.pop(table)[1])
            found = []
        if not found:
            if len(self._loaded) >= ALIVE:
                oldest = next(iter(self._loaded))
                _close(self._loaded.pop(oldest)[1])
            found = list(map(Rulesets, plans(table)))
            self._loaded[table] = sizes_of(table), found
        return found

    def close(self) -> None:
        """Unload every ruleset."""
        while self._loaded:
            _close(self._loaded.popitem()[1][1])


@dataclass
class Plain:
    """Fills tables by evaluating their conditions: for machines without durable-rules."""

    name: str = "reference"
    asked: int = 0

    def held(self, table: Table, cells: tuple[int, ...]) -> frozenset[int]:
        """Return the indexes of the clauses of `table` that hold at `cells`."""
        entry = table.entry(cells)
        found = table.held.get(entry)
        if found is None:
            self.asked += 1
            found = table.held[entry] = evaluated(table, cells)
        return found


def is_asked(table: Table) -> bool:
    """Tell whether durable-rules is asked about `table`.

    Where not all cells are listed its rules, which name cells, would be loaded anew for
    each cell that a claim meets.
    """
    return all(dim.is_whole for dim in table.dims)


def sizes_of(table: Table) -> tuple[int, ...]:
    """Return how many cells each dimension of `table` has by now."""
    return tuple(len(dim) for dim in table.dims)


def evaluated(table: Table, cells: tuple[int, ...]) -> frozenset[int]:
    """Return the indexes of the clauses that hold at `cells`, by plain evaluation."""
    truth = table.truth(cells)
    return frozenset(
        at for at, (_, when) in enumerate(table.clauses) if evaluate(when, truth)
    )


def _close(rulesets: list[Rulesets]) -> None:
    for each in rulesets:
        each.close()
