"""Deciding by a term in a condition is deciding by what `whopays terms` makes of it."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_terms import book, claim_of, rows
from whopays.amounts.units import MONEY
from whopays.api import RuleBook, load
from whopays.explain.terms.words import units_of
from whopays.model.claim import Line
from whopays.model.values import Value
from whopays.reference import decide
from whopays.terms.adjudicated import known
from whopays.terms.answers import AMOUNT, NOT_APPLICABLE, Answer
from whopays.terms.definitions import Word, levels_of

_RULES = """\
edition 1

facts OWN "The threshold"
  version 1
  fact threshold is money per line
end
catalog C "Catalog"
  version 1
  in force 2000-01-01 onward
  facts from STANDARD 2026.1
end
contract K "By one word"
  version 1
  in force 2000-01-01 onward
  party PLAN "The plan"
  party IPA "The group"
  facts from STANDARD 2026.1
  facts from OWN 1
  categories from C 1
  terms from DICTIONARY
  decide by service_date
end
responsibility A "All"
  | category | PLAN | IPA |
  otherwise PLAN when WORD > threshold
  otherwise IPA when not (WORD > threshold)
end
"""
_DAY, _FIRST = "service_date", date(2000, 1, 1)


def _is_amount_of_lines(word: Word) -> bool:
    """Tell whether a condition can compare `word` with an amount of the line."""
    defined = [term for term in word.definitions if not term.undefined]
    return bool(defined) and all(
        term.holds is None
        and term.value is not None
        and levels_of(term) == {"line"}
        and units_of(term, book().facts).of(term.value.value) == MONEY
        for term in defined
    )


@cache
def words() -> list[Word]:
    return [word for word in book().words.values() if _is_amount_of_lines(word)]


@cache
def rules(word: Word) -> RuleBook:
    dictionary = word.definitions[0].dictionary
    text = _RULES.replace("DICTIONARY", dictionary).replace("WORD", word.id)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "k.rules").write_text(text, encoding="utf-8")
        return load(folder)


def expected(answer: Answer | None, threshold: int) -> str:
    if answer is None or answer.status == NOT_APPLICABLE:
        return "IPA"
    if answer.status != AMOUNT or answer.cents is None:
        return "undetermined"
    return "PLAN" if answer.cents > threshold else "IPA"


def test_most_words_that_ship_can_decide() -> None:
    assert len(words()) > 40


@settings(deadline=None, max_examples=60)
@given(rows(), st.data())
def test_a_term_in_a_condition_decides_as_its_amount_does(
    lines: tuple[dict[str, Value], ...], data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(words()), label=f"word of {len(lines)} lines")
    for line in lines:
        # Else hardly any has all that a term reads.
        line["adjudicated"] = data.draw(st.sampled_from((True, True, False)))
        line[_DAY] = data.draw(st.dates(_FIRST), label=_DAY)
    claim = known(claim_of(lines), {})
    said = book().said(claim, (word.source,), (word.name,))
    answers = {each.at: each for _, found in said.words for each in found}
    for at, line in enumerate(lines):
        answer = answers.get(at)
        cents = answer.cents if answer is not None else None
        near = st.integers((cents or 0) - 1, (cents or 0) + 1)
        threshold = data.draw(near, label="threshold")
        facts = {**line, "threshold": threshold}
        decision = rules(word).decide_line(Line("C", str(at), facts)).decision
        bearers = [part.bearer for part in decision.parts]

        assert (*bearers, decision.status)[0] == expected(answer, threshold)
        contract = rules(word).rules.contracts["K"]
        assert decide(contract, Line("C", str(at), facts)) == decision.outcome
        if answer is not None and decision.status == "undetermined":
            assert set(decision.needs) == set(answer.needs)
