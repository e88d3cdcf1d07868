"""Drawn contracts with the tests that are generated for them, and what these touch."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from agree import contract_of
from generate import draft
from whopays.analyse.proposals.generated import file_text
from whopays.analyse.survey import Survey
from whopays.analyse.testing import Result, run_test
from whopays.decide.decision import Decision, decision_of
from whopays.decide.line import Decider
from whopays.diagnostics import render_all
from whopays.engines.durable import Plain
from whopays.model.claim import Line
from whopays.model.contract import Contract
from whopays.model.rules import TestCase
from whopays.program.compile import Program
from whopays.resolve import resolve
from whopays.syntax import parse


@dataclass(frozen=True)
class Surveyed:
    """A drawn contract: `before` it had any test, and `after` those generated for it."""

    before: Survey
    after: Survey
    results: tuple[Result, ...]


def surveyed(seed: int) -> Surveyed:
    """Draw a contract, generate its tests, write and read them, and run them."""
    text = draft(Random(seed)).text()  # noqa: S311 - the same contract each time
    before = Survey(contract_of(text), [])
    written = file_text(before.contract, before.tests)
    files = [parse("drawn.rules", text), parse("generated.rules", written)]
    rules, more = resolve([file for file, _ in files], lambda *_: None)
    errors = [each for each in more if each.is_error]
    errors.extend(each for _, found in files for each in found if each.is_error)
    if errors:
        raise AssertionError(f"{render_all(errors)}\n{text}\n{written}")
    (contract,) = rules.contracts.values()
    run = Runs(contract)
    results = tuple(run_test(case, run) for case in rules.tests)
    return Surveyed(before, Survey(contract, results), results)


class Runs:
    """Decides the tests of one contract, each as known on its own day."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._deciders: dict[object, Decider] = {}

    def __call__(self, case: TestCase, line: Line) -> Decision:
        """Return the decision of `line`."""
        if case.known_on not in self._deciders:
            program = Program(self.contract, case.known_on)
            self._deciders[case.known_on] = Decider(program, Plain())
        return decision_of(self._deciders[case.known_on], line, case.category)
