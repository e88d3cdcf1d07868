"""What is to be done with a claim, and by when: routes and clocks, by tables.

Asked for line by line where somebody wants to know; who pays is decided without it. The
facts that routes and clocks ask for are seen by a program of their own, so that deciding
who pays sees no more than it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from whopays.decide.line import Decider, Found
from whopays.decide.views import Known, Partly, Splits, View
from whopays.model import conditions as model
from whopays.model.clocks import RECEIVED_BY
from whopays.model.duty import (
    NOTHING,
    Clause,
    Duty,
    Leaf,
    joined,
    payers_of,
    said_by,
    without_yielding,
)
from whopays.model.outcome import MOST_COMPLETIONS
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.cells import TooManyValuesError
from whopays.program.compile import Program, VersionProgram
from whopays.program.table import Table

_MOST_REMEMBERED = 50_000
_GIVEN = "given"


class DutyProgram(Program):
    """A program that sees what routes and clocks ask for, beside what decides who pays."""

    def conditions(
        self, categories: Iterable[str] | None = None
    ) -> Iterator[model.Condition]:
        """Yield every condition that a duty may ask, of all versions."""
        yield from super().conditions(categories)
        for each in self.versions:
            yield from map(self.holds, each.text.routes)
            yield from map(self.holds, each.text.clocks)
        yield from (when for _, when in self.receivers.clauses)

    def holds(self, clause: Clause) -> model.Condition:
        """Return when `clause` holds; one whose date is none may be in force."""
        fact = self.contract.facts[clause.days.fact]
        if not clause.in_force or not fact.or_none:
            return clause.condition
        given = model.IsGiven(fact.name, f"{fact.name} is given")
        dated = model.Any_((clause.dated, model.Not(given)))
        return model.both(dated, clause.when)

    @cached_property
    def receivers(self) -> Table:
        """The table of who received a claim: one clause a party, and one for anybody."""
        if RECEIVED_BY not in self.contract.facts:
            return self.table(())
        clauses: list[tuple[str, model.Condition]] = [
            (each, model.Is(RECEIVED_BY, each, f"{RECEIVED_BY} is {each}"))
            for each in self.parties
        ]
        given = model.IsGiven(RECEIVED_BY, f"{RECEIVED_BY} is given")
        return self.table((*clauses, (_GIVEN, given)))

    def saying(self, version: VersionProgram, part: str) -> tuple[list[Clause], Table]:
        """Return the routes or the clocks of `version` (`part`), and their table."""
        clauses: list[Clause] = list(getattr(version.text, part))
        named = tuple((clause.id, self.holds(clause)) for clause in clauses)
        return clauses, self.table(named)


class Duties:
    """Says what is to be done with lines, remembering what it completed."""

    def __init__(self, decider: Decider) -> None:
        program = decider.program
        in_force = tuple(each.version for each in program.versions)
        self.program = DutyProgram(
            program.contract, program.known_on, program, in_force
        )
        self._decider = Decider(self.program, decider.engine)
        self._tables: dict[tuple[int, str], tuple[list[Clause], Table]] = {}
        self._completed: dict[tuple[Hashable, ...], Duty] = {}

    @cached_property
    def has(self) -> dict[str, bool]:
        """Whether any text has routes, and clocks."""
        texts = [each.text for each in self.program.versions]
        return {
            part: any(getattr(text, part) for text in texts)
            for part in ("routes", "clocks")
        }

    def route(
        self, facts: Mapping[str, Value], category: str | None, found: Found
    ) -> Duty:
        """Return what the one that received a line with these `facts` does with it.

        `found` is what was decided about who pays.
        """
        settled = found.version is not None and found.outcome.status != "undetermined"

        def known(view: View) -> Duty:
            if settled and isinstance(view, Known):
                return self._route(view, found)
            return self._route(view, self._decider.followed(view, category))

        return self._asked("routes", known, facts, category)

    def clock(self, facts: Mapping[str, Value], found: Found) -> Duty:
        """Return within which days a line with these `facts` is to be paid."""

        def known(view: View) -> Duty:
            version = found.version
            if version is None or not isinstance(view, Known):
                version, _ = self._decider.governed(view)
            return NOTHING if version is None else self._said(view, version, "clocks")

        return self._asked("clocks", known, facts, None)

    def _asked(
        self,
        part: str,
        known: Callable[[View], Duty],
        facts: Mapping[str, Value],
        category: str | None,
    ) -> Duty:
        if not self.has[part]:
            return NOTHING
        try:
            return known(Known(self.program, self._decider.engine, facts))
        except Splits:
            key = (part, category, *self._decider.signature(facts))
            found = self._completed.get(key)
            if found is None:
                found = self._complete(known, facts)
                if len(self._completed) < _MOST_REMEMBERED:
                    self._completed[key] = found
            return found

    def _complete(
        self, known: Callable[[View], Duty], facts: Mapping[str, Value]
    ) -> Duty:
        leaves: list[Leaf] = []
        asked: set[str] = set()
        choices: dict[tuple[str, ...], list[tuple[Value, ...]]] = {}
        waiting: list[dict[tuple[str, ...], int]] = [{}]
        while waiting:
            sets = waiting.pop()
            view = Partly(self.program, self._decider.engine, facts, sets, choices)
            try:
                found = known(view)
            except TooManyValuesError as error:
                return _not_minimised({*asked, *error.facts})
            except Splits as split:
                asked.update(
                    name for name in split.group if facts.get(name, UNKNOWN) is UNKNOWN
                )
                waiting.extend({**sets, split.group: bits} for bits in split.sets)
                continue
            leaves.append((self._decider.bits(facts, sets), found))
            if len(leaves) > MOST_COMPLETIONS:
                return _not_minimised(asked)
        return joined(leaves, asked)

    # On facts of which the view knows enough

    def _route(self, view: View, found: Found) -> Duty:
        contract = self.program.contract
        payers = payers_of(found.outcome.answer, contract.text.payers)
        version = found.version
        if version is None or not version.text.routes or not payers:
            return NOTHING
        if RECEIVED_BY not in contract.facts:
            return Duty("undetermined", payers, needs=(RECEIVED_BY,))
        table = self.program.receivers
        held = {table.clauses[at][0] for at in view.held(table)}
        if _GIVEN not in held or held.intersection(payers):
            return NOTHING
        return self._said(view, version, "routes", payers)

    def _said(
        self,
        view: View,
        version: VersionProgram,
        part: str,
        to: tuple[str, ...] = (),
    ) -> Duty:
        clauses, table = self._saying(version, part)
        held = [clauses[at] for at in sorted(view.held(table))] if clauses else []
        left = without_yielding(held)
        dated = {clause.days.fact for clause in left if clause.in_force}
        return said_by(left, [fact for fact in dated if view.seen(fact, _is_none)], to)

    def _saying(
        self, version: VersionProgram, part: str
    ) -> tuple[Sequence[Clause], Table]:
        key = (id(version), part)
        found = self._tables.get(key)
        if found is None:
            found = self._tables[key] = self.program.saying(version, part)
        return found


def _is_none(value: Value) -> bool:
    return value is NONE


def _not_minimised(needs: set[str]) -> Duty:
    return Duty("undetermined", needs=tuple(sorted(needs)), minimised=False)
