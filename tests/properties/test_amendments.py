"""Two clocks: what is in force on a day, as it was known on a day."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from agree import Decided, completions, contract_of
from generate import draft, line_facts

_DAY = timedelta(days=1)
chances = st.randoms(use_true_random=True)


def _same(chance: Random, one: Decided, other: Decided) -> None:
    for part in (0.0, 0.0, 0.1, 0.3):
        facts = line_facts(chance, part)
        if completions(one.contract, facts) > 300:
            continue
        assert one.outcome(facts) == other.outcome(facts)
        assert not one.difference(facts)


@given(chances)
def test_before_any_amendment_is_signed_the_base_contract_stands_alone(
    chance: Random,
) -> None:
    parts = draft(chance)
    assume(parts.days)
    before = min(parts.days) - _DAY
    amended = Decided(contract_of(parts.text()), known_on=before)
    _same(chance, amended, Decided(contract_of(parts.known_on(before))))


@given(chances, st.data())
def test_as_known_on_a_day_means_without_what_was_signed_later(
    chance: Random, data: st.DataObject
) -> None:
    parts = draft(chance)
    assume(parts.days)
    day = data.draw(st.sampled_from(parts.days))
    amended = Decided(contract_of(parts.text()), known_on=day)
    _same(chance, amended, Decided(contract_of(parts.known_on(day))))


@given(chances)
def test_nothing_is_in_force_before_the_contract_was_signed(chance: Random) -> None:
    decided = Decided(contract_of(draft(chance).text()), known_on=date(2025, 5, 31))
    facts = line_facts(chance, 0.0)
    assert decided.outcome(facts).status == "no_contract"


@given(chances)
def test_an_amendment_changes_no_line_of_a_day_on_which_it_is_not_in_force(
    chance: Random,
) -> None:
    parts = draft(chance)
    assume(parts.amendments)
    contract = contract_of(parts.text())
    base = Decided(contract_of(parts.known_on(min(parts.days) - _DAY)))
    amended = Decided(contract)
    quiet = [
        day
        for day in (date(2026, 1, 1), date(2026, 2, 28), date(2026, 7, 1))
        if not any(each.applies_on(day) for each in contract.amendments)
    ]
    assume(quiet)
    for day in quiet:
        facts = {**line_facts(chance, 0.0), "service_date": day, "admission_date": day}
        assert amended.outcome(facts) == base.outcome(facts)
