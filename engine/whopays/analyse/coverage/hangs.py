"""What a decision hangs on: the conditions whose other truth gives another decision.

A decision *hangs on* an atom of a condition if it would be one decision were the atom
true, and another were it false; everything else stays as the line has it. An atom that
nobody asked, or that another atom has settled already, is never hung on.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from whopays.analyse.coverage.demands import (
    condition_key,
    target_key,
    threshold_key,
)
from whopays.analyse.coverage.edges import edge_of
from whopays.analyse.coverage.enough import enough
from whopays.analyse.coverage.items import Key
from whopays.analyse.coverage.parts import Part, Turn, piece_parts, turning
from whopays.decide.line import Decider, Found
from whopays.decide.settle import acting_clauses, settle
from whopays.model import conditions as model
from whopays.model.contract import ExceptionClause, Row
from whopays.model.outcome import Outcome
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import VersionProgram
from whopays.program.piece import Piece
from whopays.program.table import Table, evaluate

Facts: TypeAlias = Mapping[str, Value]
_MOST_WAYS = 400
_MOST_FILLED = 48


class TooManyWaysError(Exception):
    """A line has so many completions that nothing is said to hang on its conditions."""


@dataclass
class _Seen:
    """Watches which entries of which tables are asked."""

    tables: dict[Table, tuple[int, ...]] = field(default_factory=dict)
    asked: int = 0

    def held(
        self, table: Table, cells: tuple[int, ...], held: frozenset[int]
    ) -> frozenset[int]:
        self.asked += 1
        if self.asked > 8 * _MOST_WAYS:
            raise TooManyWaysError
        self.tables[table] = cells
        return held

    def version(self, version: VersionProgram | None) -> VersionProgram | None:
        return version


@dataclass(frozen=True)
class _Supposed:
    """Supposes that in `table` the clauses `other` hold, not those that do."""

    table: Table
    other: frozenset[int]

    def held(
        self, table: Table, cells: tuple[int, ...], held: frozenset[int]
    ) -> frozenset[int]:
        del cells
        return self.other if table is self.table else held

    def version(self, version: VersionProgram | None) -> VersionProgram | None:
        return version


@dataclass(frozen=True)
class _Placed:
    """Supposes that an atom of the condition `when` of a category is otherwise.

    A category may be looked at several times, for one code after the other.
    """

    category: str
    when: model.Condition
    atom: model.Atom

    def held(
        self, table: Table, cells: tuple[int, ...], held: frozenset[int]
    ) -> frozenset[int]:
        for at, clause in enumerate(table.clauses):
            if clause == (self.category, self.when):
                truth = table.truth(cells)
                truth[self.atom] = not truth[self.atom]
                turned = evaluate(self.when, truth)
                return held | {at} if turned else held - {at}
        return held

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
    """A decision, the outcomes of all its completions, and the entries that it asked.

    `filled` are the facts of the completions; `asked` is of a line without any.
    """

    facts: Facts
    category: str | None
    found: Found
    ways: tuple[Found, ...]
    filled: tuple[Facts, ...]
    asked: tuple[tuple[Table, tuple[int, ...]], ...]

    def read(self, name: str) -> Value:
        """Return the value of the fact `name`."""
        return self.facts.get(name, UNKNOWN)

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
        self._turns: dict[tuple[object, tuple[int, ...]], tuple[Turn, ...]] = {}
        self._of_pieces: dict[tuple[Piece, tuple[int, ...]], tuple[Turn, ...]] = {}
        self._parts: dict[object, tuple[Part, ...]] = {}
        self._targets: dict[tuple[Piece, frozenset[int]], tuple[Key, ...]] = {}

    def follow(self, facts: Facts, category: str | None) -> Followed:
        """Decide; raise `TooManyWaysError` where there are too many completions."""
        seen = _Seen()
        found, ways = self.decider.watched(facts, category, seen)
        if len(ways) > _MOST_WAYS or not ways:
            raise TooManyWaysError
        return Followed(
            facts,
            category,
            found,
            tuple(way.found for way in ways),
            tuple(way.facts for way in ways),
            tuple(seen.tables.items()) if len(ways) == 1 else (),
        )

    def targets(self, way: Found) -> tuple[Key, ...]:
        """Return the keys of the targets without which `way` had another outcome."""
        if way.held is None or way.version is None or way.outcome.answer is None:
            return ()
        piece = way.version.piece(way.outcome.landed)
        key = (piece, way.held)
        if key not in self._targets:
            self._targets[key] = tuple(replaced(way.version, piece, way.held))
        return self._targets[key]

    def conditions(self, line: Followed) -> Iterator[Key]:
        """Yield the keys of the conditions and thresholds that the decision hangs on.

        A line with unknown facts is looked at filled in, in each way (in some, evenly
        spread, where there are many). What is unknown is touched if ways differ; what is
        known, if the line is decided all the same.
        """
        if line.is_settled:
            yield from self._known(line, line)
            return
        outcome = line.found.outcome
        needs = set(outcome.needs)
        is_open = outcome.status == "undetermined"
        differs = len({seen_by_tests(way.outcome) for way in line.ways}) > 1
        for facts in line.filled[:: -(-len(line.filled) // _MOST_FILLED)]:
            filled = self.follow(facts, line.category)
            if not is_open:
                yield from self._known(line, filled)
            for part, atom, _ in self._hung(filled) if differs else ():
                unknown = [n for n in model.atom_facts(atom) if line.read(n) is UNKNOWN]
                if unknown and (not is_open or needs.intersection(unknown)):
                    yield condition_key(part.span, atom, "unknown")

    def facts(self, line: Followed) -> tuple[set[str], set[str]]:
        """Return the facts on which the decision hangs, in some way to fill it in.

        Then the same, and facts that keep all that does not hold from holding.
        """
        lines = [line]
        if not line.is_settled:
            some = line.filled[:: -(-len(line.filled) // _MOST_FILLED)]
            lines = [self.follow(facts, line.category) for facts in some]
        hung = {
            name
            for each in lines
            for _, atom, _ in self._hung(each)
            for name in model.atom_facts(atom)
        }
        kept = set(hung)
        for each in lines:
            for table, cells in each.asked:
                whens = (when for _, when in table.clauses)
                kept = enough(whens, table.truth(cells), kept)
        return hung, kept

    def _known(self, line: Followed, filled: Followed) -> Iterator[Key]:
        """Yield the sides on which `line` stands, of atoms that decide when `filled`."""
        facts = self.program.contract.facts
        for part, atom, _ in self._hung(filled):
            if any(line.read(name) is UNKNOWN for name in model.atom_facts(atom)):
                continue
            side = "true" if atom.holds(line.read) else "false"
            yield condition_key(part.span, atom, side)
            for edge in edge_of(atom, facts, line.read):
                yield threshold_key(part.span, atom, edge)

    def _hung(self, line: Followed) -> Iterator[Turn]:
        """Yield the atoms that would, the other way, give a settled line another end."""
        way = line.known
        piece = None
        if way is not None and way.version is not None:
            piece = way.version.piece(way.outcome.landed)
        for table, cells in line.asked:
            if way is not None and piece is not None and table is piece.table:
                yield from self._of_piece(way, piece, cells)
                continue
            for turn in self._turning(table, cells, None):
                if self._ends_elsewhere(line, table, turn):
                    yield turn

    def _of_piece(
        self, way: Found, piece: Piece, cells: tuple[int, ...]
    ) -> tuple[Turn, ...]:
        """Return the atoms of the clauses on which the answer of `way` hangs."""
        key = (piece, cells)
        if key not in self._of_pieces:
            told, version = seen_by_tests(way.outcome), way.version
            self._of_pieces[key] = tuple(
                turn
                for turn in self._turning(piece.table, cells, (version, piece))
                if version is not None
                and seen_by_tests(settle(version, piece, turn[2])) != told
            )
        return self._of_pieces[key]

    def _ends_elsewhere(self, line: Followed, table: Table, turn: Turn) -> bool:
        """Tell whether the decision differs where an atom of `table` is otherwise."""
        part, atom, held = turn
        program = self.program
        if table is program.gate and not held:
            return line.found.outcome.status != "no_contract"
        other: _Supposed | _Placed = _Supposed(table, held)
        if table not in {program.gate, program.dates, program.order}:
            (at,) = part.clauses
            other = _Placed(*table.clauses[at], atom)
        found, _ = self.decider.watched(line.facts, line.category, other)
        return differ(found.outcome, line.found.outcome)

    # Which conditions a table asks, and what would hold if an atom were otherwise

    def _turning(
        self,
        table: Table,
        cells: tuple[int, ...],
        asked: tuple[VersionProgram | None, Piece] | None,
    ) -> tuple[Turn, ...]:
        what = asked[1] if asked is not None else table
        if (what, cells) not in self._turns:
            if what not in self._parts:
                version, piece = asked if asked is not None else (None, None)
                parts = (
                    piece_parts(version, piece)
                    if version is not None and piece is not None
                    else self._upstream(table)
                )
                self._parts[what] = tuple(parts)
            found = tuple(turning(table, cells, self._parts[what]))
            self._turns[what, cells] = found
        return self._turns[what, cells]

    def _upstream(self, table: Table) -> Iterator[Part]:
        contract, catalog = self.program.contract, self.program.contract.catalog
        if table is self.program.gate:
            yield Part(contract.span, table.clauses[0][1], {0: None})
        for lines, of in (
            (contract.decide_by, self.program.dates),
            (catalog.match_by, self.program.order),
        ):
            if table is of:
                for at, by in enumerate(lines):
                    if by.when is not None:
                        yield Part(by.span, by.when, {at: None})
        for at, (name, when) in enumerate(table.clauses):
            category = catalog.categories.get(name)
            if category is not None and category.when == when:
                yield Part(category.span, when, {at: None})


def replaced(
    version: VersionProgram, piece: Piece, held: frozenset[int]
) -> Iterator[Key]:
    """Yield the keys of the targets without which the piece has another answer.

    A target that does not act makes no difference, nor does an exception that doesn't.
    """
    whole = settle(version, piece, held)
    clauses = [piece.clauses[at] for at in sorted(held)]
    acting = acting_clauses(version, whole.category, clauses)
    addresses = {
        address
        for each in acting
        if isinstance(each, Row | ExceptionClause)
        for address in each.addresses
    }
    for at in sorted(held):
        clause = piece.clauses[at]
        if not isinstance(clause, ExceptionClause) or clause not in acting:
            continue
        for target in clause.targets:
            if target.address in addresses:
                kept = tuple(each for each in clause.targets if each != target)
                fewer = replace(clause, targets=kept)
                rest = (*piece.clauses[:at], fewer, *piece.clauses[at + 1 :])
                without = replace(piece, clauses=rest)
                if differ(whole, settle(version, without, held)):
                    yield target_key(clause, target.text)
