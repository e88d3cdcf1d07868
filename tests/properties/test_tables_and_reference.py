"""Tables filled by durable-rules mean what the reference says, on drawn contracts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from agree import (
    Decided,
    both_unknown,
    choices,
    completions,
    contract_of,
    read_facts,
    really_needed,
    wrong_entries,
)
from generate import IDLE, draft, line_facts, values_of
from whopays.engines.durable import Durable
from whopays.model.values import Value

MOST = 300
chances = st.randoms(use_true_random=True)
missing = st.sampled_from((0.0, 0.1, 0.3))
Facts = dict[str, Value]


@contextmanager
def drawn(chance: Random) -> Iterator[Decided]:
    engine = Durable()
    try:
        yield Decided(contract_of(draft(chance).text()), engine)
    finally:
        engine.close()


def lines(chance: Random, decided: Decided, part: float, count: int) -> Iterator[Facts]:
    """Draw lines that few completions settle, for the reference tries each."""
    for _ in range(count):
        facts = line_facts(chance, part)
        if completions(decided.contract, facts) <= MOST:
            yield facts


@given(chances, missing)
def test_tables_filled_by_durable_rules_decide_as_the_reference(
    chance: Random, part: float
) -> None:
    with drawn(chance) as decided:
        for facts in lines(chance, decided, part, 6):
            assert not decided.difference(facts)


@given(chances)
def test_every_entry_filled_by_durable_rules_is_what_its_conditions_say(
    chance: Random,
) -> None:
    with drawn(chance) as decided:
        assert not wrong_entries(decided.program)


@given(chances)
def test_a_fact_that_becomes_known_never_changes_a_decided_line(
    chance: Random,
) -> None:
    with drawn(chance) as decided:
        for facts in lines(chance, decided, 0.3, 6):
            before = decided.outcome(facts)
            if before.status == "undetermined":
                continue
            for name in sorted(read_facts(decided.contract) - set(facts)):
                value = chance.choice(values_of(name))
                assert decided.outcome({**facts, name: value}).key == before.key


@given(chances, missing)
def test_a_fact_that_no_clause_mentions_changes_nothing(
    chance: Random, part: float
) -> None:
    with drawn(chance) as decided:
        read = read_facts(decided.contract)
        assert IDLE not in read
        for facts in lines(chance, decided, part, 4):
            before = decided.outcome(facts)
            only = {name: value for name, value in facts.items() if name in read}
            assert decided.outcome(only) == before
            others = {
                n: chance.choice(values_of(n)) for n in (IDLE, "birth") if n not in read
            }
            assert decided.outcome({**facts, **others}) == before


@given(chances)
def test_each_fact_needed_is_needed_and_all_of_them_settle_the_line(
    chance: Random,
) -> None:
    with drawn(chance) as decided:
        for facts in lines(chance, decided, 0.3, 8):
            outcome = decided.outcome(facts)
            if outcome.status != "undetermined":
                assert not outcome.needs
                continue
            if not outcome.minimised or both_unknown(decided.contract, facts):
                continue
            assert set(outcome.needs) == really_needed(decided.contract, facts)
            values = choices(decided.contract, facts)
            for _ in range(3):
                answers = {n: chance.choice(values[n]) for n in outcome.needs}
                assert decided.outcome({**facts, **answers}).status != "undetermined"


@given(chances, chances, missing)
def test_the_order_in_the_file_never_changes_an_outcome(
    chance: Random, shuffle: Random, part: float
) -> None:
    parts = draft(chance)
    text = parts.text(shuffle)
    assume(text != parts.text())
    first, second = Decided(contract_of(parts.text())), Decided(contract_of(text))
    for facts in lines(chance, first, part, 5):
        ours, theirs = first.outcome(facts), second.outcome(facts)
        assert ours == theirs
