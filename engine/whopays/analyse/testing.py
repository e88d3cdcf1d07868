"""Runs the `test` blocks of rule files: answer, money, facts needed, and reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from whopays.accumulate.balances import Balances
from whopays.analyse.duties.expected import duty_needs, duty_problems, duty_reasons
from whopays.decide.decision import Decision, with_interest
from whopays.decide.turns import with_limits
from whopays.explain.sentence import no_contract_text
from whopays.model.claim import Line
from whopays.model.contract import MEMBER, Row, percent
from whopays.model.money import dollars
from whopays.model.rules import Expected, Reason, TestCase
from whopays.model.values import UNKNOWN, Value

_WITHOUT = frozenset({"", "no_contract"})
_MEMBER_OF_A_TEST = "the member"
Decide = Callable[[TestCase, Line], Decision]
#: What is not as a test of a method or an order expects.
Problems = Callable[[TestCase], list[str]]


@dataclass(frozen=True)
class Result:
    """What came of one test: `state` is passed, failed or later.

    `problems` say what was expected and what there was; for later, why it is not run.
    """

    case: TestCase
    state: str
    problems: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """Return the result as plain data."""
        span = self.case.span
        return {
            "title": self.case.title,
            "contract": self.case.contract,
            "file": span.source.name,
            "line": span.line,
            "state": {"later": "not run"}.get(self.state, self.state),
            "unreviewed": self.case.unreviewed,
            "problems": list(self.problems),
        }


def run_test(
    case: TestCase, decide: Decide, payments: Problems | None = None
) -> Result:
    """Run one test; `decide` decides a line as known on the test's day.

    `payments` runs a test of a method or an order.
    """
    if case.later:
        return Result(case, "later", (case.later,))
    if case.payment is not None and payments is not None:
        wrong = tuple(payments(case))
        return Result(case, "failed" if wrong else "passed", wrong)
    decisions = [
        decide(case, Line("test", str(at + 1), _of_one_member(facts)))
        for at, facts in enumerate(case.lines)
    ]
    balances = Balances(start=case.counted)
    decisions = with_interest(with_limits(decisions, balances))
    astray = _no_contract(case.expected, decisions)
    if astray:
        return Result(case, "failed", (astray,))
    problems: list[str] = []
    later: list[str] = []
    for expected in case.expected:
        if expected.later:
            later.append(expected.later)
            continue
        problems.extend(_problems(expected, decisions))
    if problems:
        return Result(case, "failed", tuple(problems))
    if later and len(later) == len(case.expected):
        return Result(case, "later", tuple(later))
    return Result(case, "passed", tuple(later))


def _of_one_member(facts: dict[str, Value]) -> dict[str, Value]:
    """Return `facts` of a test, whose lines are of one member if it does not say whose."""
    given = facts.get(MEMBER, UNKNOWN)
    return facts if isinstance(given, str) else {**facts, MEMBER: _MEMBER_OF_A_TEST}


def _no_contract(expected: tuple[Expected, ...], decisions: list[Decision]) -> str:
    """Return what is wrong where no contract answers: nothing else is then compared."""
    wanted = [each for each in expected if each.shares or each.status not in _WITHOUT]
    for decision in decisions if wanted else []:
        if decision.outcome.status == "no_contract":
            return f"expected {_status(wanted[0])}, got {_answer(decision)}"
    return ""


def _problems(expected: Expected, decisions: list[Decision]) -> list[str]:
    found: list[str] = []
    for decision in decisions:
        outcome = decision.outcome
        if expected.status and outcome.status != expected.status:
            found.append(f"expected {_status(expected)}, got {_answer(decision)}")
            continue
        if expected.shares:
            wanted = dict(expected.shares)
            got = dict(outcome.answer.shares) if outcome.answer else {}
            if wanted != got:
                found.append(f"expected {_status(expected)}, got {_answer(decision)}")
        named = set(outcome.needs)
        if expected.duties:
            named = duty_needs(expected, decision)
        if expected.needs and set(expected.needs) != named:
            needs = ", ".join(sorted(named)) or "nothing"
            found.append(f"expected needs {', '.join(expected.needs)}, got {needs}")
        if expected.because:
            found.extend(_reasons(expected, decision))
    if expected.amounts:
        found.extend(_amounts(expected, decisions))
    return [*found, *dict.fromkeys(duty_problems(expected, decisions))]


def _amounts(expected: Expected, decisions: list[Decision]) -> list[str]:
    found = []
    for bearer, cents in expected.amounts:
        parts = [
            part for each in decisions for part in each.parts if part.bearer == bearer
        ]
        known = [part.cents for part in parts if part.cents is not None]
        if len(known) < len(parts) or not parts:
            notes = {each.amounts_note for each in decisions if each.amounts_note}
            why = f" ({'; '.join(sorted(notes))})" if notes else ""
            found.append(f"expected {bearer} {dollars(cents)}, got no amount{why}")
        elif sum(known) != cents:
            got = dollars(sum(known))
            found.append(f"expected {bearer} {dollars(cents)}, got {got}")
    return found


def _reasons(expected: Expected, decision: Decision) -> list[str]:
    rows = _rows(decision)
    got = list(decision.because)
    if expected.duties:
        about = bool(expected.status or expected.shares or expected.amounts)
        got = [*(got if about else ()), *duty_reasons(expected, decision)]

    def matches(reason: Reason, clause: str) -> bool:
        return _matches(reason, clause, rows.get(clause))

    unmet = [r for r in expected.because if not any(matches(r, each) for each in got)]
    extra = [g for g in got if not any(matches(r, g) for r in expected.because)]
    if not unmet and not extra:
        return []
    wanted = ", ".join(
        f"{r.text} when {r.when}" if r.when else r.text for r in expected.because
    )
    return [f"expected because {wanted}, got because {', '.join(got) or 'nothing'}"]


def _rows(decision: Decision) -> dict[str, Row]:
    """Return the rows of the text that decided, by id."""
    version = decision.found.version
    if version is None:
        return {}
    grids = version.text.grids
    return {r.id: r for grid in grids for r in (*grid.rows, *grid.otherwise)}


def _matches(reason: Reason, clause: str, row: Row | None) -> bool:
    if reason.when is not None and clause == f"{reason.text} when {reason.when}":
        return True
    if reason.when is not None:
        # The same condition, in other words.
        named = row is not None and replace(row, when=None).id == reason.text
        return named and row is not None and row.meaning == reason.meaning
    return clause == reason.text or clause.startswith(f"{reason.text} when ")


def _status(expected: Expected) -> str:
    if expected.shares:
        return ", ".join(f"{who} {percent(part)}" for who, part in expected.shares)
    return expected.status.replace("_", " ")


def _answer(decision: Decision) -> str:
    outcome = decision.outcome
    if outcome.status == "decided" and outcome.answer is not None:
        because = ", ".join(decision.because)
        return f"{outcome.answer.text} because {because}"
    if outcome.needs:
        return f"undetermined, needs {', '.join(outcome.needs)}"
    if outcome.status == "no_contract":
        return f"no contract: {no_contract_text(decision.trace())}"
    return outcome.status.replace("_", " ")
