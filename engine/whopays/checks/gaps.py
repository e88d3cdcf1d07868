"""Rows on both sides of a threshold and none at it, so that `otherwise` answers there.

Not an error: a grid may leave anything to its `otherwise`. But `age < 21` beside
`age > 21` is a slip, so it is told where exactly one value lies between two rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from whopays.diagnostics import Diagnostic, Label, Severity
from whopays.model import conditions as model
from whopays.model.conditions import value_text
from whopays.model.contract import Grid, Row, Text
from whopays.model.facts import Fact, Kind
from whopays.program.compile import Program
from whopays.program.ordinals import from_ordinal, ordinal

_STEPPED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE})
_ENDLESS = 10**18


@dataclass(frozen=True)
class _Stretch:
    """The values of one fact, in steps from `first` to `last`, for which `row` answers."""

    first: int
    last: int
    row: Row


def gaps(program: Program) -> Iterator[Diagnostic]:
    """Yield the values between two rows for which only an `otherwise` answers."""
    facts = program.contract.facts
    seen: set[tuple[str, str]] = set()
    for version in program.versions:
        for grid in version.text.grids:
            for found, place in _of_grid(grid, version.text, facts):
                if place not in seen:
                    seen.add(place)
                    yield found


def _of_grid(
    grid: Grid, text: Text, facts: dict[str, Fact]
) -> Iterator[tuple[Diagnostic, tuple[str, str]]]:
    if all(rest.when is not None for rest in grid.otherwise):
        return  # where it answers depends on more; what it leaves out is an error
    by_category: dict[str | None, list[Row]] = defaultdict(list)
    for each in text.grids:
        for row in each.rows:
            by_category[row.category].append(row)
    own = dict.fromkeys(row.category for row in grid.rows)
    for rows in (by_category[category] for category in own):
        for fact, stretches in _alike(rows, grid.id, facts):
            told = [each.row for each in stretches]
            others = [row for row in rows if all(row is not each for each in told)]
            for low, high in pairwise(sorted(stretches, key=lambda each: each.first)):
                value = low.last + 1
                if high.first != value + 1:
                    continue
                if not _others(fact, value, others, text, grid):
                    place = (low.row.span.place, high.row.span.place)
                    yield _told(fact, value, low.row, high.row), place


def _alike(
    rows: list[Row], grid: str, facts: dict[str, Fact]
) -> Iterator[tuple[Fact, list[_Stretch]]]:
    """Yield the stretches of each fact in rows of `grid` that differ by it alone."""
    found: dict[tuple[str, frozenset[str]], list[_Stretch]] = defaultdict(list)
    for row in (each for each in rows if each.grid == grid and each.when is not None):
        parts = _parts(row.when)
        for name in {each.fact for each in parts if isinstance(each, model.Compares)}:
            if name in facts and facts[name].kind in _STEPPED:
                mine = [each for each in parts if _compares(each, name)]
                rest = frozenset(
                    each.text for each in parts if not _compares(each, name)
                )
                found[name, rest].append(_stretch(mine, row))
    for (name, _), stretches in found.items():
        if len(stretches) > 1:
            yield facts[name], stretches


def _parts(when: model.Condition | None) -> tuple[model.Condition, ...]:
    if when is None:
        return ()
    return when.parts if isinstance(when, model.All) else (when,)


def _compares(part: model.Condition, name: str) -> bool:
    return isinstance(part, model.Compares) and part.fact == name


def _stretch(parts: Iterable[model.Condition], row: Row) -> _Stretch:
    first, last = -_ENDLESS, _ENDLESS
    for part in parts:
        if not isinstance(part, model.Compares):
            continue
        value = Fraction(ordinal(part.value))
        match part.op:
            case "<":
                last = min(last, ceil(value) - 1)
            case "<=":
                last = min(last, floor(value))
            case ">":
                first = max(first, floor(value) + 1)
            case _:
                first = max(first, ceil(value))
    return _Stretch(first, last, row)


def _others(fact: Fact, value: int, rows: list[Row], text: Text, grid: Grid) -> bool:
    """Tell whether another row, or an exception that mentions `fact`, may answer there."""
    for row in rows:
        mine = [each for each in _parts(row.when) if _compares(each, fact.name)]
        stretch = _stretch(mine, row)
        if stretch.first <= value <= stretch.last:
            return True
    return any(
        each.when is not None
        and fact.name in model.facts_of(each.when)
        and any(target.id == grid.id for target in each.targets)
        for each in text.exceptions
    )


def _told(fact: Fact, value: int, low: Row, high: Row) -> Diagnostic:
    at = value_text(from_ordinal(fact.kind, value), money=fact.kind is Kind.MONEY)
    return Diagnostic(
        "C016",
        f"no row of `{low.category}` holds where `{fact.name}` is {at}: "
        "`otherwise` answers",
        (Label(high.span), Label(low.span, "the row up to it")),
        "`<=` and `>=` include the value itself; where the text leaves it to `otherwise`, "
        "a row of its own says so",
        severity=Severity.WARNING,
    )
