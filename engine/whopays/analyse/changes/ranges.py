"""What a fact would have to be, as a condition: ranges and lists, not sample values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

from whopays.model import conditions as model
from whopays.model.codes import CodeSet
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, Value
from whopays.program.ordinals import ordinal

Fits = Callable[[Value], bool]
_MOST_RANGES = 30
_MOST_PAIRED = 40


def ordered(
    fact: Fact, values: Iterable[Value], fits: Fits, marks: Iterable[Value]
) -> str:
    """Return for which of `values` of an ordered fact `fits` is true, as ranges.

    `marks` are values that conditions mention: a range ends there.
    """
    line = sorted((v for v in dict.fromkeys(values) if v is not NONE), key=ordinal)
    ends = set(map(ordinal, marks))
    said = [_range(fact, line, run, ends) for run in _runs([fits(v) for v in line])]
    if NONE in values and fits(NONE):
        said.append(f"{fact.name} is not given")
    if len(said) > 1:
        said = [f"({each})" if " and " in each else each for each in said]
    return " or ".join(said)


def _runs(fitting: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for at, fits in enumerate([*fitting, False]):
        if fits and start is None:
            start = at
        elif not fits and start is not None:
            yield start, at - 1
            start = None


def _range(
    fact: Fact, line: Sequence[Value], run: tuple[int, int], marks: set[Any]
) -> str:
    first, last = run
    low = high = ""
    if first > 0:
        before = line[first - 1]
        above = ordinal(before) in marks and ordinal(line[first]) not in marks
        low = (
            f"> {fact.written(before)}" if above else f">= {fact.written(line[first])}"
        )
    if last + 1 < len(line):
        after = line[last + 1]
        below = ordinal(after) in marks and ordinal(line[last]) not in marks
        high = f"< {fact.written(after)}" if below else f"<= {fact.written(line[last])}"
    if first == last and low.startswith(">=") and high.startswith("<="):
        return f"{fact.name} is {fact.written(line[first])}"
    both = " and ".join(f"{fact.name} {each}" for each in (low, high) if each)
    return both or f"{fact.name} is given"


def listed(fact: Fact, values: Iterable[Value], others: Sequence[Value]) -> str:
    """Return that a fact of a few words has one of `values`; `others` are the rest."""
    found = list(values)
    if fact.kind is Kind.YES_NO:
        words: dict[Value, str] = {True: fact.name, False: f"not {fact.name}"}
        words[NONE] = f"{fact.name} is not given"
        return " or ".join(words[value] for value in found)
    given = [value for value in found if value is not NONE]
    said: list[str] = []
    if "another" in given and fact.kind in {Kind.TEXT, Kind.PARTY}:
        rest = [fact.written(value) for value in others if value is not NONE]
        said.extend(f"{fact.name} is not {each}" for each in rest)
        if NONE not in found and fact.or_none:
            said.append(f"{fact.name} is given")
        return " and ".join(said) or f"{fact.name} is given"
    if given:
        word = "is" if len(given) == 1 else "in"
        said.append(f"{fact.name} {word} {', '.join(map(fact.written, given))}")
    if NONE in found:
        said.append(f"{fact.name} is not given")
    return " or ".join(said)


def by_codes(
    fact: Fact, good: int, every: int, holds: Iterable[tuple[model.Atom, int]]
) -> str:
    """Return the condition on codes that is true in the cells `good` and in no other.

    Cells are bits; `holds` are conditions of the rules with the cells in which each is
    true. Empty where none of them, and no few of them together, say it.
    """
    known = [(atom, cells & every) for atom, cells in holds]
    simple = [(atom.text, cells) for atom, cells in known]
    simple.extend((model.Not(atom).text, every & ~cells) for atom, cells in known)
    for text, cells in simple:
        if cells == good:
            return text
    word = "in" if fact.kind is Kind.CODE else "include"
    sets = _union(good, known)
    if sets:
        return " or ".join(f"{fact.name} {word} {each}" for each in sets)
    sets = _union(every & ~good, known)
    if sets and fact.kind is Kind.CODE:
        return " and ".join(f"{fact.name} not in {each}" for each in sets)
    if sets:
        return " and ".join(f"not ({fact.name} include {each})" for each in sets)
    pairs = combinations(simple[:_MOST_PAIRED], 2)
    return next((f"{a} and {b}" for (a, x), (b, y) in pairs if x & y == good), "")


def _union(wanted: int, known: Sequence[tuple[model.Atom, int]]) -> list[CodeSet]:
    """Return codes that are in just the cells `wanted`, system by system; or nothing."""
    sets: dict[str, tuple[tuple[str, str], ...]] = {}
    left = wanted
    inside = [(atom, cells) for atom, cells in known if cells and not cells & ~wanted]
    for atom, cells in sorted(inside, key=lambda each: -each[1].bit_count()):
        if isinstance(atom, model.InCodes | model.Includes) and cells & left:
            system = atom.codes.system
            sets[system] = (*sets.get(system, ()), *atom.codes.ranges)
            left &= ~cells
    if left or sum(map(len, sets.values())) > _MOST_RANGES:
        return []
    return [CodeSet(system, tuple(sorted(each))) for system, each in sets.items()]
