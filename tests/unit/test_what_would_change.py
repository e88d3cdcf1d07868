"""`explain --what-would-change`: sets of facts, in words that rules could have."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from command_line import Command
from small_rules import CATALOG, FACTS, GRID, HEAD, book_of, rules, written_rules
from whopays.analyse.changes.goals import GoalError
from whopays.api import RuleBook, load
from whopays.explain import changes_record, changes_sentence, changes_tree
from whopays.explain.schema import CHANGES
from whopays.model.changes import Changes
from whopays.model.claim import Line
from whopays.model.values import NONE, Value

MORE_FACTS = FACTS.replace(
    "end\n",
    "  fact place is code POS or none\n  fact modifiers is list of code MODIFIER or none\n"
    "  fact discharge_date is date or none\nend\n",
)
LINE: dict[str, Value] = {
    "product": "HMO",
    "claim_type": "professional",
    "service_date": date(2025, 3, 4),
    "admission_date": NONE,
    "procedure_code": "99203",
    "revenue_code": NONE,
    "area": "inside",
    "network": "inside",
    "age": 40,
    "billed": 20000,
    "allowed": 10000,
    "place": "11",
    "modifiers": NONE,
    "discharge_date": NONE,
}


def clause(when: str, to: str = 'A "Visits"', then: str = "PLAN") -> str:
    return f"exception N-1 to {to}\n  when {when}\n  then {then}\nend\n"


def changes(
    folder: Path,
    text: str,
    party: str | None = None,
    to: str | None = None,
    **facts: Value,
) -> Changes:
    line = Line("c", "1", {**LINE, **facts})
    return book_of(folder, text).what_would_change(line, party=party, to=to)


def told(found: Changes) -> dict[str, set[str]]:
    """Return the answers with the conditions of each way to them."""
    answers: dict[str, set[str]] = {}
    for each in found.sets:
        for way in each.ways:
            conditions = " & ".join(b.condition for b in way.becomes)
            answers.setdefault(way.answer, set()).add(conditions)
    return answers


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("network is outside", "network is outside"),
        ("age > 64", "age > 64"),
        ("age >= 64.5", "age >= 64.5"),
        ("age is 50", "age is 50"),
        ("age < 18 or age > 64", "age < 18 or age > 64"),
        ("age > 50 and age <= 64", "age > 50 and age <= 64"),
        ("allowed > $250.00", "allowed > $250.00"),
        ("allowed > billed", "allowed > $200.00"),
        ("place in POS 20-23", "place in POS 20-23"),
        ("place not in POS 11", "place not in POS 11"),
        ("place is not given", "place is not given"),
        ("modifiers include MODIFIER JG, TB", "modifiers include MODIFIER JG, TB"),
        ("modifiers is given", "modifiers is given"),
        (
            "modifiers include MODIFIER 26 and not (modifiers include MODIFIER JG)",
            "modifiers include MODIFIER 26 and not (modifiers include MODIFIER JG)",
        ),
        ("admission_date is given", "admission_date is given"),
        ("admission_date < 2025-01-01", "admission_date < 2025-01-01"),
        ("service_date >= 2025-06-01", "service_date >= 2025-06-01"),
    ],
)
def test_a_fact_is_told_by_the_values_that_it_would_have_to_have(
    tmp_path: Path, when: str, said: str
) -> None:
    text = rules(clause(when), facts=MORE_FACTS)

    assert said in told(changes(tmp_path, text))["PLAN 100%"]


def test_what_it_is_now_is_told_as_well(tmp_path: Path) -> None:
    found = changes(tmp_path, rules(clause("age > 64"), facts=MORE_FACTS), to="PLAN")
    (way,) = (w for s in found.sets for w in s.ways if s.facts == ("age",))

    assert (way.becomes[0].now, way.becomes[0].condition) == ("40", "age > 64")
    assert way.example == {"age": 65}


def test_two_facts_are_told_only_where_neither_is_enough(tmp_path: Path) -> None:
    text = rules(clause("age > 64 and network is outside"), facts=MORE_FACTS)

    assert told(changes(tmp_path, text, to="PLAN"))["PLAN 100%"] == {
        "area is outside",
        "age > 64 & network is outside",
    }
    sets = [each.facts for each in changes(tmp_path, text, to="PLAN").sets]
    assert sets == [("area",), ("age", "network")]


def test_three_facts_are_the_most_that_are_looked_for(tmp_path: Path) -> None:
    three = "age > 64 and network is outside and claim_type is institutional"
    grid = GRID.replace(
        "area is outside |  x   |     |", "area is outside |      |  x  |"
    )
    found = changes(
        tmp_path, rules(clause(three), facts=MORE_FACTS, grid=grid), to="PLAN"
    )
    four = clause(f"{three} and place in POS 21")
    none = changes(tmp_path, rules(four, facts=MORE_FACTS, grid=grid), to="PLAN")

    assert [each.facts for each in found.sets] == [("age", "claim_type", "network")]
    assert (none.sets, none.largest, none.is_complete) == ((), 3, True)


def test_a_code_is_told_by_the_services_that_it_would_be_of(tmp_path: Path) -> None:
    found = told(changes(tmp_path, rules(facts=MORE_FACTS)))

    # None is no code of a service, either.
    assert found["unlisted"] == {"procedure_code of no service of the contract"}
    # A revenue code is looked at only where the procedure code places no line.
    rooms = changes(tmp_path, rules(facts=MORE_FACTS), to="PLAN 1/3, IPA 2/3")
    assert told(rooms)["PLAN 1/3, IPA 2/3"] == {
        'procedure_code of no service of the contract & revenue_code of "Rooms"'
    }


def test_facts_that_are_fixed_are_left_alone_and_named(tmp_path: Path) -> None:
    facts = MORE_FACTS.replace(
        "area is one of inside, outside", "area is one of inside, outside fixed"
    )
    facts = facts.replace("fact age is number", "fact age is number fixed")
    found = changes(tmp_path, rules(clause("network is outside"), facts=facts))

    assert found.fixed == ("area",)
    assert not any("area" in each.facts for each in found.sets)
    assert "age" not in {name for each in found.sets for name in each.facts}


def test_an_undetermined_line_is_settled_by_unknown_facts_alone(tmp_path: Path) -> None:
    text = rules(clause("network is outside and age > 64"), facts=MORE_FACTS)
    line = {name: value for name, value in LINE.items() if name not in {"area", "age"}}
    line |= {"network": "outside"}
    found = book_of(tmp_path, text).what_would_change(Line("c", "1", line))

    assert found.settles
    assert told(found) == {"PLAN 100%": {"age > 64", "area is outside"}}
    both = book_of(tmp_path, text).what_would_change(Line("c", "1", line), to="IPA")
    assert told(both) == {"IPA 100%": {"age <= 64 & area is inside"}}
    assert {b.now for s in found.sets for w in s.ways for b in w.becomes} == {
        "not known"
    }


def test_an_unknown_fact_that_is_fixed_may_still_become_known(tmp_path: Path) -> None:
    facts = MORE_FACTS.replace(
        "area is one of inside, outside", "area is one of inside, outside fixed"
    )
    line = {name: value for name, value in LINE.items() if name != "area"}
    found = book_of(tmp_path, rules(facts=facts)).what_would_change(
        Line("c", "1", line)
    )

    assert [each.facts for each in found.sets] == [("area",)]
    assert found.fixed == ()


def test_a_change_may_make_the_answer_hang_on_what_is_unknown(tmp_path: Path) -> None:
    text = rules(clause("network is outside and age > 64"), facts=MORE_FACTS)
    line = {name: value for name, value in LINE.items() if name != "age"}
    found = book_of(tmp_path, text).what_would_change(Line("c", "1", line))
    (way,) = (w for s in found.sets for w in s.ways if s.facts == ("network",))

    assert (way.status, way.needs) == ("undetermined", ("age",))


def test_a_party_is_told_what_changes_its_share(tmp_path: Path) -> None:
    text = rules(clause("age > 64", then="PLAN 60%, IPA 40%"), facts=MORE_FACTS)

    found = told(changes(tmp_path, text, party="IPA"))

    assert "age > 64" in found["PLAN 60%, IPA 40%"]
    assert "area is outside" in found["PLAN 100%"]
    ways = told(changes(tmp_path, text, party="PLAN"))
    assert "unlisted" not in ways  # it bears nothing then, as it does now


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("PLAN", "area is outside"),
        ("PLAN 100%", "area is outside"),
        ("PLAN 60%, IPA 40%", "age > 64"),
        ("IPA 2/5,  PLAN 3/5", "age > 64"),
        (
            "unlisted",
            "procedure_code of no service of the contract",
        ),
        ("no contract", "product is MA"),
    ],
)
def test_one_answer_can_be_asked_for(tmp_path: Path, to: str, said: str) -> None:
    text = rules(clause("age > 64", then="PLAN 60%, IPA 40%"), facts=MORE_FACTS)
    (answer,) = told(changes(tmp_path, text, to=to)).values()

    assert said in answer


@pytest.mark.parametrize("to", ["PLAM", "PLAN 60%", "PLAN 60%, IPA 60%", "", "IPA 1/0"])
def test_an_answer_that_no_clause_gives_is_refused(tmp_path: Path, to: str) -> None:
    with pytest.raises(GoalError, match="No clause answers"):
        changes(tmp_path, rules(facts=MORE_FACTS), to=to)


def test_what_is_so_already_is_said(tmp_path: Path) -> None:
    found = changes(tmp_path, rules(facts=MORE_FACTS), to="IPA")

    assert (found.is_so, found.sets) == (True, ())


def test_another_contract_may_answer_then(tmp_path: Path) -> None:
    head = HEAD.replace("contract K", "contract L").replace("HMO", "MA")
    grid = GRID.replace("responsibility A", "responsibility B")
    grid = grid.replace("|      |  x  |", "|  x   |     |")
    text = rules(head, grid, facts=MORE_FACTS)

    assert "product is MA" in told(changes(tmp_path, text))["PLAN 100%"]
    none = changes(tmp_path, text, product="MA", area="outside", to="IPA")
    assert "area is inside & product is HMO" in told(none)["IPA 100%"]


def test_a_contract_chosen_by_hand_is_every_payers(tmp_path: Path) -> None:
    facts = MORE_FACTS.replace("  fact product", "  fact payer is text\n  fact product")
    head = HEAD.replace("  products", '  for payer "Acme"\n  products')
    folder = written_rules(tmp_path, rules(facts=facts, head=head))
    line = Line("c", "1", LINE)

    by_claim = load(folder, engine="reference").what_would_change(line)
    by_hand = load(folder, engine="reference", contract="K").what_would_change(line)

    assert by_claim.settles  # nobody said who the payer is
    assert "area is outside" in told(by_hand)["PLAN 100%"]


def test_dates_that_are_compared_are_told_as_days(tmp_path: Path) -> None:
    when = "service_date > 60 days after admission_date"
    text = rules(clause(when), facts=MORE_FACTS)
    found = told(changes(tmp_path, text, to="PLAN", admission_date=date(2025, 2, 1)))

    assert "service_date >= 2025-04-03" in found["PLAN 100%"]
    assert "admission_date <= 2025-01-02" in found["PLAN 100%"]


def test_a_decision_can_be_asked_and_a_reject_cannot(tmp_path: Path) -> None:
    book = book_of(tmp_path, rules())
    good = {"line": 1, "procedure_code": "99203", "area": "inside", "product": "HMO"}
    bad = {"line": 2, "age": "young"}
    document = {"claim_id": "c", "service_date": "2025-03-04", "lines": [good, bad]}
    rejected, decided = sorted(book.decide(document), key=lambda d: d.line is not None)

    assert "area is outside" in told(book.what_would_change(decided))["PLAN 100%"]
    with pytest.raises(ValueError, match="was not read"):
        book.what_would_change(rejected)


# Told


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    catalog = CATALOG.replace("99201-99215", "99201-99215")
    clauses = clause("age > 64 and network is outside")
    facts = MORE_FACTS.replace(
        "fact product is one of HMO, MA", "fact product is one of HMO, MA fixed"
    )
    return book_of(tmp_path, rules(clauses, facts=facts, catalog=catalog))


def test_the_tree_has_the_decision_and_the_fewest_facts_first(book: RuleBook) -> None:
    line = Line("c", "1", LINE)
    found = book.what_would_change(line, party="PLAN")

    assert changes_tree(book.decide_line(line).decision, found).split("\n")[:6] == [
        "claim c, line 1",
        '  IPA (The group) bears 100% ($100.00) because of A "Visits" when area is inside.',
        "  One fact alone would change what PLAN bears:",
        "    area is outside (now inside) → PLAN 100%",
        "  Two facts together would change what PLAN bears:",
        "    age > 64 (now 40), and network is outside (now inside) → PLAN 100%",
    ]
    assert changes_tree(book.decide_line(line).decision, found).endswith(
        "Left alone, because they are fixed: product."
    )


def test_the_sentence_has_the_first_ways(book: RuleBook) -> None:
    line = Line("c", "1", LINE)
    found = book.what_would_change(line, party="PLAN")

    said = changes_sentence(book.decide_line(line).decision, found)
    assert "It would be PLAN 100% if area is outside (now inside); PLAN 100% if" in said
    assert said.endswith(".")


def test_the_record_follows_the_published_schema(book: RuleBook) -> None:
    for facts in (LINE, {**LINE, "product": "MA"}, {"product": "HMO"}):
        line = Line("c", "1", facts)
        record = changes_record(
            book.decide_line(line).decision, book.what_would_change(line)
        )
        jsonschema.Draft202012Validator(CHANGES).validate(record)
    assert record["settles"]


def test_numbers_in_an_example_are_text(book: RuleBook) -> None:
    line = Line("c", "1", {**LINE, "age": Fraction(81, 2)})
    found = book.what_would_change(line, to="PLAN")
    record = changes_record(book.decide_line(line).decision, found)

    assert {"age": "65", "network": "outside"} in [
        way["example"] for each in record["sets"] for way in each["ways"]
    ]


ROW = "claim_id,line,product,service_date,procedure_code,revenue_code,area,allowed\nA,1,HMO,2025-03-04,99213,,inside,100.00\n"


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Any, ...]:
    claims = tmp_path / "claims.csv"
    claims.write_text(ROW, encoding="utf-8")
    return "explain", claims, "--rules", written_rules(tmp_path, rules())


def test_the_command_says_what_would_change(
    whopays: Command, asked: tuple[Any, ...]
) -> None:
    tree = whopays(*asked, "--what-would-change", "--party", "PLAN")
    record = whopays(*asked, "--what-would-change", "--format", "json")

    assert tree.code == 0
    assert "area is outside (now inside) → PLAN 100%" in tree.out
    assert json.loads(record.out)["goal"] == "change the answer"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--party", "PLAN"), "`--party` goes with `--what-would-change`"),
        (("--to", "PLAN"), "`--to` goes with `--what-would-change`"),
        (("--what-would-change", "--party", "PLAM"), "Did you mean `PLAN`?"),
        (("--what-would-change", "--to", "PLAM"), "Did you mean `PLAN`?"),
        (("--what-would-change", "--to", "PLAN", "--party", "IPA"), "not both"),
        (("--what-would-change", "--why-not", "PLAN"), "one at a time"),
    ],
)
def test_wrong_use_is_told(
    whopays: Command, asked: tuple[Any, ...], options: tuple[str, ...], said: str
) -> None:
    found = whopays(*asked, *options)

    assert found.code == 2
    assert said in found.err


def test_services_that_no_row_answers_for_do_not_use_up_the_search(
    root: Path, tmp_path: Path
) -> None:
    """The contract of the README has four rows, its catalog hundreds of services."""
    text = (root / "README.md").read_text(encoding="utf-8")
    book = book_of(tmp_path, text.partition("```rules\n")[2].partition("```")[0])
    claim = {
        "claim_id": "C-7",
        "claim_type": "professional",
        "product": "HMO",
        "service_date": "2026-03-04",
        "place_of_service": "11",
        "network": "outside",
        "miles_from_pcp": 212,
        "age": 30,
        "lines": [{"line": 1, "procedure_code": "99213", "allowed": "120.00"}],
    }
    (decision,) = book.decide(claim)

    found = book.what_would_change(decision, to="GROUP")

    assert found.is_complete
    assert {"area", "claim_type", "revenue_code"} in [
        set(each.facts) for each in found.sets
    ]
