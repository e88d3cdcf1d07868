"""A catalog: the service categories, their codes, and which goes before which."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from whopays.diagnostics import Span
from whopays.model.codes import CodeSet
from whopays.model.conditions import Condition
from whopays.model.facts import Fact
from whopays.model.graphs import in_order


@dataclass(frozen=True)
class Period:
    """Dates from `first` to `last`, both included; `last` None is open."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        """Tell whether `day` is in the period."""
        return self.first <= day and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        """Return the period as the language writes it."""
        return f"{self.first} to {self.last}" if self.last else f"{self.first} onward"


@dataclass(frozen=True)
class Category:
    """A set of lines: any of `codes`, where `when` holds."""

    name: str
    codes: tuple[CodeSet, ...]
    when: Condition | None
    under: str | None
    also_called: tuple[str, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class By:
    """`match by FACTS when …`, or `decide by FACT when …`; None is `otherwise`."""

    facts: tuple[str, ...]
    when: Condition | None
    span: Span = field(compare=False, repr=False)


_MOST_LISTED = 1_000


class Later:
    """For each category, those that come after it: `other in later[name]`.

    Ranks are kept as bits: a long chain of them has as many pairs as it has squares.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._ancestors = catalog.ancestors
        after: dict[str, list[str]] = {}
        for before, behind in catalog.ranked:
            after.setdefault(before, []).append(behind)
            after.setdefault(behind, [])
        self._place = {name: at for at, name in enumerate(after)}
        self._bits: dict[str, int] = {}
        self._made: dict[str, Container[str]] = {}
        for start in after:
            if start not in self._bits:
                for name in in_order(start, after, self._bits):
                    bits = 0
                    for each in after[name]:
                        bits |= 1 << self._place[each] | self._bits.get(each, 0)
                    self._bits[name] = bits

    def __getitem__(self, name: str) -> Container[str]:
        """Return what comes after `name`, to ask whether another does."""
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._behind(name)
        return found

    def _behind(self, name: str) -> Container[str]:
        bits, above = self._bits.get(name, 0), self._ancestors[name]
        if bits.bit_count() > _MOST_LISTED:
            return _Behind(bits, self._place, above)
        listed = (each for each, at in self._place.items() if bits >> at & 1)
        return frozenset((*listed, *above)) if bits else frozenset(above)


@dataclass(frozen=True)
class _Behind(Container[str]):
    """Very many names, as bits at their places, and the few of `above`."""

    bits: int
    place: dict[str, int]
    above: tuple[str, ...]

    def __contains__(self, name: object) -> bool:
        """Tell whether `name` is one of them."""
        at = self.place.get(name) if isinstance(name, str) else None
        return name in self.above or (at is not None and bool(self.bits >> at & 1))


@dataclass(frozen=True, eq=False)
class Catalog:
    """One version of a catalog. `ranked` holds pairs as written: (before, after)."""

    id: str
    version: str
    title: str
    in_force: tuple[Period, ...]
    match_by: tuple[By, ...]
    categories: dict[str, Category]
    ranked: dict[tuple[str, str], Span]
    facts: dict[str, Fact]
    span: Span = field(repr=False)

    def is_silent_on(self, day: date) -> bool:
        """Tell whether the catalog is not in force on `day`: codes may be others then."""
        return bool(self.in_force) and not any(day in each for each in self.in_force)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Category titles by every name, synonyms too, without regard to case."""
        found: dict[str, str] = {}
        for category in self.categories.values():
            for name in (*category.also_called, category.name):
                found[name.casefold()] = category.name
        return found

    @cached_property
    def ancestors(self) -> dict[str, tuple[str, ...]]:
        """For each category, the categories above it, the nearest first."""
        return {name: self._above(name) for name in self.categories}

    def _above(self, name: str) -> tuple[str, ...]:
        found: list[str] = []
        above = self.categories[name].under
        while above is not None and above not in found and above in self.categories:
            found.append(above)
            above = self.categories[above].under
        return tuple(found)

    @cached_property
    def later(self) -> Later:
        """For each category, all that come after it: by rank, closed, and by tree."""
        return Later(self)

    def code_facts(self) -> tuple[str, ...]:
        """Return the code facts that `match by` names, in the order met."""
        return tuple(dict.fromkeys(fact for by in self.match_by for fact in by.facts))

    def lists(self, category: str, fact: str, code: str) -> bool:
        """Tell whether `category` lists `code`, a value of the code fact `fact`."""
        systems = self.facts[fact].systems
        return any(
            codes.system in systems and code in codes
            for codes in self.categories[category].codes
        )
