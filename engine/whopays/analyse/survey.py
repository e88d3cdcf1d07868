"""What the tests of a contract touch, what they miss, and tests for what they miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from whopays.analyse.coverage.demands import items_of
from whopays.analyse.coverage.items import (
    IMPOSSIBLE,
    MISSING,
    TOUCHED,
    Coverage,
    Covered,
    Item,
    Key,
)
from whopays.analyse.coverage.touches import Touches
from whopays.analyse.duties.proposed import DutyTests
from whopays.analyse.duties.shown import DUTY, Shown, duty_items
from whopays.analyse.mutants.mutation import Judge, Mutation
from whopays.analyse.proposals.generated import Test
from whopays.analyse.proposals.missing import tests_for
from whopays.analyse.testing import Result
from whopays.analyse.witnesses.builds import Builder, Proposals
from whopays.engines.durable import Plain
from whopays.model.contract import Contract
from whopays.program.compile import Program


class Survey:
    """Looks at all items of one contract, and at what `results` of its tests touch.

    Only a test that passes, and that expects something, touches anything. `like` is a
    program of the contract: what it has made is not made again.
    """

    def __init__(
        self,
        contract: Contract,
        results: Iterable[Result],
        like: Program | None = None,
    ) -> None:
        self.contract = contract
        self.results = [each for each in results if each.case.contract == contract.id]
        self.touches = Touches(contract, Plain(), like)
        self.shown = Shown(self.touches.program)
        self.items = (
            *items_of(self.touches.program),
            *duty_items(self.touches.program),
        )

    @cached_property
    def touched(self) -> dict[Key, list[str]]:
        """The titles of the tests that touch an item, by the item's key."""
        found: dict[Key, list[str]] = {}
        for result in self.results:
            if result.state == "passed" and result.case.expected:
                for key in self.of_test(result):
                    found.setdefault(key, []).append(result.case.title)
        return found

    def of_test(self, result: Result) -> frozenset[Key]:
        """Return the keys of the items that the lines of a test touch."""
        case = result.case
        found = (
            self.touches.of(line, case.category, case.known_on) for line in case.lines
        )
        kinds = {
            "route" if duty.kind == "route" else "clock"
            for each in case.expected
            for duty in each.duties
        }
        duties = (
            self.shown.of(kind, line, case.category, case.known_on)
            for kind in sorted(kinds)
            for line in case.lines
        )
        return frozenset(key for keys in (*found, *duties) for key in keys)

    @cached_property
    def untouched(self) -> tuple[Item, ...]:
        """The items that no test touches."""
        return tuple(each for each in self.items if each.key not in self.touched)

    @cached_property
    def _builder(self) -> Builder:
        return Builder(self.touches)

    @cached_property
    def _proposals(self) -> Proposals:
        answers = (each for each in self.untouched if each.key[0] != DUTY)
        return self._builder.propose(answers)

    @cached_property
    def _duty_proposals(self) -> tuple[list[Test], dict[Key, str]]:
        duties = [each for each in self.untouched if each.key[0] == DUTY]
        cases = [each.case for each in self.results if each.state == "passed"]
        return DutyTests(self.shown, cases).propose(duties)

    @cached_property
    def coverage(self) -> Coverage:
        """What is touched, what is missing, and what cannot be built."""
        states = Counter(each.state for each in self.results)
        passed = [each for each in self.results if each.state == "passed"]
        return Coverage(
            self.contract.id,
            states["passed"],
            states["failed"],
            states["later"],
            sum(each.case.unreviewed for each in passed),
            tuple(map(self._covered, self.items)),
        )

    def _covered(self, item: Item) -> Covered:
        if item.key in self.touched:
            return Covered(item, TOUCHED, tuple(self.touched[item.key]))
        whys = self._duty_proposals[1] if item.key[0] == DUTY else self._proposals.why
        why = whys.get(item.key)
        return (
            Covered(item, MISSING)
            if why is None
            else Covered(item, IMPOSSIBLE, (), why)
        )

    @cached_property
    def tests(self) -> tuple[Test, ...]:
        """Tests for all that is missing, generated and unreviewed."""
        titles = {each.case.title for each in self.results}
        built = self._proposals.built
        answers = [each for each in self.untouched if each.key[0] != DUTY]
        found = tests_for(self._builder, built, answers, titles)
        return (*found, *self._duty_proposals[0])

    def mutation(self, seed: int = 1, at_most: int | None = None) -> Mutation:
        """Return which slips in the text the tests notice: all, or `at_most` of them.

        `seed` says which are drawn.
        """
        return Judge(self._builder, self.results).judge(seed, at_most)
