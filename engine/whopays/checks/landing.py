"""Which cases a line that lands on a category can be in.

The same as the reference's `_places`, for all lines at once: which code is looked at
first, which categories list it, which of them goes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from whopays.checks.asked import Scope
from whopays.checks.diagrams import NO, YES, Node
from whopays.checks.space import Space
from whopays.model import conditions as model
from whopays.program.compile import VersionProgram

_NO_CODE = ""


class Landing:
    """The cases of the lines that land on the categories of one contract.

    With `ties` a line of two categories that are not ranked counts for both.
    """

    def __init__(self, space: Space, *, ties: bool = False) -> None:
        self._space = space
        self._ties = ties
        self._catalog = space.program.contract.catalog
        self._kept: dict[tuple[object, ...], Node] = {}
        self._listed: dict[tuple[str, frozenset[str]], frozenset[str]] = {}

    @cached_property
    def gate(self) -> Node:
        """The cases of the lines that are the contract's at all."""
        return self._space.where(self._space.program.gate.clauses[0][1], ())

    def on(self, version: VersionProgram, category: str | None, scope: Scope) -> Node:
        """Return the cases of the lines that `version` places on `category`, if any.

        None is for lines of no category. Neither the gate nor the days are asked.
        """
        diagrams = self._space.diagrams
        key = ("on", category, version.answered, self._scope(scope))
        found = self._kept.get(key)
        if found is not None:
            return found
        found, open_ = NO, YES
        for by in self._catalog.match_by:
            here = diagrams.both(open_, self._space.where(by.when, scope))
            open_ = diagrams.without(open_, here)
            for fact in by.facts:
                if category is not None:
                    lands = self._lands(version, fact, category, scope)
                    found = diagrams.either(found, diagrams.both(here, lands))
                here = diagrams.both(here, self._nothing(version, fact, scope))
            found = diagrams.either(
                found, self._without_code(version, category, here, scope)
            )
        found = diagrams.either(
            found, self._without_code(version, category, open_, scope)
        )
        self._kept[key] = found
        return found

    def _without_code(
        self, version: VersionProgram, category: str | None, left: Node, scope: Scope
    ) -> Node:
        if left == NO:
            return NO
        if category is None:
            lands = self._nothing(version, _NO_CODE, scope)
        else:
            lands = self._lands(version, _NO_CODE, category, scope)
        return self._space.diagrams.both(left, lands)

    def _lands(
        self, version: VersionProgram, fact: str, category: str, scope: Scope
    ) -> Node:
        """Return the cases in which `category` is the first of those that hold."""
        diagrams = self._space.diagrams
        later = self._catalog.later
        found = self._held(version, fact, category, scope)
        for other in sorted(self._beside(version, fact, category)):
            if found == NO:
                break
            if other in later[category]:
                continue
            if self._ties and category not in later[other]:
                continue
            held = self._held(version, fact, other, scope)
            if category not in later[other]:
                # Not ranked: it may hold where a third category goes before it.
                for third in self._beside(version, fact, other):
                    if other in later[third]:
                        before = self._held(version, fact, third, scope)
                        held = diagrams.without(held, before)
            found = diagrams.without(found, held)
        return found

    def _nothing(self, version: VersionProgram, fact: str, scope: Scope) -> Node:
        """Return the cases in which no category holds a line by the code of `fact`."""
        key = ("nothing", fact, version.answered, self._scope(scope))
        found = self._kept.get(key)
        if found is None:
            diagrams = self._space.diagrams
            some = NO
            for name in sorted(self._listing(version, fact)):
                some = diagrams.either(some, self._held(version, fact, name, scope))
            found = self._kept[key] = diagrams.complement(some)
        return found

    def _held(
        self, version: VersionProgram, fact: str, category: str, scope: Scope
    ) -> Node:
        """Return the cases in which `category` lists the code of `fact` and holds."""
        if category not in self._listing(version, fact):
            return NO
        key = ("held", fact, category, self._scope(scope))
        found = self._kept.get(key)
        if found is None:
            diagrams = self._space.diagrams
            found = self._space.where(self._catalog.categories[category].when, scope)
            if fact != _NO_CODE:
                listed = NO
                for atom in self._space.asked.listings(fact)[category]:
                    test = self._space.variable(fact, scope).test(atom)
                    listed = diagrams.either(listed, test)
                found = diagrams.both(listed, found)
            self._kept[key] = found
        return found

    def _listing(self, version: VersionProgram, fact: str) -> frozenset[str]:
        """Return the answered categories that hold lines by the code of `fact`."""
        if fact == _NO_CODE:
            return version.codeless
        key = (fact, version.answered)
        found = self._listed.get(key)
        if found is None:
            names = self._space.asked.listings(fact)
            found = frozenset(name for name in version.answered if names[name])
            self._listed[key] = found
        return found

    def _beside(
        self, version: VersionProgram, fact: str, category: str
    ) -> frozenset[str]:
        """Return the other categories that can hold a line that `category` holds."""
        if fact == _NO_CODE:
            return version.codeless - {category}
        beside = self._space.asked.beside_by_code
        found = beside.get((fact, category), frozenset[str]())
        return found & version.answered

    def _scope(self, scope: Scope) -> Scope:
        return scope if self._is_dated else ()

    @cached_property
    def _is_dated(self) -> bool:
        return any(map(self._space.is_dated, self._whens()))

    @cached_property
    def asks_for_days(self) -> bool:
        """Whether where a line lands can depend on facts that decide on the version."""
        return any(map(self._space.asks_for_days, self._whens()))

    def _whens(self) -> Iterator[model.Condition]:
        yield from (by.when for by in self._catalog.match_by if by.when is not None)
        for category in self._catalog.categories.values():
            if category.when is not None:
                yield category.when
