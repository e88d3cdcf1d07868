"""Which mutants the tests of a contract notice, and which they miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from whopays.analyse.coverage.demands import Mark
from whopays.analyse.coverage.hangs import Followed, TooManyWaysError
from whopays.analyse.duties.slips import duty_mutants, example, kind_of
from whopays.analyse.mutants.mutants import Mutant
from whopays.analyse.mutants.slips import mutants
from whopays.analyse.mutants.unlike import Unlike, marks_of
from whopays.analyse.testing import Result, run_test
from whopays.analyse.witnesses.builds import Builder
from whopays.analyse.witnesses.drafts import Draft
from whopays.checks.witness import in_words
from whopays.decide.decision import Decision, decision_of
from whopays.decide.line import Decider
from whopays.model.claim import Line
from whopays.model.rules import TestCase
from whopays.model.values import UNKNOWN
from whopays.program.compile import Program
from whopays.resolve.targets import targets
from whopays.resolve.tests import complete

NOTICED, MISSED = "noticed", "missed"
EQUIVALENT, REFUSED = "equivalent", "refused"


@dataclass(frozen=True)
class Judged:
    """A mutant, and what the tests make of it.

    `state`: `noticed` (by the test `test`), `missed` (with an `example`: a claim that is
    decided otherwise), `equivalent` (no claim is, `why` says how that is known), or
    `refused` (as rules it has errors, which need no test).
    """

    mutant: Mutant
    state: str
    test: str = ""
    example: str = ""
    why: str = ""

    def record(self) -> dict[str, Any]:
        """Return the mutant as plain data."""
        span = self.mutant.span
        return {
            "kind": self.mutant.kind,
            "clause": self.mutant.clause,
            "text": self.mutant.text,
            "file": span.source.name,
            "line": span.line,
            "state": self.state,
            "test": self.test,
            "example": self.example,
            "why": self.why,
        }


@dataclass(frozen=True)
class Mutation:
    """What the tests of one contract notice of its mutants: `judged`, out of `made`."""

    contract: str
    passed: int
    made: int
    judged: tuple[Judged, ...]

    def of(self, state: str) -> tuple[Judged, ...]:
        """Return the mutants that are in `state`."""
        return tuple(each for each in self.judged if each.state == state)

    @property
    def score(self) -> Fraction | None:
        """The part that is noticed of what could be; None if nothing could."""
        noticed, missed = len(self.of(NOTICED)), len(self.of(MISSED))
        return Fraction(noticed, noticed + missed) if noticed + missed else None

    def counts(self) -> dict[str, Counter[str]]:
        """Return, for each kind of change, how many mutants are in a state."""
        found: dict[str, Counter[str]] = {}
        for each in self.judged:
            found.setdefault(each.mutant.kind, Counter())[each.state] += 1
        return found

    def record(self) -> dict[str, Any]:
        """Return it as plain data; the score is in percent, to one decimal."""
        score = self.score
        return {
            "contract": self.contract,
            "passed": self.passed,
            "made": self.made,
            "judged": len(self.judged),
            "noticed": len(self.of(NOTICED)),
            "missed": len(self.of(MISSED)),
            "equivalent": len(self.of(EQUIVALENT)),
            "refused": len(self.of(REFUSED)),
            "score": None if score is None else percent_text(score),
            "mutants": [each.record() for each in self.judged],
        }


def percent_text(part: Fraction) -> str:
    """Return a part in percent, to one decimal; not 100 unless it is all."""
    tenths = int(part * 1000)
    return f"{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True)
class _Known:
    """A test that passes; `asked` are the places that its lines ask, None: any."""

    case: TestCase
    asked: frozenset[Mark] | None
    followed: tuple[Followed, ...] = field(repr=False)

    @property
    def is_settled(self) -> bool:
        """True where no line asks anything unknown: such a test is decided quickly."""
        return self.asked is not None and all(each.is_settled for each in self.followed)


class Judge:
    """Judges the mutants of one contract by the tests of it that pass."""

    def __init__(self, builder: Builder, results: list[Result]) -> None:
        self.builder = builder
        self.touches = builder.touches
        self.unlike = Unlike(builder)
        self._true = _Decides(self, None)
        self.tests = sorted(
            (
                self._known(each.case)
                for each in results
                if each.state == "passed" and each.case.expected
            ),
            key=lambda known: not known.is_settled,
        )

    def judge(self, seed: int, at_most: int | None) -> Mutation:
        """Judge the mutants, or `at_most` of them, drawn by `seed`."""
        program = self.touches.program
        every = [*mutants(program), *duty_mutants(program)]
        drawn = every
        if at_most is not None and at_most < len(every):
            chance = Random(seed)  # noqa: S311 - nothing secret
            chosen = sorted(chance.sample(range(len(every)), at_most))
            drawn = [every[at] for at in chosen]
        judged = tuple(map(self._judged, drawn))
        name = self.touches.contract.id
        return Mutation(name, len(self.tests), len(every), judged)

    def _known(self, case: TestCase) -> _Known:
        hanging = self.touches.hanging(case.known_on)
        marks: set[Mark] = set()
        followed = []
        try:
            for facts in case.lines:
                read = hanging.program.facts_of(Line("test", "1", facts))
                line = hanging.follow(read, case.category)
                followed.append(line)
                for way in line.ways:
                    if way.version is not None and way.held is not None:
                        piece = way.version.piece(way.outcome.landed)
                        marks |= marks_of(way.version, piece)
        except TooManyWaysError:
            return _Known(case, None, ())
        return _Known(case, frozenset(marks), tuple(followed))

    def _judged(self, mutant: Mutant) -> Judged:
        program = mutant.program(self.touches.program)
        if _is_refused(mutant, program):
            return Judged(mutant, REFUSED, why="the rules would have errors")
        decide = _Decides(self, mutant)
        if kind_of(mutant):
            return self._of_duty(mutant, decide)
        for test in self.tests:
            if self._may_notice(test, mutant, decide):
                result = run_test(test.case, decide)
                if result.state == "failed":
                    return Judged(mutant, NOTICED, test.case.title)
        found = self.unlike.claim(mutant)
        if isinstance(found, Draft):
            return Judged(mutant, MISSED, example=self._words(found))
        why = "no example found" if found else "no answer depends on it"
        return Judged(mutant, EQUIVALENT, why=why)

    def _of_duty(self, mutant: Mutant, decide: _Decides) -> Judged:
        """Judge a slip in a route or a clock: by the tests that expect one."""
        cases = [test.case for test in self.tests]
        for case in cases:
            asked = (duty for each in case.expected for duty in each.duties)
            # Interest is a clock's.
            kinds = {"route" if duty.kind == "route" else "clock" for duty in asked}
            if kind_of(mutant) in kinds:
                result = run_test(case, decide)
                if result.state == "failed":
                    return Judged(mutant, NOTICED, case.title)
        program = self.touches.program
        found = example(program, cases, mutant, (self._true.draft, decide.draft))
        if found is not None:
            return Judged(mutant, MISSED, example=self._words(found))
        return Judged(mutant, EQUIVALENT, why="no example found")

    def _words(self, draft: Draft) -> str:
        words = in_words(dict(draft.given), self.touches.contract.facts)
        return f"{words}, known on {draft.known_on}" if draft.known_on else words

    def _may_notice(self, test: _Known, mutant: Mutant, decide: _Decides) -> bool:
        """Tell whether the change can reach the test at all."""
        if test.asked is None:
            return True
        if mutant.edit is not None:
            return mutant.place in test.asked
        contract = self.touches.contract
        if mutant.contract.decide_by is not contract.decide_by:
            return True
        true = self.touches.hanging(test.case.known_on).program
        other = decide.program(test.case.known_on)
        return any(_moved(line, true, other, mutant) for line in test.followed)


class _Decides:
    """Decides tests by a mutant, or by the contract as it is."""

    def __init__(self, judge: Judge, mutant: Mutant | None) -> None:
        self._judge = judge
        self._mutant = mutant
        self._deciders: dict[date | None, Decider] = {}

    def program(self, known_on: date | None) -> Program:
        """Return the program of the mutant as known on a day."""
        return self._decider(known_on).program

    def __call__(self, case: TestCase, line: Line) -> Decision:
        return decision_of(self._decider(case.known_on), line, case.category)

    def draft(self, draft: Draft) -> Decision:
        """Decide the claim of `draft`."""
        facts = complete(self._judge.touches.contract, dict(draft.given))
        line = Line("test", "1", facts)
        return decision_of(self._decider(draft.known_on), line, draft.category)

    def _decider(self, known_on: date | None) -> Decider:
        if known_on not in self._deciders:
            touches = self._judge.touches
            program = touches.hanging(known_on).program
            if self._mutant is not None:
                program = self._mutant.program(program)
            self._deciders[known_on] = Decider(program, touches.engine)
        return self._deciders[known_on]


def _moved(line: Followed, true: Program, other: Program, mutant: Mutant) -> bool:
    """Tell whether another text may govern the line in `other` than in `true`."""
    for facts in (line.facts, *line.filled):
        for by in true.contract.decide_by:
            day = facts.get(by.facts[0], UNKNOWN)
            one, two = true.version_on(day), other.version_on(day)
            if (one is None) != (two is None):
                return True
            if one is None or two is None:
                continue
            numbers = one.version.amendments
            if numbers != two.version.amendments or mutant.amendment in numbers:
                return True
    return False


def _is_refused(mutant: Mutant, program: Program) -> bool:
    """Tell whether the mutant would be refused as rules: a target would be missing."""
    if program.problems:
        return True
    if not mutant.kind.endswith(("removed", "dropped")):
        return False
    return any(_problems(mutant, program))


def _problems(mutant: Mutant, program: Program) -> Iterator[object]:
    seen: set[int] = set()
    for each in program.versions:
        if id(each.text) not in seen:
            seen.add(id(each.text))
            yield from targets(each.version, mutant.contract)
