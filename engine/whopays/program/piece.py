"""The clauses that a line may meet where it landed, and their table."""

from __future__ import annotations

from dataclasses import dataclass

from whopays.model.contract import ExceptionClause, Row, Treat
from whopays.program.table import Table

Clause = Row | ExceptionClause | Treat


@dataclass(eq=False)
class Piece:
    """The clauses that a line landed on `category` may meet, and their table.

    `clauses` go with those of the table, one to one.
    """

    category: str | None
    clauses: tuple[Clause, ...]
    table: Table


def key(clause: Clause) -> str:
    """Return what a clause is called in a table: its id and what it answers."""
    if isinstance(clause, Treat):
        return f"treat {clause.id} {clause.source!r} as {clause.target!r}"
    targets = ""
    if isinstance(clause, ExceptionClause):
        targets = " to " + ", ".join(target.text for target in clause.targets)
    return f"{clause.id}{targets} gives {clause.answer.text} {clause.answer.reason}"
