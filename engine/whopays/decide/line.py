"""Deciding a line by tables, with unknown facts completed jointly.

A fact that is unknown is not one cell but a set of them. Each table that is asked
divides the set only as far as it must, and the same set goes on to the next table, so
that category, version and clause are always completed alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from whopays.decide.settle import settle
from whopays.decide.views import Fills, Known, Partly, Splits, View, Watch, Watched
from whopays.model.outcome import (
    MOST_COMPLETIONS,
    SEPARATOR,
    Leaf,
    Outcome,
    join,
)
from whopays.model.values import UNKNOWN, Value
from whopays.program.cells import TooManyValuesError
from whopays.program.compile import Program, VersionProgram

NO_CONTRACT = Outcome("no_contract")
_MOST_REMEMBERED = 50_000


@dataclass(frozen=True)
class Found:
    """The way to an outcome on known facts: what `explain` shows again."""

    outcome: Outcome
    version: VersionProgram | None = None
    date_fact: str = ""
    code_fact: str = ""
    candidates: frozenset[str] = frozenset()
    held: frozenset[int] | None = None
    #: The entries that were asked, table by table; empty where facts were unknown.
    way: Sequence[int] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Way:
    """One way to fill in what is unknown: a line with these `facts`, and what it is."""

    found: Found
    facts: Mapping[str, Value]


class Decider:
    """Decides lines by one program and one engine, remembering what it settled."""

    def __init__(self, program: Program, engine: Fills) -> None:
        self.program = program
        self.engine = engine
        #: Traces without values, kept for the lines that go the same way.
        self.traces: dict[Hashable, Any] = {}
        #: What says what is to be done by when, kept once somebody has asked.
        self.duties: Any = None
        self._settled: dict[tuple[int, str | None, frozenset[int]], Outcome] = {}
        self._completed: dict[tuple[Hashable, ...], Found] = {}

    @cached_property
    def has_duties(self) -> bool:
        """Whether any text has a route or a clock."""
        texts = (each.text for each in self.program.versions)
        return any(text.routes or text.clocks for text in texts)

    @cached_property
    def has_limits(self) -> bool:
        """Whether any text has a limit."""
        return any(each.text.limits for each in self.program.versions)

    def decide(self, facts: Mapping[str, Value], category: str | None = None) -> Found:
        """Return the outcome for `facts`; `category` places the line by name."""
        try:
            return self.followed(Known(self.program, self.engine, facts), category)
        except Splits:
            key = (category, *self.signature(facts))
            found = self._completed.get(key)
            if found is None:
                found = self._complete(facts, category)
                if len(self._completed) < _MOST_REMEMBERED:
                    self._completed[key] = found
            return found

    def watched(
        self, facts: Mapping[str, Value], category: str | None, watch: Watch
    ) -> tuple[Found, list[Way]]:
        """Decide while `watch` looks on; return the outcome, and that of each completion.

        Nothing is remembered, for `watch` may suppose what is not so. The list is empty
        where there were too many completions.
        """
        try:
            found = self.followed(
                Watched(self.engine, Known(self.program, self.engine, facts), watch),
                category,
            )
        except Splits:
            return self._ways(facts, category, watch)
        return found, [Way(found, facts)]

    def signature(self, facts: Mapping[str, Value]) -> list[Hashable]:
        """Return the cells of `facts` in the whole contract; None where unknown.

        Two lines with one signature have the same completions and the same outcome.
        """
        found: list[Hashable] = []
        for group, wide in self.program.wide_groups:
            values = tuple([facts.get(name, UNKNOWN) for name in group])
            if UNKNOWN not in values:
                found.append(wide.dim.cell(values))
            else:
                found.append(values if len(values) > 1 else None)
        return found

    def _complete(self, facts: Mapping[str, Value], category: str | None) -> Found:
        return self._ways(facts, category, None)[0]

    def _ways(
        self, facts: Mapping[str, Value], category: str | None, watch: Watch | None
    ) -> tuple[Found, list[Way]]:
        leaves: list[Leaf] = []
        ways: list[Way] = []
        asked: set[str] = set()
        choices: dict[tuple[str, ...], list[tuple[Value, ...]]] = {}
        waiting: list[dict[tuple[str, ...], int]] = [{}]
        while waiting:
            sets = waiting.pop()
            view: View = Partly(self.program, self.engine, facts, sets, choices)
            if watch is not None:
                view = Watched(self.engine, view, watch)
            try:
                found = self.followed(view, category)
            except TooManyValuesError as error:
                needs = tuple(sorted({*asked, *error.facts}))
                return _not_minimised(needs), []
            except Splits as split:
                asked.update(
                    name for name in split.group if facts.get(name, UNKNOWN) is UNKNOWN
                )
                waiting.extend({**sets, split.group: bits} for bits in split.sets)
                continue
            filled = facts if watch is None else _filled(facts, sets, choices)
            ways.append(Way(found, filled))
            leaves.append((self.bits(facts, sets), found.outcome))
            if len(leaves) > MOST_COMPLETIONS:
                return _not_minimised(tuple(sorted(asked))), []
        return _common(join(leaves, asked), [way.found for way in ways]), ways

    def bits(
        self, facts: Mapping[str, Value], sets: dict[tuple[str, ...], int]
    ) -> dict[str, int]:
        """Return, for each unknown fact that was divided, its values as bits.

        Compared facts that are unknown together stand under one key: their values hang
        together, and only all of them are sure to settle the line.
        """
        return {
            SEPARATOR.join(n for n in group if facts.get(n, UNKNOWN) is UNKNOWN): bits
            for group, bits in sets.items()
        }

    # The steps of a decision, on facts of which the view knows enough

    def governed(self, view: View) -> tuple[VersionProgram | None, str]:
        """Return the version that governs the line of `view`, and by which date.

        None if the contract does not answer for it.
        """
        program = self.program
        if not view.held(program.gate):
            return None, ""
        by = view.held(program.dates)
        if not by:
            return None, ""
        date_fact = program.contract.decide_by[min(by)].facts[0]
        return view.version(date_fact), date_fact

    def followed(self, view: View, category: str | None) -> Found:
        """Return the outcome for a line of which `view` knows enough."""
        version, date_fact = self.governed(view)
        if version is None:
            return Found(NO_CONTRACT, date_fact=date_fact)
        code_fact, candidates = "", frozenset[str]()
        if category is None:
            places, code_fact, candidates = self._places(view, version)
            if len(places) > 1:
                names = ", ".join(sorted(places))
                outcome = Outcome("by_hand", note=f"two categories: {names}")
                way = view.way
                return Found(
                    outcome, version, date_fact, code_fact, candidates, way=way
                )
            category = places[0] if places else None
        piece = version.piece(category)
        held = view.held(piece.table)
        key = (id(version), category, held)
        outcome_ = self._settled.get(key)
        if outcome_ is None:
            outcome_ = self._settled[key] = settle(version, piece, held)
        return Found(
            outcome_, version, date_fact, code_fact, candidates, held, view.way
        )

    def _places(
        self, view: View, version: VersionProgram
    ) -> tuple[list[str], str, frozenset[str]]:
        program = self.program
        order = view.held(program.order)
        facts = program.contract.catalog.match_by[min(order)].facts if order else ()
        return self.placed(view, version, facts)

    def placed(
        self, view: View, version: VersionProgram, facts: Sequence[str]
    ) -> tuple[list[str], str, frozenset[str]]:
        """Return where a line lands whose code `facts` are looked at in this order.

        With it go the fact that placed it, and the categories it was placed among.
        """
        for fact in facts:

            def listed(code: Value, fact: str = fact) -> frozenset[str]:
                if not isinstance(code, str):
                    return frozenset()
                return version.candidates(fact, code)

            names = view.seen(fact, listed)
            found = self._first_ranked(view, version, names)
            if found:
                return found, fact, names
        names = version.codeless
        return self._first_ranked(view, version, names), "", names

    def _first_ranked(
        self, view: View, version: VersionProgram, names: frozenset[str]
    ) -> list[str]:
        if not names:
            return []
        table = version.select(names)
        held = [table.clauses[at][0] for at in sorted(view.held(table))]
        later = self.program.contract.catalog.later
        return [n for n in held if not any(n in later[other] for other in held)]


def _filled(
    facts: Mapping[str, Value],
    sets: dict[tuple[str, ...], int],
    choices: dict[tuple[str, ...], list[tuple[Value, ...]]],
) -> Mapping[str, Value]:
    """Return `facts` with a value, of those still possible, for each that was divided."""
    found = dict(facts)
    for group, bits in sets.items():
        first = (bits & -bits).bit_length() - 1
        found.update(zip(group, choices[group][first], strict=True))
    return found


def _not_minimised(needs: tuple[str, ...]) -> Found:
    return Found(Outcome("undetermined", needs=needs, minimised=False))


def _common(outcome: Outcome, ways: list[Found]) -> Found:
    """Return `outcome` with what all `ways` to it have in common."""
    first = ways[0]
    same = {way.version for way in ways} == {first.version}
    return Found(
        outcome,
        first.version if same else None,
        first.date_fact if len({w.date_fact for w in ways}) == 1 else "",
        first.code_fact if len({w.code_fact for w in ways}) == 1 else "",
        frozenset[str]().union(*(way.candidates for way in ways)),
    )
