"""Both sides of a threshold: the value itself, and the nearest value beyond it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from whopays.model import conditions as model
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.ordinals import from_ordinal, ordinal

_UPWARD = {">", "<="}  # the value beyond lies above the threshold
_MONTH = "in month of"


@dataclass(frozen=True)
class Edge:
    """One side of a threshold: what a test has to give to stand there.

    `side` is `at` or `beyond`; of a month `first`, `last`, `before` or `after`. `offset`
    is how far the value lies from the threshold, in ordinals.
    """

    side: str
    offset: Any


def edges(atom: model.Atom, facts: Mapping[str, Fact]) -> tuple[Edge, ...]:
    """Return the sides of the threshold that `atom` compares with; none if it has none."""
    if isinstance(atom, model.ComparesFacts) and atom.op == _MONTH:
        return tuple(Edge(side, 0) for side in ("before", "first", "last", "after"))
    if not isinstance(atom, model.Compares | model.ComparesFacts) or atom.op == "is":
        return ()
    if not facts[atom.fact].kind.is_ordered:
        return ()
    size = step(atom, facts[atom.fact].kind)
    beyond = Edge("beyond", size if atom.op in _UPWARD else -size)
    if isinstance(atom, model.Compares) and _value(atom, facts, beyond) is None:
        return (Edge("at", 0),)
    return (Edge("at", 0), beyond)


def step(atom: model.Atom, kind: Kind) -> Any:
    """Return the distance to the nearest value: a cent, a day, a last decimal place."""
    if kind not in {Kind.NUMBER, Kind.PERCENT} or not isinstance(atom, model.Compares):
        return 1
    places = 0
    value = Fraction(atom.value)  # type: ignore[arg-type]
    while places < 6 and (value * 10**places).denominator != 1:  # noqa: PLR2004
        places += 1
    return Fraction(1, 10**places) if places else 1


def edge_of(
    atom: model.Atom, facts: Mapping[str, Fact], read: model.Read
) -> Iterator[str]:
    """Yield the sides of the threshold of `atom` on which a line stands."""
    left = read(atom.fact)
    if left is NONE or left is UNKNOWN:
        return
    found = edges(atom, facts)
    if not found:
        return
    mark = threshold(atom, read)
    if mark is None:
        return
    if isinstance(atom, model.ComparesFacts) and atom.op == _MONTH:
        days = month_edges(mark)
        yield from (edge.side for edge in found if days[edge.side] == left)
        return
    away = ordinal(left) - ordinal(mark)
    for edge in found:
        if edge.side == "at" and away == 0:
            yield "at"
        elif edge.side == "beyond" and 0 < away * (1 if edge.offset > 0 else -1) <= abs(
            edge.offset
        ):
            yield "beyond"


def threshold(atom: model.Atom, read: model.Read) -> Value | None:
    """Return the value with which `atom` compares on a line; None if there is none."""
    if isinstance(atom, model.Compares):
        return atom.value
    if not isinstance(atom, model.ComparesFacts):
        return None
    right = read(atom.other)
    if right is NONE or right is UNKNOWN:
        return None
    if atom.shift is not None and isinstance(right, date):
        return atom.shift.apply(right)
    return right


def value_at(
    atom: model.Atom, facts: Mapping[str, Fact], side: str, read: model.Read
) -> Value | None:
    """Return the value of the atom's fact that stands on `side`; None if none does."""
    edge = next((each for each in edges(atom, facts) if each.side == side), None)
    mark = threshold(atom, read)
    if edge is None or mark is None:
        return None
    if isinstance(atom, model.ComparesFacts) and atom.op == _MONTH:
        return month_edges(mark)[side]
    if isinstance(atom, model.Compares):
        return _value(atom, facts, edge)
    return _moved(facts[atom.fact].kind, mark, edge.offset)


def month_edges(day: Value) -> dict[str, Value]:
    """Return the days at the ends of the month of `day`, and the days around it."""
    if not isinstance(day, date):
        raise TypeError(day)
    first = day.replace(day=1)
    after = model.Shift(1, "months").apply(first)
    one = timedelta(days=1)
    before = first - one if first > date.min else first
    return {"before": before, "first": first, "last": after - one, "after": after}


def _value(atom: model.Compares, facts: Mapping[str, Fact], edge: Edge) -> Value | None:
    return _moved(facts[atom.fact].kind, atom.value, edge.offset)


def _moved(kind: Kind, value: Any, offset: Any) -> Value | None:
    at = ordinal(value) + offset
    if kind is Kind.BIRTHDAY:
        low, high = ordinal((1, 1)), ordinal((12, 31))
    elif kind is Kind.DATE:
        low, high = date.min.toordinal(), date.max.toordinal()
    else:
        return from_ordinal(kind, at)
    return from_ordinal(kind, at) if low <= at <= high else None
