"""A record made of columns is, byte for byte, the one that is told of the line alone."""

from __future__ import annotations

import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from generate import draft, line_facts
from whopays.api import RuleBook
from whopays.api.outputs import told
from whopays.columns.from_decisions import Decided, decided, json_text
from whopays.columns.records import mentioned, records
from whopays.columns.schema import schema
from whopays.decide.decision import Decision
from whopays.explain import decision_record, explanation_record
from whopays.explain.recorded import recorded
from whopays.model.claim import Claim, Line
from whopays.resolve import resolve
from whopays.syntax import parse


def drawn_book(chance: Random) -> RuleBook:
    file, _ = parse("drawn.rules", draft(chance, duties=True).text())
    rules, _ = resolve([file], lambda *_: None)
    return RuleBook(rules, (), engine="reference")


def drawn_claims(chance: Random, part: float) -> list[Claim]:
    claims = []
    for at in range(3):
        name, number = f"claim {at} “é”", at * 10
        lines = tuple(
            Line(name, str(each), line_facts(chance, part), number + each)
            for each in range(1, 3)
        )
        claims.append(Claim(name, lines))
    return claims


def as_columns(book: RuleBook, claims: list[Claim]) -> tuple[list[str], Decided]:
    texts: list[str] = []
    both: list[tuple[Line, Decision]] = []
    for claim in claims:
        found = [each.decision for each in book.decide(claim)]
        both.extend(zip(claim.lines, found, strict=True))
    for line, decision in both:
        texts.append(json_text({**decision_record(decision), "record": line.record}))
    return texts, decided(both, schema(book.parties, book.facts), book.facts)


@given(st.randoms(use_true_random=True), st.sampled_from((0.0, 0.1, 0.4)))
def test_the_record_of_a_row_is_that_of_its_decision(
    chance: Random, part: float
) -> None:
    book = drawn_book(chance)
    texts, found = as_columns(book, drawn_claims(chance, part))
    facts = {
        name: mentioned(json.loads(text)) for name, text in found.explanations.items()
    }

    told = [json_text(each) for each in records(found.table, facts.__getitem__)]

    assert told == texts


@given(st.randoms(use_true_random=True), st.sampled_from((0.0, 0.1, 0.4)))
def test_what_is_told_of_a_record_is_what_is_told_of_its_decision(
    chance: Random, part: float
) -> None:
    book = drawn_book(chance)
    for claim in drawn_claims(chance, part):
        for each in book.decide(claim):
            decision = each.decision
            trace = json_text(explanation_record(decision.shared))
            record = json_text(decision_record(decision))
            again = recorded(json.loads(record), json.loads(trace), decision.names)
            assert told(again, "tree") == each.explain("tree")
            assert told(again, "sentence") == each.explain("sentence")
            assert told(again, "json") == told(decision, "json")
            assert again.shared.id == decision.shared.id
            for party in book.parties:
                assert told(again, "tree", party) == told(decision, "tree", party)
