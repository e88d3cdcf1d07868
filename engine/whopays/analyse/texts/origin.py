"""Which text a clause of a version comes from: the contract itself, or an amendment.

A clause carries the place where it is written; the amendment that has this place is the
one that it comes from. Deciding needs none of it, so nothing of it is kept in the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from whopays.diagnostics import Source, Span
from whopays.model import conditions as model
from whopays.model.clocks import Clock, Route
from whopays.model.contract import (
    Amendment,
    Contract,
    ExceptionClause,
    Limit,
    Row,
    Treat,
)

Clause: TypeAlias = Row | ExceptionClause | Treat | Limit | Route | Clock
BASE = 0


class Origins:
    """The origins of the clauses and definitions of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._places: dict[tuple[Source, int], int] = {}
        for amendment in contract.amendments:
            for span in _spans(amendment):
                self._places[span.source, span.start] = amendment.number

    def of(self, clause: Clause) -> int:
        """Return the number of the amendment that `clause` comes from, or `BASE`."""
        return self._places.get((clause.span.source, clause.span.start), BASE)

    def of_define(self, named: model.Named) -> int:
        """Return the lowest number of a text in which `named` means this, or `BASE`."""
        if self._contract.defines.get(named.name) == named:
            return BASE
        return next(
            (
                amendment.number
                for amendment in self._contract.amendments
                if amendment.defines.get(named.name) == named
            ),
            BASE,
        )


def _spans(amendment: Amendment) -> Iterator[Span]:
    yield from (change.span for change in amendment.changes)
    text = amendment.text
    for grid in text.grids:
        yield grid.span
        yield from (row.span for row in (*grid.rows, *grid.otherwise))
    for clauses in (
        *(text.exceptions, text.treats, text.limits, text.routes, text.clocks),
    ):
        yield from (clause.span for clause in clauses)
