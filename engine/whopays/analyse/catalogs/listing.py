"""Which categories list a code, by which range; which mention it; what is listed near it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from whopays.model import conditions as model
from whopays.model.catalog import Catalog, Category
from whopays.model.codes import CodeSet, shape


@dataclass(frozen=True)
class Listed:
    """A category that lists a code, and the ranges by which it does, as written."""

    category: str
    ranges: tuple[str, ...]


@dataclass(frozen=True)
class Near:
    """A range beside a code that no category lists, and the categories that list it."""

    codes: str
    categories: tuple[str, ...]


def listing(catalog: Catalog, system: str, code: str) -> tuple[Listed, ...]:
    """Return the categories whose `codes` lines hold `code`, in the catalog's order."""
    found = []
    for category in catalog.categories.values():
        ranges = tuple(ranges_of(category, system, code))
        if ranges:
            found.append(Listed(category.name, ranges))
    return tuple(found)


def ranges_of(category: Category, system: str, code: str) -> Iterator[str]:
    """Yield the ranges of `category` that hold `code`, with their system."""
    for codes in category.codes:
        if codes.system == system:
            ends = codes.range_of(code)
            if ends is not None:
                yield str(CodeSet(system, (ends,)))


def mentions(catalog: Catalog, system: str, code: str) -> tuple[Listed, ...]:
    """Return the categories whose condition asks for codes that hold `code`."""
    found = []
    for category in catalog.categories.values():
        when = category.when
        texts = tuple(
            dict.fromkeys(
                atom.text
                for atom in (model.atoms(when) if when is not None else ())
                if isinstance(atom, model.InCodes | model.Includes)
                and atom.codes.system == system
                and code in atom.codes
            )
        )
        if texts:
            found.append(Listed(category.name, texts))
    return tuple(found)


def systems_looked_at(catalog: Catalog) -> tuple[str, ...]:
    """Return the code systems that `match by` looks at, in its order."""
    facts = (catalog.facts[name] for name in catalog.code_facts())
    return tuple(dict.fromkeys(system for fact in facts for system in fact.systems))


def nearest_ranges(catalog: Catalog, system: str, code: str) -> tuple[Near, ...]:
    """Return the ranges that end before `code` and begin after it, where none holds it."""
    owners: dict[tuple[str, str], list[str]] = {}
    line = shape(system, code)
    for category in catalog.categories.values():
        for codes in category.codes:
            for ends in codes.ranges if codes.system == system else ():
                if shape(system, ends[0]) == line:
                    owners.setdefault(ends, []).append(category.name)
    ranges = sorted(owners)
    at = bisect_left(ranges, (code, code))
    below = max(ranges[:at], key=lambda ends: ends[1], default=None)
    above = ranges[at] if at < len(ranges) else None
    return tuple(
        Near(str(CodeSet(system, (ends,))), tuple(owners[ends]))
        for ends in (below, above)
        if ends is not None
    )
