"""Why a target is not in a text: another amendment took it away, or has yet to bring it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whopays.diagnostics import Label
from whopays.model.catalog import Period
from whopays.model.clocks import Clock, Route
from whopays.model.contract import Amendment, Change, Limit, Text, Treat


@dataclass(frozen=True)
class Sought:
    """What is sought in the text of `period` (with the amendments `numbers`).

    `what` is row, otherwise or clause; `id` that of a grid or clause, with the
    `category` of a row. `by` is the amendment whose change seeks it: it does not see
    what later numbers bring.
    """

    id: str
    category: str | None
    what: str
    by: int | None
    period: Period
    numbers: tuple[int, ...]


def why_absent(sought: Sought, amendments: Iterable[Amendment]) -> Label | None:
    """Return the line of the amendment that explains why `sought` is not there, if any."""
    others = [each for each in amendments if each.number != sought.by]
    for amendment in others:
        taken = _taken(amendment, sought)
        if taken is not None and amendment.number in sought.numbers:
            return taken
    for amendment in others:
        if any(c.kind == "add" and _is_of(c, sought) for c in amendment.changes) or (
            _has(amendment.text, sought)
        ):
            why = _why(amendment, sought)
            if why:
                what = f"amendment {amendment.number} brings it, and {why}"
                return Label(amendment.span, what)
    return None


def _taken(amendment: Amendment, sought: Sought) -> Label | None:
    """Return the line by which `amendment` takes away what is sought."""
    for change in amendment.changes:
        if change.kind == "withdraw" and _is_of(change, sought):
            return Label(change.span, f"amendment {amendment.number} withdraws it")
    text = amendment.text
    others: list[Treat | Limit | Route | Clock] = [*text.treats, *text.limits]
    others.extend((*text.routes, *text.clocks))
    for clause in others:
        if sought.what == "clause" and clause.id == sought.id:
            what = f"amendment {amendment.number} puts this in its place"
            return Label(clause.span, what)
    return None


def _is_of(change: Change, sought: Sought) -> bool:
    if change.what == "clause":
        return change.id == sought.id
    return (change.what, change.id, change.category) == (
        sought.what,
        sought.id,
        sought.category,
    )


def _has(text: Text, sought: Sought) -> bool:
    for grid in text.grids:
        if grid.id == sought.id:
            rows = grid.rows if sought.category is not None else grid.otherwise
            return sought.what == "clause" or any(
                row.category == sought.category for row in rows
            )
    parts = (text.exceptions, text.treats, text.limits, text.routes, text.clocks)
    return any(clause.id == sought.id for part in parts for clause in part)


def _why(amendment: Amendment, sought: Sought) -> str:
    if not amendment.applies_on(sought.period.first):
        return f"is in force {', '.join(map(str, amendment.in_force))}"
    if amendment.number not in sought.numbers:
        return f"was signed on {amendment.signed}"
    if sought.by is not None and amendment.number > sought.by:
        return f"comes after amendment {sought.by}"
    return ""
