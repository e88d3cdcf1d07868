"""Where a catalog places a line, whoever pays it: by the engine that decides lines.

The catalog becomes a contract in which each category has a row of its own, borne by the
category itself. So the winner among categories, the facts that would settle it and what
they would have to be come from the very code that decides claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from whopays.analyse.catalogs.settling import completions, settled_by_one
from whopays.analyse.changes.goals import another
from whopays.analyse.changes.whatif import what_would_change
from whopays.decide.decision import Decision, Part
from whopays.decide.line import Decider, Found
from whopays.engines.durable import Plain
from whopays.model.catalog import By, Catalog, Period
from whopays.model.changes import Changes
from whopays.model.contract import Answer, Contract, Grid, Row, Text
from whopays.model.facts import Fact, Kind
from whopays.model.values import Value
from whopays.program.compile import Program

_DAY = "the day of a lookup"  # no name that a file can declare
_ANY_DAY = date(2000, 1, 1)
_GRID = "CATALOG"
#: Ways to fill in the unknown facts up to which pairs of facts are tried: each pair has to
#: look at all of them.
_MOST_PAIRED = 300


@dataclass(frozen=True)
class Placed:
    """Where a line stands: `found`, and what would settle it where that is open.

    `possible` are the categories that some way to fill in the unknown facts leads to;
    None where there are too many ways to try.
    """

    found: Found
    changes: Changes | None
    possible: frozenset[str] | None


class Placer:
    """Places lines in `catalog`, among the categories `answered` for."""

    def __init__(self, catalog: Catalog, answered: frozenset[str]) -> None:
        self.catalog = catalog
        self._decider = Decider(Program(_contract(catalog, answered)), Plain())

    def place(self, facts: Mapping[str, Value]) -> Placed:
        """Return where a line with `facts` stands."""
        given = {**facts, _DAY: _ANY_DAY}
        now = self._decision(given)
        if now.status != "undetermined":
            return Placed(now.found, None, None)
        leaves, choices = completions(self._decider, given)
        landed = {outcome.landed for _, outcome in leaves}
        possible = frozenset(name for name in landed if name is not None)
        changes = None
        if leaves:
            found = (leaves, choices)
            changes = settled_by_one(self._decider, given, found, self._decision)
        if changes is not None and not changes.sets and len(leaves) <= _MOST_PAIRED:
            changes = what_would_change(
                *([self._decider], now, given, another(now.outcome)),
                self._decision,
                largest=2,
            )
        return Placed(now.found, changes, possible if leaves else None)

    def _decision(self, facts: Mapping[str, Value]) -> Decision:
        found = self._decider.decide(facts)
        answer = found.outcome.answer
        shares = answer.shares if answer is not None else ()
        parts = tuple(Part(name, "", name, None) for name, _ in shares)
        return Decision(
            *("", "", _GRID, found.outcome, parts, None, "", ()),
            facts,
            found,
            self._decider.program,
        )


def _contract(catalog: Catalog, answered: frozenset[str]) -> Contract:
    rows = tuple(
        Row(_GRID, name, None, _itself(name), (), category.span)
        for name, category in catalog.categories.items()
        if name in answered
    )
    rest = Row(_GRID, None, None, Answer("unlisted"), (), catalog.span)
    grid = Grid(_GRID, "", None, rows, (rest,), catalog.span)
    facts = {**catalog.facts, _DAY: Fact(_DAY, Kind.DATE, catalog.span, fixed=True)}
    return Contract(
        id=_GRID,
        title="",
        version="",
        signed=None,
        in_force=(Period(date.min),),
        payer=None,
        group=None,
        products=(),
        divides="",
        decide_by=(By((_DAY,), None, catalog.span),),
        catalog=catalog,
        facts=facts,
        text=Text(grids=(grid,)),
        amendments=(),
        sources=(),
        amended_by=None,
        defines={},
        span=catalog.span,
    )


def _itself(name: str) -> Answer:
    return Answer("shares", ((name, Fraction(1)),))
