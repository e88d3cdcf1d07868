"""Routes and clocks by tables say what the reference says, on drawn contracts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agree import both_unknown, completions, contract_of, line_of, read_facts
from generate import IDLE, draft, line_facts, values_of
from whopays.checks.duties import duties
from whopays.decide.duties import Duties
from whopays.decide.line import Decider
from whopays.diagnostics import Diagnostic
from whopays.engines.durable import Plain
from whopays.model.contract import Contract
from whopays.model.duty import Duty
from whopays.model.values import Value
from whopays.program.compile import Program
from whopays.reference import duties as reference

MOST = 400
chances = st.randoms(use_true_random=True)
missing = st.sampled_from((0.0, 0.1, 0.3))
Facts = dict[str, Value]


class Both:
    """A contract whose duties are said in two ways."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.program = Program(contract)
        self.decider = Decider(self.program, Plain())
        self.duties = Duties(self.decider)

    def duty(self, kind: str, facts: Facts) -> Duty:
        """Return what tables say of a route or a clock."""
        counted = self.program.facts_of(line_of(facts))
        found = self.decider.decide(counted)
        if kind == "route":
            return self.duties.route(counted, None, found)
        return self.duties.clock(counted, found)

    def reference(self, kind: str, facts: Facts) -> Duty:
        """Return what the reference says."""
        if kind == "route":
            return reference.route(self.contract, line_of(facts))
        return reference.clock(self.contract, line_of(facts))


def drawn(chance: Random) -> Both:
    return Both(contract_of(draft(chance, duties=True).text()))


def lines(chance: Random, both: Both, part: float, count: int) -> Iterator[Facts]:
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
            ours, theirs = both.duty(kind, facts), both.reference(kind, facts)
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
    first = Both(contract_of(parts.text()))
    second = Both(contract_of(parts.text(shuffle)))
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
            duty = both.reference(kind, facts)
            if duty.state == "conflict" and not any(f.code == "C007" for f in found):
                assert any(pair <= set(duty.clauses) for pair in told), facts
            if duty.state == "due":
                dead = {name for f in found if f.code == "C015" for name in _named(f)}
                assert dead.isdisjoint(duty.clauses), facts


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
