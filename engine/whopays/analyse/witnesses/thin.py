"""A piece with many exceptions, thinned to those that matter for one of its clauses.

The combinations of a dozen exceptions are too many to look at. What is wanted of one of
them shows where the others are silent: facts are fixed so that they do not hold.
"""

from __future__ import annotations

from collections.abc import Collection

from whopays.model import conditions as model
from whopays.model.contract import ExceptionClause, Treat
from whopays.model.truth import truth_of
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import VersionProgram
from whopays.program.piece import Piece
from whopays.program.table import Table

Facts = dict[str, Value]


def thinned(
    version: VersionProgram, piece: Piece, wanted: Collection[int]
) -> tuple[Piece, Facts] | None:
    """Return `piece` with few exceptions, and facts by which the others do not hold.

    Kept are the clauses `wanted`, by index, all rows and treats, and for each exception
    a way of targets down to a row. None if nothing can be left out.
    """
    kept = {
        at
        for at, clause in enumerate(piece.clauses)
        if not isinstance(clause, ExceptionClause)
    }
    for at in wanted:
        kept.update(_way_down(piece, at))
    base: Facts = {}
    for at, (_, when) in enumerate(piece.table.clauses):
        if at not in kept and not _silence(piece.table, when, kept, base):
            kept.update(_way_down(piece, at))
    if len(kept) == len(piece.clauses):
        return None
    asked = {n for at in kept for n in model.facts_of(piece.table.clauses[at][1])}
    for dim in piece.table.dims:
        if not any(name in base or name in asked for name in dim.facts):
            # What is left unknown is tried with every value, however little it matters.
            base.update(zip(dim.facts, dim.values[0], strict=True))
    clauses = [(piece.clauses[at], piece.table.clauses[at]) for at in sorted(kept)]
    table = version.program.table(tuple(named for _, named in clauses))
    return Piece(piece.category, tuple(clause for clause, _ in clauses), table), base


def _way_down(piece: Piece, start: int) -> list[int]:
    """Return the exception at `start` and targets of it, each of the one before."""
    ways = [[start]]
    seen = {start}
    for way in ways:
        last = piece.clauses[way[-1]]
        if not isinstance(last, ExceptionClause):
            return way
        for at, clause in enumerate(piece.clauses):
            if isinstance(clause, Treat) or at in seen:
                continue
            if not last.replaces.isdisjoint(clause.addresses):
                seen.add(at)
                ways.append([*way, at])
    return [start]


def _silence(
    table: Table, when: model.Condition, kept: Collection[int], base: Facts
) -> bool:
    """Add facts to `base` so that `when` fails, whatever the clauses `kept` ask."""
    if truth_of(when, _reading(base)) is False:
        return True
    asked = {n for at in kept for n in model.facts_of(table.clauses[at][1])}
    for dim in table.dims:
        if asked.intersection(dim.facts) or any(name in base for name in dim.facts):
            continue
        if not set(dim.facts) & set(model.facts_of(when)):
            continue
        for values in dim.values:
            more = dict(zip(dim.facts, values, strict=True))
            if truth_of(when, _reading({**base, **more})) is False:
                base.update(more)
                return True
    return False


def _reading(facts: Facts) -> model.Read:
    return lambda name: facts.get(name, UNKNOWN)
