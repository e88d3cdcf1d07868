"""A catalog: the service categories, their codes, and which goes before which."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from whopays.diagnostics import Span
from whopays.model.codes import CodeSet
from whopays.model.conditions import Condition
from whopays.model.facts import Fact


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
    def later(self) -> dict[str, frozenset[str]]:
        """For each category, all that come after it: by rank, closed, and by tree."""
        direct: dict[str, set[str]] = {name: set() for name in self.categories}
        for before, after in self.ranked:
            direct[before].add(after)
        closed = {}
        for name in self.categories:
            seen: set[str] = set()
            waiting = list(direct[name])
            while waiting:
                each = waiting.pop()
                if each not in seen:
                    seen.add(each)
                    waiting.extend(direct[each])
            closed[name] = frozenset(seen | set(self.ancestors[name]))
        return closed

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
