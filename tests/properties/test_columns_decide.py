"""Many lines decided at once are decided as each of them alone, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from column_lines import lines_of
from drawn_packs import drawn_packs
from generate import draft, line_facts
from whopays.api import RuleBook
from whopays.codes.pack import Pack
from whopays.codes.pack_file import Licence
from whopays.columns.from_decisions import json_text
from whopays.columns.lines import Coded, FactColumn
from whopays.columns.records import mentioned, records
from whopays.decide.decision import with_interest
from whopays.explain import decision_record, explanation_record
from whopays.model.claim import Line
from whopays.model.values import Value
from whopays.resolve import resolve
from whopays.syntax import parse

HALF = 0.5
CATALOG = "catalog STD"
chances = st.randoms(use_true_random=True)
missing = st.sampled_from((0.0, 0.1, 0.3, 1.0))


def drawn_book(chance: Random, *, duties: bool = False) -> RuleBook:
    file, _ = parse("drawn.rules", draft(chance, duties=duties).text())
    rules, _ = resolve([file], lambda *_: None)
    return RuleBook(rules, (), engine="reference")


def several_books(chance: Random) -> RuleBook:
    """Draw rules with two contracts, each with parties that the other does not know."""
    text = draft(chance).text()
    facts, rest = draft(chance, duties=chance.random() < HALF).text().split(CATALOG)
    del facts
    other = f"{CATALOG}{rest}".replace("contract X", "contract Y")
    for old, new in (("to X version", "to Y version"), ("STD", "OTHER")):
        other = other.replace(old, new)
    if chance.random() < HALF:
        other = other.replace("IPA", "GROUP")
    for one, two in (("products HMO, MA", "products MA"), ("Acme", "Other")):
        if chance.random() < HALF:
            other = other.replace(one, two)
    file, problems = parse("drawn.rules", f"{text}\n{other}")
    rules, more = resolve([file], lambda *_: None)
    assert not [each for each in (*problems, *more) if each.is_error]
    return RuleBook(rules, (), engine="reference")


def drawn_lines(chance: Random, part: float, count: int) -> list[Line]:
    """Draw lines, up to three a claim."""
    found: list[Line] = []
    while len(found) < count:
        claim = f"claim {len(found)} “é”"
        for number in range(chance.randint(1, 3)):
            facts = line_facts(chance, part)
            found.append(Line(claim, str(number), facts, len(found) + 1))
    return found


def alone(book: RuleBook, lines: list[Line]) -> Iterator[tuple[str, str, str]]:
    """Yield the record of each line, and its explanation, as one line is decided."""
    for _, claim in groupby(lines, lambda line: line.claim_id):
        own = list(claim)
        each = with_interest([book.decide_line(line).decision for line in own])
        for line, decision in zip(own, each, strict=True):
            record = {**decision_record(decision), "record": line.record}
            yield json_text(record), *_explained(decision.shared)


def _explained(trace: object) -> tuple[str, str]:
    record = explanation_record(trace)  # type: ignore[arg-type]
    return record["id"], json_text(record)


def disagreement(book: RuleBook, chunks: list[list[Line]]) -> str:
    """Say where lines decided at once differ from lines alone; empty for nowhere."""
    columnar = book.columnar()
    explained: dict[str, str] = {}
    for lines in chunks:
        found = columnar.decide(lines_of(lines, book.facts))
        explained.update(found.explanations)
        facts = {name: mentioned(json.loads(each)) for name, each in explained.items()}
        told = map(json_text, records(found.table, facts.__getitem__))
        for line, ours, (theirs, name, text) in zip(
            lines, told, alone(book, lines), strict=True
        ):
            if ours != theirs:
                return f"{line}\n at once {ours}\n alone   {theirs}"
            if explained[name] != text:
                return f"{line}\n at once {explained[name]}\n alone   {text}"
    return ""


@settings(max_examples=30)
@given(chances, missing)
def test_lines_are_decided_at_once_as_each_alone(chance: Random, part: float) -> None:
    book = drawn_book(chance)
    # Some ways differ in a corner that few lines come to.
    chunks = [drawn_lines(chance, part, 60), drawn_lines(chance, part, 60)]
    assert not disagreement(book, chunks)


@settings(max_examples=30)
@given(chances, missing)
def test_routes_clocks_and_interest_are_those_of_lines_alone(
    chance: Random, part: float
) -> None:
    book = drawn_book(chance, duties=True)
    chunks = [drawn_lines(chance, part, 8), drawn_lines(chance, part, 8)]
    assert not disagreement(book, chunks)


@settings(max_examples=30)
@given(chances, missing)
def test_lines_of_several_contracts_are_those_of_lines_alone(
    chance: Random, part: float
) -> None:
    book = several_books(chance)
    chunks = [drawn_lines(chance, part, 8), drawn_lines(chance, part, 8)]
    assert not disagreement(book, chunks)


@settings(max_examples=30)
@given(chances, missing)
def test_a_contract_chosen_by_hand_and_known_on_a_day_decides_as_alone(
    chance: Random, part: float
) -> None:
    book = several_books(chance)
    book.contract = chance.choice(sorted(book.rules.contracts))
    book.known_on = chance.choice((None, date(2026, 2, 20), date(2026, 4, 1)))
    assert not disagreement(book, [drawn_lines(chance, part, 12)])


@settings(max_examples=30)
@given(chances, missing)
def test_codes_that_are_not_in_force_are_told_as_of_lines_alone(
    chance: Random, part: float
) -> None:
    book = drawn_book(chance)
    (contract,) = book.rules.contracts.values()
    licence = Licence("For tests alone.", "Nobody", None, None)
    drawn = drawn_packs(chance, contract)
    book.packs = tuple(Pack(dates, licence, {}) for dates in drawn)
    chunks = [drawn_lines(chance, part, 8), drawn_lines(chance, part, 8)]
    assert not disagreement(book, chunks)


@settings(max_examples=20)
@given(chances)
def test_a_list_of_values_that_grows_from_chunk_to_chunk_is_read_to_its_end(
    chance: Random,
) -> None:
    book = drawn_book(chance)
    columnar, lists = book.columnar(), dict[str, list[Value]]()
    for _ in range(3):
        lines = drawn_lines(chance, 0.1, 6)
        given = lines_of(lines, book.facts)
        facts = {name: grown(each, lists, name) for name, each in given.facts.items()}
        found = columnar.decide(replace(given, facts=facts))
        told = book.columnar().decide(given)
        assert found.table.to_pylist() == told.table.to_pylist()


def grown(column: FactColumn, lists: dict[str, list[Value]], name: str) -> FactColumn:
    """Return `column` with its values behind those that the list of `name` has."""
    if not isinstance(column, Coded):
        return column
    values = lists.setdefault(name, [])
    before = len(values)
    values.extend(column.values)
    return Coded(column.at + np.int32(before), values)
