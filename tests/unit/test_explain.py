"""Explanations: a record that validates, an id that many lines share, plain sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from small_rules import GRID, HEAD, book_of, rules
from whopays.api import LineDecision, RuleBook
from whopays.explain import explanation_record
from whopays.explain.schema import DECISION, EXPLANATION
from whopays.explain.tree import why_not
from whopays.model.outcome import STATUSES

MORE = """\
exception N-1 to A "Visits"
  cites "Note 1", "§2"
  when age > 64 and network is inside
  then ambiguous because "two notes say two things"
end
exception N-2 to A "Rooms"
  when age > 64
  then not covered
end
exception N-3 to A "Rooms"
  when age < 3
  then ?
end
"""
TEXT = rules(MORE)


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return book_of(tmp_path, TEXT)


def _one(book: RuleBook, **facts: Any) -> LineDecision:
    given = {
        "procedure_code": "99213",
        "revenue_code": None,
        "product": "HMO",
        "service_date": "2025-03-04",
        "area": "inside",
        "network": "inside",
        "age": "30",
        "billed": "200.00",
        "allowed": "100.01",
    }
    chosen = {name: value for name, value in {**given, **facts}.items() if value != "?"}
    (decided,) = book.decide({"claim_id": "X", "lines": [{"line": 1, **chosen}]})
    return decided


ROOM: dict[str, Any] = {"procedure_code": None, "revenue_code": "0120"}
SENTENCES: list[tuple[str, dict[str, Any], str]] = [
    (
        "decided",
        {},
        'IPA (The group) bears 100% ($100.01) because of A "Visits" when area is inside.',
    ),
    (
        "decided",
        ROOM,
        'PLAN (The plan) bears 1/3 ($33.34) and IPA (The group) bears 2/3 ($66.67) because of A "Rooms".',
    ),
    (
        "decided",
        {"allowed": "?"},
        'IPA (The group) bears 100% because of A "Visits" when area is inside.',
    ),
    ("undetermined", {"area": "?"}, "Undetermined: needs area."),
    (
        "unlisted",
        {"procedure_code": "10000"},
        "Unlisted: the text is silent because of A otherwise.",
    ),
    ("not_covered", {**ROOM, "age": "70"}, "Not covered: nobody pays because of N-2."),
    (
        "ambiguous",
        {"age": "70"},
        "Ambiguous because of N-1 (Note 1; §2): two notes say two things.",
    ),
    (
        "no_contract",
        {"product": "MA"},
        "No contract: not a claim of K: it would need product in HMO.",
    ),
    (
        "no_contract",
        {"service_date": "2024-12-31"},
        "No contract: K is not in force on its service_date.",
    ),
    (
        "by_hand",
        {**ROOM, "age": "1"},
        "By hand: the text is a draft here because of N-3.",
    ),
    (
        "rejected",
        {"area": "upstairs"},
        "Rejected: area is not one of inside, outside.",
    ),
]


@pytest.mark.parametrize(("status", "facts", "said"), SENTENCES)
def test_each_status_has_a_sentence_of_its_own(
    book: RuleBook, status: str, facts: dict[str, Any], said: str
) -> None:
    decided = _one(book, **facts)
    assert decided.status == status
    assert decided.explain() == said
    assert decided.explain("tree").split("\n")[1] == f"  {said}"


def test_the_sentences_above_are_of_all_statuses() -> None:
    assert {status for status, _, _ in SENTENCES} == set(STATUSES)


@pytest.mark.parametrize(
    ("status", "facts"), [(status, facts) for status, facts, _ in SENTENCES]
)
def test_every_record_validates(
    book: RuleBook, status: str, facts: dict[str, Any]
) -> None:
    record = _one(book, **facts).record()
    jsonschema.Draft202012Validator.check_schema(DECISION)
    jsonschema.Draft202012Validator(DECISION).validate(record)
    jsonschema.Draft202012Validator(EXPLANATION).validate(record["trace"])
    assert record["status"] == record["trace"]["status"] == status
    assert record["explanation"] == record["trace"]["id"]


def test_the_schema_refuses_a_record_with_a_float_or_an_unknown_field(
    book: RuleBook,
) -> None:
    validator = jsonschema.Draft202012Validator(DECISION)
    record = _one(book).record()
    assert not validator.is_valid({**record, "amount_cents": 100.5})
    assert not validator.is_valid({**record, "more": 1})


@pytest.mark.parametrize(
    "facts",
    [
        {"allowed": "7.00"},
        {"allowed": "?"},
        {"billed": "7.00"},
        {"service_date": "2026-12-31"},
        {"procedure_code": "99202"},
        {"age": "31"},
        {"claim_type": "professional"},
    ],
    ids=str,
)
def test_values_that_do_not_matter_do_not_change_the_id(
    book: RuleBook, facts: dict[str, Any]
) -> None:
    plain, other = _one(book).record(), _one(book, **facts).record()
    assert plain["explanation"] == other["explanation"]
    assert plain["trace"] == other["trace"]


@pytest.mark.parametrize(
    "facts",
    [
        {"area": "outside"},
        {"area": "?"},
        {"procedure_code": None, "revenue_code": "0120"},
        {"age": "70", "network": "outside"},
        {"product": "MA"},
    ],
    ids=str,
)
def test_values_that_matter_change_the_id(
    book: RuleBook, facts: dict[str, Any]
) -> None:
    assert (
        _one(book).record()["explanation"]
        != _one(book, **facts).record()["explanation"]
    )


def test_an_explanation_holds_no_value_of_its_line(book: RuleBook) -> None:
    decided = _one(book, age="33", allowed="123.45", service_date="2025-07-08")
    text = str(explanation_record(decided.decision.trace()))
    for value in ("33", "123.45", "12345", "2025-07-08", "99213"):
        assert value not in text
    facts = decided.record()["facts"]
    assert facts["age"] == "33"
    assert facts["service_date"] == "2025-07-08"
    assert facts["procedure_code"] == "99213"


def test_why_not_names_the_clause_and_the_condition_that_failed(
    book: RuleBook,
) -> None:
    said = why_not(_one(book).decision, "PLAN")
    assert said == (
        "PLAN would bear it for Visits by:\n"
        '  A "Visits" when area is outside → PLAN 100%, does not hold: '
        "area is outside (area is inside)"
    )


def test_why_not_of_one_who_bears_it_says_so(book: RuleBook) -> None:
    assert why_not(_one(book).decision, "IPA").startswith("IPA does bear this line: ")


def test_why_not_of_one_who_gets_nothing_says_so(book: RuleBook) -> None:
    said = why_not(_one(book).decision, "HOSP")
    assert said.startswith(
        "No clause for Visits gives anything to HOSP. IPA (The group) bears 100%"
    )


def test_a_sentence_shows_three_needs_and_the_record_all(tmp_path: Path) -> None:
    grid = GRID.replace(
        "area is outside", "area is outside and age > 1 and network is inside"
    ).replace("area is inside", "area is inside and claim_type is professional")
    book = book_of(tmp_path, rules(grid=grid))
    decided = _one(book, area="?", age="?", network="?", claim_type="?")
    record = decided.record()
    assert sorted(record["needs"]) == ["age", "area", "claim_type", "network"]
    assert decided.explain().startswith(f"Undetermined: needs {record['needs'][0]}, ")
    assert decided.explain().endswith(" and 1 more.")
    assert decided.explain().count(",") == 2


def test_a_fund_is_borne_by_the_fund_and_paid_by_its_payer(tmp_path: Path) -> None:
    head = HEAD.replace('party IPA "The group"', 'fund IPA "The pool" paid by PLAN')
    decided = _one(book_of(tmp_path, rules(head=head)))
    assert decided.explain().startswith(
        "IPA (The pool) bears 100% ($100.01), paid by PLAN (The plan) because"
    )


def test_a_form_that_there_is_not_is_refused(book: RuleBook) -> None:
    with pytest.raises(ValueError, match="form is 'sentence' or 'tree'"):
        _one(book).explain("poem")


def test_a_party_is_named_once_and_by_the_text_that_decided(tmp_path: Path) -> None:
    amendment = (
        "amendment 1 to K version 1\n  in force 2026-01-01 onward\n"
        '  rename party IPA "The new group"\nend\n'
    )
    book = book_of(tmp_path, rules(amendment))
    facts = {"product": "HMO", "revenue_code": "0120", "procedure_code": None}

    def told(day: str, form: str) -> str:
        line = {"line": 1, **facts, "service_date": day}
        (decided,) = book.decide({"claim_id": "c", "lines": [line]})
        return decided.explain(form)

    for form in ("sentence", "tree"):
        before, after = told("2025-03-04", form), told("2026-03-04", form)
        assert "PLAN (The plan) bears 1/3 and IPA (The group) bears 2/3" in before
        assert "IPA (The new group) bears 2/3" in after
        assert after.count("The new group") == after.count("The plan") == 1


def test_a_party_that_is_called_by_its_id_is_told_as_before(tmp_path: Path) -> None:
    head = HEAD.replace('"The plan"', '"PLAN"').replace('"The group"', '"IPA"')
    book = book_of(tmp_path, rules(head=head))
    line = {"line": 1, "product": "HMO", "revenue_code": "0120", "procedure_code": None}

    (decided,) = book.decide(
        {"claim_id": "c", "lines": [{**line, "service_date": "2025-03-04"}]}
    )

    assert decided.explain().startswith("PLAN bears 1/3 and IPA bears 2/3 because of")
