"""What is kept from trace to trace changes nothing that a trace says."""

from __future__ import annotations

import hashlib
import json
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from generate import draft, line_facts
from whopays.api import RuleBook
from whopays.decide.asked import Asked, Test
from whopays.decide.trace import Trace
from whopays.explain import explanation_json, explanation_record
from whopays.model.claim import Line
from whopays.model.conditions import ALWAYS, Condition, facts_of
from whopays.model.truth import deciding_atoms, truth_of
from whopays.model.values import UNKNOWN, Value
from whopays.resolve import resolve
from whopays.syntax import parse

chances = st.randoms(use_true_random=True)
missing = st.sampled_from((0.0, 0.1, 0.5))


def drawn_book(text: str) -> RuleBook:
    file, _ = parse("drawn.rules", text)
    rules, _ = resolve([file], lambda *_: None)
    return RuleBook(rules, (), engine="reference")


@settings(max_examples=12)
@given(chances, missing)
def test_a_trace_is_the_same_whatever_was_explained_before(
    chance: Random, part: float
) -> None:
    text = draft(chance).text()
    busy = drawn_book(text)
    lines = [Line("C", str(n), line_facts(chance, part), n) for n in range(8)]
    for line in lines:
        busy.decide_line(line).record()

    for line in lines:
        fresh = drawn_book(text).decide_line(line)
        assert busy.decide_line(line).record() == fresh.record()


@settings(max_examples=12)
@given(chances, missing)
def test_conditions_judged_by_their_atoms_are_judged_as_each_alone(
    chance: Random, part: float
) -> None:
    book = drawn_book(draft(chance).text())
    (contract,) = book.rules.contracts.values()
    text = contract.text
    rows = [row.when or ALWAYS for grid in text.grids for row in grid.rows]
    conditions = [*rows, *(each.when or ALWAYS for each in text.exceptions)]
    kept = [Asked(when) for when in conditions]
    for _ in range(8):
        facts = line_facts(chance, part)
        for asked in kept:
            found = asked.told(lambda name: facts.get(name, UNKNOWN))  # noqa: B023
            assert found == alone(asked.when, facts)


def alone(
    when: Condition, facts: dict[str, Value]
) -> tuple[bool | None, tuple[Test, ...]]:
    """Return what a condition comes to, read off the line, with nothing kept."""

    def read(name: str) -> Value:
        return facts.get(name, UNKNOWN)

    truth = truth_of(when, read)
    atoms = deciding_atoms(when, read, wanted=truth)
    if truth is None:
        atoms = [atom for atom in atoms if truth_of(atom, read) is None]
    tests = (Test(a.text, facts_of(a), ()) for a in dict.fromkeys(atoms))
    return truth, tuple(tests)


@settings(max_examples=12)
@given(chances, missing)
def test_the_json_of_an_explanation_is_that_of_its_record(
    chance: Random, part: float
) -> None:
    book = drawn_book(draft(chance).text())
    for number in range(8):
        line = Line("C", str(number), line_facts(chance, part), number)
        decision = book.decide_line(line).decision
        # The trace with the line's values has the name of the one without.
        for trace in (decision.shared, decision.trace()):
            record = explanation_record(trace)
            encoded = json.dumps(record, sort_keys=True, ensure_ascii=False)
            assert explanation_json(trace) == encoded
            assert trace.id == name_of(trace)


def name_of(trace: Trace) -> str:
    """Return the id of a trace, made of all its fields without values at once."""
    record = explanation_record(trace)
    del record["id"]
    for group in ("categories", "clauses"):
        for seen in record[group]:
            seen["tests"] = [{**test, "values": []} for test in seen["tests"]]
    text = json.dumps({**record, "date": "", "code": ""}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
