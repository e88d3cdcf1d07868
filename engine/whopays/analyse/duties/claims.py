"""Claims that may show something of a route or a clock: each still has to be decided.

They are made of lines that tests give already: the facts that the clause asks for take,
one after the other, the values that its conditions can tell apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice, product
from math import prod
from random import Random
from typing import TypeAlias

from whopays.analyse.duties.shown import Owned
from whopays.analyse.witnesses.drafts import Draft
from whopays.model import conditions as model
from whopays.model.clocks import PAID_ON, RECEIVED_BY, Clock
from whopays.model.contract import Contract
from whopays.model.rules import TestCase
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.reference.values import possible_values

_MOST_VALUES = 12  # of one fact
_MOST_TRIED = 1_500  # made of one line
_MOST_CLAIMS, _MOST_FIT = 400, 12  # of these, to be decided
_MOST_LINES = 4
Fits: TypeAlias = Callable[[Mapping[str, Value]], bool]
_SOME_DAY = date(2026, 1, 5)
_OWED = 100_000  # cents, where a claim has no amount
_LATE = timedelta(days=400)


def claims(
    contract: Contract,
    cases: Iterable[TestCase],
    owned: Owned,
    conditions: Sequence[model.Condition],
    fits: Fits | None = None,
) -> Iterator[Draft]:
    """Yield claims in which what the clause of `owned` asks for differs.

    `conditions` are those whose truth is to differ: of the clause, and of another
    reading of it. `cases` are tests whose lines are taken. With `fits`, only claims that
    fit are yielded: it is asked before anything is decided.
    """
    atoms = [atom for when in conditions for atom in model.atoms(when)]
    for case in islice(_useful(cases, owned), _MOST_LINES):
        for line in case.lines[:1]:
            base = _completed(contract, line, owned)
            tried = islice(_varied(contract, base, atoms), _MOST_TRIED)
            fitting = (each for each in tried if fits is None or fits(each))
            for given in islice(fitting, _MOST_CLAIMS if fits is None else _MOST_FIT):
                yield Draft(given, case.category, case.known_on)


def _useful(cases: Iterable[TestCase], owned: Owned) -> list[TestCase]:
    """Return `cases`, those first that expect something of a route or clock.

    Of these, those first that stand with the clause, because they are of its days: of a
    clause that an amendment writes anew, other tests see what it was before.
    """
    file = owned.clause.span.source.name

    def place(case: TestCase) -> tuple[bool, bool]:
        kinds = {d.kind for each in case.expected for d in each.duties}
        return owned.kind not in kinds, case.span.source.name != file

    return sorted(cases, key=place)


def _completed(
    contract: Contract, line: Mapping[str, Value], owned: Owned
) -> dict[str, Value]:
    """Return what `line` gives, with all that a route or clock needs beside."""
    given = {
        name: value
        for name, value in line.items()
        if value is not UNKNOWN and value is not NONE
    }
    start = owned.clause.days.fact
    given.setdefault(start, _SOME_DAY)
    if owned.kind == "route":
        given.setdefault(RECEIVED_BY, "another")
    clock = owned.clause
    if isinstance(clock, Clock) and clock.interest is not None:
        day = given[start]
        amount = clock.interest.on or contract.divides
        given.setdefault(amount, _OWED)
        if PAID_ON in contract.facts and isinstance(day, date):
            given.setdefault(PAID_ON, day + _LATE)
    return {name: value for name, value in given.items() if name in contract.facts}


def _varied(
    contract: Contract, base: dict[str, Value], atoms: list[model.Atom]
) -> Iterator[dict[str, Value]]:
    """Yield `base` with the facts of `atoms` at every value that tells them apart."""
    names = list(dict.fromkeys(n for atom in atoms for n in model.atom_facts(atom)))
    values = [_few(contract, name, base, atoms) for name in names]
    yield base
    for chosen in _chosen(values):
        given = {**base, **dict(zip(names, chosen, strict=True))}
        yield {n: v for n, v in given.items() if v is not NONE and v is not UNKNOWN}


def _chosen(values: list[list[Value]]) -> Iterator[tuple[Value, ...]]:
    """Yield every choice of one of each, or, where they are too many, some of them."""
    if prod(map(len, values)) <= _MOST_TRIED:
        yield from product(*values)
        return
    chance = Random(1)  # noqa: S311 - the same claims each time
    for _ in range(_MOST_TRIED):
        yield tuple(map(chance.choice, values))


def _few(
    contract: Contract, name: str, base: Mapping[str, Value], atoms: list[model.Atom]
) -> list[Value]:
    """Return few values of `name`: one for each way in which `atoms` can see it."""
    known = {n: v for n, v in base.items() if n != name}
    own = [atom for atom in atoms if model.atom_facts(atom) == (name,)]
    found: dict[object, Value] = {}
    compared = any(name in model.atom_facts(a) and a not in own for a in atoms)
    for value in possible_values(contract, name, known):

        def read(_: str, value: Value = value) -> Value:
            return value

        seen = tuple(atom.holds(read) for atom in own)
        # At a threshold both sides count, so dates and amounts keep their values.
        ordered = isinstance(value, int | date) and not isinstance(value, bool)
        found.setdefault((seen, value if ordered or compared else ""), value)
    nobody = [] if contract.facts[name].or_none else [UNKNOWN]
    return [*list(found.values())[:_MOST_VALUES], *nobody]
