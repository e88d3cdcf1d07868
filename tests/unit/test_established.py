"""Facts of accounts that follow from others: kidney failure, successive plans, last year."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whopays.api.accounts import AccountBook, load_accounts
from whopays.coordinate.account import Settled
from whopays.coordinate.kidney import coordination_ends, first_month
from whopays.model.account import Account
from whopays.model.conditions import Shift
from whopays.model.spells import Spell, unbroken_since, value_in_year
from whopays.model.values import UNKNOWN, Value

D = date.fromisoformat
RULESETS = Path(__file__).parents[2] / "rulesets"


@pytest.fixture(scope="module")
def book() -> AccountBook:
    return load_accounts(RULESETS / "cob", engine="reference")


@pytest.mark.parametrize(
    ("dialysis", "training", "admitted", "transplanted", "first"),
    [
        # POMS HI 00801.216: the first or the last day of August, entitled on 1 November
        ("2023-08-01", None, None, None, "2023-11-01"),
        ("2023-08-31", None, None, None, "2023-11-01"),
        ("2023-11-30", None, None, None, "2024-02-01"),
        # Training for dialysis at home, on the last day of waiting and a day later
        ("2023-08-15", "2023-10-31", None, None, "2023-08-01"),
        ("2023-08-15", "2023-11-01", None, None, "2023-11-01"),
        # A transplant, with the person admitted in the month, two months and three before
        (None, None, None, "2023-08-15", "2023-08-01"),
        (None, None, "2023-08-02", "2023-08-15", "2023-08-01"),
        (None, None, "2023-06-30", "2023-08-15", "2023-06-01"),
        (None, None, "2023-05-31", "2023-08-15", "2023-06-01"),
        # Whatever is first
        ("2023-07-01", None, None, "2023-08-15", "2023-08-01"),
        ("2023-01-01", None, "2023-07-01", "2023-08-15", "2023-04-01"),
        (None, "2023-01-01", "2023-01-01", None, None),
    ],
)
def test_the_right_to_medicare_by_kidney_failure_begins_with_a_month(
    dialysis: str | None,
    training: str | None,
    admitted: str | None,
    transplanted: str | None,
    first: str | None,
) -> None:
    days = map(_day, (dialysis, training, admitted, transplanted))

    assert first_month(*days) == _day(first)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2024-01-01", "2026-06-30"),
        ("2023-09-01", "2026-02-28"),
        ("1996-03-01", "1998-08-31"),
        ("1996-02-01", "1997-07-31"),
    ],
)
def test_the_coordination_period_has_thirty_months(begins: str, ends: str) -> None:
    assert coordination_ends(D(begins)) == D(ends)


@given(st.dates(D("1996-03-01"), D("2060-12-31")))
def test_the_period_ends_where_the_rules_of_the_order_let_it_end(day: date) -> None:
    begins = day.replace(day=1)

    ends = coordination_ends(begins)

    assert ends < Shift(30, "months").apply(begins)
    assert ends + timedelta(days=1) == Shift(30, "months").apply(begins)


def _day(text: str | None) -> date | None:
    return None if text is None else D(text)


def _spells(*parts: tuple[Value, str | None, str | None]) -> tuple[Spell, ...]:
    return tuple(Spell(value, _day(first), _day(last)) for value, first, last in parts)


@pytest.mark.parametrize(
    ("spells", "since"),
    [
        (_spells((True, "2020-05-01", None)), D("2020-05-01")),
        (
            _spells((True, "2010-01-01", "2019-12-31"), (True, "2020-01-01", None)),
            D("2010-01-01"),
        ),
        (
            _spells((True, "2010-01-01", "2019-12-30"), (True, "2020-01-01", None)),
            D("2020-01-01"),
        ),
        (
            _spells(
                (True, "2010-01-01", "2014-12-31"),
                (False, "2015-01-01", "2019-12-31"),
                (True, "2020-01-01", None),
            ),
            D("2020-01-01"),
        ),
        (_spells((True, None, None)), UNKNOWN),
        (_spells((True, "2020-01-01", "2025-12-31")), UNKNOWN),
        (_spells((False, "2020-01-01", None)), UNKNOWN),
        ((), UNKNOWN),
    ],
)
def test_plans_that_follow_each_other_within_a_day_count_as_one(
    spells: tuple[Spell, ...], since: Value
) -> None:
    assert unbroken_since(spells, D("2026-03-04")) == since


@pytest.mark.parametrize(
    ("spells", "value"),
    [
        (_spells((25, None, None)), 25),
        (_spells((25, "2025-01-01", "2025-12-31"), (12, "2026-01-01", None)), 25),
        (_spells((25, "2025-01-02", None)), UNKNOWN),
        (_spells((25, None, "2025-12-30")), UNKNOWN),
        (_spells((25, None, "2025-06-30"), (25, "2025-07-01", None)), 25),
        (_spells((25, None, "2025-06-30"), (12, "2025-07-01", None)), UNKNOWN),
        (_spells((25, None, "2025-06-30"), (25, "2025-07-02", None)), UNKNOWN),
    ],
)
def test_a_value_of_a_year_was_in_force_on_all_of_its_days(
    spells: tuple[Spell, ...], value: Value
) -> None:
    assert value_in_year(spells, 2025) == value


PATIENT: dict[str, Any] = {
    "medicare_by": "age",
    "dialysis_began": "2023-10-20",
    "dialysis_training_began": None,
    "transplanted": None,
    "transplant_admitted": None,
    "esrd_eligible_to": None,
}
GROUP: dict[str, Any] = {
    "kind": "group",
    "employment": "retired",
    "covers_as": "subscriber",
    "behind_medicare_before_esrd": "no",
}


def _account(
    day: str, patient: dict[str, Any], facts: dict[str, Any], **more: Any
) -> dict[str, Any]:
    return {
        "account_id": "A-1",
        "service_date": day,
        "patient": patient,
        "lines": [{"line": "1", "billed": "100.00"}],
        "coverages": [
            {"plan": "MEDICARE", "facts": {"kind": "medicare"}},
            {"plan": "GROUP", "facts": facts},
        ],
        **more,
    }


def _settled(book: AccountBook, document: dict[str, Any]) -> Settled:
    account = book.account(json.loads(json.dumps(document)))
    assert isinstance(account, Account), account
    return book.settle(account)


@pytest.mark.parametrize(
    ("day", "first", "rule"),
    [
        ("2026-06-30", "GROUP", "KIDNEY-THIRTY-MONTHS"),
        ("2026-07-01", "MEDICARE", "KIDNEY-AFTERWARDS"),
        ("2023-12-31", "MEDICARE", "MEDICARE-FIRST"),
    ],
)
def test_days_of_treatment_are_enough_for_the_order(
    book: AccountBook, day: str, first: str, rule: str
) -> None:
    settled = _settled(book, _account(day, PATIENT, GROUP))

    assert settled.order.places[0] == (first,)
    assert settled.order.pairs[0].ahead.rules == (rule,)
    tree = book.tree(settled)
    assert (
        "Worked out: patient.esrd_eligible_from is 2024-01-01: the first month that "
        "dialysis_began 2023-10-20 gives a right to Medicare; the thirty months end on "
        "2026-06-30 (42 U.S.C. 426-1(b), (c); 42 CFR 406.13; POMS HI 00801.216)" in tree
    )
    (known,) = book.record(settled)["order"]["established"]
    assert known["value"] == "2024-01-01"
    assert known["is_believed"] is True


def test_the_values_that_decided_a_pair_are_shown_with_the_plans_by_name(
    book: AccountBook,
) -> None:
    facts = {
        "kind": "group",
        "employment": "active",
        "covers_as": "subscriber",
        "employer_size": 20,
    }
    patient = {"medicare_by": "age", "esrd_eligible_from": None}

    settled = _settled(book, _account("2026-03-04", patient, facts))

    (tests,) = [pair["tests"] for pair in book.record(settled)["order"]["pairs"]]
    assert "GROUP.kind is group" in tests
    assert "patient.medicare_by is age" in tests
    assert "GROUP.employer_size >= 20 (GROUP.employer_size is 20)" in tests
    assert "      GROUP.kind is group; MEDICARE.kind is medicare;" in book.tree(settled)


def test_a_day_that_is_not_known_leaves_the_month_open(book: AccountBook) -> None:
    patient = {k: v for k, v in PATIENT.items() if k != "transplanted"}

    settled = _settled(book, _account("2026-06-30", patient, GROUP))

    assert settled.established == ()
    assert "patient.esrd_eligible_from" in settled.needs


def test_a_month_that_is_given_otherwise_is_not_believed(book: AccountBook) -> None:
    patient = {**PATIENT, "esrd_eligible_from": "2023-12-01"}

    settled = _settled(book, _account("2026-06-30", patient, GROUP))

    assert settled.order.places == ()
    assert "patient.esrd_eligible_from" in settled.needs
    assert settled.established[0].text.endswith(
        "; another is given, so neither is believed"
    )
    same = {**PATIENT, "esrd_eligible_from": "2024-01-01"}
    assert _settled(book, _account("2026-06-30", same, GROUP)).order.places


def test_medicare_by_kidney_failure_without_a_day_leaves_the_order_open(
    book: AccountBook,
) -> None:
    patient = {"medicare_by": "esrd", "esrd_eligible_from": None}
    never = {**dict.fromkeys(PATIENT), "medicare_by": "esrd"}

    for each in (patient, never):
        settled = _settled(book, _account("2026-06-30", each, GROUP))

        assert settled.order.places == ()
        assert "patient.esrd_eligible_from" in settled.needs
        assert "medicare_by is esrd" in settled.established[-1].text
    aged = {**patient, "medicare_by": "age"}
    assert _settled(book, _account("2026-06-30", aged, GROUP)).order.places


def test_what_was_worked_out_is_told_in_one_order_however_plans_are_listed(
    book: AccountBook,
) -> None:
    patient = {"medicare_by": "age", "esrd_eligible_from": None}
    sizes = [{"from": "2025-01-01", "value": 20}]
    account = _account("2026-03-04", patient, {**GROUP, "employer_size": sizes})
    other = {"plan": "ALPHA", "facts": {**GROUP, "employer_size": sizes}}
    listed = [*account["coverages"], other]

    ways = [
        _settled(book, {**account, "coverages": each})
        for each in (listed, listed[::-1])
    ]

    assert len(ways[0].established) == 2
    assert ways[0].established == ways[1].established


def test_the_size_of_last_year_follows_from_the_sizes_by_year(
    book: AccountBook,
) -> None:
    sizes = [
        {"from": "2025-01-01", "to": "2025-12-31", "value": 20},
        {"from": "2026-01-01", "value": 12},
    ]
    facts = {**GROUP, "employment": "active", "employer_size": sizes}
    patient = {"medicare_by": "age", "esrd_eligible_from": None}

    settled = _settled(book, _account("2026-03-04", patient, facts))

    assert settled.order.pairs[0].ahead.rules == ("WORKING-AGED",)
    assert settled.established[0].name == "GROUP.employer_size_last_year"
    earlier = _settled(book, _account("2027-03-04", patient, facts))
    assert earlier.order.places == ()
    assert "GROUP.multi_employer" in earlier.needs


def test_the_length_of_cover_follows_from_the_days_enrolled(book: AccountBook) -> None:
    def plan(name: str, *spells: dict[str, Any]) -> dict[str, Any]:
        facts = {
            "kind": "group",
            "covers_as": "subscriber",
            "coordinates": "yes",
            "employment": "active",
            "enrolled": list(spells),
        }
        return {"plan": name, "facts": facts}

    successive = plan(
        "SUCCESSIVE",
        {"from": "2015-01-01", "to": "2019-12-31", "value": "yes"},
        {"from": "2020-01-01", "value": "yes"},
    )
    single = plan("SINGLE", {"from": "2018-01-01", "value": "yes"})
    document = _account(
        "2026-03-04", {"is_child": "no"}, {}, coverages=[single, successive]
    )

    settled = _settled(book, document)

    assert settled.order.places == (("SUCCESSIVE",), ("SINGLE",))
    assert settled.order.pairs[0].ahead.rules == ("LONGER",)
    assert {each.name: each.value for each in settled.established} == {
        "SINGLE.covered_since": D("2018-01-01"),
        "SUCCESSIVE.covered_since": D("2015-01-01"),
    }


@pytest.mark.parametrize(
    ("learned", "first", "rule"),
    [
        ("2026-03-04", "NAMED", "DECREE"),
        ("2026-03-05", "CUSTODY", "CUSTODY"),
        (None, "CUSTODY", "CUSTODY"),
    ],
)
def test_a_plan_knows_of_a_decree_from_the_day_on_which_it_learned_of_it(
    book: AccountBook, learned: str | None, first: str, rule: str
) -> None:
    child = {
        "kind": "group",
        "coordinates": "yes",
        "covers_as": "dependent",
        "covers_through": "parent",
    }
    named = {
        **child,
        "has_custody": "no",
        "named_by_decree": "yes",
        "decree_known_on": learned,
        "paid_before_decree_known": "no",
    }
    other = {**child, "has_custody": "yes", "named_by_decree": "no"}
    patient = {"is_child": "yes", "parents": "apart", "decree": "one_parent"}
    plans = [{"plan": "NAMED", "facts": named}, {"plan": "CUSTODY", "facts": other}]

    settled = _settled(book, _account("2026-03-04", patient, {}, coverages=plans))

    assert settled.order.places[0] == (first,)
    assert settled.order.pairs[0].ahead.rules == (rule,)
    (known,) = settled.established
    assert known.name == "NAMED.knows_decree"
