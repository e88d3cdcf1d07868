"""From a contract to its program: versions, select tables and answer tables.

A *select table* says which category the facts choose among those that list a code; an
*answer table* which clauses hold for a line that landed on a category. Tables with the
same content are one table.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import ChainMap
from collections.abc import Hashable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from whopays.diagnostics import Diagnostic
from whopays.model import conditions as model
from whopays.model.claim import Line
from whopays.model.contract import (
    Address,
    Contract,
    ExceptionClause,
    Grid,
    Row,
    Text,
    Treat,
    Version,
)
from whopays.model.facts import as_counted
from whopays.model.shared import shared_names, with_shared
from whopays.model.values import Value
from whopays.program.codeindex import CodeIndex
from whopays.program.piece import Clause, Piece, key
from whopays.program.table import Table, of_groups, together
from whopays.program.wide import WideFact
from whopays.resolve import versions
from whopays.resolve.versions import Texts
from whopays.terms.line import Said, said_of, term_facts

_EDGE = "version"


@dataclass(eq=False)
class VersionProgram:
    """One version of the contract, compiled as its tables are asked for."""

    program: Program
    version: Version
    _selects: dict[frozenset[str], Table] = field(default_factory=dict)
    _pieces: dict[str | None, Piece] = field(default_factory=dict)
    _listed: dict[frozenset[Hashable], frozenset[str]] = field(default_factory=dict)

    @property
    def text(self) -> Text:
        """The text in force."""
        return self.version.text

    @cached_property
    def answered(self) -> frozenset[str]:
        """The categories that this version answers for, by row or treat, or inherits."""
        catalog = self.program.contract.catalog
        own = {row.category for grid in self.text.grids for row in grid.rows}
        own |= {treat.source for treat in self.text.treats}
        return frozenset(
            name
            for name in catalog.categories
            if own.intersection((name, *catalog.ancestors[name]))
        )

    def candidates(self, fact: str, code: str) -> frozenset[str]:
        """Return the categories that list `code` and are answered for."""
        listed = self.program.code_index(fact).classes(code)
        found = self._listed.get(listed)
        if found is None:
            found = frozenset(str(name) for name in listed) & self.answered
            self._listed[listed] = found
        return found

    @cached_property
    def codeless(self) -> frozenset[str]:
        """The answered categories that hold by their `when` alone."""
        categories = self.program.contract.catalog.categories
        return frozenset(
            name
            for name in self.answered
            if not categories[name].codes and categories[name].when is not None
        )

    def select(self, names: frozenset[str]) -> Table:
        """Return the table that chooses among the categories `names`."""
        found = self._selects.get(names)
        if found is None:
            categories = self.program.contract.catalog.categories
            found = self.program.table(
                tuple(
                    (name, categories[name].when or model.ALWAYS)
                    for name in sorted(names)
                )
            )
            self._selects[names] = found
        return found

    def piece(self, category: str | None) -> Piece:
        """Return the piece of `category` (None: of lines that no category takes)."""
        found = self._pieces.get(category)
        if found is None:
            found = self._pieces[category] = self._build(category)
        return found

    def _build(self, category: str | None) -> Piece:
        treats = self._reach(category)
        rows: dict[int, tuple[Row, model.Condition | None]] = {}
        for place in sorted({category, *(treat.target for treat in treats)}, key=str):
            for grid in self.text.grids:
                for row in self.rows(grid, place):
                    rows[id(row)] = (row, grid.when)
        exceptions = self._met([row for row, _ in rows.values()])
        # The same clauses in another version are the same piece.
        parts = (*treats, *exceptions, *(part for row in rows.values() for part in row))
        same = (category, *map(id, parts))
        found = self.program.pieces.get(same)
        if found is None:
            whens: list[tuple[Clause, model.Condition]] = [
                *((treat, treat.when or model.ALWAYS) for treat in treats),
                *((row, model.both(when, row.when)) for row, when in rows.values()),
                *((each, each.when or model.ALWAYS) for each in exceptions),
            ]
            named = tuple((key(clause), when) for clause, when in whens)
            table = self.program.table(named)
            found = Piece(category, tuple(clause for clause, _ in whens), table)
            self.program.pieces[same] = found
        return found

    def _met(self, rows: list[Row]) -> list[ExceptionClause]:
        """Return the exceptions to `rows`, and those to them, in the text's order."""
        found: set[int] = set()
        waiting = [each for row in rows for each in row.addresses]
        seen = set(waiting)
        while waiting:
            for at in self._exceptions_to.get(waiting.pop(), ()):
                found.add(at)
                more = self.text.exceptions[at].addresses - seen
                seen |= more
                waiting.extend(more)
        return [self.text.exceptions[at] for at in sorted(found)]

    @cached_property
    def _exceptions_to(self) -> dict[Address, list[int]]:
        found: dict[Address, list[int]] = {}
        for at, exception in enumerate(self.text.exceptions):
            for address in exception.replaces:
                found.setdefault(address, []).append(at)
        return found

    def _reach(self, category: str | None) -> list[Treat]:
        found: dict[int, Treat] = {}
        waiting = [category]
        while waiting:
            for treat in self.treats(waiting.pop()):
                if id(treat) not in found:
                    found[id(treat)] = treat
                    waiting.append(treat.target)
        return list(found.values())

    def treats(self, category: str | None) -> tuple[Treat, ...]:
        """Return the treats of `category`, or of its nearest ancestor that has any.

        A row of its own, in any grid, keeps a category from what stands above it.
        """
        if category is None or not self._treats_of:
            return ()
        for name in (category, *self.program.contract.catalog.ancestors[category]):
            found = self._treats_of.get(name)
            if found:
                return tuple(found)
            if self.text.has_row(name):
                return ()
        return ()

    @cached_property
    def _treats_of(self) -> dict[str, list[Treat]]:
        found: dict[str, list[Treat]] = {}
        for treat in self.text.treats:
            found.setdefault(treat.source, []).append(treat)
        return found

    def rows(self, grid: Grid, category: str | None) -> tuple[Row, ...]:
        """Return the rows of `category` in `grid`, own or borrowed, and `otherwise`."""
        if category is not None:
            for name in (category, *self.program.contract.catalog.ancestors[category]):
                found = grid.rows_of(name)
                if found:
                    return (*found, *grid.otherwise)
        return grid.otherwise


class Program:
    """A contract as known on a day, ready to decide.

    `like` is a program of this contract, known whole, or of one that differs in its
    clauses alone: what both have is made once. `in_force` are the texts, where they are
    made already; `problems` is what is wrong with the targets of amendments.
    """

    def __init__(
        self,
        contract: Contract,
        known_on: date | None = None,
        like: Program | None = None,
        in_force: tuple[Version, ...] | None = None,
    ) -> None:
        self.contract = contract
        self.known_on = known_on
        self.problems: list[Diagnostic] = []
        self.texts: Texts = Texts(contract)
        #: Pieces by the clauses that they have; those are kept by the versions.
        self.pieces: dict[tuple[object, ...], Piece] = {}
        self._whole: Program | None = None
        self._tables: MutableMapping[str, Table] = {}
        self._indexes: dict[str, CodeIndex] = {}
        if like is not None:
            self._tables = ChainMap({}, like._tables)  # noqa: SLF001
            self._indexes = like._indexes  # noqa: SLF001
            if in_force is None and like.contract is contract and not like.known_on:
                self.texts, self.pieces, self._whole = like.texts, like.pieces, like
                self._tables = like._tables  # noqa: SLF001
        if in_force is None:
            in_force, self.problems = versions(contract, known_on, self.texts)
        self.versions = tuple(VersionProgram(self, version) for version in in_force)
        self._days = [each.version.period.first for each in self.versions]
        self.parties = tuple(p.id for p in contract.text.parties if not p.paid_by)
        self._counted = tuple(
            name for name, fact in contract.facts.items() if fact.none_is_zero
        )

    def facts_of(
        self, line: Line, said: tuple[Said, ...] | None = None
    ) -> dict[str, Value]:
        """Return the facts of `line` as conditions see them.

        `said` are its terms, where they have been worked out already.
        """
        found = dict(line.facts)
        for name in self._counted:
            if name in found:
                found[name] = as_counted(self.contract.facts[name], found[name])
        if self.shared:
            with_shared(self.contract.facts, found, self.shared)
        if said is None:
            said = said_of(self.contract, self.terms, line.facts)
        found.update((each.name, each.value) for each in said)
        return found

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The terms that conditions name."""
        return term_facts(self.contract.facts)

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """The shared amounts."""
        return shared_names(self.contract.facts)

    def apart(self, line: Line) -> tuple[str, ...]:
        """Return the shared amounts that `line` gives, and its components otherwise."""
        return with_shared(self.contract.facts, dict(line.facts), self.shared)

    def version_on(self, day: Value) -> VersionProgram | None:
        """Return the version in force on `day`, None if there is none."""
        if not isinstance(day, date):
            return None
        at = bisect_right(self._days, day) - 1
        if at < 0 or day not in self.versions[at].version.period:
            return None
        return self.versions[at]

    def table(self, clauses: tuple[tuple[str, model.Condition], ...]) -> Table:
        """Return the table of `clauses`; the same content is the same table."""
        built = Table(clauses, self.contract.facts, self.parties)
        return self._tables.setdefault(built.digest, built)

    def code_index(self, fact: str) -> CodeIndex:
        """Return the index of the categories by the codes of `fact`."""
        if fact not in self._indexes:
            systems = self.contract.facts[fact].systems
            self._indexes[fact] = CodeIndex(
                (name, codes)
                for name, category in self.contract.catalog.categories.items()
                for codes in category.codes
                if codes.system in systems
            )
        return self._indexes[fact]

    @cached_property
    def gate(self) -> Table:
        """The table of whether a line is the contract's at all."""
        contract = self.contract
        parts: list[model.Condition] = []
        if contract.products:
            text = f"product in {', '.join(contract.products)}"
            parts.append(model.IsOneOf("product", contract.products, text))
        for name, value in (("payer", contract.payer), ("group", contract.group)):
            if value is not None:
                parts.append(model.Is(name, value, f'{name} is "{value}"'))
        return self.table((("ours", model.All(tuple(parts))),))

    @cached_property
    def dates(self) -> Table:
        """The table of the conditions of `decide by`."""
        return self._by(self.contract.decide_by)

    @cached_property
    def order(self) -> Table:
        """The table of the conditions of `match by`."""
        return self._by(self.contract.catalog.match_by)

    def _by(self, lines: tuple[object, ...]) -> Table:
        return self.table(
            tuple(
                (str(at), getattr(by, "when", None) or model.ALWAYS)
                for at, by in enumerate(lines)
            )
        )

    # All the ways in which the whole contract can see a fact

    @cached_property
    def answered(self) -> tuple[str, ...]:
        """The categories that some version answers for; no line asks for the others."""
        names = frozenset[str]().union(*(each.answered for each in self.versions))
        return tuple(name for name in self.contract.catalog.categories if name in names)

    def conditions(
        self, categories: Iterable[str] | None = None
    ) -> Iterator[model.Condition]:
        """Yield every condition of all versions, and of `categories`: else of all."""
        yield self.gate.clauses[0][1]
        catalog = self.contract.catalog
        found = [by.when for by in (*self.contract.decide_by, *catalog.match_by)]
        names = catalog.categories if categories is None else categories
        found.extend(catalog.categories[name].when for name in names)
        for each in self.versions:
            for grid in each.text.grids:
                found.append(grid.when)
                found.extend(row.when for row in (*grid.rows, *grid.otherwise))
            found.extend(exception.when for exception in each.text.exceptions)
            found.extend(treat.when for treat in each.text.treats)
        yield from (when for when in found if when is not None)

    @property
    def text_ids(self) -> set[int]:
        """Which texts decide: one known earlier may be gone from every day, and ask more."""
        return {id(each.text) for each in self.versions}

    @cached_property
    def wide(self) -> dict[str, WideFact]:
        """Each fact that a decision may read, with all cells of the whole contract."""
        if self._whole is not None and self.text_ids <= self._whole.text_ids:
            return self._whole.wide
        atoms: dict[model.Atom, None] = {}
        # Most conditions stand unchanged in every version.
        asked = self.conditions(self.answered)
        for condition in {id(each): each for each in asked}.values():
            atoms.update(dict.fromkeys(model.atoms(condition)))
        for fact in {by.facts[0] for by in self.contract.decide_by}:
            for each in self.versions:
                period = each.version.period
                atoms[model.Compares(fact, ">=", period.first, _EDGE)] = None
                if period.last is not None:
                    atoms[model.Compares(fact, "<=", period.last, _EDGE)] = None
        names = [model.atom_facts(atom) for atom in atoms]
        names += [(fact,) for fact in self.contract.catalog.code_facts()]
        # Before a contract is signed it has no text, and yet the date is asked for.
        names += [(by.facts[0],) for by in self.contract.decide_by]
        groups = together(names)
        wide = map(self._wide, groups, of_groups(groups, atoms))
        return {name: each for each in wide for name in each.names}

    @cached_property
    def wide_groups(self) -> tuple[tuple[tuple[str, ...], WideFact], ...]:
        """The wide facts, each once, with the names of their facts."""
        return tuple({wide.names: wide for wide in self.wide.values()}.items())

    def _wide(self, group: tuple[str, ...], own: list[model.Atom]) -> WideFact:
        found = dict.fromkeys(own)
        for name in group:
            if name in self.contract.catalog.code_facts():
                found.update(dict.fromkeys(self._listings(name)))
        facts = tuple(self.contract.facts[name] for name in group)
        return WideFact(facts, tuple(found), self.parties)

    def _listings(self, fact: str) -> Iterator[model.Atom]:
        systems = self.contract.facts[fact].systems
        for name in self.answered:
            for codes in self.contract.catalog.categories[name].codes:
                if codes.system in systems:
                    yield model.InCodes(fact, codes, f"{fact} in {codes}")
