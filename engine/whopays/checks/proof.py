"""Looks at every case that a line can be in, and whether exactly one answer stands.

Each version and category is looked at by itself: the cases in which nothing stands, or
two answers do, are met with those that a line landing there can be in. What is left is
made into a claim, which the reference decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from whopays.checks.asked import Asked, Scope
from whopays.checks.diagrams import NO, Node, TooLargeError
from whopays.checks.landing import Landing
from whopays.checks.problems import problem
from whopays.checks.space import Space
from whopays.checks.standing import Standing, standing
from whopays.checks.witness import shown
from whopays.diagnostics import Diagnostic
from whopays.model.contract import Row
from whopays.model.outcome import Outcome
from whopays.program.compile import VersionProgram
from whopays.program.piece import Clause, Piece

_STEPS = 4_000_000  # of diagrams, for a whole contract: some seconds
_STEPS_OF_PIECE = 200_000
_STEPS_KEPT = 600_000  # after which the diagrams are forgotten, for the memory's sake
_MOST_TRIED = 20  # cases of one problem that are made into claims

#: What tells one problem from another: its kind, and clauses or a category.
Key = tuple[str, frozenset[str]]


@dataclass
class Proof:
    """What was looked at, and what came of it.

    `entries` are cases that a line can be in, over all `tables` (one for each version
    and category). `too_large` are the categories not looked at, `acted` the places of
    the clauses that act somewhere.
    """

    entries: int = 0
    tables: int = 0
    by_otherwise: set[str] = field(default_factory=set)
    too_large: dict[str, Piece] = field(default_factory=dict)
    acted: set[tuple[str, str]] = field(default_factory=set)
    errors: dict[Key, Diagnostic] = field(default_factory=dict)
    possible: dict[Key, Diagnostic] = field(default_factory=dict)


@dataclass(frozen=True)
class _Result:
    """What came of a piece; the same piece in another version has the same."""

    entries: int
    acts: frozenset[int]
    by_otherwise: bool


def prove(asked: Asked) -> Proof:
    """Return what came of looking at every case of a contract."""
    return _Prover(asked).prove()


class _Prover:
    """The proof of one contract on its way."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._proof = Proof()
        self._left = _STEPS
        self._kept: dict[tuple[object, ...], _Result] = {}
        self._fresh()

    def _fresh(self) -> None:
        self._space = Space(self._asked, 0)
        self._landing = Landing(self._space)
        # That two categories are not ranked is told once, and not by what it makes idle.
        self._tied = Landing(self._space, ties=True)
        self._used = 0

    def prove(self) -> Proof:
        for at, version in enumerate(self._asked.program.versions):
            for category in (*sorted(version.answered), None):
                self._look(at, version, category)
        proof = self._proof
        for key in proof.errors:
            proof.possible.pop(key, None)
        return proof

    def _look(self, at: int, version: VersionProgram, category: str | None) -> None:
        piece = version.piece(category)
        dated = self._is_dated(piece)
        key = (piece.table.digest, category, version.answered, at if dated else None)
        result = self._kept.get(key)
        if result is None:
            try:
                result = self._decided(at, version, piece)
            except TooLargeError:
                self._give_up(piece)
                return
            self._kept[key] = result
        proof = self._proof
        proof.tables += 1
        proof.entries += result.entries
        if result.by_otherwise:
            proof.by_otherwise.add(category or "(no category)")
        proof.acted.update(_place(piece.clauses[each]) for each in result.acts)

    def _is_dated(self, piece: Piece) -> bool:
        """Tell whether what comes of `piece` can depend on the version's days."""
        whens = (when for _, when in piece.table.clauses)
        asks = self._space.asks_for_days
        return self._landing.asks_for_days or any(map(asks, whens))

    def _decided(self, at: int, version: VersionProgram, piece: Piece) -> _Result:
        if self._used > _STEPS_KEPT:
            self._fresh()
        diagrams = self._space.diagrams
        given = diagrams.steps = min(_STEPS_OF_PIECE, max(self._left, 0))
        try:
            reach = self._reach(at, version, piece, self._landing)
            tied = self._reach(at, version, piece, self._tied)
            stands = standing(self._space, version, piece, (at,))
            self._problems(version, piece, stands, reach)
            return self._result(piece, stands, (reach, tied), (at,))
        finally:
            used = given - diagrams.steps
            self._used += used
            self._left -= used

    def _reach(
        self, at: int, version: VersionProgram, piece: Piece, landing: Landing
    ) -> Node:
        """Return the cases that a line which lands on the piece's category can be in."""
        space, diagrams = self._space, self._space.diagrams
        scope = (at,)
        lands = landing.on(version, piece.category, scope)
        reach = diagrams.both(landing.gate, lands)
        asked = set(diagrams.levels(reach))
        for atom in piece.table.atoms:
            asked.update(space.variable(atom.fact, scope).levels)
        days = space.in_force(at, scope)
        # Days of which nothing else asks are always there.
        if space.ask_alike(asked, diagrams.levels(days)):
            reach = diagrams.both(reach, days)
        return reach

    def _result(
        self,
        piece: Piece,
        stands: Standing,
        reaches: tuple[Node, Node],
        scope: Scope,
    ) -> _Result:
        diagrams = self._space.diagrams
        reach, tied = reaches

        def met(node: Node) -> bool:
            found = diagrams.both(tied, node)
            return found != NO and self._space.domain(found) != NO

        acts = frozenset(at for at, node in stands.acts.items() if met(node))
        rest = (
            node
            for at, node in stands.stands.items()
            if isinstance(row := piece.clauses[at], Row) and row.category is None
        )
        classes = self._classes(piece, scope)
        reach = self._space.domain(reach, classes)
        return _Result(diagrams.count(reach, classes), acts, any(map(met, rest)))

    def _classes(self, piece: Piece, scope: Scope) -> dict[int, list[int]]:
        """Return, for each level, the sets of cells that the piece can tell apart."""
        found: dict[int, list[int]] = {}
        for atom in piece.table.atoms:
            level, cells = self._space.variable(atom.fact, scope).cells(atom)
            every = self._space.diagrams.every(level)
            before = found.get(level, [every])
            parts = (each & side for each in before for side in (cells, every & ~cells))
            found[level] = [part for part in parts if part]
        return found

    # Problems

    def _problems(
        self, version: VersionProgram, piece: Piece, stands: Standing, reach: Node
    ) -> None:
        gap = self._space.diagrams.both(stands.gap, reach)
        key = ("gap", frozenset({str(piece.category)}))
        self._problem(key, version, piece, (), gap)
        for one, other, node in stands.conflicts:
            met = self._space.diagrams.both(node, reach)
            pair = ("conflict", frozenset({one.id, other.id}))
            self._problem(pair, version, piece, (one, other), met)

    def _problem(
        self,
        key: Key,
        version: VersionProgram,
        piece: Piece,
        clauses: Sequence[Clause],
        node: Node,
    ) -> None:
        proof = self._proof
        node = self._space.domain(node)
        if node == NO or key in proof.errors:
            return

        def is_it(outcome: Outcome) -> bool:
            names = {clause.id for clause in clauses}
            return (
                outcome.note == key[0]
                and outcome.landed == piece.category
                and names <= set(outcome.clauses)
            )

        found = shown(self._space, version, node, is_it, _MOST_TRIED)
        to = proof.errors if found.facts is not None else proof.possible
        if key not in to:
            to[key] = problem(version, piece, clauses, found)

    def _give_up(self, piece: Piece) -> None:
        name = piece.category or "(no category)"
        self._proof.too_large.setdefault(name, piece)
        # What was not looked at is not accused of never acting.
        self._proof.acted.update(map(_place, piece.clauses))
        self._fresh()


def _place(clause: Clause) -> tuple[str, str]:
    return clause.id, clause.span.place
