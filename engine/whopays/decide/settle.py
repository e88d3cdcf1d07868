"""Precedence: of the clauses that hold, which one answers. Order in the file never matters."""

from __future__ import annotations

from whopays.model.contract import ExceptionClause, Row, Treat
from whopays.model.outcome import Outcome
from whopays.program.compile import Clause, Piece, VersionProgram, is_to

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
    answers = {c.answer for c in left if not isinstance(c, Treat)}
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
    while True:
        treats = [t for t in version.treats(place) if t in held]
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
    for grid in version.text.grids:
        there = [row for row in version.rows(grid, place) if row in held]
        own = [row for row in there if row.category is not None]
        acting.extend(own or there)
    waiting = [each for each in held if isinstance(each, ExceptionClause)]
    grown = True
    while grown:
        more = [e for e in waiting if any(is_to(e, clause) for clause in acting)]
        waiting = [e for e in waiting if e not in more]
        acting.extend(more)
        grown = bool(more)
    return acting


def survivors(acting: list[Clause]) -> list[Clause]:
    """Return the clauses of `acting` that no acting exception targets."""
    exceptions = [each for each in acting if isinstance(each, ExceptionClause)]
    return [
        clause
        for clause in acting
        if isinstance(clause, Row | ExceptionClause)
        and not any(is_to(exception, clause) for exception in exceptions)
    ]
