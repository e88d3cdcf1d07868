"""Claims for the conditions that come before a category's clauses.

The head of the contract, `decide by`, `match by` and the categories' own conditions say
whether, when and where a line stands. What follows from that is another piece of the
text, so these claims are tried, not computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import islice, product

from whopays.analyse.coverage.demands import Mark, mark
from whopays.analyse.witnesses.apart import alike
from whopays.analyse.witnesses.drafts import Draft, Drafts, Facts, Tweak, facts_of
from whopays.analyse.witnesses.grounds import Grounds, supposed
from whopays.checks.entries import Entries
from whopays.model import conditions as model
from whopays.model.values import NONE
from whopays.program.compile import Program, VersionProgram
from whopays.program.table import Table

_DAY = timedelta(days=1)
_SOME = 6  # entries, categories, codes and claims tried of each kind
Names = frozenset[str]


class Upstream:
    """Makes claims on which a condition before the clauses may decide."""

    def __init__(self, program: Program, grounds: Grounds, drafts: Drafts) -> None:
        self.program = program
        self.grounds = grounds
        self.drafts = drafts
        contract, catalog = program.contract, program.contract.catalog
        self._lines = {mark(contract.span): (program.gate, 0)}
        for table, lines in (
            (program.dates, contract.decide_by),
            (program.order, catalog.match_by),
        ):
            self._lines.update(
                (mark(by.span), (table, n)) for n, by in enumerate(lines)
            )
        self._categories = {
            mark(each.span): name for name, each in catalog.categories.items()
        }

    @cached_property
    def facts(self) -> Names:
        """The facts on which it may hang where a line stands, or whether at all."""
        catalog = self.program.contract.catalog
        tables = (self.program.gate, self.program.dates, self.program.order)
        whens = [when for table in tables for _, when in table.clauses]
        whens.extend(each.when for each in catalog.categories.values() if each.when)
        return frozenset(name for when in whens for name in model.facts_of(when))

    def has(self, place: Mark) -> bool:
        """Tell whether a condition that comes before the clauses stands at `place`."""
        return place in self._lines or place in self._categories

    def is_sampled(
        self, place: Mark, atom: model.Atom, truths: tuple[bool, ...]
    ) -> bool:
        """Tell whether the condition at `place` turns with `atom` in some entry.

        It stands in the head, a `decide by` or a `match by`, and `claims` are samples.
        """
        if place not in self._lines:
            return False
        table, at = self._lines[place]
        return bool(_turns(Entries(table), table, at, atom, truths))

    def claims(
        self, place: Mark, atom: model.Atom, truths: tuple[bool, ...], tweak: Tweak
    ) -> Iterator[Draft]:
        """Yield claims on which the condition at `place` may hang on `atom`."""
        if place in self._categories:
            yield from self._placed(self._categories[place], atom, truths, tweak)
            return
        table, at = self._lines[place]
        entries = Entries(table)
        turning = _turns(entries, table, at, atom, truths)
        for facts in facts_of(entries, turning, self.program.contract, tweak):
            if table is self.program.dates:
                yield from self._dated(facts, tweak)
            elif table is self.program.order:
                yield from self._coded(facts, tweak)
            else:
                yield from self._plain(facts, tweak)

    # The head, `decide by` and `match by`

    def _plain(self, facts: Facts, tweak: Tweak) -> Iterator[Draft]:
        """Yield claims of some categories with these `facts`."""
        version = self.program.versions[0]
        for category in (*sorted(version.answered)[:_SOME], None):
            yield from self._landed(version, category, facts, tweak)

    def _landed(
        self,
        version: VersionProgram,
        category: str | None,
        facts: Facts,
        tweak: Tweak,
    ) -> Iterator[Draft]:
        """Yield claims landed on `category`, with all that its clauses ask, and `facts`."""
        ground = self.grounds.of(version, category)
        if ground is None:
            return
        for _, bits in ground.groups[:_SOME]:
            for claim in islice(self.drafts.on(ground, bits, tweak), 1):
                given = {**claim.given, **facts}
                yield from self.drafts.given(given, tweak)
                landed = self.drafts.landed(version, category, given, tweak)
                yield from islice(landed, _SOME)

    def _dated(self, facts: Facts, tweak: Tweak) -> Iterator[Draft]:
        """Yield claims whose dates lie under different texts."""
        names = [by.facts[0] for by in self.program.contract.decide_by]
        periods = [each.version.period for each in self.program.versions]
        outside = periods[0].first - _DAY if periods[0].first > date.min else None
        days = [*(each.first for each in periods), *([outside] if outside else [])]
        for chosen in product(days[-2:] + days[:1], repeat=len(set(names))):
            dates = dict(zip(dict.fromkeys(names), chosen, strict=True))
            given = {n: day for n, day in dates.items() if facts.get(n) is not NONE}
            yield from islice(self._plain({**facts, **given}, tweak), 4 * _SOME)

    def _coded(self, facts: Facts, tweak: Tweak) -> Iterator[Draft]:
        """Yield claims that have two codes, each of another category."""
        names = self.program.contract.catalog.code_facts()
        for version, one, other in product(self.program.versions[:1], names, names):
            if one == other:
                continue
            first = list(islice(self._codes(version, one), _SOME))
            for (left, left_code), (right, code) in product(
                first, islice(self._codes(version, other), _SOME)
            ):
                given = {**facts, one: left_code, other: code}
                for claim in islice(self._landed(version, left, given, tweak), 2):
                    yield from islice(
                        self.drafts.landed(version, right, dict(claim.given), tweak),
                        _SOME,
                    )

    def _codes(self, version: VersionProgram, fact: str) -> Iterator[tuple[str, str]]:
        """Yield categories that lines with a code of `fact` land on, and such a code."""
        found: dict[str, str] = {}
        for code in self.program.code_index(fact).representatives.values():
            for name in sorted(version.candidates(fact, code)):
                found.setdefault(name, code)
        yield from found.items()

    # A category's own condition

    def _placed(
        self, name: str, atom: model.Atom, truths: tuple[bool, ...], tweak: Tweak
    ) -> Iterator[Draft]:
        for version in self.program.versions:
            if name not in version.answered:
                continue
            for names, codes in self._families(version, name):
                yield from self._chosen(
                    version, names, (name, atom, truths), codes, tweak
                )

    def _families(
        self, version: VersionProgram, name: str
    ) -> Iterator[tuple[Names, Facts]]:
        """Yield the categories among which `name` is chosen, and codes that ask it."""
        facts = self.program.contract.catalog.code_facts()
        none: Facts = dict.fromkeys(facts, NONE)
        for fact in facts:
            found: dict[Names, str] = {}
            for family, code in self.program.code_index(fact).representatives.items():
                if name in family:
                    found.setdefault(version.candidates(fact, code), code)
            for names, code in sorted(found.items(), key=lambda pair: len(pair[0])):
                yield names, {**none, fact: code}
        if name in version.codeless:
            yield version.codeless, none

    def _chosen(
        self,
        version: VersionProgram,
        names: Names,
        asked: tuple[str, model.Atom, tuple[bool, ...]],
        codes: Facts,
        tweak: Tweak,
    ) -> Iterator[Draft]:
        """Yield claims that land elsewhere if the condition of a category turns."""
        name, atom, truths = asked
        table = version.select(names)
        at = [each for each, _ in table.clauses].index(name)
        entries = Entries(table)
        turning = _turns(entries, table, at, atom, truths)
        for held, bits in entries.groups():
            place = self._first(table, held)
            other = self._first(table, held ^ {at})
            if place == other or not bits & turning:
                continue
            if alike(version.piece(place), version.piece(other)):
                continue
            contract = self.program.contract
            for facts in facts_of(entries, bits & turning, contract, tweak):
                yield from self._landed(version, place, {**facts, **codes}, tweak)

    def _first(self, table: Table, held: frozenset[int]) -> str | None:
        """Return the category chosen among those that hold; None if none does."""
        later = self.program.contract.catalog.later
        names = [table.clauses[at][0] for at in sorted(held)]
        left = [n for n in names if not any(n in later[other] for other in names)]
        return left[0] if left else None


def _turns(
    entries: Entries,
    table: Table,
    at: int,
    atom: model.Atom,
    truths: tuple[bool, ...],
) -> int:
    when = table.clauses[at][1]
    found = 0
    for truth in truths:
        side = entries.where(atom) if truth else ~entries.where(atom)
        turned = entries.where(supposed(when, atom, truth=not truth))
        found |= side & (entries.where(when) ^ turned)
    return found
