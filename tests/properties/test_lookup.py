"""What a lookup says of a code is what becomes of a line with it, on drawn contracts."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agree import Decided, contract_of
from generate import draft, line_facts, values_of
from whopays.analyse.catalogs.listing import listing
from whopays.analyse.catalogs.lookup import fact_of, lookup
from whopays.analyse.catalogs.stated import Stated
from whopays.model.codes import system_of
from whopays.model.values import NONE

chances = st.randoms(use_true_random=True)


@given(chances)
def test_the_service_that_a_lookup_names_is_where_the_line_lands(
    chance: Random,
) -> None:
    contract = contract_of(draft(chance).text())
    decided = Decided(contract)
    catalog = contract.catalog
    for _ in range(6):
        facts = line_facts(chance, 0.0)
        day = facts.get(contract.decide_by[0].facts[0])
        version = decided.program.version_on(day) if day is not None else None
        name = chance.choice(catalog.code_facts())
        code = chance.choice([v for v in values_of(name) if v is not NONE])
        system = system_of(str(code), catalog.facts[name].systems)
        assert system is not None
        if version is None or fact_of(catalog, system) != name:
            continue
        line = {**facts, name: code}
        outcome = decided.outcome(line)
        if outcome.status in {"no_contract", "undetermined"}:
            continue
        governing = decided.decider.decide(line)
        if governing.version is None:
            continue
        others = {n: v for n, v in line.items() if n != name}
        stands = Stated(contract, governing.version)
        found = lookup(catalog, system, str(code), others, stands)

        if found.status == "tie":
            assert outcome.note.startswith("two categories")
            assert set(found.ties) <= set(catalog.categories)
            continue
        assert (found.winner or None) == outcome.landed
        chosen = [
            each
            for looked in found.looked
            for each in looked.candidates
            if each.state == "chosen"
        ]
        if found.by_fact:
            assert [each.category for each in chosen] == [found.winner]
        listed = {each.category for each in listing(catalog, system, str(code))}
        assert listed == {
            name
            for name, category in catalog.categories.items()
            if any(c.system == system and str(code) in c for c in category.codes)
        }


@given(chances)
def test_what_would_settle_a_lookup_does_settle_it(chance: Random) -> None:
    catalog = contract_of(draft(chance).text()).catalog
    for _ in range(4):
        facts = line_facts(chance, 0.4)
        name = chance.choice(catalog.code_facts())
        code = chance.choice([v for v in values_of(name) if v is not NONE])
        system = system_of(str(code), catalog.facts[name].systems)
        assert system is not None
        given_ = {n: v for n, v in facts.items() if n != name and n in catalog.facts}
        found = lookup(catalog, system, str(code), given_)
        if found.status != "open":
            assert found.changes is None
            continue
        assert found.needs
        assert found.changes is not None
        for way in (way for each in found.changes.sets for way in each.ways):
            after = lookup(catalog, system, str(code), {**given_, **way.example})
            assert after.status != "open"
            assert after.winner == (
                way.answer.strip() if way.status == "decided" else ""
            )
