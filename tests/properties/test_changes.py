"""What would change an answer: all smallest sets of facts, and no other, by brute force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import combinations, product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import whopays
from agree import contract_of, read_facts
from generate import draft, line_facts
from small_contracts import small_contracts
from whopays.analyse.changes.goals import Wanted, another, other_share, this_answer
from whopays.model.changes import Changes
from whopays.model.claim import Line
from whopays.model.conditions import Condition
from whopays.model.contract import Contract
from whopays.model.outcome import Outcome
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import Program
from whopays.reference import decide
from whopays.reference.values import possible_values

Facts = dict[str, Value]
_LARGEST = 2
_FIXED = "  fact network is one of inside, outside fixed\n"


@st.composite
def contracts(draw: st.DrawFn) -> str:
    text = draw(small_contracts())
    if draw(st.booleans()):
        text = text.replace("  fact network is one of inside, outside\n", _FIXED)
    return text


@st.composite
def lines(draw: st.DrawFn, contract: Contract) -> Facts:
    """Draw a line; most facts are known, and it is one of the contract."""
    facts: Facts = {}
    for name in sorted(read_facts(contract)):
        if draw(st.integers(0, 9)):
            facts[name] = draw(st.sampled_from(possible_values(contract, name, {})))
    if draw(st.integers(0, 4)):
        facts |= {"product": "HMO", "service_date": date(2025, 4, 1)}
    return facts


def changes_of(text: str, facts: Facts, party: str | None, to: str | None) -> Changes:
    with TemporaryDirectory() as folder:
        (Path(folder) / "drawn.rules").write_text(text, encoding="utf-8")
        book = whopays.load(folder, engine="reference")
    return book.what_would_change(Line("c", "1", facts), party=party, to=to)


def brute(
    contract: Contract, facts: Facts, wanted: Wanted, names: list[str]
) -> set[frozenset[str]]:
    """Return all smallest sets of at most two facts, by trying every value of each."""
    values = {name: possible_values(contract, name, facts) for name in names}
    found: set[frozenset[str]] = set()
    for size in range(1, _LARGEST + 1):
        for chosen in combinations(names, size):
            if any(each <= set(chosen) for each in found):
                continue
            for taken in product(*(values[name] for name in chosen)):
                other = {**facts, **dict(zip(chosen, taken, strict=True))}
                if wanted.reached(decided(contract, other)):
                    found.add(frozenset(chosen))
                    break
    return found


def decided(contract: Contract, facts: Facts) -> Outcome:
    return decide(contract, Line("c", "1", facts))


def changeable(contract: Contract, facts: Facts, now: Outcome) -> list[str]:
    names = sorted(read_facts(contract))
    if now.status == "undetermined":
        return [name for name in names if name not in facts]
    return [name for name in names if not contract.facts[name].fixed]


GOALS: dict[str, Callable[[Contract, Outcome], Wanted]] = {
    "another": lambda _, now: another(now),
    "party": lambda _, now: other_share(now, "IPA"),
    "to": lambda contract, _: this_answer("PLAN", [Program(contract)]),
}


@settings(max_examples=60)
@given(st.data(), st.sampled_from(sorted(GOALS)))
def test_all_smallest_sets_are_found_and_no_other(
    data: st.DataObject, goal: str
) -> None:
    text = data.draw(contracts())
    contract = contract_of(text)
    facts = data.draw(lines(contract))
    now = decided(contract, facts)
    wanted = GOALS[goal](contract, now)
    party, to = ("IPA" if goal == "party" else None), "PLAN" if goal == "to" else None

    changes = changes_of(text, facts, party, to)

    assert changes.is_complete
    if to and wanted.reached(now):
        assert changes.is_so
        assert changes.sets == ()
        return
    names = changeable(contract, facts, now)
    found = {frozenset(each.facts) for each in changes.sets}
    few = {each for each in found if len(each) <= _LARGEST}
    assert few == brute(contract, facts, wanted, names)
    assert len(found) == len(changes.sets)
    assert not any(one < other for one in found for other in found)
    for each in changes.sets:
        for way in each.ways:
            outcome = decided(contract, {**facts, **way.example})
            assert wanted.reached(outcome)
            assert way.status == outcome.status
            if outcome.answer is not None and outcome.status == "decided":
                assert way.answer == outcome.answer.text


@settings(max_examples=60)
@given(st.data())
def test_the_condition_that_is_told_is_true_of_just_the_values_that_change_the_answer(
    data: st.DataObject,
) -> None:
    text = data.draw(contracts())
    contract = contract_of(text)
    facts = data.draw(lines(contract))
    now = decided(contract, facts)
    wanted = another(now)

    for each in changes_of(text, facts, None, None).sets:
        if len(each.facts) > 1 or each.facts[0] in contract.catalog.code_facts():
            continue
        (name,) = each.facts
        conditions = {
            way.becomes[0].condition: (way.status, way.answer) for way in each.ways
        }
        if any(condition.endswith(", for example") for condition in conditions):
            continue
        whens = [(asked(text, each), told) for each, told in conditions.items()]
        for value in possible_values(contract, name, facts):
            outcome = decided(contract, {**facts, name: value})
            true = {told for when, told in whens if holds(when, {name: value})}
            if wanted.reached(outcome):
                assert len(true) == 1
                assert next(iter(true))[0] == outcome.status
            else:
                assert not true


@settings(max_examples=40)
@given(st.randoms(use_true_random=True))
def test_each_fact_that_alone_changes_an_answer_of_a_larger_contract_is_found(
    chance: Random,
) -> None:
    text = draft(chance).text()
    contract = contract_of(text)
    facts = {"payer": "Acme", **line_facts(chance, 0.0)}
    now = decided(contract, facts)

    found = changes_of(text, facts, None, None).sets

    alone = {each.facts[0] for each in found if len(each.facts) == 1}
    assert alone == {
        name
        for name in read_facts(contract)
        if any(
            decided(contract, {**facts, name: value}).key != now.key
            for value in possible_values(contract, name, {**facts, name: UNKNOWN})
        )
    }
    for each in found:
        for way in each.ways:
            outcome = decided(contract, {**facts, **way.example})
            assert outcome.key != now.key
            assert outcome.status == way.status
            for fact in each.facts:
                rest = {n: v for n, v in way.example.items() if n != fact}
                assert decided(contract, {**facts, **rest}).key == now.key


def holds(when: Condition, facts: Facts) -> bool:
    return when.holds(lambda name: facts.get(name, UNKNOWN))


def asked(text: str, condition: str) -> Condition:
    """Return what `condition`, as rules write it, means."""
    probe = f"exception PROBE to A\n  when {condition}\n  then PLAN\nend\n"
    exceptions = contract_of(f"{text}\n{probe}").text.exceptions
    (found,) = (each.when for each in exceptions if each.id == "PROBE")
    assert found is not None
    return found
