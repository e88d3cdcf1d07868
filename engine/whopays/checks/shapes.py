"""The cells of facts, as decision diagrams need them: many, without looking at each.

A fact whose cells are too many to list is told; it is never taken for one without any.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from whopays.checks.compared import Joint, joint_cells
from whopays.checks.diagrams import TooLargeError
from whopays.model import conditions as model
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, Value
from whopays.program.cells import Dim, View
from whopays.program.codeindex import CodeIndex


@dataclass(frozen=True)
class Shape:
    """The cells of some facts: `values` that are in each, and where each atom holds.

    Where the atoms are told by switches, `values` and `holds` are empty.
    """

    facts: tuple[str, ...]
    values: Sequence[tuple[Value, ...]]
    holds: Mapping[model.Atom, int]
    joint: Joint | None = None


def shape_of(
    facts: Sequence[Fact], atoms: Sequence[model.Atom], parties: tuple[str, ...]
) -> Shape | None:
    """Return the cells of `facts`, None where they have switches instead."""
    names = tuple(fact.name for fact in facts)
    if len(facts) > 1:
        joint = joint_cells(facts, atoms)
        if joint is None:
            return None
        return Shape(names, joint.values, _holds(atoms, joint.truth), joint)
    (fact,) = facts
    if fact.kind is Kind.CODES:
        return None
    if fact.kind is Kind.CODE:
        return _codes(fact, atoms)
    if fact.kind.is_ordered:
        return _ordered(fact, atoms)
    dim = Dim((fact,), tuple(atoms), parties)
    if not dim.is_whole:
        raise TooLargeError
    return Shape(names, dim.values, _holds(atoms, dim.truth))


def _ordered(fact: Fact, atoms: Sequence[model.Atom]) -> Shape:
    """Return the cells of an amount or a date: the same as those of `Dim`, but many."""
    stretches = _Stretches(fact, tuple(atoms))
    return Shape(
        (fact.name,),
        stretches.values,
        {atom: stretches.holds(atom) for atom in atoms},
    )


class _Stretches:
    """The cells of an ordered fact: stretches between thresholds, and thresholds."""

    def __init__(self, fact: Fact, atoms: tuple[model.Atom, ...]) -> None:
        self._view = View(fact, atoms, ())
        found: dict[int, Value] = {}
        for value in self._view.spread({}, ()):
            if value is not NONE:
                found.setdefault(self._view.stretch(value), value)
        self._places = sorted(found)
        self._given = (1 << len(found)) - 1
        self.values: list[tuple[Value, ...]] = [
            (found[place],) for place in self._places
        ]
        if fact.or_none and not fact.none_is_zero:
            self.values.append((NONE,))

    def holds(self, atom: model.Atom) -> int:
        """Return the cells in which `atom` holds, as bits."""
        match atom:
            case model.IsGiven():
                return self._given
            case model.Compares(_, op, limit):
                below = self._upto(self._view.end(op, limit))
                return below if op in {"<", "<="} else self._given & ~below
            case model.Is(_, value):
                return self._at(value)
            case model.IsOneOf(_, several):
                return reduce(or_, map(self._at, several), 0)
            case _:
                raise TypeError(atom)

    def _upto(self, place: int) -> int:
        return (1 << bisect_right(self._places, place)) - 1

    def _at(self, value: Value) -> int:
        place = self._view.stretch(value)
        return self._upto(place) & ~self._upto(place - 1)


def _holds(
    atoms: Sequence[model.Atom], truth: Sequence[tuple[bool, ...]]
) -> dict[model.Atom, int]:
    return {
        atom: sum(1 << cell for cell, each in enumerate(truth) if each[at])
        for at, atom in enumerate(atoms)
    }


def _codes(fact: Fact, atoms: Sequence[model.Atom]) -> Shape:
    """Return the cells of a code: the same as those of `Dim`, but there are many."""
    index = CodeIndex(
        (at, atom.codes)
        for at, atom in enumerate(atoms)
        if isinstance(atom, model.InCodes)
    )
    if index.is_large:
        raise TooLargeError
    families = {seen: code for seen, code in index.representatives.items() if seen}
    outside = index.outside(fact.systems)
    values: list[tuple[Value, ...]] = [(code,) for code in families.values()]
    bits = [0] * len(atoms)
    for cell, seen in enumerate(families):
        for at in seen:
            bits[int(str(at))] |= 1 << cell
    if outside is not None:
        values.append((outside,))
    given = (1 << len(values)) - 1
    if fact.or_none:
        values.append((NONE,))
    holds = {
        atom: given if isinstance(atom, model.IsGiven) else bits[at]
        for at, atom in enumerate(atoms)
    }
    return Shape((fact.name,), values, holds)
