"""Precedence: of the clauses that hold, which one answers. Order in the file never matters."""

from __future__ import annotations

from whopays.model.contract import Address, ExceptionClause, Row
from whopays.model.outcome import Outcome
from whopays.program.compile import VersionProgram
from whopays.program.piece import Clause, Piece

_STATUS = {"shares": "decided", "draft": "by_hand"}


def settle(version: VersionProgram, piece: Piece, held: frozenset[int]) -> Outcome:
    """Return the outcome for a line that landed on the piece's category.

    `held` are the indexes of the piece's clauses that hold. An exception acts where it
    holds and a target of it acts; what an acting exception targets is beaten.
    """
    clauses = [piece.clauses[at] for at in sorted(held)]
    moved, place, conflict = _treated(version, piece.category, clauses)
    if conflict:
        return Outcome(
            "by_hand", clauses=conflict, landed=piece.category, note="conflict"
        )
    acting = acting_clauses(version, place, clauses)
    left = survivors(acting)
    names = tuple(sorted({clause.id for clause in left}))
    where = (moved, place, piece.category)
    answers = {clause.answer for clause in left}
    if len(answers) != 1:
        note = "conflict" if answers else "gap"
        return Outcome("by_hand", None, names, *where, note=note)
    answer = answers.pop()
    status = _STATUS.get(answer.kind, answer.kind)
    return Outcome(status, answer, names, *where)


def _treated(
    version: VersionProgram, landed: str | None, held: list[Clause]
) -> tuple[tuple[str, ...], str | None, tuple[str, ...]]:
    """Return the treats that moved the line, where it stands, and any conflict."""
    moved: list[str] = []
    place = landed
    holds = set(map(id, held))
    while True:
        treats = [t for t in version.treats(place) if id(t) in holds]
        if not treats:
            return tuple(sorted(moved)), place, ()
        if len({t.target for t in treats}) > 1:
            return (), place, tuple(sorted(t.id for t in treats))
        moved.extend(t.id for t in treats)
        place = treats[0].target


def acting_clauses(
    version: VersionProgram, place: str | None, held: list[Clause]
) -> list[Clause]:
    """Return the rows and exceptions of `held` that act on a line standing at `place`."""
    acting: list[Clause] = []
    holds = set(map(id, held))
    for grid in version.text.grids:
        there = [row for row in version.rows(grid, place) if id(row) in holds]
        own = [row for row in there if row.category is not None]
        acting.extend(own or there)
    exceptions = [each for each in held if isinstance(each, ExceptionClause)]
    to: dict[Address, list[int]] = {}
    for at, exception in enumerate(exceptions):
        for address in exception.replaces:
            to.setdefault(address, []).append(at)
    met: set[int] = set()
    fresh = _addresses(acting)
    while fresh:
        more = {at for address in fresh for at in to.get(address, ())} - met
        met |= more
        found: list[Clause] = [exceptions[at] for at in sorted(more)]
        acting.extend(found)
        fresh = _addresses(found)
    return acting


def survivors(acting: list[Clause]) -> list[Row | ExceptionClause]:
    """Return the clauses of `acting` that no acting exception targets."""
    beaten: set[Address] = set()
    for each in acting:
        if isinstance(each, ExceptionClause):
            beaten |= each.replaces
    return [
        clause
        for clause in acting
        if isinstance(clause, Row | ExceptionClause)
        and beaten.isdisjoint(clause.addresses)
    ]


def _addresses(clauses: list[Clause]) -> set[Address]:
    return {
        address
        for clause in clauses
        if isinstance(clause, Row | ExceptionClause)
        for address in clause.addresses
    }
