"""Claims that land on a category: codes, and facts by which the others pass them by.

Each step of a decision that comes before the clauses is a table. Of its entries those
are taken that go the right way and agree with the facts given so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from whopays.checks.entries import Entries, TooManyEntriesError
from whopays.model.values import NONE, Value
from whopays.program.compile import Program, VersionProgram
from whopays.program.table import Table

Facts = dict[str, Value]
Names = frozenset[str]
_WAYS, _CODES, _EVERY = 3, 12, 1_000_000


@dataclass(eq=False)
class Landings:
    """Finds facts by which lines land on the categories of one program."""

    program: Program
    _entries: dict[int, Entries | None] = field(default_factory=dict)
    _right: dict[tuple[int, object], int] = field(default_factory=dict)

    def on(
        self,
        version: VersionProgram,
        category: str | None,
        base: Facts,
        left_out: Names = frozenset(),
    ) -> Iterator[Facts]:
        """Yield `base` with facts by which a line lands on `category` under `version`.

        The facts `left_out` are not given, whatever is asked.
        """
        gate = self.program.gate
        ours = self._bits(gate, "ours", bool)
        for gated in self._with(gate, ours, base, left_out):
            for codes, names in self._coded(version, category, gated):
                for ordered in self._ordered(codes, left_out):
                    if not names:
                        yield ordered
                        continue
                    table = version.select(names)
                    right = self._chosen(table, category)
                    yield from self._with(table, right, ordered, left_out)

    def _ordered(self, base: Facts, left_out: Names) -> Iterator[Facts]:
        """Yield `base` with what `match by` asks: that its code is looked at first."""
        order, lines = self.program.order, self.program.contract.catalog.match_by
        coded = {name for name, value in base.items() if isinstance(value, str)}

        def comes_first(held: frozenset[int]) -> bool:
            return bool(held) and lines[min(held)].facts[0] in coded

        facts = self.program.contract.catalog.code_facts()
        what = ("order", *(name for name in facts if name in coded))
        first = self._bits(order, what, comes_first)
        entries = self.entries(order)
        if entries is None or not first & agreeing(entries, base):
            first = self._bits(order, "any order", bool)
        yield from islice(self._with(order, first, base, left_out), 1)

    def is_reachable(self, version: VersionProgram, category: str | None) -> bool:
        """Tell whether some code, or none, lets a line land on `category`."""
        for _, names in self._coded(version, category, {}, _EVERY):
            if not names:
                return True
            table = version.select(names)
            if self.entries(table) is None or self._chosen(table, category):
                return True
        return False

    def governed(
        self, at: int, base: Facts, left_out: Names = frozenset()
    ) -> Iterator[Facts]:
        """Yield `base` with facts for which the `decide by` number `at` holds."""

        def holds(held: frozenset[int]) -> bool:
            return min(held, default=-1) == at

        bits = self._bits(self.program.dates, at, holds)
        yield from self._with(self.program.dates, bits, base, left_out)

    def _coded(
        self,
        version: VersionProgram,
        category: str | None,
        base: Facts,
        most: int = _CODES,
    ) -> Iterator[tuple[Facts, Names]]:
        """Yield `base` with codes, and the categories among which they choose."""
        catalog = self.program.contract.catalog
        facts = catalog.code_facts()
        none: Facts = dict.fromkeys(facts, NONE)
        found = catalog.categories[category] if category is not None else None
        if found is None or not found.codes:
            by_name = found is not None and found.when is None
            yield {**none, **base}, frozenset() if by_name else version.codeless
        if category is None:
            return
        for fact in facts:
            given = base.get(fact)
            if isinstance(given, str):
                yield {**none, **base}, version.candidates(fact, given)
            elif given is None or given is NONE:
                for code in self._codes(version, category, fact)[:most]:
                    names = version.candidates(fact, code)
                    yield {**none, **base, fact: code}, names

    def _codes(self, version: VersionProgram, category: str, fact: str) -> list[str]:
        """Return codes that `category` lists, those of few categories first."""
        found: dict[Names, str] = {}
        for family, code in self.program.code_index(fact).representatives.items():
            if category in family:
                found.setdefault(version.candidates(fact, code), code)
        by_size = sorted(found.items(), key=lambda pair: len(pair[0]))
        return [code for _, code in by_size]

    def _first(self, table: Table, held: frozenset[int]) -> str | None:
        later = self.program.contract.catalog.later
        names = [table.clauses[at][0] for at in held]
        left = [n for n in names if not any(n in later[other] for other in names)]
        return left[0] if left else None

    # Entries of one table

    def _chosen(self, table: Table, category: str | None) -> int:
        """Return the entries of a select table that choose `category`; None: none."""
        return self._bits(table, category, lambda h: self._first(table, h) == category)

    def _bits(
        self, table: Table, what: object, is_right: Callable[[frozenset[int]], bool]
    ) -> int:
        """Return the entries of `table` that go the right way, which `what` names."""
        key = (id(table), what)
        entries = self.entries(table)
        if key not in self._right:
            groups = entries.groups() if entries is not None else ()
            self._right[key] = sum(bits for held, bits in groups if is_right(held))
        return self._right[key]

    def _with(
        self, table: Table, right: int, base: Facts, left_out: Names
    ) -> Iterator[Facts]:
        entries = self.entries(table)
        if entries is None:
            return
        for cells in entries.some(right & agreeing(entries, base), _WAYS):
            found: Facts = {}
            for dim, cell in zip(table.dims, cells, strict=True):
                pairs = zip(dim.facts, dim.values[cell], strict=True)
                found.update((n, value) for n, value in pairs if n not in left_out)
            yield {**found, **base}

    def entries(self, table: Table) -> Entries | None:
        """Return the entries of `table`; None if there are too many."""
        key = id(table)
        if key not in self._entries:
            try:
                self._entries[key] = Entries(table)
            except TooManyEntriesError:
                self._entries[key] = None
        return self._entries[key]


def agreeing(entries: Entries, base: Facts) -> int:
    """Return the entries that lines with the facts `base` can be in."""
    bits = entries.all
    for at, dim in enumerate(entries.table.dims):
        if all(name in base for name in dim.facts):
            given = {name: base[name] for name in dim.facts}
            truth = tuple(atom.holds(given.__getitem__) for atom in dim.atoms)
            bits &= (
                entries.at_cell(at, dim.truth.index(truth)) if truth in dim.truth else 0
            )
    return bits
