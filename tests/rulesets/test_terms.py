"""The dictionary of payment terms against values that were worked out by hand.

`terms/lines.csv` has the lines, a column each; `terms/expected.csv` what each of the 105
definitions comes to on each of them, a row for the answer and one for each reading.
`terms/README.md` says how the values came about: no engine made them.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from whopays.api import load
from whopays.api.terms import Balance, ComponentClaim, TermBook, load_terms
from whopays.explain.terms.words import amount_text, answer_text, units_of
from whopays.terms.answers import BESIDE, NOT_APPLICABLE, Answer
from whopays.terms.definitions import Word
from whopays.terms.evaluate import Evaluation
from whopays.terms.seen import seen

HERE = Path(__file__).parent / "terms"
ROOT = Path(__file__).parents[2]
LIST = ROOT.parent / "shared" / "domain" / "payment-terms.yaml"
#: Columns of a claim of several rows: its lines, and the claim itself.
PLACES = ("L line 1", "L line 2", "L as a whole", "L claim")


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def book() -> TermBook:
    return load_terms()


def written(fact: str, cell: str) -> str | None:
    """Return a cell as a claim document writes it: `none` is null."""
    if cell == "none":
        return None
    return cell.removesuffix("%") if fact == "coinsurance_percent" else cell


@cache
def claims() -> dict[str, ComponentClaim]:
    """Return the claims by column; that of several rows under each of its columns."""
    rows = table("lines.csv")
    by_column: dict[str, dict[str, object]] = {}
    for row in rows[1:]:
        fact = row.pop("fact")
        for column, cell in row.items():
            if cell:
                by_column.setdefault(column, {})[fact] = written(fact, cell)
    several = [by_column.pop(each) for each in PLACES if each in by_column]
    made = {
        column: book().claim(
            {"claim_id": column, "adjudicated": "yes", "lines": [facts]}
        )
        for column, facts in by_column.items()
    }
    whole = book().claim({"claim_id": "L", "adjudicated": "yes", "lines": several})
    return {**made, **dict.fromkeys(PLACES, whole)}


def definition(row: dict[str, str]) -> Word:
    """Return the word of a row with the one definition that the row is about."""
    word = book().words[row["word"], row["by"]]
    if not row["called"]:
        assert len(word.definitions) == 1, row["word"]
        return word
    chosen = tuple(each for each in word.definitions if each.called == row["called"])
    assert len(chosen) == 1, row["called"]
    return replace(word, definitions=chosen)


def answers(word: Word, column: str) -> Iterator[tuple[str, Answer]]:
    """Yield what `word` comes to on a claim, by column."""
    claim = claims()[column]
    words = {**book().words, (word.name, word.source): word}
    for answer in Evaluation(words, seen(claim, book().facts)).answers(word):
        if len(claim.rows) == 1:
            yield column, answer
        else:
            yield PLACES[-1 if answer.at is None else answer.at], answer


def said(word: Word, reading: str) -> dict[str, str]:
    """Return the texts of a row: of the answer, or of one reading."""
    found: dict[str, str] = {}
    for column in [*(each for each in claims() if each not in PLACES), PLACES[0]]:
        for place, answer in answers(word, column):
            if not reading:
                if answer.status != BESIDE:
                    found[place] = answer_text(answer, book().facts)
                continue
            read = answer.reading(reading)
            if read is not None and answer.term is not None:
                amount = amount_text(read, units_of(answer.term, book().facts))
                found[place] = "undetermined" if amount == "?" else amount
    return found


ROWS = table("expected.csv")


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{r['n']}-{r['word']}-{r['reading']}" for r in ROWS]
)
def test_a_definition_comes_to_what_was_worked_out_by_hand(row: dict[str, str]) -> None:
    columns = [*(each for each in claims() if each not in PLACES), *PLACES]
    got = said(definition(row), row["reading"])

    found = {each: shown(each, got.get(each, "")) for each in columns}
    assert found == {each: shown(each, row[each]) for each in columns}


def shown(column: str, text: str) -> str:
    """Return `text`; of a claim of several rows, nothing where a term does not apply.

    Whatever applies elsewhere in the claim is told alone.
    """
    return "" if column in PLACES and text == NOT_APPLICABLE else text


def test_each_of_the_105_definitions_has_its_row() -> None:
    numbers = {int(row["n"].rstrip("abcd")) for row in ROWS if not row["reading"]}

    assert numbers == set(range(1, 106))


def test_each_shipped_definition_and_reading_is_in_the_table() -> None:
    rows = [(row["word"], row["by"], row["called"], row["reading"]) for row in ROWS]
    for word in book().words.values():
        several = len(word.definitions) > 1
        for term in word.definitions:
            called = term.called if several else ""
            for reading in ("", *(each.name for each in term.readings)):
                assert (word.name, word.source, called, reading) in rows


def test_every_shipped_definition_cites_its_source() -> None:
    terms = [term for word in book().words.values() for term in word.definitions]

    assert [term.id for term in terms if not term.cites or not term.called] == []


def test_the_table_follows_the_list_of_the_domain() -> None:
    if not LIST.is_file():
        pytest.skip("the list of the domain is not here")
    import yaml  # noqa: PLC0415

    listed = yaml.safe_load(LIST.read_text(encoding="utf-8"))["definitions"]
    by_number = {int(row["n"].rstrip("abcd")): row for row in ROWS}
    for number, each in enumerate(listed, 1):
        row = by_number[number]
        assert row["source in the list"] == each["source"]
        assert row["term in the list"] == each["term"]


def test_what_was_not_read_says_so() -> None:
    if not LIST.is_file():
        pytest.skip("the list of the domain is not here")
    import yaml  # noqa: PLC0415

    listed = yaml.safe_load(LIST.read_text(encoding="utf-8"))["definitions"]
    unread = {
        n for n, e in enumerate(listed, 1) if e["evidence"] == "general-knowledge"
    }
    for row in ROWS:
        if int(row["n"].rstrip("abcd")) in unread:
            (term,) = definition(row).definitions
            assert any("not read" in cite for cite in term.cites), term.id


def test_the_tests_beside_the_dictionary_pass() -> None:
    results = load(ROOT / "rulesets" / "terms", engine="reference").run_tests()

    assert results
    assert [(r.case.title, r.problems) for r in results if r.state != "passed"] == []


def test_each_reading_and_each_of_several_definitions_has_a_test() -> None:
    results = load(ROOT / "rulesets" / "terms", engine="reference").run_tests()
    payments = [r.case.payment for r in results if r.case.payment is not None]
    shown = {
        (each.id, each.source, name)
        for each in payments
        for expected in each.expected
        for name in ("", *(name for name, _ in expected.amounts))
    }
    counts = Counter((each.id, each.source) for each in payments)
    for word in book().words.values():
        key = word.name, word.source
        assert len(word.definitions) == 1 or counts[key] >= len(word.definitions), key
        for term in word.definitions:
            wanted = {reading.name for reading in term.readings}
            if term.ambiguous or term.undefined or term.holds is not None:
                wanted.add("")
            for reading in wanted:
                assert (*key, reading) in shown, (*key, reading)


def test_the_lines_balance_but_for_a_case_rate_and_an_encounter_of_zero() -> None:
    told = {
        (column, check.identity, check.is_hard)
        for column, claim in claims().items()
        for check in Balance().take(claim)
    }

    assert told == {("E", "I4", False), ("I", "I4", False)}
