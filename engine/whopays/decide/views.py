"""What a decision reads: a line of which enough is known, or one completed in part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from whopays.model.values import UNKNOWN, Value
from whopays.program.cells import Dim
from whopays.program.compile import VersionProgram
from whopays.program.table import Table
from whopays.program.wide import WideFact

T = TypeVar("T")


class Fills(Protocol):
    """An engine: says which clauses of a table hold in an entry."""

    name: str

    def held(self, table: Table, cells: tuple[int, ...]) -> frozenset[int]:
        """Return the indexes of the clauses that hold at `cells`."""


class Sees(Protocol):
    """What knows all cells of its facts: the program of a contract, or pairs of plans."""

    @property
    def wide(self) -> Mapping[str, WideFact]:
        """Each fact that may be read, with the cells of the whole."""

    def version_on(self, day: Value) -> VersionProgram | None:
        """Return the version of a contract in force on `day`, None if there is none."""


class Watch(Protocol):
    """Looks on while a line is decided, and may suppose another answer of a table."""

    def held(
        self, table: Table, cells: tuple[int, ...], held: frozenset[int]
    ) -> frozenset[int]:
        """Return the clauses of `table` that shall count as holding at `cells`."""

    def version(self, version: VersionProgram | None) -> VersionProgram | None:
        """Return the version that shall count as in force instead of `version`."""


class Splits(Exception):
    """A table can't be asked before the values of `group` are divided into `sets`."""

    def __init__(self, group: tuple[str, ...], sets: list[int]) -> None:
        self.group = group
        self.sets = sets


class View(Protocol):
    """What a decision reads."""

    @property
    def way(self) -> Sequence[int]:
        """The entries asked so far, where every fact asked was known."""

    def held(self, table: Table) -> frozenset[int]:
        """Return the clauses of `table` that hold."""

    def cells(self, table: Table) -> tuple[int, ...]:
        """Return the cells of the line in `table`."""

    def version(self, date_fact: str) -> VersionProgram | None:
        """Return the version in force on the day that `date_fact` gives."""

    def seen(self, fact: str, see: Callable[[Value], T]) -> T:
        """Return `see` of the value of `fact`."""


class Known:
    """A line all of whose facts are known, so far as they are asked."""

    def __init__(
        self, program: Sees, engine: Fills, facts: Mapping[str, Value]
    ) -> None:
        self.program = program
        self.engine = engine
        self.facts = facts
        self.way: list[int] = []

    def held(self, table: Table) -> frozenset[int]:
        """Return the clauses of `table` that hold."""
        cells, entry = self._cells(table)
        self.way.append(entry)
        held = table.held.get(entry)
        return self.engine.held(table, cells) if held is None else held

    def cells(self, table: Table) -> tuple[int, ...]:
        """Return the cells of the line in `table`."""
        return self._cells(table)[0]

    def _cells(self, table: Table) -> tuple[tuple[int, ...], int]:
        """Return the cells of the line in `table`, and the entry that they make."""
        cells = []
        facts = self.facts
        entry = 0
        for dim, stride in table.steps:
            names = dim.facts
            if len(names) == 1:
                value = facts.get(names[0], UNKNOWN)
                if value is UNKNOWN:
                    raise Splits(names, [])
                cell = dim.cell_of(value)
            else:
                values = tuple([facts.get(name, UNKNOWN) for name in names])
                if UNKNOWN in values:
                    raise Splits(names, [])
                cell = dim.cell(values)
            cells.append(cell)
            entry += cell * stride
        return tuple(cells), entry

    def version(self, date_fact: str) -> VersionProgram | None:
        """Return the version in force on the day that `date_fact` gives."""
        return self.seen(date_fact, self.program.version_on)

    def seen(self, fact: str, see: Callable[[Value], T]) -> T:
        """Return `see` of the value of `fact`."""
        value = self.facts.get(fact, UNKNOWN)
        if value is UNKNOWN:
            raise Splits((fact,), [])
        return see(value)


@dataclass(frozen=True)
class Partly:
    """A line with unknown facts: `sets` are the values still possible, as bits."""

    program: Sees
    engine: Fills
    facts: Mapping[str, Value]
    sets: dict[tuple[str, ...], int]
    choices: dict[tuple[str, ...], list[tuple[Value, ...]]]
    way: Sequence[int] = ()

    def held(self, table: Table) -> frozenset[int]:
        """Return the clauses of `table` that hold."""
        return self.engine.held(table, self.cells(table))

    def cells(self, table: Table) -> tuple[int, ...]:
        """Return the cells of the line in `table`."""
        cells = []
        for dim in table.dims:
            names = dim.facts
            if len(names) == 1:
                value = self.facts.get(names[0], UNKNOWN)
                known = value is not UNKNOWN
                cells.append(dim.cell_of(value) if known else self._cell(dim))
                continue
            values = tuple([self.facts.get(name, UNKNOWN) for name in names])
            cells.append(self._cell(dim) if UNKNOWN in values else dim.cell(values))
        return tuple(cells)

    def _cell(self, dim: Dim) -> int:
        """Return the one cell that the values still possible lie in; else divide them."""
        wide = self.program.wide[dim.facts[0]]
        masks = wide.masks(dim)
        if masks is None:
            return self._only(dim.facts, dim.cell)
        names = wide.names
        if names not in self.choices:
            self.choices[names] = wide.candidates((UNKNOWN,))
        bits = self.sets.get(names, -1)
        found = {cell: mask & bits for cell, mask in masks.items() if mask & bits}
        if len(found) == 1:
            return next(iter(found))
        raise Splits(names, list(found.values()))

    def version(self, date_fact: str) -> VersionProgram | None:
        """Return the version in force on the day that `date_fact` gives."""
        return self.seen(date_fact, self.program.version_on)

    def seen(self, fact: str, see: Callable[[Value], T]) -> T:
        """Return `see` of the value of `fact`."""
        value = self.facts.get(fact, UNKNOWN)
        if value is not UNKNOWN:
            return see(value)
        return self._only((fact,), lambda values: see(values[0]))

    def _only(self, names: tuple[str, ...], see: Callable[[tuple[Value, ...]], T]) -> T:
        """Return what all values still possible look like; divide them if they differ."""
        wide = self.program.wide[names[0]]
        group = wide.names
        if group not in self.choices:
            known = tuple(self.facts.get(name, UNKNOWN) for name in group)
            self.choices[group] = wide.candidates(known)
        values = self.choices[group]
        at = [group.index(name) for name in names]
        bits = self.sets.get(group, (1 << len(values)) - 1)
        found: dict[T, int] = {}
        for place, each in enumerate(values):
            if bits >> place & 1:
                look = see(tuple([each[a] for a in at]))
                found[look] = found.get(look, 0) | 1 << place
        if len(found) == 1:
            return next(iter(found))
        raise Splits(group, list(found.values()))


@dataclass(frozen=True)
class Watched:
    """A line at which a watch looks on."""

    engine: Fills
    view: View
    watch: Watch
    way: Sequence[int] = ()

    def held(self, table: Table) -> frozenset[int]:
        """Return the clauses of `table` that hold."""
        cells = self.cells(table)
        held = self.engine.held(table, cells)
        return self.watch.held(table, cells, held)

    def cells(self, table: Table) -> tuple[int, ...]:
        """Return the cells of the line in `table`."""
        return self.view.cells(table)

    def version(self, date_fact: str) -> VersionProgram | None:
        """Return the version in force on the day that `date_fact` gives."""
        return self.watch.version(self.view.version(date_fact))

    def seen(self, fact: str, see: Callable[[Value], T]) -> T:
        """Return `see` of the value of `fact`."""
        return self.view.seen(fact, see)
