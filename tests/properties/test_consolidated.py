"""The text in force, written out: it reads back, and decides as the texts that made it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agree import Decided, completions, contract_of
from generate import draft, line_facts
from mess import messed
from whopays.analyse.texts.consolidate import consolidated
from whopays.api.consolidate import parts_of
from whopays.checks import check_contract
from whopays.diagnostics import Diagnostic
from whopays.model.catalog import Period
from whopays.model.contract import Contract, ExceptionClause, Row, Treat, Version
from whopays.model.outcome import Outcome
from whopays.resolve import days_of, versions
from whopays.syntax import format_text, parse

_LAST = date(2027, 1, 31)
chances = st.randoms(use_true_random=True)


@given(chances, st.data())
def test_the_consolidated_text_decides_as_the_texts_that_made_it(
    chance: Random, data: st.DataObject
) -> None:
    parts = draft(chance, duties=True)
    original = contract_of(parts.text())
    known_on = data.draw(st.sampled_from([None, *parts.days]))
    every = versions(original, known_on)[0]
    version = data.draw(st.sampled_from(every))
    text = _consolidated(parts.text(), original, version, known_on)
    made = contract_of(text)

    whole, alone = Decided(original, known_on=known_on), Decided(made)
    for missing in (0.0, 0.0, 0.0, 0.2, 0.4):
        facts = {**line_facts(chance, missing)}
        # Any day on which the same amendments are in force.
        period = chance.choice(days_of(version, every))
        facts["service_date"] = facts["admission_date"] = _day_in(period, chance)
        if completions(original, facts) > 300:
            continue
        assert _bare(alone.reference(facts)) == _bare(whole.reference(facts)), text
        assert _bare(alone.outcome(facts)) == _bare(whole.outcome(facts)), text
        for kind in ("route", "clock"):
            ours, theirs = alone.duty(kind, facts), whole.duty(kind, facts)
            assert (ours.key, ours.clauses) == (theirs.key, theirs.clauses), text
        cited, citing = _cited(made, alone.outcome(facts)), version.text
        assert cited == _cited(replace(original, text=citing), whole.outcome(facts))


@given(chances)
def test_the_consolidated_text_has_no_problem_that_the_texts_have_not(
    chance: Random,
) -> None:
    parts = draft(chance)
    original = contract_of(parts.text())
    known = set(map(_problem, check_contract(original).found))

    for version in versions(original)[0]:
        made = contract_of(_consolidated(parts.text(), original, version, None))
        found = check_contract(made).found
        assert {_problem(each) for each in found if each.is_error} <= known


@given(chances)
def test_consolidating_what_is_consolidated_changes_nothing(chance: Random) -> None:
    parts = draft(chance, duties=True)
    original = contract_of(parts.text())
    for version in versions(original)[0]:
        text = _consolidated(parts.text(), original, version, None)
        made = contract_of(text)
        for again in versions(made)[0]:
            assert again.amendments == version.amendments
            assert replace(again.text, exceptions=(), treats=()) == replace(
                made.text, exceptions=(), treats=()
            )


@given(chances)
def test_the_consolidated_text_is_laid_out_as_all_rule_files_are(
    chance: Random,
) -> None:
    drawn = messed(draft(chance, duties=True).text(chance), chance)
    original = contract_of(drawn)
    for version in versions(original)[0]:
        text = _consolidated(drawn, original, version, None)
        assert format_text("drawn.rules", text) == text


def _consolidated(
    drawn: str, contract: Contract, version: Version, known_on: date | None
) -> str:
    file, _ = parse("drawn.rules", drawn)
    days = days_of(version, versions(contract, known_on)[0])
    return consolidated(contract, version, days, parts_of(contract, [file]), known_on)


def _day_in(period: Period, chance: Random) -> date:
    days = ((period.last or _LAST) - period.first).days
    return period.first + timedelta(
        days=chance.choice((0, days, chance.randint(0, days)))
    )


def _base_names(text: str) -> str:
    """Return `text` with definitions named as the texts that made them name them."""
    return re.sub(r"_of_amendment_\d+", "", text)


def _problem(found: Diagnostic) -> tuple[str, str]:
    """Return what is wrong, but not where: the same problem is reported only once."""
    what, _, _ = found.message.partition(" give different answers for ")
    return found.code, " ".join(sorted(_base_names(what).split()))


def _bare(outcome: Outcome) -> Outcome:
    return replace(outcome, clauses=tuple(sorted(map(_base_names, outcome.clauses))))


def _cited(contract: Contract, outcome: Outcome) -> list[tuple[str, ...]]:
    """Return the citations of the clauses that gave `outcome`."""
    text = contract.text
    clauses: list[Row | ExceptionClause | Treat] = [
        *(row for grid in text.grids for row in (*grid.rows, *grid.otherwise)),
        *text.exceptions,
        *text.treats,
    ]
    names = (*outcome.clauses, *outcome.moved)
    return sorted(each.cites for each in clauses if each.id in names)
