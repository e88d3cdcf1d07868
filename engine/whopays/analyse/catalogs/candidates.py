"""Which categories may take a line by its codes, and what keeps the others from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whopays.analyse.catalogs.listing import Listed, listing
from whopays.analyse.catalogs.placing import Placed
from whopays.model import conditions as model
from whopays.model.catalog import By, Catalog, Category
from whopays.model.codes import system_of
from whopays.model.truth import deciding_atoms, truth_of
from whopays.model.values import UNKNOWN, Value

_MOST_NAMED = 4


@dataclass(frozen=True)
class Candidate:
    """A category that lists a code, or none but holds by its condition, and its fate.

    `state`: `chosen`, `after` (others go before it: see `reasons`), `open`, `failed`,
    `no row` (the contract does not answer for it), or `not reached` (another code of
    the line has placed it, or a category with codes). `reasons` say why, in words.
    """

    category: str
    ranges: tuple[str, ...]
    state: str
    reasons: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Looked:
    """One code fact of the line: its `code`, and the candidates by it."""

    fact: str
    code: str
    candidates: tuple[Candidate, ...]


@dataclass
class View:
    """The candidates as the facts of one line leave them."""

    catalog: Catalog
    facts: Mapping[str, Value]
    answered: frozenset[str]
    placed: Placed | None

    def _read(self, name: str) -> Value:
        return self.facts.get(name, UNKNOWN)

    @property
    def _winner(self) -> str | None:
        return self.placed.found.outcome.landed if self.placed is not None else None

    def _lines(self) -> list[tuple[By, bool | None]]:
        """Return the `match by` lines that are not ruled out, and whether they hold."""
        found: list[tuple[By, bool | None]] = []
        for by in self.catalog.match_by:
            truth = True if by.when is None else truth_of(by.when, self._read)
            if truth is None or (truth and by.when is not None):
                found.append((by, truth))
            elif by.when is None and all(known is None for _, known in found):
                found.append((by, None if found else True))
        return found

    def order(self) -> Iterator[str]:
        """Yield the `match by` lines that hold, or may."""
        for by, _ in self._lines():
            when = f"when {by.when.text}" if by.when is not None else "otherwise"
            yield f"{', '.join(by.facts)} {when}"

    def looked(self) -> Iterator[Looked]:
        """Yield the code facts that the line has, in the order in which they are looked at."""
        names = dict.fromkeys(fact for by, _ in self._lines() for fact in by.facts)
        for name in names or dict.fromkeys(self.catalog.code_facts()):
            code = self._read(name)
            if not isinstance(code, str):
                continue
            fact = self.catalog.facts[name]
            system = system_of(code, fact.systems) or fact.systems[0]
            found = listing(self.catalog, system, code)
            candidates = self._candidates(found, name)
            yield Looked(name, fact.written(code), tuple(candidates))

    def codeless(self) -> Iterator[Candidate]:
        """Yield the categories without codes that hold or may, where they are asked."""
        if self.placed is None or self.placed.found.code_fact:
            return
        possible = self.placed.possible
        found = [
            Listed(category.name, ())
            for category in self.catalog.categories.values()
            if not category.codes
            and category.when is not None
            and category.name in self.answered
            and truth_of(category.when, self._read) is not False
            and (possible is None or category.name in possible)
        ]
        yield from self._candidates(tuple(found), "")

    def ties(self, names: frozenset[str]) -> tuple[str, ...]:
        """Return those of `names` that hold and that none of the others goes before."""
        held = [name for name in sorted(names) if self._truth(name) is True]
        return tuple(
            name
            for name in held
            if not any(self._goes_before(other, name) for other in held)
        )

    def _candidates(self, listed: tuple[Listed, ...], fact: str) -> Iterator[Candidate]:
        names = [each.category for each in listed]
        for each in listed:
            category = self.catalog.categories[each.category]
            state, reasons = self._fate(category, names, fact)
            place = category.span.place
            yield Candidate(each.category, each.ranges, state, reasons, place)

    def _fate(
        self, category: Category, names: list[str], fact: str
    ) -> tuple[str, tuple[str, ...]]:
        name = category.name
        if name not in self.answered:
            return "no row", ()
        when = category.when
        held = True if when is None else truth_of(when, self._read)
        if held is False:
            return "failed", self._tests(when, held=False)
        before = [n for n in names if self._goes_before(n, name)]
        surely = [n for n in before if self._truth(n) is True]
        if surely:
            return "after", tuple(self._why(n, name) for n in surely)
        if self._is_of_winner(fact) and name == self._winner:
            return "chosen", self._tests(when, held=True)
        possible = self.placed.possible if self.placed is not None else None
        if possible is not None and name not in possible:
            return "after", ("others take the line wherever it holds",)
        if held is None:
            return "open", self._tests(when, held=None)
        if before:
            return "open", (f"unless {_either(before)} does",)
        if self.placed is not None and self.placed.found.code_fact not in {"", fact}:
            return "not reached", (f"{self.placed.found.code_fact} placed the line",)
        return "open", ()

    def _is_of_winner(self, fact: str) -> bool:
        return self.placed is not None and self.placed.found.code_fact == fact

    def _truth(self, name: str) -> bool | None:
        when = self.catalog.categories[name].when
        return True if when is None else truth_of(when, self._read)

    def _goes_before(self, name: str, other: str) -> bool:
        return (
            name != other
            and name in self.answered
            and other in self.catalog.later[name]
            and self._truth(name) is not False
        )

    def _tests(
        self, when: model.Condition | None, *, held: bool | None
    ) -> tuple[str, ...]:
        if when is None:
            return ()
        atoms = deciding_atoms(when, self._read, wanted=held)
        if held is None:
            atoms = [a for a in atoms if truth_of(a, self._read) is None]
        return tuple(dict.fromkeys(atom.text for atom in atoms))

    def _why(self, before: str, after: str) -> str:
        """Say why `before` goes before `after`: by tree, or by ranks, step by step."""
        if after in self.catalog.ancestors[before]:
            return f"{before} is under it"
        steps = _steps(self.catalog, before, after)
        through = f", by way of {', '.join(steps[1:-1])}" if len(steps) > 2 else ""  # noqa: PLR2004
        return f"{before} is ranked before it{through}"


def _either(names: list[str]) -> str:
    """Return `A, B or C`; of many the first, and how many more there are."""
    if len(names) > _MOST_NAMED:
        more = len(names) - _MOST_NAMED + 1
        names = [*names[: _MOST_NAMED - 1], f"one of {more} others"]
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _steps(catalog: Catalog, first: str, last: str) -> list[str]:
    """Return the shortest way of ranks from `first` to `last`."""
    behind: dict[str, list[str]] = {}
    for before, after in catalog.ranked:
        behind.setdefault(before, []).append(after)
    came_from: dict[str, str] = {first: ""}
    waiting = [first]
    for name in waiting:
        for each in behind.get(name, ()):
            if each not in came_from:
                came_from[each] = name
                waiting.append(each)
    steps, name = [], last
    while name:
        steps.append(name)
        name = came_from.get(name, "")
    return steps[::-1]
