"""Whatever answers a line is in the story of its category, and the story is in order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from agree import Decided, contract_of
from generate import draft, line_facts
from whopays.analyse.texts.blame import history
from whopays.resolve import versions

_LAST = date(2027, 1, 31)
chances = st.randoms(use_true_random=True)


@given(chances, st.data())
def test_what_answers_a_line_is_in_the_story_of_its_category(
    chance: Random, data: st.DataObject
) -> None:
    parts = draft(chance, duties=True)
    contract = contract_of(parts.text())
    known_on = data.draw(st.sampled_from([None, *parts.days]))
    decided = Decided(contract, known_on=known_on)
    version = data.draw(st.sampled_from(versions(contract, known_on)[0]))
    days = ((version.period.last or _LAST) - version.period.first).days
    day = version.period.first + timedelta(days=chance.randint(0, days))

    for _ in range(6):
        facts = {**line_facts(chance, 0.0), "service_date": day, "admission_date": day}
        outcome = decided.outcome(facts)
        if outcome.landed is None:
            continue
        told = history(contract, outcome.landed, known_on)
        (stretch,) = [each for each in told.stretches if day in each.period]
        standing = {each.clause.id for each in stretch.standing}
        assert {*outcome.clauses, *outcome.moved} <= standing


@given(chances)
def test_a_story_goes_back_from_number_to_number_to_its_first_text(
    chance: Random,
) -> None:
    contract = contract_of(draft(chance, duties=True).text())
    assume(contract.amendments)
    numbers = {each.number for each in contract.amendments}

    for category in contract.catalog.categories:
        stretches = history(contract, category, None).stretches
        days = [each.period for each in stretches]
        assert all(
            one.last is not None and one.last < other.first
            for one, other in pairwise(days)
        )
        for stretch in stretches:
            for standing in (*stretch.standing, *stretch.gone):
                chain = [each.number for each in standing.chain]
                assert chain == sorted(chain, reverse=True)
                assert set(chain) <= {0, *numbers}
            for standing in stretch.gone:
                assert standing.chain[0].withdrawn_by in numbers
