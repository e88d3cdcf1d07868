"""What holds of every line that lands on a category, as a condition of its table.

Coarser than `landing`: codes, and categories that go first, play no part.
"""

from __future__ import annotations

from whopays.model import conditions as model
from whopays.program.compile import Piece, VersionProgram


def landed(version: VersionProgram, piece: Piece) -> model.Condition:
    """Return what holds of every line that lands on the piece's category."""
    program = version.program
    found: model.Condition = model.ALWAYS
    if piece.category is not None:
        found = program.contract.catalog.categories[piece.category].when or found
    gate = program.gate.clauses[0][1]
    mentioned = {fact for dim in piece.table.dims for fact in dim.facts}
    if mentioned.intersection(model.facts_of(gate)):
        found = model.both(gate, found)
    if mentioned.intersection(by.facts[0] for by in program.contract.decide_by):
        found = model.both(on_its_days(version), found)
    return found


def on_its_days(version: VersionProgram) -> model.Condition:
    """Return that the governing date is a day of `version`."""
    period = version.version.period
    ways: list[model.Condition] = []
    for by in version.program.contract.decide_by:
        fact = by.facts[0]
        since = f"{fact} >= {period.first}"
        days: model.Condition = model.Compares(fact, ">=", period.first, since)
        if period.last is not None:
            until = f"{fact} <= {period.last}"
            last = model.Compares(fact, "<=", period.last, until)
            days = model.both(days, last)
        ways.append(model.both(by.when, days))
    return ways[0] if len(ways) == 1 else model.Any_(tuple(ways))
