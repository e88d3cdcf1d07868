"""The facts that conditions ask for, as variables of decision diagrams.

A fact has one variable, whose cells are those of `program.cells`. Facts that conditions
compare with each other share one. A list of codes has a variable for each condition on
it, yes or no, and a rule for which of them can be true together: its masks would be too
many. Where compared facts have too many cells, they too have a variable for each
condition, but no such rule: what is proved then holds for more than can be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Protocol

from whopays.checks.compared import Walk, joint_cells
from whopays.checks.diagrams import NO, YES, Diagrams, Node, TooLargeError
from whopays.checks.shapes import Shape
from whopays.model import conditions as model
from whopays.model.facts import Fact
from whopays.model.values import NONE, Value
from whopays.program.codeindex import CodeIndex

Case = Mapping[int, int]
_MOST_TRIED = 20_000  # combinations of values of compared facts


class Variable(Protocol):
    """What stands for one fact, or for several that are compared, in diagrams."""

    #: False where a case of it need not be one that values can have.
    is_exact: bool
    #: The levels of its variables.
    levels: tuple[int, ...]

    def test(self, atom: model.Atom) -> Node:
        """Return the cases in which `atom` holds."""

    def cells(self, atom: model.Atom) -> tuple[int, int]:
        """Return the level and the cells at which `atom` holds."""

    def levels_of(self, fact: str) -> tuple[int, ...]:
        """Return the levels of the variables that change with `fact`."""

    def domain(self, levels: frozenset[int]) -> Node:
        """Return the cases that can be, as far as these levels can tell."""

    def values(self, case: Case, levels: frozenset[int]) -> dict[str, Value] | None:
        """Return values that are in `case`, or None if none were found."""

    def words(self, case: Case, known: Mapping[str, Fact]) -> list[str]:
        """Return what is true in `case`."""


class Cells:
    """A fact, or facts compared with each other, of which all cells are known."""

    is_exact = True
    levels: tuple[int, ...]

    def __init__(self, diagrams: Diagrams, shape: Shape) -> None:
        self._diagrams = diagrams
        self.shape = shape
        level = diagrams.variable(len(shape.values))
        self.levels = (level,)

    def test(self, atom: model.Atom) -> Node:
        """Return the cases in which `atom` holds."""
        return self._diagrams.test(*self.cells(atom))

    def cells(self, atom: model.Atom) -> tuple[int, int]:
        """Return the level and the cells at which `atom` holds."""
        return self.levels[0], self.shape.holds[atom]

    def levels_of(self, fact: str) -> tuple[int, ...]:
        """Return the levels of the variables that change with `fact`."""
        del fact
        return self.levels

    def domain(self, levels: frozenset[int]) -> Node:
        """Return the cases that can be, as far as these levels can tell."""
        del levels
        return YES

    def values(self, case: Case, levels: frozenset[int]) -> dict[str, Value]:
        """Return values that are in `case`, or None if none were found."""
        del levels
        values = self.shape.values[case.get(self.levels[0], 0)]
        return dict(zip(self.shape.facts, values, strict=True))

    def words(self, case: Case, known: Mapping[str, Fact]) -> list[str]:
        """Return what is true in `case`."""
        return _told(self.values(case, frozenset()), known)


class Switches:
    """Conditions that are yes or no each, one variable apiece."""

    def __init__(self, diagrams: Diagrams, atoms: Sequence[model.Atom]) -> None:
        self._diagrams = diagrams
        self.levels = tuple(diagrams.variable(2) for _ in atoms)
        self._level = dict(zip(atoms, self.levels, strict=True))

    def test(self, atom: model.Atom) -> Node:
        """Return the cases in which `atom` holds."""
        return self._diagrams.test(self._level[atom], 0b10)

    def cells(self, atom: model.Atom) -> tuple[int, int]:
        """Return the level and the cells at which `atom` holds."""
        return self._level[atom], 0b10

    def levels_of(self, fact: str) -> tuple[int, ...]:
        """Return the levels of the variables that change with `fact`."""
        return tuple(
            level
            for atom, level in self._level.items()
            if fact in model.atom_facts(atom)
        )


class Loose(Switches):
    """Facts that are compared in too many ways: only pairs of them are looked at.

    So a case may be one that no values have.
    """

    is_exact = False

    def __init__(
        self, diagrams: Diagrams, facts: Sequence[Fact], atoms: Sequence[model.Atom]
    ) -> None:
        super().__init__(diagrams, atoms)
        self._facts = {fact.name: fact for fact in facts}
        self._walk = Walk(facts, atoms)
        self._domains: dict[frozenset[int], Node] = {}
        self._pairs: dict[tuple[model.Atom, ...], Node] = {}

    def domain(self, levels: frozenset[int]) -> Node:
        """Return the cases that can be, as far as these levels can tell."""
        asked = levels.intersection(self.levels)
        found = self._domains.get(asked)
        if found is None:
            found = YES
            for pair in combinations(self._facts.values(), 2):
                found = self._diagrams.both(found, self._pair(pair, asked))
            self._domains[asked] = found
        return found

    def _pair(self, pair: tuple[Fact, Fact], asked: frozenset[int]) -> Node:
        names = {fact.name for fact in pair}
        atoms = tuple(
            atom
            for atom, level in self._level.items()
            if level in asked and names.issuperset(model.atom_facts(atom))
        )
        found = self._pairs.get(atoms)
        if found is None:
            found = self._pairs[atoms] = self._joint(pair, atoms)
        return found

    def _joint(self, pair: tuple[Fact, Fact], atoms: tuple[model.Atom, ...]) -> Node:
        joint = joint_cells(pair, atoms) if atoms else None
        if joint is None:
            return YES
        found = NO
        for truth in joint.truth:
            case = YES
            for atom, holds in zip(atoms, truth, strict=True):
                test = self._diagrams.test(self._level[atom], 0b10 if holds else 0b01)
                case = self._diagrams.both(case, test)
            found = self._diagrams.either(found, case)
        return found

    def values(self, case: Case, levels: frozenset[int]) -> dict[str, Value] | None:
        """Return values that are in `case`, or None if none were found."""
        wanted = {
            atom: bool(case.get(level))
            for atom, level in self._level.items()
            if level in levels
        }
        return self._walk.find(wanted, _MOST_TRIED)

    def words(self, case: Case, known: Mapping[str, Fact]) -> list[str]:
        """Return what is true in `case`."""
        del known
        return [
            (atom if case[level] else model.Not(atom)).text
            for atom, level in self._level.items()
            if level in case
        ]


class Listed(Switches):
    """A list of codes: which conditions can be true together is known from the codes."""

    is_exact = True

    def __init__(
        self, diagrams: Diagrams, fact: Fact, atoms: Sequence[model.Atom]
    ) -> None:
        super().__init__(diagrams, atoms)
        self._fact = fact
        index = CodeIndex(
            (at, atom.codes)
            for at, atom in enumerate(atoms)
            if isinstance(atom, model.Includes)
        )
        if index.is_large:
            raise TooLargeError
        #: One code for each way in which the conditions can see a code.
        self._codes = {
            frozenset(self.levels[int(str(at))] for at in seen): code
            for seen, code in index.representatives.items()
            if seen
        }
        outside = index.outside(fact.systems)
        if outside is not None:
            self._codes[frozenset()] = outside
        given = (a for a in atoms if isinstance(a, model.IsGiven))
        self._given = frozenset(self._level[atom] for atom in given)
        self._domains: dict[frozenset[int], Node] = {}

    def domain(self, levels: frozenset[int]) -> Node:
        """Return the cases that can be, as far as these levels can tell."""
        asked = levels.intersection(self.levels)
        found = self._domains.get(asked)
        if found is None:
            found = self._domains[asked] = self._possible(asked)
        return found

    def _possible(self, asked: frozenset[int]) -> Node:
        """Return the lists that can be: each true condition has a code to show for it.

        A code makes true all conditions that see it, and any list is a union of such.
        """
        to = self._diagrams
        seen = {self._seen(codes) & asked for codes in self._codes}
        has: dict[frozenset[int], Node] = {}
        for each in seen:
            node = YES
            for level in sorted(each):
                node = to.both(node, to.test(level, 0b10))
            has[each] = node
        found = YES
        for level in sorted(asked):
            shown = NO
            for each, node in has.items():
                if level in each:
                    shown = to.either(shown, node)
            found = to.both(found, to.either(shown, to.test(level, 0b01)))
        if not self._fact.or_none:
            some = NO
            for node in has.values():
                some = to.either(some, node)
            found = to.both(found, some)
        return found

    def _seen(self, levels: frozenset[int]) -> frozenset[int]:
        return levels | self._given

    def values(self, case: Case, levels: frozenset[int]) -> dict[str, Value] | None:
        """Return values that are in `case`, or None if none were found."""
        asked = levels.intersection(self.levels)
        true = {level for level in asked if case.get(level)}
        open_, found = set(true), list[str]()
        allowed = [
            (self._seen(own) & asked, code)
            for own, code in self._codes.items()
            if (self._seen(own) & asked) <= true
        ]
        for own, code in sorted(allowed, key=lambda each: (-len(each[0]), each[1])):
            if open_ & own or (not found and not true and not self._fact.or_none):
                found.append(code)
                open_ -= own
        if open_:
            return None
        return {self._fact.name: tuple(sorted(found)) or NONE}

    def words(self, case: Case, known: Mapping[str, Fact]) -> list[str]:
        """Return what is true in `case`."""
        return _told(self.values(case, frozenset(case)) or {}, known)


def _told(values: Mapping[str, Value], known: Mapping[str, Fact]) -> list[str]:
    return [f"{name} {known[name].written(value)}" for name, value in values.items()]


def variable(
    diagrams: Diagrams,
    facts: Sequence[Fact],
    atoms: Sequence[model.Atom],
    shape: Shape | None,
) -> Variable:
    """Return what stands for `facts`, of which `atoms` are all that is asked."""
    if shape is not None:
        return Cells(diagrams, shape)
    if len(facts) > 1:
        return Loose(diagrams, facts, atoms)
    return Listed(diagrams, facts[0], atoms)
