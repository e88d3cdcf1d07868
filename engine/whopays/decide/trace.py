"""The trace: every step of a decision as data, before it is put into words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

from whopays.decide.asked import Test, asked_of, tests
from whopays.decide.line import Found
from whopays.decide.seen import Seen, seen_again
from whopays.decide.settle import acting_clauses
from whopays.model import conditions as model
from whopays.model.conditions import Condition, Read, value_text
from whopays.model.contract import ExceptionClause, Treat, is_to
from whopays.model.facts import Fact, Kind
from whopays.model.outcome import Outcome
from whopays.model.truth import truth_of
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import Program, VersionProgram
from whopays.program.piece import Clause


@dataclass(frozen=True)
class Trace:
    """The steps of one decision."""

    contract: str
    title: str
    version: str
    in_force: str
    date_fact: str
    date: str
    code_fact: str
    code: str
    landed: str
    category: str
    categories: tuple[Seen, ...]
    clauses: tuple[Seen, ...]
    status: str
    answer: str
    reason: str
    needs: tuple[str, ...]
    minimised: bool
    note: str

    @cached_property
    def id(self) -> str:
        """64 bits in hex, of all that does not depend on the line's own values."""
        found = {name: json.dumps(getattr(self, name)) for name in _OWN}
        found.update(date='""', code='""')
        for group in GROUPS:
            found[group] = json_list(seen.identity for seen in getattr(self, group))
        return hashlib.sha256(json_object(found).encode()).hexdigest()[:16]

    @cached_property
    def mentioned(self) -> tuple[str, ...]:
        """The facts that the trace mentions, sorted."""
        found = {fact for fact in (self.date_fact, self.code_fact) if fact}
        for seen in (*self.categories, *self.clauses):
            for test in seen.tests:
                found.update(test.facts)
        return tuple(sorted(found))


#: The fields of a trace that are lists of what was looked at.
GROUPS = ("categories", "clauses")
_OWN = tuple(each.name for each in fields(Trace) if each.name not in GROUPS)


def json_list(members: Iterable[str]) -> str:
    """Return the JSON of a list, whose `members` are JSON already."""
    return f"[{', '.join(members)}]"


def _member(name: str, text: str) -> str:
    return f'"{name}": {text}'


def json_object(members: Mapping[str, str]) -> str:
    """Return the JSON of an object, its keys in order; `members` are JSON already."""
    return f"{{{', '.join(_member(name, members[name]) for name in sorted(members))}}}"


def values_of(
    program: Program | None, facts: Mapping[str, Value], names: tuple[str, ...]
) -> dict[str, str]:
    """Return the values of the facts `names` as text."""
    if program is None:
        return {}
    teller = _Teller(program.contract.facts, lambda name: facts.get(name, UNKNOWN))
    return {name: teller.value(name) for name in names}


def with_values(trace: Trace, values: Mapping[str, str]) -> Trace:
    """Return `trace`, which has none, with the `values` of the facts it mentions."""

    def told(seen: Seen) -> Seen:
        tests = tuple(
            replace(test, values=tuple(values[name] for name in test.facts))
            for test in seen.tests
        )
        return replace(seen, tests=tests)

    return replace(
        trace,
        date=values.get(trace.date_fact, ""),
        code=values.get(trace.code_fact, ""),
        categories=tuple(map(told, trace.categories)),
        clauses=tuple(map(told, trace.clauses)),
    )


def trace_of(
    program: Program | None, facts: Mapping[str, Value], found: Found
) -> Trace:
    """Return the trace of what was `found` for `facts`, without their values."""
    outcome = found.outcome
    if program is None:
        return replace(
            _EMPTY, status=outcome.status, needs=outcome.questions, note=outcome.note
        )
    contract = program.contract
    version = found.version

    def read(name: str) -> Value:
        return facts.get(name, UNKNOWN)

    teller = _Teller(contract.facts, read)
    label = version.version.label(contract.version) if version else ""
    return Trace(
        contract.id,
        contract.title,
        label,
        str(version.version.period) if version else "",
        found.date_fact,
        "",
        found.code_fact,
        "",
        outcome.landed or "",
        outcome.category or "",
        _categories(version, found, teller) if version else (),
        _clauses(version, found, teller) if version else _gate(program, teller),
        outcome.status,
        outcome.answer.text if outcome.answer else "",
        outcome.answer.reason if outcome.answer else "",
        outcome.questions,
        outcome.minimised,
        outcome.note,
    )


class _Teller:
    """Says what the facts of a line are, and what they make of a condition."""

    def __init__(self, facts: Mapping[str, Fact], read: Read) -> None:
        self.facts = facts
        self.read = read

    def value(self, name: str) -> str:
        """Return the value of the fact `name` as text."""
        fact = self.facts.get(name)
        if fact is None:
            return ""
        return value_text(
            self.read(name),
            money=fact.kind is Kind.MONEY,
            percent=fact.kind is Kind.PERCENT,
        )

    def truth(self, when: Condition) -> bool | None:
        """Return whether `when` holds."""
        return truth_of(when, self.read)

    def tests(self, when: Condition, truth: bool | None) -> tuple[Test, ...]:
        """Return the atoms that made `when` what it is: true, false or open."""
        return tests(when, truth, self.read)


_WORDS = {True: "held", False: "failed", None: "open"}


def _gate(program: Program, teller: _Teller) -> tuple[Seen, ...]:
    """Return why the line is not the contract's."""
    _, when = program.gate.clauses[0]
    truth = teller.truth(when)
    if truth is True:
        return ()
    state = _WORDS[truth]
    tests = teller.tests(when, truth)
    return (Seen(program.contract.id, "contract", state, tests=tests),)


def _categories(
    version: VersionProgram, found: Found, teller: _Teller
) -> tuple[Seen, ...]:
    categories = version.program.contract.catalog.categories
    seen = []
    for name in sorted(found.candidates):
        category = categories[name]
        when = category.when or model.ALWAYS
        held = teller.truth(when)
        place = category.span.place
        by: tuple[str, ...] = ()
        if name == found.outcome.landed:
            state = "chosen"
        elif held is True:
            later = version.program.contract.catalog.later
            before = [n for n in found.candidates if name in later[n]]
            by = tuple(sorted(n for n in before if _may_hold(version, n, teller)))
            state = "passed over" if by else "open"
        else:
            state = _WORDS[held]
        tests = teller.tests(when, held) if category.when is not None else ()
        seen.append(Seen(name, "category", state, by=by, tests=tests, place=place))
    return tuple(seen)


def _may_hold(version: VersionProgram, name: str, teller: _Teller) -> bool:
    category = version.program.contract.catalog.categories[name]
    return category.when is None or teller.truth(category.when) is not False


def _clauses(
    version: VersionProgram, found: Found, teller: _Teller
) -> tuple[Seen, ...]:
    outcome = found.outcome
    stays_open = outcome.status in {"undetermined", "by_hand"} and found.held is None
    if outcome.landed is None and found.candidates and stays_open:
        return ()
    piece = version.piece(outcome.landed)
    asked = [
        (clause, each, *each.told(teller.read))
        for clause, each in zip(piece.clauses, asked_of(piece.table), strict=True)
    ]
    surely = [clause for clause, _, truth, _ in asked if truth is True]
    acting = acting_clauses(version, outcome.category, surely)
    return tuple(
        seen_again(each, _clause(clause, truth, made, outcome, acting))
        for clause, each, truth, made in asked
    )


def _clause(
    clause: Clause,
    truth: bool | None,
    tests: tuple[Test, ...],
    outcome: Outcome,
    acting: list[Clause],
) -> Seen:
    beaten = tuple(
        each.id
        for each in acting
        if isinstance(each, ExceptionClause) and is_to(each, clause)
    )
    by: tuple[str, ...] = ()
    if clause.id in outcome.clauses:
        state = "answers"
    elif clause.id in outcome.moved:
        state = "moved"
    elif truth is not True:
        state = _WORDS[truth]
    elif beaten and clause in acting:
        state, by = "replaced", beaten
    elif clause in acting:
        state = "stands"
    else:
        state = "idle"
    kind = {"Row": "row", "ExceptionClause": "exception", "Treat": "treat"}
    answer = (
        f"{clause.source} as {clause.target}"
        if isinstance(clause, Treat)
        else clause.answer.text
    )
    return Seen(
        clause.id,
        kind[type(clause).__name__],
        state,
        answer,
        clause.cites,
        by,
        tests,
        clause.span.place,
    )


_EMPTY = Trace(
    contract="",
    title="",
    version="",
    in_force="",
    date_fact="",
    date="",
    code_fact="",
    code="",
    landed="",
    category="",
    categories=(),
    clauses=(),
    status="",
    answer="",
    reason="",
    needs=(),
    minimised=True,
    note="",
)
