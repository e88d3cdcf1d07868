"""Claims that may show an item, made of entries: each still has to be decided.

A draft gives as little as it can: what a test does not mention is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice

from whopays.analyse.edges import value_at
from whopays.analyse.grounds import Ground
from whopays.checks.witness import landing
from whopays.model import conditions as model
from whopays.model.codes import system_of
from whopays.model.contract import Contract
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.cells import Dim
from whopays.program.compile import VersionProgram

_ENTRIES, _CLAIMS = 6, 24
Facts = dict[str, Value]


@dataclass(frozen=True)
class Draft:
    """The facts that a test would give, and the day on which its text is known."""

    given: Mapping[str, Value]
    known_on: date | None = None


@dataclass(frozen=True)
class Tweak:
    """What is done to an entry's facts: `left_out` are unknown, an `edge` is stood on."""

    left_out: frozenset[str] = frozenset()
    atom: model.Atom | None = None
    side: str = ""
    day: date | None = None


AS_IT_IS = Tweak()


def drafts(ground: Ground, bits: int, tweak: Tweak = AS_IT_IS) -> Iterator[Facts]:
    """Yield claims in some of the entries `bits` of `ground`, landed on its category."""
    for cells, values in _entries(ground, bits, tweak):
        dims = ground.entries.table.dims
        facts: Facts = {}
        for dim, cell in zip(dims, cells, strict=True):
            facts.update(zip(dim.facts, dim.values[cell], strict=True))
        facts.update(values)
        yield from islice(
            completed(ground.version, ground.piece.category, facts, tweak), _CLAIMS
        )


def completed(
    version: VersionProgram, category: str | None, facts: Facts, tweak: Tweak = AS_IT_IS
) -> Iterator[Facts]:
    """Yield claims with `facts` that may land on `category`, as tests would give them."""
    contract = version.program.contract
    for base in _dated(version, facts, tweak.day):
        for claim in landing(version, category, base, tweak.left_out):
            given = {
                name: value
                for name, value in claim.items()
                if name not in tweak.left_out and not is_empty(contract, name, value)
            }
            if all(is_written(contract, name, v) for name, v in given.items()):
                yield given


def _dated(version: VersionProgram, facts: Facts, day: date | None) -> Iterator[Facts]:
    """Yield `facts` with a product and with a date that `version` governs."""
    contract = version.program.contract
    base: Facts = {"product": contract.products[0]} if contract.products else {}
    for by in reversed(contract.decide_by):
        dates = {by.facts[0]: day or version.version.period.first}
        yield {**dates, **base, **facts} if day is None else {**base, **facts, **dates}


def _entries(
    ground: Ground, bits: int, tweak: Tweak
) -> Iterator[tuple[tuple[int, ...], Facts]]:
    """Yield cells of some of the entries `bits`, and values that replace theirs."""
    if tweak.atom is None or not tweak.side:
        for cells in ground.entries.some(bits, _ENTRIES):
            yield cells, {}
        return
    dims = ground.entries.table.dims
    facts = ground.version.program.contract.facts
    at = next(n for n, dim in enumerate(dims) if tweak.atom.fact in dim.facts)
    for cell, values in _on_edge(dims[at], facts, tweak.atom, tweak.side):
        for cells in ground.entries.some(bits & ground.entries.at_cell(at, cell), 2):
            yield cells, values


def _on_edge(
    dim: Dim, facts: Mapping[str, Fact], atom: model.Atom, side: str
) -> Iterator[tuple[int, Facts]]:
    """Yield values that stand on `side` of the threshold of `atom`, with their cells."""
    for values in list(dim.values):
        given = dict(zip(dim.facts, values, strict=True))
        edge = value_at(atom, facts, side, given.__getitem__)
        if edge is None:
            continue
        given[atom.fact] = edge
        truth = tuple(each.holds(given.__getitem__) for each in dim.atoms)
        if truth in dim.truth:
            yield dim.truth.index(truth), given


def is_empty(contract: Contract, name: str, value: Value) -> bool:
    """Tell whether a test that does not mention the fact means `value`."""
    if value is UNKNOWN:
        return True
    own = {"payer": contract.payer, "group": contract.group}.get(name)
    if own is not None:
        return value == own
    return contract.facts[name].or_none and value in {NONE, ()}


def is_written(contract: Contract, name: str, value: Value) -> bool:
    """Tell whether a test can give `value`: not all that conditions tell apart can be."""
    fact = contract.facts[name]
    if value is NONE:
        return fact.or_none
    if fact.kind is Kind.PARTY:
        return any(p.id == value and p.paid_by is None for p in contract.text.parties)
    if fact.kind in {Kind.CODE, Kind.CODES}:
        codes = value if isinstance(value, tuple) else (value,)
        return bool(codes) and all(
            isinstance(code, str) and system_of(code, fact.systems) for code in codes
        )
    if fact.kind in {Kind.NUMBER, Kind.PERCENT} and isinstance(value, int | Fraction):
        return value >= 0 and "/" not in model.number_text(value)
    return True
