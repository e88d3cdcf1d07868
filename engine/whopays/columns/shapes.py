"""What is asked of the cells of a contract: conditions, versions, classes of codes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from whopays.columns.cells import Cell, Group, Values
from whopays.columns.keys import Probe, Shape
from whopays.decide.duties import DutyProgram
from whopays.model import conditions as model
from whopays.model.duty import Clause
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import Program, VersionProgram


class SeenProgram(DutyProgram):
    """A program that sees what limits and duties ask for, beside what decides who pays."""

    def conditions(
        self, categories: Iterable[str] | None = None
    ) -> Iterator[model.Condition]:
        """Yield every condition that may be asked, of all versions."""
        yield from super().conditions(categories)
        for each in self.versions:
            yield from (limit.when for limit in each.text.limits if limit.when)
            yield from self.asked_later(each)

    def asked_later(self, version: VersionProgram) -> Iterator[model.Condition]:
        """Yield what routes and clocks ask for, once it is known who pays."""
        text = version.text
        clauses: tuple[Clause, ...] = (*text.routes, *text.clocks)
        for clause in clauses:
            yield self.holds(clause)
            fact = clause.days.fact
            yield model.IsGiven(fact, f"{fact} is given")
        if text.routes:
            yield from (when for _, when in self.receivers.clauses)


class Shapes:
    """Makes the shapes and probes of `program`, whose facts `seen` sees in full.

    `groups` are its facts, `dates` those that choose a version, `codes` those that
    choose a category.
    """

    def __init__(self, program: Program, seen: Program) -> None:
        self.program = program
        catalog = program.contract.catalog
        self.dates = list(
            dict.fromkeys(by.facts[0] for by in program.contract.decide_by)
        )
        self.codes = list(
            dict.fromkeys(fact for by in catalog.match_by for fact in by.facts)
        )
        self.groups = [
            Group(wide, self._probe_of_days(names)) for names, wide in seen.wide_groups
        ]
        self._at = {name: at for at, g in enumerate(self.groups) for name in g.names}
        self._atoms = [
            {atom: number for number, atom in enumerate(g.wide.atoms)}
            for g in self.groups
        ]
        days = [d for v in seen.versions for d in _edges(v)]
        for group in self.groups:
            group.cut(days if set(group.names) & set(self.dates) else ())

    def _probe_of_days(
        self, names: tuple[str, ...]
    ) -> Callable[[Values], Hashable] | None:
        dated = {by.facts[0] for by in self.program.contract.decide_by}
        at = [place for place, name in enumerate(names) if name in dated]
        if not at:
            return None
        return lambda values: tuple(self._version_at(values[place]) for place in at)

    def _version_at(self, day: Value) -> int | None:
        if day is UNKNOWN:
            return -1
        found = self.program.version_on(day)
        return None if found is None else self.program.versions.index(found)

    def probe(self, at: int, name: Hashable) -> Probe:
        """Return what tells cells of the group `at` apart: atoms, versions, codes."""
        group = self.groups[at]
        atoms, versions, codes = _asked(name)
        asked = [
            {group.names.index(fact) for fact in model.atom_facts(group.wide.atoms[n])}
            for n in atoms
        ]
        needed = set().union(
            *asked, *({group.names.index(f)} for f in (*versions, *codes))
        )

        def probe(cell: Cell) -> Hashable:
            if not cell.is_known and any(cell.values[n] is UNKNOWN for n in needed):
                return cell
            if atoms and not cell.truth:
                return cell
            return (
                tuple([cell.truth[n] for n in atoms]),
                tuple(
                    [
                        self._version_at(cell.values[group.names.index(f)])
                        for f in versions
                    ]
                ),
                tuple(
                    [
                        self._class_of(f, cell.values[group.names.index(f)])
                        for f in codes
                    ]
                ),
            )

        return probe

    def _class_of(self, fact: str, code: Value) -> Hashable:
        if not isinstance(code, str):
            return frozenset()
        listed = self.program.code_index(fact).classes(code)
        return listed.intersection(self.program.answered)

    def shape(
        self,
        atoms: Iterable[model.Atom],
        versions: Sequence[str] = (),
        codes: Sequence[str] = (),
    ) -> Shape:
        """Return what asks these atoms, the versions on dates, and the classes of codes."""
        found: dict[int, tuple[set[int], list[str], list[str]]] = {}
        for atom in atoms:
            at = self._at[atom.fact]
            own = found.setdefault(at, (set(), [], []))
            own[0].add(self._atoms[at][atom])
        for name in versions:
            found.setdefault(self._at[name], (set(), [], []))[1].append(name)
        for name in codes:
            found.setdefault(self._at[name], (set(), [], []))[2].append(name)
        return tuple(
            (at, (tuple(sorted(a)), tuple(v), tuple(c)))
            for at, (a, v, c) in sorted(found.items())
        )


def _asked(name: Any) -> tuple[Sequence[int], Sequence[str], Sequence[str]]:
    """Return what is asked of a group: atoms by number, versions by date, codes."""
    atoms, versions, codes = name
    return atoms, versions, codes


def _edges(version: VersionProgram) -> Iterator[int]:
    """Yield the days before which the version begins or another one may."""
    period = version.version.period
    yield period.first.toordinal()
    if period.last is not None:
        yield period.last.toordinal() + 1
