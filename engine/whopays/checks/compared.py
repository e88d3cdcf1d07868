"""Facts that conditions compare with each other: all the cells they have together.

Values are taken fact by fact. Each fact gets values at, and on both sides of, all that
can matter to it: what is mentioned, the values already taken, and what those that are
still to be taken could make of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from whopays.model import conditions as model
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, Value
from whopays.program.ordinals import from_kind_start, from_ordinal, numbers, ordinal

_MOST = 60_000  # combinations of values looked at
_KEPT = 128  # of the last facts and conditions that were asked for
_YEAR = 2000  # a leap year, to count the days of birthdays
_DAYS = (1, 2, 15, 27, 28, 29, 30, 31)  # of each month that is looked at
_MONTHS = 14
_LEAP = date(2028, 2, 1)


@dataclass(frozen=True)
class Fibre:
    """What changing one fact can do: the `cells` it leads to, as bits, and examples.

    `values[cell]` are values of all facts; only those of the one fact differ.
    """

    cells: int
    values: dict[int, tuple[Value, ...]] = field(compare=False)


@dataclass(frozen=True)
class Joint:
    """The cells of `facts`: `truth[cell]` of each atom, and `values[cell]` that have it."""

    facts: tuple[str, ...]
    values: list[tuple[Value, ...]]
    truth: list[tuple[bool, ...]]
    walk: Walk = field(repr=False)

    def fibres(self, fact: str) -> list[Fibre]:
        """Return all that changing `fact` alone can do, each once."""
        place = {truth: cell for cell, truth in enumerate(self.truth)}
        names = [name for name in self.facts if name != fact]
        found: dict[int, Fibre] = {}
        for values in self.walk.ways([*names, fact]):
            cells: dict[int, tuple[Value, ...]] = {}
            for each in values:
                cell = place.get(self.walk.truth(each))
                if cell is not None:
                    cells[cell] = tuple(each[name] for name in self.facts)
            bits = sum(1 << cell for cell in cells)
            found.setdefault(bits, Fibre(bits, cells))
        return list(found.values())


def joint_cells(facts: Sequence[Fact], atoms: Sequence[model.Atom]) -> Joint | None:
    """Return the cells of `facts`, or None where there are too many to look at.

    The same facts are compared in many categories and versions, so cells are kept.
    """
    return _cells(tuple(facts), tuple(atoms))


@lru_cache(maxsize=_KEPT)
def _cells(facts: tuple[Fact, ...], atoms: tuple[model.Atom, ...]) -> Joint | None:
    if not all(fact.kind in _KINDS for fact in facts):
        return None
    walk = Walk(facts, atoms)
    names = tuple(walk.facts)
    found: dict[tuple[bool, ...], tuple[Value, ...]] = {}
    left = _MOST
    for values in walk.ways(names):
        left -= len(values)
        if left < 0:
            return None
        for each in values:
            truth = walk.truth(each)
            if truth not in found:
                found[truth] = tuple(each[name] for name in names)
    return Joint(names, list(found.values()), list(found), walk)


_KINDS = frozenset(kind for kind in Kind if kind.is_ordered) | {Kind.TEXT, Kind.YES_NO}


class Walk:
    """The ways to take values for facts that are compared."""

    def __init__(self, facts: Sequence[Fact], atoms: Sequence[model.Atom]) -> None:
        self.facts = {fact.name: fact for fact in facts}
        self._atoms = tuple(atoms)
        self._met = [a for a in atoms if isinstance(a, model.ComparesFacts)]
        self._own = {name: [a for a in atoms if a.fact == name] for name in self.facts}
        # What one value makes of the conditions on its fact alone, kept.
        self._alone: dict[tuple[str, Value], dict[model.Atom, bool]] = {}
        self._by_month = any(
            atom.op == "in month of"
            or (atom.shift is not None and atom.shift.unit != "days")
            for atom in self._met
        )

    def truth(self, values: Mapping[str, Value]) -> tuple[bool, ...]:
        """Return the truth of each atom at `values`."""
        alone: dict[model.Atom, bool] = {}
        for name, value in values.items():
            alone.update(self._told(name, value))
        read = values.__getitem__
        return tuple(
            alone[atom] if atom in alone else atom.holds(read) for atom in self._atoms
        )

    def _told(self, name: str, value: Value) -> dict[model.Atom, bool]:
        key = (name, value)
        found = self._alone.get(key)
        if found is None:
            found = self._alone[key] = {
                atom: atom.holds(lambda _: value)
                for atom in self._own[name]
                if not isinstance(atom, model.ComparesFacts)
            }
        return found

    def ways(self, names: Sequence[str]) -> Iterator[list[dict[str, Value]]]:
        """Yield, for each way to take all but the last, the values of all."""
        *first, last = names
        for known in self._prefixes(tuple(first), {}):
            yield [{**known, last: v} for v in self._values(last, known, is_last=True)]

    def find(
        self, wanted: Mapping[model.Atom, bool], most: int
    ) -> dict[str, Value] | None:
        """Return values that make the atoms so, or None if `most` tries show none.

        A value that already makes one of them otherwise is not gone on with.
        """
        if not all(fact.kind in _KINDS for fact in self.facts.values()):
            return None
        names = self._bound_first(wanted)
        waiting: list[dict[str, Value]] = [{}]
        while waiting:
            known = waiting.pop()
            if len(known) == len(names):
                return known
            name = names[len(known)]
            is_last = len(known) == len(names) - 1
            values = self._values(name, known, is_last=is_last)
            most -= len(values)
            if most < 0:
                return None
            tried = ({**known, name: value} for value in reversed(values))
            waiting.extend(each for each in tried if _agrees(each, name, wanted))
        return None

    def _bound_first(self, wanted: Iterable[model.Atom]) -> list[str]:
        """Return the facts, each after those that leave it the fewest values."""
        left, found = list(self.facts), list[str]()

        def bound(name: str) -> int:
            asked = (model.atom_facts(atom) for atom in wanted)
            return sum(name in a and {*a} <= {name, *found} for a in asked)

        while left:
            found.append(max(left, key=bound))
            left.remove(found[-1])
        return found

    def _prefixes(
        self, names: tuple[str, ...], known: dict[str, Value]
    ) -> Iterator[dict[str, Value]]:
        if not names:
            yield known
            return
        name, *rest = names
        for value in self._values(name, known, is_last=False):
            yield from self._prefixes(tuple(rest), {**known, name: value})

    def _values(
        self, name: str, known: Mapping[str, Value], *, is_last: bool
    ) -> list[Value]:
        fact = self.facts[name]
        found: list[Value]
        if fact.kind is Kind.YES_NO:
            found = [True, False]
        elif fact.kind is Kind.TEXT:
            others = [f"another {at}" for at, _ in enumerate(self.facts, 1)]
            found = list(dict.fromkeys([*self._texts(), *others]))
        else:
            marks = self._marks(name, known, frozenset())
            marks = marks or {from_kind_start(fact.kind)}
            places = _near(fact, marks, 1 if is_last else len(self.facts))
            if self._by_month and not is_last:
                places |= _calendar(marks)
            found = [from_ordinal(fact.kind, at) for at in sorted(places)]
        if fact.or_none and not fact.none_is_zero:
            found.append(NONE)
        return found

    def _texts(self) -> Iterator[str]:
        for atom in self._atoms:
            if isinstance(atom, model.Is) and isinstance(atom.value, str):
                yield atom.value
            elif isinstance(atom, model.IsOneOf):
                yield from (each for each in atom.values if isinstance(each, str))

    def _marks(
        self, name: str, known: Mapping[str, Value], seen: frozenset[str]
    ) -> set[Any]:
        """Return ordinals at which something can change for the fact `name`."""
        found: set[Any] = set()
        for atom in self._own[name]:
            if isinstance(atom, model.Compares | model.Is):
                found.add(ordinal(atom.value))
            elif isinstance(atom, model.IsOneOf):
                found.update(map(ordinal, atom.values))
        for atom in self._met:
            if name not in {atom.fact, atom.other}:
                continue
            other = atom.other if name == atom.fact else atom.fact
            if other in known:
                value = known[other]
                theirs = set() if value is NONE else {ordinal(value)}
            elif other in seen:
                continue
            else:
                theirs = self._marks(other, known, seen | {name})
                theirs = theirs or {from_kind_start(self.facts[other].kind)}
            for mark in theirs:
                found |= _moved(mark, atom, forward=name == atom.fact)
        return found


def _agrees(
    known: Mapping[str, Value], name: str, wanted: Mapping[model.Atom, bool]
) -> bool:
    """Tell whether the values make all atoms so that ask for `name` and no unknown fact."""
    read = known.__getitem__
    return all(
        atom.holds(read) is truth
        for atom, truth in wanted.items()
        if name in (asked := model.atom_facts(atom)) and known.keys() >= set(asked)
    )


def _moved(mark: Any, atom: model.ComparesFacts, *, forward: bool) -> set[Any]:
    """Return where a fact changes sides that `atom` compares with one at `mark`."""
    if atom.op == "in month of":
        first = date.fromordinal(mark).replace(day=1)
        after = model.Shift(1, "months").apply(first)
        return {mark, first.toordinal(), (after - timedelta(days=1)).toordinal()}
    if atom.shift is None:
        return {mark}
    count = atom.shift.count if forward else -atom.shift.count
    moved = model.Shift(count, atom.shift.unit).apply(date.fromordinal(mark))
    at = moved.toordinal()
    if forward or atom.shift.unit == "days":
        return {at}
    # Back over months of unequal length: a few days around.
    return {at + step for step in range(-3, 5)}


def _near(fact: Fact, marks: set[Any], reach: int) -> set[Any]:
    """Return ordinals at `marks` and on both sides, `reach` of them where there is room."""
    if fact.kind in {Kind.NUMBER, Kind.PERCENT}:
        return numbers(marks, reach)
    low, high = _bounds(fact.kind)
    steps = range(-reach, reach + 1)
    near = {mark + step for mark in marks for step in steps}
    return {at for at in near if low is None or low <= at <= high}


def _bounds(kind: Kind) -> tuple[Any, Any]:
    if kind is Kind.DATE:
        return date.min.toordinal(), date.max.toordinal()
    if kind is Kind.BIRTHDAY:
        return date(_YEAR, 1, 1).toordinal(), date(_YEAR, 12, 31).toordinal()
    return None, None


def _calendar(marks: set[int]) -> set[int]:
    """Return days of the months between marks: months are of unequal length."""
    found: set[int] = set()
    before = max(min(marks) - 31 * _MONTHS, date.min.toordinal())
    for low, high in pairwise(sorted({before, *marks, date.max.toordinal()})):
        first = date.fromordinal(low).replace(day=1)
        months = [model.Shift(at, "months").apply(first) for at in range(_MONTHS)]
        for month in (*months, _LEAP):
            days = (month.toordinal() + day - 1 for day in _DAYS)
            found.update(day for day in days if low < day < high)
    return found
