"""Cells: the few ways in which a table's conditions can see the value of a fact.

A dimension of a table is one fact, or several that conditions compare with each other.
Its cells are the vectors of truth that its atoms can have; each keeps a value that has
it, so that any cell can be made into a claim.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, TypeAlias

from whopays.model import conditions as model
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.codeindex import CodeIndex
from whopays.program.ordinals import between, from_kind_start, from_ordinal, ordinal

Truth: TypeAlias = tuple[bool, ...]
_MASKS = 4096
_KEPT = 4096  # values whose cell is remembered
_GRID = 20_000  # combinations of values of facts that are compared
_WORK = 4_000_000  # values of a dimension, times what is asked of them


class TooManyValuesError(Exception):
    """Too many unknown `facts` are compared with each other to try all values."""

    def __init__(self, facts: tuple[str, ...]) -> None:
        self.facts = facts
        super().__init__(", ".join(facts))


class Dim:
    """One dimension: `facts`, the `atoms` on them, and the cells.

    `values[cell]` is a tuple of values, one a fact, that lies in the cell, and
    `truth[cell]` the truth of the atoms there.
    """

    def __init__(
        self,
        facts: tuple[Fact, ...],
        atoms: tuple[model.Atom, ...],
        parties: tuple[str, ...],
    ) -> None:
        self.facts = tuple(fact.name for fact in facts)
        self.atoms = atoms
        self.values: list[tuple[Value, ...]] = []
        self.truth: list[Truth] = []
        self._by_truth: dict[Truth, int] = {}
        self._memo: dict[Hashable, int] = {}
        self._cells: dict[Value, int] = {}
        self._views = [View(fact, atoms, parties) for fact in facts]
        #: False where so many facts are compared that cells are added as they are met.
        self.is_whole = True
        self._fill()

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.values)

    def cell(self, values: tuple[Value, ...]) -> int:
        """Return the cell of `values`, all known."""
        if len(self._views) == 1:
            seen = self._views[0].raw(values[0])
            cell = self._memo.get(seen)
            if cell is not None:
                return cell
        truth = self._truth(values)
        cell = self._by_truth.get(truth)
        if cell is None:  # compared facts only: a corner that the grid has missed
            cell = self._add(truth, values)
        if len(self._views) == 1:
            self._memo[seen] = cell
        return cell

    def cell_of(self, value: Value) -> int:
        """Return the cell of `value`, where the dimension has one fact."""
        cell = self._cells.get(value)
        if cell is None:
            cell = self.cell((value,))
            if len(self._cells) < _KEPT:
                self._cells[value] = cell
        return cell

    def completions(self, known: tuple[Value, ...]) -> list[tuple[Value, ...]]:
        """Return values, one tuple a cell, that agree with the `known` ones."""
        found: dict[Truth, tuple[Value, ...]] = {}
        axes = self._axes(known)
        if self._is_too_large(axes):
            pairs = zip(self.facts, known, strict=True)
            raise TooManyValuesError(tuple(n for n, v in pairs if v is UNKNOWN))
        for values in product(*axes):
            found.setdefault(self._truth(values), values)
        return list(found.values())

    def samples(self, fact: str, known: Mapping[str, Value]) -> list[Value]:
        """Return values of `fact` at, and on both sides of, all that is asked of it.

        `known` are the values of the facts that it is compared with, so far as they are.
        """
        view = self._views[self.facts.index(fact)]
        return view.spread({**known, fact: UNKNOWN}, self._views)

    def _fill(self) -> None:
        unknown = tuple(UNKNOWN for _ in self._views)
        self.is_whole = not any(view.is_large for view in self._views)
        axes = self._axes(unknown) if self.is_whole else []
        if self._is_too_large(axes):
            self.is_whole = False
        if not self.is_whole:
            return
        for values in product(*axes):
            truth = self._truth(values)
            if truth not in self._by_truth:
                self._add(truth, values)

    def _is_too_large(self, axes: list[list[Value]]) -> bool:
        if any(view.is_large for view in self._views):
            return True
        values = prod(map(len, axes))
        several = len(axes) > 1 and values > _GRID
        return several or values * max(len(self.atoms), 1) > _WORK

    def _axes(self, known: tuple[Value, ...]) -> list[list[Value]]:
        given = dict(zip(self.facts, known, strict=True))
        return [
            [value] if value is not UNKNOWN else view.spread(given, self._views)
            for view, value in zip(self._views, known, strict=True)
        ]

    def _add(self, truth: Truth, values: tuple[Value, ...]) -> int:
        self._by_truth[truth] = len(self.values)
        self.values.append(values)
        self.truth.append(truth)
        return len(self.values) - 1

    def _truth(self, values: tuple[Value, ...]) -> Truth:
        if len(self._views) == 1:
            return self._views[0].truth(values[0])
        read = dict(zip(self.facts, values, strict=True)).__getitem__
        return tuple(atom.holds(read) for atom in self.atoms)


class View:
    """One fact as the atoms of a dimension see it."""

    def __init__(
        self, fact: Fact, atoms: tuple[model.Atom, ...], parties: tuple[str, ...]
    ) -> None:
        self.fact = fact
        self.atoms = atoms
        self.parties = parties
        self._kind = fact.kind
        own = [a for a in atoms if a.fact == fact.name]
        self.cuts = _cuts(own) if fact.kind.is_ordered else []
        self.index = CodeIndex(
            (at, atom.codes)
            for at, atom in enumerate(atoms)
            if isinstance(atom, model.InCodes | model.Includes)
        )
        self.raw: Callable[[Value], Hashable] = self._raw()
        #: True where so much is asked of the fact that not all values are listed.
        self.is_large = self.index.is_large or len(self.cuts) * len(atoms) > _WORK

    @cached_property
    def _tests(self) -> tuple[Callable[[Value, Any], bool], ...]:
        """What tells the truth of each atom: thresholds are looked up once."""
        return tuple(self._test(at, atom) for at, atom in enumerate(self.atoms))

    # Values to what is the same for all atoms

    def _raw(self) -> Callable[[Value], Hashable]:
        if self.cuts or self._kind.is_ordered:
            return self._interval
        if self._kind is Kind.CODE:
            return self._code
        if self._kind is Kind.CODES:
            return self._codes
        return lambda value: value

    def _interval(self, value: Value) -> Hashable:
        return NONE if value is NONE else self.stretch(value)

    def stretch(self, value: Value) -> int:
        """Return the number of the stretch between thresholds in which `value` lies."""
        # Between the cuts before (0) and after (2) a threshold lies the threshold.
        return bisect_left(self.cuts, (ordinal(value), 1))

    def end(self, op: str, limit: Value) -> int:
        """Return the last stretch below `limit`; with it, if `op` is `<=` or `>`."""
        side = 0 if op in {"<", ">="} else 2
        return bisect_left(self.cuts, (ordinal(limit), side))

    def _code(self, value: Value) -> Hashable:
        return self.index.classes(value) if isinstance(value, str) else NONE

    def _codes(self, value: Value) -> Hashable:
        if not isinstance(value, tuple) or not value:
            return NONE
        found: set[Hashable] = set()
        for code in value:
            found |= self.index.classes(str(code))
        return frozenset(found)

    def truth(self, value: Value) -> Truth:
        """Return the truth of each atom at `value`, by the cell and not by the atom."""
        seen = NONE if value is NONE else self.raw(value)
        return tuple([test(value, seen) for test in self._tests])

    def _test(self, at: int, atom: model.Atom) -> Callable[[Value, Any], bool]:
        """Return what tells the truth of `atom` at a value, and at how it is seen."""
        match atom:
            case model.IsGiven():
                return lambda value, _: value is not NONE and value != ()
            case model.InCodes() | model.Includes():
                return lambda _, seen: isinstance(seen, frozenset) and at in seen
            case model.Compares(_, op, limit) if self._kind.is_ordered:
                mark = self.end(op, limit)
                below = op in {"<", "<="}
                return lambda _, seen: seen is not NONE and (seen <= mark) is below
            case model.Is(_, wanted):
                return lambda value, _: value == wanted
            case model.IsOneOf(_, wanted_many):
                return lambda value, _: value in wanted_many
            case model.ComparesFacts() | model.Compares():
                raise TypeError(atom)

    # A value for each cell

    def spread(self, known: Mapping[str, Value], views: Iterable[View]) -> list[Value]:
        """Return values of the fact, one at least in each cell; some facts are `known`."""
        found = list(dict.fromkeys(self._each(known, tuple(views))))
        if self.fact.or_none and not self.fact.none_is_zero:
            found.append(NONE)
        return found

    def _each(
        self, known: Mapping[str, Value], views: tuple[View, ...]
    ) -> Iterable[Value]:
        match self._kind:
            case Kind.ONE_OF:
                return self.fact.options
            case Kind.YES_NO:
                return (True, False)
            case Kind.PARTY:
                return (*self.parties, "another")
            case Kind.TEXT:
                return (*self._named(), "another")
            case Kind.CODE:
                return self._code_values()
            case Kind.CODES:
                return self._list_values()
            case _:
                return self._ordered_values(known, views)

    def _named(self) -> Iterable[str]:
        for atom in self.atoms:
            if isinstance(atom, model.Is) and isinstance(atom.value, str):
                yield atom.value
            elif isinstance(atom, model.IsOneOf):
                yield from (each for each in atom.values if isinstance(each, str))

    def _code_values(self) -> list[str]:
        found = [code for key, code in self.index.representatives.items() if key]
        outside = self.index.outside(self.fact.systems)
        return found if outside is None else [*found, outside]

    def _list_values(self) -> Iterable[tuple[str, ...]]:
        single = {self._codes((code,)): (code,) for code in self._code_values()}
        found: dict[Hashable, tuple[str, ...]] = dict(single)
        waiting = list(found.values())
        while waiting and len(found) < _MASKS:
            codes = waiting.pop()
            for more in single.values():
                union = tuple(sorted({*codes, *more}))
                key = self._codes(union)
                if key not in found:
                    found[key] = union
                    waiting.append(union)
        return found.values()

    def _ordered_values(
        self, known: Mapping[str, Value], views: tuple[View, ...]
    ) -> list[Value]:
        marks = {mark for mark, _ in self.cuts}
        marks |= _across(self, known, views, frozenset())
        return [
            from_ordinal(self._kind, at)
            for at in between(self._kind, marks, max(1, len(views)))
        ]


def _cuts(atoms: Iterable[model.Atom]) -> list[tuple[Any, int]]:
    """Return where truth can change: (threshold, 0) before it, (threshold, 2) after."""
    found: set[tuple[Any, int]] = set()
    for atom in atoms:
        match atom:
            case model.Compares(_, op, limit):
                found.add((ordinal(limit), 0 if op in {"<", ">="} else 2))
            case model.Is(_, value):
                found |= {(ordinal(value), 0), (ordinal(value), 2)}
            case model.IsOneOf(_, values):
                found |= {(ordinal(v), side) for v in values for side in (0, 2)}
            case _:
                pass
    return sorted(found)


def _across(
    view: View,
    known: Mapping[str, Value],
    views: tuple[View, ...],
    seen: frozenset[str],
) -> set[Any]:
    """Return ordinals at which `view`'s fact changes sides with the facts it meets."""
    found: set[Any] = set()
    name = view.fact.name
    for atom in view.atoms:
        if not isinstance(atom, model.ComparesFacts):
            continue
        if name not in {atom.fact, atom.other}:
            continue
        other = atom.other if name == atom.fact else atom.fact
        if other in seen:
            continue
        value = known.get(other, UNKNOWN)
        if value is NONE:
            continue
        marks: set[Any] = {ordinal(value)} if value is not UNKNOWN else set()
        if value is UNKNOWN:
            partner = next(each for each in views if each.fact.name == other)
            marks |= {mark for mark, _ in partner.cuts}
            marks |= _across(partner, known, views, seen | {name})
            marks = marks or {mark for mark, _ in view.cuts}
            marks = marks or {from_kind_start(view.fact.kind)}
        for mark in marks:
            found |= _moved(mark, atom, view.fact.kind, forward=name == atom.fact)
    return found


def _moved(
    mark: Any, atom: model.ComparesFacts, kind: Kind, *, forward: bool
) -> set[Any]:
    if kind is not Kind.DATE:
        return {mark}
    day = date.fromordinal(mark)
    found = {mark}
    if atom.op == "in month of":
        first = day.replace(day=1)
        last = model.Shift(1, "months").apply(first) - timedelta(days=1)
        found |= {first.toordinal(), last.toordinal()}
    if atom.shift is not None:
        count = atom.shift.count if forward else -atom.shift.count
        moved = model.Shift(count, atom.shift.unit).apply(day).toordinal()
        # Back over months of unequal length: look a few days around.
        found |= {moved} if forward else {moved + step for step in range(-3, 4)}
    return found
