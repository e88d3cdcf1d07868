"""Codes that are not in force: what decides agrees with the reference, on drawn packs."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agree import Decided, completions, contract_of, line_of
from generate import draft, line_facts, values_of
from whopays.decide.codes import CodeGate
from whopays.model.catalog import Period
from whopays.model.codes import system_of
from whopays.model.contract import Contract
from whopays.model.facts import Kind
from whopays.model.validity import UNDATED, CodeDates
from whopays.model.values import UNKNOWN, Value
from whopays.reference import codes_in_force

MOST = 300
SHAPED = ("procedure_code", "revenue_code", "place", "bill", "diagnoses", "modifiers")
chances = st.randoms(use_true_random=True)
_BOUNDS = (
    *(date(2025, 12, 31), date(2026, 1, 15), date(2026, 2, 28)),
    *(date(2026, 3, 31), date(2026, 7, 1)),
)


def _periods(chance: Random) -> tuple[Period, ...]:
    days = sorted(chance.sample(_BOUNDS, chance.randint(1, 4)))
    if chance.random() < 0.2:
        return (Period(date.min),)
    found = [
        Period(first, last) for first, last in zip(days[::2], days[1::2], strict=False)
    ]
    if len(days) % 2:
        found.append(Period(days[-1]))
    if chance.random() < 0.3:
        found[0] = Period(date.min, found[0].last)
    return tuple(found)


def _packs(chance: Random, contract: Contract) -> tuple[CodeDates, ...]:
    """Draw packs of the codes that lines of `contract` may have."""
    listed: dict[str, set[str]] = {}
    for fact in contract.facts.values():
        for value in (
            values_of(fact.name) if fact.kind in {Kind.CODE, Kind.CODES} else ()
        ):
            for code in value if isinstance(value, tuple) else (value,):
                system = system_of(str(code), fact.systems) if code else None
                if system is not None:
                    listed.setdefault(system, set()).add(str(code))
    found = []
    for number in range(chance.randint(1, 3)):
        systems = tuple(chance.sample(sorted(listed), chance.randint(1, 3)))
        codes = [(each, code) for each in systems for code in sorted(listed[each])]
        chosen = chance.sample(codes, chance.randint(0, len(codes)))
        last = chance.choice((None, *_BOUNDS))
        first = chance.choice((date.min, date(2025, 12, 1)))
        found.append(
            CodeDates(
                f"Pack {number}",
                "2026",
                f"{number:064x}",
                systems,
                Period(first, last),
                chance.random() < 0.5,
                {key: _periods(chance) for key in chosen},
            )
        )
    return tuple(found)


@given(chances, st.sampled_from((0.0, 0.1, 0.3)))
def test_lines_with_codes_that_are_not_in_force_are_decided_as_the_reference_says(
    chance: Random, part: float
) -> None:
    contract = contract_of(draft(chance).text())
    decided, packs = Decided(contract), _packs(chance, contract)
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
    gate = CodeGate(contract.facts, _packs(chance, contract))
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
