"""The way of a line through a contract: what its decision, but for amounts, hangs on.

Three steps, each by a key of cells: the *head* (is the contract's, which version, which
codes), the *place* (which category), the *path* (which clauses). Each is worked out on
the first line that meets it. Where unknown facts leave a step open, the next one asks
all that any of its outcomes would ask.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whopays.columns.cells import Columns
from whopays.columns.interned import Interned, Keys, Places
from whopays.columns.keys import Cells, Rows
from whopays.columns.shapes import SeenProgram, Shapes
from whopays.decide.line import Decider
from whopays.decide.views import Known, Splits
from whopays.model import conditions as model
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import VersionProgram
from whopays.program.table import Table

#: Says the facts of the line at a place.
FactsAt = Callable[[int], Mapping[str, Value]]


@dataclass(frozen=True)
class _Head:
    """How far a line is known to be the contract's: `version`, and `codes` in order.

    Without a version it is not the contract's (`ended`), or that is open.
    """

    version: VersionProgram | None = None
    codes: Sequence[str] = ()
    ended: bool = False


@dataclass(frozen=True)
class _Step:
    """What is asked next: a row of its level, its keys from `base` on."""

    row: int
    base: int


class Plan:
    """Sends lines through the contract of `decider`.

    A path is a number; lines with one path are decided alike, but for amounts and dates.
    `ours[path]` is False for lines that are not the contract's.
    """

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self.program = decider.program
        seen = self.program
        self._later: SeenProgram | None = None
        if decider.has_limits or decider.has_duties:
            versions = tuple(each.version for each in seen.versions)
            known_on = seen.known_on
            seen = self._later = SeenProgram(seen.contract, known_on, seen, versions)
        self._shapes = Shapes(self.program, seen)
        self.groups = self._shapes.groups
        self.ours: list[bool] = []
        #: Entries of tables that the paths met last ask for, and nobody has filled.
        self.open: list[tuple[Table, tuple[int, ...]]] = []
        self._levels = [Rows(self.groups, self._shapes.probe) for _ in range(3)]
        self._start()

    @property
    def names(self) -> list[str]:
        """The facts that are asked."""
        return sorted(name for group in self.groups for name in group.names)

    # The steps

    def _start(self) -> None:
        """Forget all keys: those of the rows mean something else now."""
        self._versions = [level.version for level in self._levels]
        self._met = [Keys() for _ in range(3)]
        self._heads: list[_Head] = []
        self._places: Interned[Hashable] = Interned()
        self._steps: list[list[_Step]] = [[], []]
        self._arrays = [(np.zeros(0, np.int32), np.zeros(0, np.int64))] * 2
        self._ended: set[int] = set()
        self._tables: dict[int, Table] = {}
        self._bases = [0, 0, 0]
        program = self.program
        tables = (program.gate, program.dates, program.order)
        atoms = [atom for table in tables for atom in table.atoms]
        self._first = self._step(0, atoms, self._shapes.dates, self._shapes.codes)

    def _step(
        self,
        level: int,
        atoms: Iterable[model.Atom],
        versions: Sequence[str] = (),
        codes: Sequence[str] = (),
    ) -> _Step:
        rows = self._levels[level]
        row = rows.row(self._shapes.shape(atoms, versions, codes))
        base = self._bases[level]
        self._bases[level] += rows.size(row)
        return _Step(row, base)

    def paths(self, columns: Columns, part: slice, facts_at: FactsAt) -> Places:
        """Return the path of each line in `part`.

        `columns` are the facts as conditions see them, `facts_at` those of a line, by
        its place within `part`.
        """
        cells: dict[int, Places | int] = {}
        count = part.stop - part.start
        found: Places | None = None
        self.open = []
        while found is None:
            for at in {at for level in self._levels for at in level.asked}:
                if at not in cells:
                    cells[at] = self.groups[at].cells(columns, part)
            for level in self._levels:
                level.grow()
            if [level.version for level in self._levels] != self._versions:
                self._start()
            found = self._sent(cells, count, facts_at)
        return found

    def _sent(self, cells: Cells, count: int, facts_at: FactsAt) -> Places | None:
        """Return the path of each line; None where more cells are asked for first."""
        first = np.full(count, self._first.row, np.int32)
        base = np.full(count, self._first.base, np.int64)
        heads = self._reached(
            0, first, base, cells, lambda at: self._add_head(facts_at(at))
        )
        if heads is None:
            return None
        rows, bases = self._array(0)
        places = self._reached(
            1,
            rows[heads],
            bases[heads],
            cells,
            lambda at: self._add_place(int(heads[at]), facts_at(at)),
        )
        if places is None:
            return None
        rows, bases = self._array(1)
        return self._reached(
            2,
            rows[places],
            bases[places],
            cells,
            lambda at: self._add_path(int(places[at]), facts_at(at)),
        )

    def _array(self, number: int) -> tuple[Places, NDArray[np.int64]]:
        steps = self._steps[number]
        if len(self._arrays[number][0]) != len(steps):
            self._arrays[number] = (
                np.array([each.row for each in steps], np.int32),
                np.array([each.base for each in steps], np.int64),
            )
        return self._arrays[number]

    def _reached(
        self,
        level: int,
        rows: Places,
        bases: NDArray[np.int64],
        cells: Cells,
        add: Callable[[int], int],
    ) -> Places | None:
        """Return what each line reached by its key; `add` is asked for keys not met."""
        asked = self._levels[level]
        if any(at not in cells for at in asked.asked):
            return None
        keys = asked.keys(rows, cells) + bases
        table = self._met[level]
        found = table.find(keys)
        missing = np.flatnonzero(found < 0)
        if len(missing):
            new, firsts = np.unique(keys[missing], return_index=True)
            order = np.argsort(firsts)
            places = [add(int(missing[firsts[at]])) for at in order]
            table.add(new[order], np.array(places, np.int32))
            found = table.find(keys)
        return found

    # What is worked out once

    def _add_head(self, facts: Mapping[str, Value]) -> int:
        """Take in a head that was not met before; return its number."""
        head = self._head_of(facts)
        asked: list[model.Atom] = []
        if head.version is not None:
            for name in self._possible(head.version, facts, head.codes):
                asked.extend(self._asked_of(name))
        self._heads.append(head)
        self._steps[0].append(self._step(1, asked))
        return len(self._heads) - 1

    def _head_of(self, facts: Mapping[str, Value]) -> _Head:
        view = Known(self.program, self.decider.engine, facts)
        try:
            version, _ = self.decider.governed(view)
            if version is None:
                return _Head(ended=True)
            order = view.held(self.program.order)
        except Splits:
            return _Head()
        by = self.program.contract.catalog.match_by
        return _Head(version, by[min(order)].facts if order else ())

    def _add_place(self, number: int, facts: Mapping[str, Value]) -> int:
        """Take in a place that was not met before; return its number."""
        head = self._heads[number]
        content: Hashable = ("open", len(self._steps[1]))
        asked: list[model.Atom] = []
        categories: set[str | None] = set()
        if head.version is not None:
            content, categories = self._place_of(head.version, head.codes, facts)
            if content is None:
                content = ("open", len(self._steps[1]))
            asked = self._clauses_of(head.version, categories)
        elif not head.ended:
            for version in self._possible_versions(facts):
                names = self._possible(version, facts, self._shapes.codes)
                for name in names:
                    asked.extend(self._asked_of(name))
                asked += self._clauses_of(version, {None, *names})
        place = self._places.place(content)
        if place == len(self._steps[1]):
            self._steps[1].append(self._step(2, asked))
            if head.ended:
                self._ended.add(place)
            if head.version is not None and len(categories) == 1:
                self._tables[place] = head.version.piece(*categories).table
        return place

    def _place_of(
        self, version: VersionProgram, codes: Sequence[str], facts: Mapping[str, Value]
    ) -> tuple[Hashable, set[str | None]]:
        """Return what the place hangs on, None if it is open, and where it may be."""
        view = Known(self.program, self.decider.engine, facts)
        try:
            places, code_fact, names = self.decider.placed(view, version, codes)
        except Splits:
            return None, {None, *self._possible(version, facts, codes)}
        _, date_fact = self.decider.governed(view)
        chosen = tuple(version.select(names).cells_of(facts)) if names else ()
        where = places[0] if len(places) == 1 else None
        at = self.program.versions.index(version)
        return (at, date_fact, code_fact, names, chosen, tuple(places)), {where}

    def _add_path(self, place: int, facts: Mapping[str, Value]) -> int:
        """Take in a path that was not met before; return its number."""
        self.ours.append(place not in self._ended)
        table = self._tables.get(place)
        if table is not None:
            cells = tuple(each for each in table.cells_of(facts) if each is not None)
            if len(cells) == len(table.dims) and table.entry(cells) not in table.held:
                self.open.append((table, cells))
        return len(self.ours) - 1

    # What may be asked

    def _possible(
        self, version: VersionProgram, facts: Mapping[str, Value], codes: Iterable[str]
    ) -> set[str]:
        """Return the categories that a line with these codes may land on."""
        found = set(version.codeless)
        categories = self.program.contract.catalog.categories
        for fact in codes:
            code = facts.get(fact, UNKNOWN)
            if isinstance(code, str):
                found |= version.candidates(fact, code)
            elif code is UNKNOWN:
                found |= {n for n in version.answered if categories[n].codes}
        return found

    def _possible_versions(self, facts: Mapping[str, Value]) -> list[VersionProgram]:
        days = [facts.get(name, UNKNOWN) for name in self._shapes.dates]
        if UNKNOWN in days:
            return list(self.program.versions)
        several = {self.program.version_on(day) for day in days}
        return [each for each in self.program.versions if each in several]

    def _asked_of(self, category: str) -> Iterator[model.Atom]:
        when = self.program.contract.catalog.categories[category].when
        return model.atoms(when) if when is not None else iter(())

    def _clauses_of(
        self, version: VersionProgram, categories: Iterable[str | None]
    ) -> list[model.Atom]:
        found = [a for name in categories for a in version.piece(name).table.atoms]
        for limit in version.text.limits:
            found.extend(model.atoms(limit.when) if limit.when is not None else ())
        if self._later is not None:
            for when in self._later.asked_later(version):
                found.extend(model.atoms(when))
        return found
