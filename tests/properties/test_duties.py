"""Routes and clocks by tables say what the reference says, on drawn contracts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agree import Decided, both_unknown, completions, contract_of, read_facts
from generate import IDLE, draft, line_facts, values_of
from whopays.checks.duties import duties
from whopays.diagnostics import Diagnostic
from whopays.model.values import Value

MOST = 400
chances = st.randoms(use_true_random=True)
missing = st.sampled_from((0.0, 0.1, 0.3))
Facts = dict[str, Value]


def drawn(chance: Random) -> Decided:
    return Decided(contract_of(draft(chance, duties=True).text()))


def lines(chance: Random, both: Decided, part: float, count: int) -> Iterator[Facts]:
    for _ in range(count):
        facts = line_facts(chance, part)
        if completions(both.contract, facts) <= MOST:
            yield facts


@given(chances, missing)
def test_routes_and_clocks_by_tables_are_those_of_the_reference(
    chance: Random, part: float
) -> None:
    both = drawn(chance)
    for facts in lines(chance, both, part, 5):
        for kind in ("route", "clock"):
            ours, theirs = both.duty(kind, facts), both.reference_duty(kind, facts)
            loose = both_unknown(both.contract, facts)
            if loose or not (ours.minimised and theirs.minimised):
                ours = replace(ours, needs=(), minimised=True)
                theirs = replace(theirs, needs=(), minimised=True)
            assert (ours.key, ours.clauses) == (theirs.key, theirs.clauses), facts


@given(chances)
def test_a_fact_that_becomes_known_never_changes_a_duty(chance: Random) -> None:
    both = drawn(chance)
    for facts in lines(chance, both, 0.3, 5):
        for kind in ("route", "clock"):
            before = both.duty(kind, facts)
            if before.state == "undetermined":
                continue
            for name in sorted(read_facts(both.contract) - set(facts)):
                value = chance.choice(values_of(name))
                assert both.duty(kind, {**facts, name: value}).key == before.key


@given(chances, chances)
def test_the_order_in_the_file_never_changes_a_duty(
    chance: Random, shuffle: Random
) -> None:
    parts = draft(chance, duties=True)
    first = Decided(contract_of(parts.text()))
    second = Decided(contract_of(parts.text(shuffle)))
    for facts in lines(chance, first, 0.1, 4):
        for kind in ("route", "clock"):
            ours, theirs = first.duty(kind, facts), second.duty(kind, facts)
            # Of equal shares the party that the head names first comes first.
            ours = replace(ours, to=tuple(sorted(ours.to)))
            theirs = replace(theirs, to=tuple(sorted(theirs.to)))
            assert (ours.key, ours.clauses) == (theirs.key, theirs.clauses)


@given(chances)
def test_a_check_tells_what_contradicts_in_some_line(chance: Random) -> None:
    both = drawn(chance)
    found = list(duties(both.program))
    told = [pair for each in found for pair in _pairs(each)]
    for facts in lines(chance, both, 0.0, 8):
        for kind in ("route", "clock"):
            duty = both.reference_duty(kind, facts)
            if duty.state == "conflict" and not any(f.code == "C007" for f in found):
                assert any(pair <= set(duty.clauses) for pair in told), facts
            if duty.clause is not None:
                dead = [f.labels[0].span for f in found if f.code == "C015"]
                assert duty.clause.span not in dead, facts


def _named(found: Diagnostic) -> set[str]:
    return set(re.findall(r"`([RK]-\d)`", found.message))


def _pairs(found: Diagnostic) -> list[set[str]]:
    return [_named(found)] if found.code in {"C014", "C011"} else []


@given(chances)
def test_a_fact_that_nothing_mentions_settles_nothing(chance: Random) -> None:
    both = drawn(chance)
    for facts in lines(chance, both, 0.2, 4):
        without = {name: value for name, value in facts.items() if name != IDLE}
        for kind in ("route", "clock"):
            assert both.duty(kind, without) == both.duty(kind, facts)
