"""Values of one fact at, and on both sides of, all that some conditions ask of it.

The list is read off the conditions, and knows no cells: what makes cells is compared
with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from whopays.model import conditions as model
from whopays.model.codes import edge_codes
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, Value

_LISTED = 12  # codes of which all pairs are tried as lists
_ANOTHER = "another"


def edges(fact: Fact, atoms: Iterable[model.Atom]) -> list[Value]:
    """Return the values of `fact` to try: the `atoms` are conditions on it alone."""
    own = tuple(atoms)
    found: dict[Value, None] = dict.fromkeys(_values(fact, own))
    if fact.or_none and not fact.none_is_zero:
        found[NONE] = None
    return list(found)


def _values(fact: Fact, atoms: tuple[model.Atom, ...]) -> Iterable[Value]:
    match fact.kind:
        case Kind.ONE_OF:
            return fact.options
        case Kind.YES_NO:
            return (True, False)
        case Kind.PARTY | Kind.TEXT:
            return (*_mentioned(atoms), _ANOTHER)
        case Kind.CODE:
            return _codes(atoms)
        case Kind.CODES:
            codes = _codes(atoms)
            pairs = combinations(codes[:_LISTED], 2)
            return [*((code,) for code in codes), *(tuple(sorted(p)) for p in pairs)]
        case _:
            return _around(fact.kind, list(_mentioned(atoms)))


def _mentioned(atoms: tuple[model.Atom, ...]) -> Iterator[Any]:
    for atom in atoms:
        if isinstance(atom, model.Is | model.Compares):
            yield atom.value
        elif isinstance(atom, model.IsOneOf):
            yield from atom.values


def _codes(atoms: tuple[model.Atom, ...]) -> list[str]:
    found: dict[str, None] = {}
    for atom in atoms:
        if isinstance(atom, model.InCodes | model.Includes):
            found.update(dict.fromkeys(edge_codes(atom.codes)))
    return list(found)


def _around(kind: Kind, marks: list[Any]) -> Iterator[Value]:
    if kind is Kind.DATE:
        for day in marks:
            for step in (-1, 0, 1):
                if date.min < day < date.max:
                    yield day + timedelta(days=step)
    elif kind is Kind.BIRTHDAY:
        for month, of_month in marks:
            day = date(2000, month, of_month)
            for step in (-1, 0, 1):
                near = day + timedelta(days=step)
                yield (near.month, near.day)
    else:
        ordered = sorted(set(marks))
        for mark in ordered:
            yield from (mark - 1, mark, mark + 1)
        if kind is not Kind.MONEY:
            yield from (
                (low + high) / 2 for low, high in pairwise(map(Fraction, ordered))
            )
