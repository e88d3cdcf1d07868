"""What holds of every line that lands on a category, as a condition of its table.

Coarser than `landing`: codes, and categories that go first, play no part.
"""

from __future__ import annotations

from collections.abc import Callable

from whopays.model import conditions as model
from whopays.model.contract import Contract
from whopays.program.compile import VersionProgram
from whopays.program.piece import Piece


def landed(
    version: VersionProgram, piece: Piece, *, dated: bool = True
) -> model.Condition:
    """Return what holds of every line that lands on the piece's category.

    `dated`: on a day of `version`, so far as the piece asks for days.
    """
    program = version.program
    found: model.Condition = model.ALWAYS
    if piece.category is not None:
        found = program.contract.catalog.categories[piece.category].when or found
    gate = program.gate.clauses[0][1]
    mentioned = {fact for dim in piece.table.dims for fact in dim.facts}
    if mentioned.intersection(model.facts_of(gate)):
        found = model.both(gate, found)
    dates = {by.facts[0] for by in program.contract.decide_by}
    if dated and mentioned & dates:
        found = model.both(on_its_days(version), found)
    return found


def on_its_days(version: VersionProgram) -> model.Condition:
    """Return that the governing date is a day of `version`."""
    period = version.version.period

    def days(fact: str) -> model.Condition:
        since = f"{fact} >= {period.first}"
        found: model.Condition = model.Compares(fact, ">=", period.first, since)
        if period.last is not None:
            until = f"{fact} <= {period.last}"
            last = model.Compares(fact, "<=", period.last, until)
            found = model.both(found, last)
        return found

    return governed(version.program.contract, days)


def governed(
    contract: Contract, what: Callable[[str], model.Condition]
) -> model.Condition:
    """Return that `what` holds of the date that governs, the first whose line holds."""
    ways: list[model.Condition] = []
    before: model.Condition = model.ALWAYS
    for by in contract.decide_by:
        ways.append(model.both(before, model.both(by.when, what(by.facts[0]))))
        if by.when is not None:
            before = model.both(before, model.Not(by.when))
    return ways[0] if len(ways) == 1 else model.Any_(tuple(ways))
