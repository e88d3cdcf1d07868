"""Claims that may show an item, made of entries: each still has to be decided.

A draft gives as little as it can: what a test does not mention is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice

from whopays.analyse.coverage.edges import value_at
from whopays.analyse.witnesses.grounds import Ground
from whopays.analyse.witnesses.landings import Landings
from whopays.checks.entries import Entries
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
    """The facts that a test would give, and the day on which its text is known.

    `category` places the line by name, where no code and no condition does.
    """

    given: Mapping[str, Value]
    category: str | None = None
    known_on: date | None = None


@dataclass(frozen=True)
class Tweak:
    """What is done to an entry's facts: some are `left_out`, an edge is stood on.

    `side` is the one of the threshold of `atom`; `day` the date that governs.
    """

    left_out: frozenset[str] = frozenset()
    atom: model.Atom | None = None
    side: str = ""
    day: date | None = None
    known_on: date | None = None


AS_IT_IS = Tweak()


class Drafts:
    """Makes claims of entries."""

    def __init__(self, landings: Landings) -> None:
        self.landings = landings
        self.contract = landings.program.contract
        self._codes = self.contract.catalog.code_facts()

    def on(self, ground: Ground, bits: int, tweak: Tweak = AS_IT_IS) -> Iterator[Draft]:
        """Yield claims in some of the entries `bits` of `ground`, landed there."""
        waiting = [
            islice(self._of_entry(ground, {**ground.base, **facts}, tweak), _CLAIMS)
            for facts in facts_of(ground.entries, bits, self.contract, tweak)
        ]
        # One claim of each entry, then another: entries differ more than their claims.
        while waiting:
            left = []
            for claims in waiting:
                for claim in islice(claims, 1):
                    yield claim
                    left.append(claims)
            waiting = left

    def _of_entry(self, ground: Ground, facts: Facts, tweak: Tweak) -> Iterator[Draft]:
        """Yield claims in one entry, that of `facts`."""
        for coded in self._recoded(ground, facts):
            yield from self.landed(ground.version, ground.piece.category, coded, tweak)

    def _recoded(self, ground: Ground, facts: Facts) -> Iterator[Facts]:
        """Yield `facts` with codes of the category in the same cells, and as they are.

        A cell keeps one code that has it, and that need not be one of the category's.
        """
        category = ground.piece.category
        for dim in ground.entries.table.dims:
            (name, *more), value = dim.facts, facts.get(dim.facts[0])
            if more or name not in self._codes or not isinstance(value, str):
                continue
            cell = dim.cell((value,))
            for (code,) in self.landings.program.wide[name].dim.values:
                if (
                    isinstance(code, str)
                    and category in ground.version.candidates(name, code)
                    and dim.cell((code,)) == cell
                ):
                    yield {**facts, name: code}
        yield facts

    def landed(
        self,
        version: VersionProgram,
        category: str | None,
        facts: Facts,
        tweak: Tweak = AS_IT_IS,
    ) -> Iterator[Draft]:
        """Yield claims with `facts` that land on `category`, as tests would give them."""
        named = category if self._is_by_name(category) else None
        for dated in self._dated(version, facts, tweak):
            for claim in self.landings.on(version, category, dated, tweak.left_out):
                yield from self.given(claim, tweak, named)

    def given(
        self, claim: Facts, tweak: Tweak, category: str | None = None
    ) -> Iterator[Draft]:
        """Yield the draft that gives what `claim` has, if a test can say it."""
        given = {
            name: value
            for name, value in claim.items()
            if name not in tweak.left_out and not is_empty(self.contract, name, value)
        }
        if all(is_written(self.contract, *pair) for pair in given.items()):
            yield Draft(given, category, tweak.known_on)

    def _is_by_name(self, category: str | None) -> bool:
        """Tell whether lines are placed in `category` by its name alone."""
        if category is None:
            return False
        found = self.contract.catalog.categories[category]
        return not found.codes and found.when is None

    def _dated(
        self, version: VersionProgram, facts: Facts, tweak: Tweak
    ) -> Iterator[Facts]:
        """Yield `facts` with a date that `version` governs."""
        lines = self.contract.decide_by
        for at, by in reversed(list(enumerate(lines))):
            name, day = by.facts[0], tweak.day
            first = day or version.version.period.first
            base = {name: first, **facts} if day is None else {**facts, name: first}
            yield from self.landings.governed(at, base, tweak.left_out)


def facts_of(
    entries: Entries, bits: int, contract: Contract, tweak: Tweak
) -> Iterator[Facts]:
    """Yield the facts of some of the entries `bits`, on the edge that `tweak` names."""
    dims = entries.table.dims
    atom = tweak.atom
    at = next((n for n, dim in enumerate(dims) if atom in dim.atoms), None)
    if at is None or atom is None:
        for cells in entries.some(bits, _ENTRIES):
            yield _values(dims, cells)
        return
    for cell, values in _on_edge(dims[at], contract.facts, atom, tweak.side):
        for cells in entries.some(bits & entries.at_cell(at, cell), 2):
            yield {**_values(dims, cells), **values}


def _values(dims: tuple[Dim, ...], cells: tuple[int, ...]) -> Facts:
    found: Facts = {}
    for dim, cell in zip(dims, cells, strict=True):
        found.update(zip(dim.facts, dim.values[cell], strict=True))
    return found


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
