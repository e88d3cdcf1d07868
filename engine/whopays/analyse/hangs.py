"""What a decision hangs on: the conditions whose other truth gives another decision.

A decision *hangs on* an atom of a condition if it would be one decision were the atom
true, and another were it false; everything else stays as the line has it. An atom that
nobody asked, or that another atom has settled already, is never hung on.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from whopays.analyse.demands import (
    atoms_of,
    condition_key,
    target_key,
    threshold_key,
)
from whopays.analyse.edges import edge_of
from whopays.analyse.items import Key
from whopays.decide.line import Decider, Found
from whopays.decide.settle import settle
from whopays.diagnostics import Span
from whopays.model import conditions as model
from whopays.model.contract import ExceptionClause, Row
from whopays.model.outcome import Outcome
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import Piece, VersionProgram
from whopays.program.table import Table, evaluate

Facts: TypeAlias = Mapping[str, Value]
_MOST_WAYS = 400


class TooManyWaysError(Exception):
    """A line has so many completions that nothing is said to hang on its conditions."""


@dataclass(frozen=True)
class Part:
    """A condition of something written at `span`, asked by the `clauses` of a table."""

    span: Span
    atoms: tuple[model.Atom, ...]
    clauses: frozenset[int]


@dataclass
class _Seen:
    """Watches which entries of which tables are asked."""

    tables: dict[Table, set[tuple[int, ...]]] = field(default_factory=dict)
    asked: int = 0

    def held(
        self, table: Table, cells: tuple[int, ...], held: frozenset[int]
    ) -> frozenset[int]:
        self.asked += 1
        if self.asked > 8 * _MOST_WAYS:
            raise TooManyWaysError
        self.tables.setdefault(table, set()).add(cells)
        return held

    def version(self, version: VersionProgram | None) -> VersionProgram | None:
        return version


@dataclass(frozen=True)
class _Supposed:
    """Supposes that `atom` has another truth where `clauses` of `table` ask for it."""

    table: Table
    clauses: frozenset[int]
    atom: model.Atom
    truth: bool

    def held(
        self, table: Table, cells: tuple[int, ...], held: frozenset[int]
    ) -> frozenset[int]:
        if table is not self.table:
            return held
        truth = {**table.truth(cells), self.atom: self.truth}
        on = {at for at in self.clauses if evaluate(table.clauses[at][1], truth)}
        return (held - self.clauses) | on

    def version(self, version: VersionProgram | None) -> VersionProgram | None:
        return version


def differ(one: Outcome, other: Outcome) -> bool:
    """Tell whether a test can tell the two apart: by answer, reasons or facts needed."""
    return seen_by_tests(one) != seen_by_tests(other)


def seen_by_tests(outcome: Outcome) -> Hashable:
    """Return what a test can expect of `outcome`."""
    return (*outcome.key, outcome.clauses, outcome.moved, outcome.needs)


@dataclass(frozen=True)
class Followed:
    """A decision, the outcomes of all its completions, and the entries that it asked."""

    facts: Facts
    category: str | None
    found: Found
    ways: tuple[Found, ...]
    filled: tuple[Facts, ...]
    asked: tuple[tuple[Table, frozenset[tuple[int, ...]]], ...]

    def read(self, name: str) -> Value:
        """Return the value of the fact `name`."""
        return self.facts.get(name, UNKNOWN)

    def is_open(self, name: str) -> bool:
        """Tell whether the fact `name` is unknown."""
        return self.read(name) is UNKNOWN

    @property
    def is_settled(self) -> bool:
        """True where nothing unknown was asked."""
        return len(self.ways) == 1

    @property
    def known(self) -> Found | None:
        """The one way of a line that asks nothing unknown; None if there are several."""
        way = self.ways[0]
        return way if len(self.ways) == 1 and way.held is not None else None


class Hanging:
    """Finds what the decisions of one decider hang on."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self.program = decider.program
        self._of_pieces: dict[Piece, tuple[Part, ...]] = {}
        self._of_others: dict[Table, tuple[Part, ...]] = {}
        self._settled: dict[tuple[Piece, frozenset[int]], Hashable] = {}

    def follow(self, facts: Facts, category: str | None) -> Followed:
        """Decide; raise `TooManyWaysError` where there are too many completions."""
        seen = _Seen()
        found, ways = self.decider.watched(facts, category, seen)
        if len(ways) > _MOST_WAYS or not ways:
            raise TooManyWaysError
        asked = ((table, frozenset(cells)) for table, cells in seen.tables.items())
        return Followed(
            facts,
            category,
            found,
            tuple(way.found for way in ways),
            tuple(way.facts for way in ways),
            tuple(asked),
        )

    def conditions(self, line: Followed) -> Iterator[Key]:
        """Yield the keys of the conditions and thresholds that the decision hangs on.

        A line with unknown facts is looked at filled in, in each way. What is unknown
        is touched if ways differ; what is known, if the line is decided all the same.
        """
        outcome = line.found.outcome
        if line.is_settled:
            yield from self._known(line, line)
            return
        needs = set(outcome.needs)
        open_ = outcome.status == "undetermined"
        differs = len({seen_by_tests(way.outcome) for way in line.ways}) > 1
        for facts in line.filled:
            filled = self.follow(facts, line.category)
            if not open_:
                yield from self._known(line, filled)
            for part, atom in self._hung(filled) if differs else ():
                unknown = [n for n in model.atom_facts(atom) if line.is_open(n)]
                if unknown and (not open_ or needs.intersection(unknown)):
                    yield condition_key(part.span, atom, "unknown")

    def _known(self, line: Followed, filled: Followed) -> Iterator[Key]:
        """Yield the sides on which `line` stands, of atoms that decide when `filled`."""
        facts = self.program.contract.facts
        for part, atom in self._hung(filled):
            if is_open(atom, line.read):
                continue
            side = "true" if atom.holds(line.read) else "false"
            yield condition_key(part.span, atom, side)
            for edge in edge_of(atom, facts, line.read):
                yield threshold_key(part.span, atom, edge)

    def _hung(self, line: Followed) -> Iterator[tuple[Part, model.Atom]]:
        """Yield the known atoms that would, the other way, give another decision."""
        pieces = self._pieces(line.ways)
        for table, entries in line.asked:
            for part in self._parts(table, pieces):
                for atom in part.atoms:
                    if is_open(atom, line.read):
                        continue
                    truth = not atom.holds(line.read)
                    other = _Supposed(table, part.clauses, atom, truth)
                    if _turns(table, entries, other) and self._hangs(
                        line, entries, other
                    ):
                        yield part, atom

    def _hangs(
        self,
        line: Followed,
        entries: frozenset[tuple[int, ...]],
        other: _Supposed,
    ) -> bool:
        way = line.known
        if way is not None and way.version is not None and way.held is not None:
            piece = way.version.piece(way.outcome.landed)
            if other.table is piece.table:
                (cells,) = entries
                held = other.held(piece.table, cells, way.held)
                return self._told(way.version, piece, held) != seen_by_tests(
                    way.outcome
                )
        found, _ = self.decider.watched(line.facts, line.category, other)
        return differ(found.outcome, line.found.outcome)

    def _told(
        self, version: VersionProgram, piece: Piece, held: frozenset[int]
    ) -> Hashable:
        key = (piece, held)
        if key not in self._settled:
            self._settled[key] = seen_by_tests(settle(version, piece, held))
        return self._settled[key]

    # Which conditions a table asks

    def _pieces(self, ways: tuple[Found, ...]) -> dict[Piece, VersionProgram]:
        return {
            way.version.piece(way.outcome.landed): way.version
            for way in ways
            if way.version is not None and way.held is not None
        }

    def _parts(
        self, table: Table, pieces: dict[Piece, VersionProgram]
    ) -> Iterator[Part]:
        mine = [piece for piece in pieces if piece.table is table]
        for piece in mine:
            if piece not in self._of_pieces:
                parts = tuple(piece_parts(pieces[piece], piece))
                self._of_pieces[piece] = parts
            yield from self._of_pieces[piece]
        if not mine:
            if table not in self._of_others:
                self._of_others[table] = tuple(self._upstream(table))
            yield from self._of_others[table]

    def _upstream(self, table: Table) -> Iterator[Part]:
        contract, catalog = self.program.contract, self.program.contract.catalog
        if table is self.program.gate:
            yield _part(contract.span, table.clauses[0][1], {0})
        for lines, of in (
            (contract.decide_by, self.program.dates),
            (catalog.match_by, self.program.order),
        ):
            if table is of:
                for at, by in enumerate(lines):
                    yield _part(by.span, by.when, {at})
        for at, (name, when) in enumerate(table.clauses):
            category = catalog.categories.get(name)
            if category is not None and category.when == when:
                yield _part(category.span, when, {at})


def piece_parts(version: VersionProgram, piece: Piece) -> Iterator[Part]:
    """Yield the conditions of the clauses of `piece`, and those of its grids."""
    grids: dict[str, set[int]] = {}
    for at, (clause, (_, when)) in enumerate(
        zip(piece.clauses, piece.table.clauses, strict=True)
    ):
        if clause.when is not None:
            yield _part(clause.span, clause.when, {at})
        if isinstance(clause, Row) and when != clause.when:
            grids.setdefault(clause.grid, set()).add(at)
    for name, clauses in grids.items():
        grid = version.text.grid(name)
        if grid is not None and grid.when is not None:
            yield _part(grid.span, grid.when, clauses)


def targets_hung_on(way: Found) -> Iterator[Key]:
    """Yield the keys of the targets without which `way` would be another decision."""
    if way.held is None or way.version is None or way.outcome.answer is None:
        return
    piece = way.version.piece(way.outcome.landed)
    for at in sorted(way.held):
        clause = piece.clauses[at]
        if isinstance(clause, ExceptionClause):
            for text in replaced(way.version, piece, at, way.held):
                yield target_key(clause, text)


def replaced(
    version: VersionProgram, piece: Piece, at: int, held: frozenset[int]
) -> Iterator[str]:
    """Yield the targets of the exception at `at` without which another answer stands."""
    clause = piece.clauses[at]
    if not isinstance(clause, ExceptionClause):
        return
    whole = settle(version, piece, held)
    for target in clause.targets:
        fewer = replace(
            clause, targets=tuple(each for each in clause.targets if each != target)
        )
        clauses = (*piece.clauses[:at], fewer, *piece.clauses[at + 1 :])
        without = replace(piece, clauses=clauses)
        if differ(whole, settle(version, without, held)):
            yield target.text


def _part(span: Span, when: model.Condition | None, clauses: set[int]) -> Part:
    atoms = tuple(atoms_of(when)) if when is not None else ()
    return Part(span, atoms, frozenset(clauses))


def is_open(atom: model.Atom, read: model.Read) -> bool:
    """Tell whether a fact that `atom` reads is unknown."""
    return any(read(fact) is UNKNOWN for fact in model.atom_facts(atom))


def _turns(table: Table, entries: frozenset[tuple[int, ...]], other: _Supposed) -> bool:
    """Tell whether in some entry a clause would hold that does not, or the reverse."""
    for cells in entries:
        truth = table.truth(cells)
        if truth[other.atom] == other.truth:
            continue
        turned = {**truth, other.atom: other.truth}
        for at in other.clauses:
            when = table.clauses[at][1]
            if evaluate(when, truth) != evaluate(when, turned):
                return True
    return False
