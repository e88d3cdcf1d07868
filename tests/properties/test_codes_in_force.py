"""Codes that are not in force: what decides agrees with the reference, on drawn packs."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agree import Decided, completions, contract_of, line_of
from drawn_packs import drawn_packs
from generate import draft, line_facts, values_of
from whopays.decide.codes import CodeGate
from whopays.model.validity import UNDATED
from whopays.model.values import UNKNOWN, Value
from whopays.reference import codes_in_force

MOST = 300
SHAPED = ("procedure_code", "revenue_code", "place", "bill", "diagnoses", "modifiers")
chances = st.randoms(use_true_random=True)


@given(chances, st.sampled_from((0.0, 0.1, 0.3)))
def test_lines_with_codes_that_are_not_in_force_are_decided_as_the_reference_says(
    chance: Random, part: float
) -> None:
    contract = contract_of(draft(chance).text())
    decided, packs = Decided(contract), drawn_packs(chance, contract)
    gate = CodeGate(contract.facts, packs)
    for _ in range(8):
        line = line_of(line_facts(chance, part))
        passed, notes = gate.passed(line)
        meant = codes_in_force(line, contract.facts, packs)

        assert passed.facts == meant
        told = {note.fact for note in notes}
        assert told == {n for n in meant if meant[n] != line.facts[n]}
        if completions(contract, _given(meant)) <= MOST:
            assert not decided.difference(_given(meant))


def _given(facts: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in facts.items() if value is not UNKNOWN}


@given(chances)
def test_a_service_date_that_becomes_known_never_takes_a_code_away(
    chance: Random,
) -> None:
    contract = contract_of(draft(chance).text())
    gate = CodeGate(contract.facts, drawn_packs(chance, contract))
    for _ in range(8):
        facts = line_facts(chance, 0.1)
        undated = {n: v for n, v in facts.items() if n != "service_date"}
        before, notes = gate.passed(line_of(undated))
        day = chance.choice(values_of("service_date"))
        after, _ = gate.passed(line_of({**facts, "service_date": day}))

        assert all(note.standing == UNDATED for note in notes)
        for name, value in before.facts.items():
            if value is not UNKNOWN and name in SHAPED:
                assert after.facts[name] == value
