"""In which cases each clause of a piece acts, and in which it is left standing.

The same as `decide.settle`, for all cases at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations, product

from whopays.checks.asked import Scope
from whopays.checks.diagrams import NO, YES, Node
from whopays.checks.space import Space
from whopays.model.contract import Address, Answer, ExceptionClause, Row
from whopays.model.graphs import in_order
from whopays.program.compile import VersionProgram
from whopays.program.piece import Clause, Piece

_MOST_CONFLICTS = 100  # of one category that are told
#: Two clauses that contradict each other, and the cases in which they do.
Conflict = tuple[Clause, Clause, Node]


@dataclass
class Standing:
    """What comes of the clauses of a piece, whether or not a line can be in the case.

    `acts` and `stands` are by the place of a clause in the piece: where it acts (a
    treat: moves the line), and where nothing that acts is an exception to it. `gap` are
    the cases in which nothing stands.
    """

    acts: dict[int, Node] = field(default_factory=dict)
    stands: dict[int, Node] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    gap: Node = NO


def standing(
    space: Space, version: VersionProgram, piece: Piece, scope: Scope
) -> Standing:
    """Return what comes of the clauses of `piece` in each case."""
    return _Settling(space, version, piece, scope).settle()


class _Settling:
    """One piece on its way."""

    def __init__(
        self, space: Space, version: VersionProgram, piece: Piece, scope: Scope
    ) -> None:
        self._space = space
        self._to = space.diagrams
        self._version = version
        self._piece = piece
        self._scope = scope
        self._place = {id(clause): at for at, clause in enumerate(piece.clauses)}
        self._found = Standing()

    def settle(self) -> Standing:
        for place, here in self._places(self._piece.category, YES):
            self._stand(place, here)
        return self._found

    def _places(
        self, place: str | None, here: Node
    ) -> Iterator[tuple[str | None, Node]]:
        """Yield where treats leave the line, and in which cases."""
        treats = [
            (treat, self._to.both(here, self._space.where(treat.when, self._scope)))
            for treat in self._version.treats(place)
        ]
        stays = here
        moves: dict[str, Node] = {}
        for treat, holds in treats:
            stays = self._to.without(stays, holds)
            moves[treat.target] = self._to.either(moves.get(treat.target, NO), holds)
        apart = NO
        for (one, first), (other, second) in combinations(treats, 2):
            met = self._to.both(first, second)
            if one.target != other.target and met != NO:
                self._found.conflicts.append((one, other, met))
                apart = self._to.either(apart, met)
        for treat, holds in treats:
            self._add(self._found.acts, treat, holds)
        yield place, stays
        for target, holds in moves.items():
            moved = self._to.without(holds, apart)
            if moved != NO:
                yield from self._places(target, moved)

    def _stand(self, place: str | None, here: Node) -> None:
        acts = self._acting(place, here)
        left: list[tuple[Row | ExceptionClause, Node]] = []
        beaten_at: dict[Address, Node] = {}
        for clause, node in acts.values():
            if isinstance(clause, ExceptionClause):
                self._join(beaten_at, clause.replaces, node)
        for clause, node in acts.values():
            beaten = self._joined(beaten_at, clause.addresses)
            stands = self._to.without(node, beaten)
            self._add(self._found.acts, clause, node)
            self._add(self._found.stands, clause, stands)
            if stands != NO:
                left.append((clause, stands))
        gap = here
        for _, stands in left:
            gap = self._to.without(gap, stands)
        self._found.gap = self._to.either(self._found.gap, gap)
        self._found.conflicts.extend(self._contradicting(left))

    def _acting(
        self, place: str | None, here: Node
    ) -> dict[int, tuple[Row | ExceptionClause, Node]]:
        found: dict[int, tuple[Row | ExceptionClause, Node]] = {}
        for grid in self._version.text.grids:
            given = self._to.both(here, self._space.where(grid.when, self._scope))
            rows = self._version.rows(grid, place)
            open_ = given
            for row in (row for row in rows if row.category is not None):
                holds = self._to.both(given, self._space.where(row.when, self._scope))
                found[id(row)] = (row, holds)
                open_ = self._to.without(open_, holds)
            for row in (row for row in rows if row.category is None):
                holds = self._to.both(open_, self._space.where(row.when, self._scope))
                found[id(row)] = (row, holds)
        acting_at: dict[Address, Node] = {}
        for clause, holds in found.values():
            self._join(acting_at, clause.addresses, holds)
        for exception in self._targets_first():
            met = self._joined(acting_at, exception.replaces)
            if met != NO:
                when = self._space.where(exception.when, self._scope)
                met = self._to.both(met, when)
            found[id(exception)] = (exception, met)
            self._join(acting_at, exception.addresses, met)
        return found

    def _targets_first(self) -> list[ExceptionClause]:
        """Return the exceptions, each after those that it is an exception to."""
        by_id = {
            each.id: each
            for each in self._piece.clauses
            if isinstance(each, ExceptionClause)
        }
        edges = {
            name: sorted(to for _, to, _ in each.replaces if to in by_id)
            for name, each in by_id.items()
        }
        found: dict[str, None] = {}
        for name in edges:
            if name not in found:
                found.update(dict.fromkeys(in_order(name, edges, found)))
        return [by_id[name] for name in found]

    def _join(
        self, to: dict[Address, Node], addresses: Iterable[Address], node: Node
    ) -> None:
        for address in addresses:
            to[address] = self._to.either(to.get(address, NO), node)

    def _joined(self, at: dict[Address, Node], addresses: Iterable[Address]) -> Node:
        found = NO
        for address in addresses:
            found = self._to.either(found, at.get(address, NO))
        return found

    def _contradicting(
        self, left: list[tuple[Row | ExceptionClause, Node]]
    ) -> Iterator[Conflict]:
        answers: dict[Answer, Node] = {}
        for clause, stands in left:
            before = answers.get(clause.answer, NO)
            answers[clause.answer] = self._to.either(before, stands)
        several = NO
        for here, there in combinations(answers.values(), 2):
            several = self._to.either(several, self._to.both(here, there))
        if several == NO:
            return
        sides: dict[Answer, list[tuple[Row | ExceptionClause, Node]]] = {}
        for clause, stands in left:
            met = self._to.both(stands, several)
            if met != NO:
                sides.setdefault(clause.answer, []).append((clause, met))
        pairs = (
            pair
            for one, other in combinations(sides.values(), 2)
            for pair in product(one, other)
        )
        told = 0
        for (one, first), (other, second) in pairs:
            met = self._to.both(first, second)
            if met != NO:
                yield one, other, met
                told += 1
            if told == _MOST_CONFLICTS:
                return

    def _add(self, to: dict[int, Node], clause: Clause, node: Node) -> None:
        place = self._place[id(clause)]
        to[place] = self._to.either(to.get(place, NO), node)
