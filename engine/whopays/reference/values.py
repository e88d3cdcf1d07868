"""The values of an unknown fact that could make a difference: the reference's own list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from whopays.model import conditions as model
from whopays.model.codes import CodeSet, edge_codes, is_code
from whopays.model.contract import Contract
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value

_MASKS = 4096
_SAMPLES = (
    *("00001", "99998", "A0001", "V9999", "0ZZZZZZ", "9999", "0001", "99", "01"),
    *("ZZ", "0999", "Z999", "A000", "999", "001", "99999999999", "207P00000X"),
)


def possible_values(
    contract: Contract, name: str, known: Mapping[str, Value]
) -> list[Value]:
    """Return values of the fact `name`, at least one for each way rules can see it.

    `known` are the facts that the line has: a fact compared with another gets values
    on both sides of it.
    """
    fact = contract.facts[name]
    found = list(dict.fromkeys(_values(contract, fact, known)))
    if fact.or_none and not fact.none_is_zero:
        found.append(NONE)
    return found


def _values(
    contract: Contract, fact: Fact, known: Mapping[str, Value]
) -> Iterable[Value]:
    match fact.kind:
        case Kind.ONE_OF:
            return fact.options
        case Kind.YES_NO:
            return (True, False)
        case Kind.PARTY:
            return (*(p.id for p in contract.text.parties if not p.paid_by), "another")
        case Kind.TEXT:
            named = (contract.payer, contract.group)
            given = (each for each in named if each is not None)
            return (*_mentioned(contract, fact.name), *given, "another")
        case Kind.CODE:
            return _codes(contract, fact)
        case Kind.CODES:
            return _lists(contract, fact)
        case Kind.BIRTHDAY:
            days = [date(2000, 1, 1) + timedelta(days=at) for at in range(366)]
            return [(day.month, day.day) for day in days]
        case _:
            return _ordered(contract, fact, known)


def all_atoms(contract: Contract, *, duties: bool = True) -> Iterator[model.Atom]:
    """Yield the atoms of every condition in `contract` and its catalog.

    `duties`: those of routes and clocks, too, which have no part in who pays.
    """
    for condition in _conditions(contract):
        if condition is not None:
            yield from model.atoms(condition)
    for text in (contract.text, *(a.text for a in contract.amendments)):
        for clause in (*text.routes, *text.clocks) if duties else ():
            yield from model.atoms(clause.condition)


def _conditions(contract: Contract) -> Iterator[model.Condition | None]:
    for by in (*contract.decide_by, *contract.catalog.match_by):
        yield by.when
    for category in contract.catalog.categories.values():
        yield category.when
    for amendment in contract.amendments:
        for change in amendment.changes:
            yield change.when
    for text in (contract.text, *(a.text for a in contract.amendments)):
        for grid in text.grids:
            yield grid.when
            for row in (*grid.rows, *grid.otherwise):
                yield row.when
        yield from (exception.when for exception in text.exceptions)
        yield from (treat.when for treat in text.treats)


def _mentioned(contract: Contract, name: str) -> list[Any]:
    found: list[Any] = []
    for atom in all_atoms(contract):
        if atom.fact != name:
            continue
        if isinstance(atom, model.Is | model.Compares):
            found.append(atom.value)
        elif isinstance(atom, model.IsOneOf):
            found.extend(atom.values)
    return found


def _sets(contract: Contract, fact: Fact) -> list[CodeSet]:
    found = [
        atom.codes
        for atom in all_atoms(contract)
        if isinstance(atom, model.InCodes | model.Includes) and atom.fact == fact.name
    ]
    if fact.name in contract.catalog.code_facts():
        for category in contract.catalog.categories.values():
            found.extend(c for c in category.codes if c.system in fact.systems)
    return list(dict.fromkeys(found))


def _codes(contract: Contract, fact: Fact) -> Iterable[str]:
    """Return one code for each family of sets that some code is in."""
    sets = _sets(contract, fact)
    samples = [
        code
        for code in _SAMPLES
        if any(is_code(system, code, written=False) for system in fact.systems)
    ]
    found: dict[tuple[bool, ...], str] = {}
    for code in (*(c for each in sets for c in edge_codes(each)), *samples):
        found.setdefault(tuple(code in each for each in sets), code)
    return found.values()


def _lists(contract: Contract, fact: Fact) -> Iterable[tuple[str, ...]]:
    """Return a list of codes for each union of sets that some list touches."""
    sets = _sets(contract, fact)
    single: dict[tuple[bool, ...], tuple[str, ...]] = {}
    for code in _codes(contract, fact):
        single.setdefault(tuple(code in each for each in sets), (code,))
    found = dict(single)
    waiting = list(found.items())
    while waiting and len(found) < _MASKS:
        mask, codes = waiting.pop()
        for other, more in single.items():
            union = tuple(a or b for a, b in zip(mask, other, strict=True))
            if union not in found:
                found[union] = tuple(sorted({*codes, *more}))
                waiting.append((union, found[union]))
    return found.values()


def _ordered(
    contract: Contract, fact: Fact, known: Mapping[str, Value]
) -> Iterable[Value]:
    marks: set[Any] = set(_mentioned(contract, fact.name))
    if fact.kind is Kind.DATE:
        periods = [*contract.in_force]
        for amendment in contract.amendments:
            periods.extend(amendment.in_force)
        for period in periods:
            marks.update(day for day in (period.first, period.last) if day)
    marks.update(_compared(contract, fact.name, known, set()))
    # Facts that are compared may all lie between two marks, each at another place.
    places = len(_partners(contract, fact.name))
    if fact.kind in {Kind.NUMBER, Kind.PERCENT}:
        return _with_middles(marks, places)
    return sorted(_with_neighbours(marks, fact.kind, max(2, places)))


def _partners(contract: Contract, name: str) -> set[str]:
    """Return `name` and all facts that it is compared with, one through the other."""
    pairs = [
        {atom.fact, atom.other}
        for atom in all_atoms(contract)
        if isinstance(atom, model.ComparesFacts)
    ]
    found = {name}
    while more := {n for pair in pairs if pair & found for n in pair} - found:
        found |= more
    return found


def _compared(
    contract: Contract, name: str, known: Mapping[str, Value], seen: set[str]
) -> set[Any]:
    """Return values at which `name` changes sides with a fact it is compared with."""
    found: set[Any] = set()
    for atom in all_atoms(contract):
        if not isinstance(atom, model.ComparesFacts):
            continue
        if name not in {atom.fact, atom.other}:
            continue
        other = atom.other if name == atom.fact else atom.fact
        if other in seen:
            continue
        values = {known.get(other, UNKNOWN)} - {UNKNOWN, NONE}
        if not values:
            values = set(_mentioned(contract, other))
            values |= _compared(contract, other, known, {*seen, name})
            # Two facts of which rules mention no value still have an order.
            kind = contract.facts[name].kind
            values = values or {date(2026, 1, 1) if kind is Kind.DATE else 0}
        for value in values:
            found.add(value)
            if isinstance(value, date):
                found.update(_shifted(value, atom, forward=name == atom.fact))
    return found


def _shifted(day: date, atom: model.ComparesFacts, *, forward: bool) -> Iterator[date]:
    if atom.op == "in month of":
        first = day.replace(day=1)
        following = model.Shift(1, "months").apply(first)
        yield from (first, following - timedelta(days=1))
    if atom.shift is None:
        return
    if forward:
        yield atom.shift.apply(day)
        return
    back = model.Shift(-atom.shift.count, atom.shift.unit).apply(day)
    # Months are of unequal length: look a few days around.
    yield from (back + timedelta(days=at) for at in range(-3, 4))


def _with_neighbours(marks: set[Any], kind: Kind, reach: int) -> set[Any]:
    if not marks:
        return {date(2026, 1, 1)} if kind is Kind.DATE else {0}
    found: set[Any] = set()
    for mark in marks:
        for step in range(-reach, reach + 1):
            if kind is Kind.DATE:
                if (
                    date.min.toordinal()
                    < mark.toordinal() + step
                    < date.max.toordinal()
                ):
                    found.add(mark + timedelta(days=step))
            else:
                found.add(mark + step)
    return found


def _with_middles(marks: set[Any], places: int) -> list[Any]:
    ordered = sorted(Fraction(mark) for mark in marks)
    if not ordered:
        return [0]
    steps = range(1, places + 1)
    found: list[Any] = [ordered[0] - step for step in steps]
    found.extend(ordered[-1] + step for step in steps)
    for left, right in pairwise(ordered):
        found.extend(left + (right - left) * step / (places + 1) for step in steps)
    return sorted({*found, *ordered})
