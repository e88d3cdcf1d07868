"""Published cases of who goes first come out as they were published, by the orders that ship.

The notes say in a few words what is the case; here it is said in the facts of `COB`. A case
that has no facts here fails: none is left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from whopays.api.accounts import AccountBook, load_accounts
from whopays.coordinate.account import Settled
from whopays.model.account import Account

ROOT = Path(__file__).parents[2]
COB = ROOT / "rulesets" / "cob"
NOTES = ROOT.parent / "shared" / "domain" / "cob-examples.yaml"

Facts = dict[str, Any]
#: Plans by name, facts of the patient, and the order as published, in names of plans.
Case = tuple[dict[str, Facts], Facts, list[str]]

MEDICARE: Facts = {"kind": "medicare"}
SUBSCRIBER: Facts = {"covers_as": "subscriber"}
GROUP: Facts = {"kind": "group", "coordinates": "yes"}
WORKING: Facts = {**GROUP, **SUBSCRIBER, "employment": "active", "employer_size": 20}
AGED: Facts = {"medicare_by": "age", "esrd_eligible_from": None}
CHILD: Facts = {**AGED, "medicare_by": None, "is_child": "yes"}
NO_DECREE: Facts = {**CHILD, "parents": "apart", "decree": None}


def _of_child(through: str, **facts: Any) -> Facts:
    return {**GROUP, "covers_as": "dependent", "covers_through": through, **facts}


CASES: dict[str, Case] = {
    "ord-msp-aged-20plus": (
        {"medicare": MEDICARE, "ghp": WORKING},
        AGED,
        ["ghp", "medicare"],
    ),
    "ord-msp-disabled-100plus": (
        {"medicare": MEDICARE, "ghp": {**WORKING, "large_group_size": 100}},
        {**AGED, "medicare_by": "disability"},
        ["ghp", "medicare"],
    ),
    "ord-msp-esrd-after30": (
        {"medicare": MEDICARE, "ghp": WORKING},
        {
            "medicare_by": "esrd",
            "esrd_eligible_from": "2023-08-01",
            "esrd_eligible_to": None,
        },
        ["medicare", "ghp"],
    ),
    "ord-msp-cobra-aged": (
        {"medicare": MEDICARE, "cobra": {**GROUP, "employment": "continued"}},
        AGED,
        ["medicare", "cobra"],
    ),
    "ord-msp-nofault-unrelated": (
        {
            "medicare": MEDICARE,
            "no fault": {"kind": "no_fault", "answers_for_service": "no"},
        },
        AGED,
        ["medicare"],
    ),
    "ord-msp-tertiary-auto": (
        {
            "medicare": MEDICARE,
            "ghp": WORKING,
            "auto": {"kind": "no_fault", "answers_for_service": "yes"},
        },
        AGED,
        ["auto", "ghp", "medicare"],
    ),
    "ord-age-retirement-then-esrd": (
        {
            "medicare": MEDICARE,
            "ghp": {
                **GROUP,
                "employment": "retired",
                "behind_medicare_before_esrd": "yes",
            },
        },
        {**AGED, "esrd_eligible_from": "2026-01-01", "esrd_eligible_to": None},
        ["medicare", "ghp"],
    ),
    "ord-multi-employer-20": (
        {
            "medicare": MEDICARE,
            "ghp": {
                **WORKING,
                "employer_size": 19,
                "employer_size_last_year": 19,
                "multi_employer": "yes",
                "largest_employer_size": 20,
                "small_employer_excepted": "no",
            },
        },
        AGED,
        ["ghp", "medicare"],
    ),
    "ord-tricare-stepparent": (
        {
            "tricare": {"kind": "tricare", "covers_through": "parent"},
            "stepparent_plan": _of_child("parents_spouse"),
        },
        {**CHILD, "active_duty": "no"},
        ["stepparent_plan", "tricare"],
    ),
    "ord-tricare-medicaid": (
        {"tricare": {"kind": "tricare"}, "medicaid": {"kind": "medicaid"}},
        {"active_duty": "no"},
        ["tricare", "medicaid"],
    ),
    "ord-birthday-oct-apr": (
        {
            "parent_1_plan": _of_child("parent", subscriber_birthday="10-01"),
            "parent_2_plan": _of_child("parent", subscriber_birthday="04-30"),
        },
        {**CHILD, "parents": "together", "decree": None},
        ["parent_2_plan", "parent_1_plan"],
    ),
    "ord-custody-four-plans": (
        {
            "mothers_spouse_plan": _of_child("parents_spouse", has_custody="no"),
            "mother_plan": _of_child("parent", has_custody="no"),
            "fathers_spouse_plan": _of_child("parents_spouse", has_custody="yes"),
            "father_plan": _of_child("parent", has_custody="yes"),
        },
        NO_DECREE,
        ["father_plan", "fathers_spouse_plan", "mother_plan", "mothers_spouse_plan"],
    ),
    "ord-in-decree-responsible-uninsured": (
        {
            "parent_b_plan": _of_child("parent", named_by_decree="no"),
            "parent_a_spouse_plan": _of_child(
                "parents_spouse",
                named_by_decree="yes",
                decree_known_on="2025-01-01",
                paid_before_decree_known="no",
            ),
        },
        {**NO_DECREE, "decree": "one_parent", "named_parent_covers": "no"},
        ["parent_a_spouse_plan", "parent_b_plan"],
    ),
    "ord-ny-ogc-stepfather": (
        {
            "stepfather_plan": _of_child("parents_spouse", has_custody="yes"),
            "father_plan": _of_child("parent", has_custody="no"),
        },
        NO_DECREE,
        ["stepfather_plan", "father_plan"],
    ),
    "ord-cobra-other": (
        {
            "plan_a": {**GROUP, **SUBSCRIBER, "employment": "continued"},
            "plan_b": {**GROUP, **SUBSCRIBER, "employment": "active"},
        },
        {"is_child": "no"},
        ["plan_b", "plan_a"],
    ),
}
#: Cases without an order of plans in a row: see their own tests.
APART = {"ord-gender-rule-legacy", "ord-none-decides-equal"}


def _notes() -> list[dict[str, Any]]:
    if not NOTES.is_file():
        return []
    found = yaml.safe_load(NOTES.read_text("utf-8"))["order_examples"]
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module")
def book() -> AccountBook:
    return load_accounts(COB)


def _settled(book: AccountBook, plans: dict[str, Facts], patient: Facts) -> Settled:
    coverages: list[dict[str, Any]] = [
        {"plan": plan, "facts": facts} for plan, facts in plans.items()
    ]
    for each in coverages:
        if each["facts"].get("answers_for_service") == "no":
            each["lines"] = [{"line": "1", "covered": "no"}]
    account = book.account(
        {
            "account_id": "A-1",
            "service_date": "2026-03-04",
            "patient": patient,
            "lines": [{"line": "1", "billed": "100.00"}],
            "coverages": coverages,
        }
    )
    assert isinstance(account, Account), account
    return book.settle(account)


@pytest.mark.skipif(
    not NOTES.is_file(), reason="../shared is not beside this repository"
)
def test_every_case_of_the_notes_is_here_with_the_order_that_it_has_there() -> None:
    notes = {each["id"]: each for each in _notes()}
    assert set(notes) == {*CASES, *APART}
    for name, (plans, _, published) in CASES.items():
        note = notes[name]
        if "order" in note:
            assert note["order"] == published
        elif "first" in note:
            assert note["first"] == published[0]
        else:
            rank = note["order_rank_of_medicare"]
            assert published[rank - 1] == "medicare"
            assert len(plans) == rank


@pytest.mark.parametrize("name", CASES)
def test_a_published_order_comes_out_as_it_was_published(
    book: AccountBook, name: str
) -> None:
    plans, patient, published = CASES[name]

    settled = _settled(book, plans, patient)

    assert settled.order.places == tuple((plan,) for plan in published), settled.why


def test_plans_that_nothing_tells_apart_have_equal_shares(book: AccountBook) -> None:
    plan = {
        **GROUP,
        **SUBSCRIBER,
        "employment": "active",
        "covered_since": "2020-01-01",
    }

    settled = _settled(book, {"one": plan, "two": plan}, {"is_child": "no"})

    assert settled.order.places == (("one", "two"),)


def test_a_plan_with_a_rule_of_gender_has_no_provision_of_the_model(
    book: AccountBook,
) -> None:
    """The notes call it legacy: the model regulation has no such rule any more."""
    plans = {
        "mother_plan": _of_child("parent", subscriber_birthday="01-01"),
        "father_plan": _of_child(
            "parent",
            coordinates="no",
            yields_by_terms="no",
            subscriber_birthday="12-31",
        ),
    }

    settled = _settled(book, plans, {**CHILD, "parents": "together", "decree": None})

    assert settled.order.places == (("father_plan",), ("mother_plan",))
    assert settled.order.pairs[0].ahead.rules == ("NO-PROVISION",)


def test_a_retired_person_with_medicare_whose_spouse_works_has_three_plans_in_a_row(
    book: AccountBook,
) -> None:
    plans = {
        "own": {**GROUP, **SUBSCRIBER, "employment": "retired"},
        "medicare": MEDICARE,
        "spouse's": {
            **GROUP,
            "covers_as": "dependent",
            "covers_through": "spouse",
            "employment": "active",
            "employer_size": 20,
        },
    }

    settled = _settled(book, plans, AGED)

    assert settled.order.places == (("spouse's",), ("medicare",), ("own",))
    small = {
        **plans["spouse's"],
        "employer_size": 19,
        "employer_size_last_year": 19,
        "multi_employer": "no",
    }
    settled = _settled(book, {**plans, "spouse's": small}, AGED)
    assert settled.order.places == (("medicare",), ("own",), ("spouse's",))


def _adults(**since: tuple[str, str]) -> dict[str, Facts]:
    """Return plans that cover the person through the spouse, by employment and length."""
    return {
        name: _of_child("spouse", employment=employment, covered_since=f"{year}-01-01")
        for name, (employment, year) in since.items()
    }


def test_three_plans_in_a_circle_are_undetermined_and_name_their_rules(
    book: AccountBook,
) -> None:
    plans = _adults(
        active=("active", "2020"),
        policy=("not_by_employment", "2019"),
        retired=("retired", "2018"),
    )

    settled = _settled(book, plans, {"is_child": "no"})

    assert settled.order.places == ()
    assert settled.why == (
        "three plans go ahead of each other in a circle: policy goes ahead of active, by "
        "LONGER; active goes ahead of retired, by ACTIVE; retired goes ahead of policy, "
        "by LONGER"
    )


def test_an_own_spouse_between_the_lengths_of_two_parents_makes_a_circle(
    book: AccountBook,
) -> None:
    plans = {
        "first": _of_child(
            "parent", subscriber_birthday="02-01", covered_since="2020-01-01"
        ),
        "second": _of_child(
            "parent", subscriber_birthday="09-01", covered_since="2018-01-01"
        ),
        "spouse": _of_child("spouse", covered_since="2019-01-01"),
    }

    settled = _settled(book, plans, {**CHILD, "parents": "together", "decree": None})

    assert settled.order.places == ()
    assert "in a circle" in settled.why
    assert all(rule in settled.why for rule in ("BIRTHDAY", "OWN-SPOUSE"))


def test_a_tie_is_shared_only_by_plans_that_stand_alike_to_the_third(
    book: AccountBook,
) -> None:
    alike = _adults(
        one=("active", "2020"), retired=("retired", "2020"), two=("active", "2020")
    )
    settled = _settled(book, alike, {"is_child": "no"})
    assert settled.order.places == (("one", "two"), ("retired",))

    unlike = _adults(
        active=("active", "2020"),
        policy=("not_by_employment", "2020"),
        retired=("retired", "2010"),
    )
    settled = _settled(book, unlike, {"is_child": "no"})
    assert settled.order.places == ()
    assert settled.why == (
        "no rule tells active and policy apart, and they do not stand alike to retired: "
        "they can't share equally"
    )

    two_ties = _adults(
        active=("active", "2020"),
        policy=("not_by_employment", "2020"),
        retired=("retired", "2020"),
    )
    settled = _settled(book, two_ties, {"is_child": "no"})
    assert settled.order.places == ()
    assert settled.why == (
        "no rule tells policy and active apart, and active goes ahead of retired, by "
        "ACTIVE: they can't share equally"
    )


OWN_ORDER = """edition 1

order MINE "Mine"
  version 1
  facts from COB 2026.1
  rules from MEDICARE-SECONDARY 2026.1
  rules from NAIC-2013 2026.1
end
"""


def test_an_order_of_ones_own_is_used_with_the_methods_that_ship(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mine.rules"
    path.write_text(OWN_ORDER, encoding="utf-8")

    book = load_accounts(path)

    assert book.order is not None
    assert book.order.id == "MINE"
    assert "MSP-FEE-SCHEDULE" in book.coordinator.methods
    settled = _settled(book, {"medicare": MEDICARE, "ghp": WORKING}, AGED)
    assert settled.order.places == (("ghp",), ("medicare",))


def test_the_order_of_all_payers_is_used_where_none_is_named(book: AccountBook) -> None:
    assert book.order is not None
    assert book.order.id == "ALL-PAYERS"


@pytest.mark.parametrize(
    "path", sorted(COB.glob("order-*.rules")), ids=lambda p: p.stem
)
def test_each_rule_of_an_order_is_the_reason_of_a_test_beside_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rules = set(re.findall(r"^  rule ([A-Z-]+) ", text, re.MULTILINE))
    reasons = set(re.findall(r" because ([A-Z-]+)$", text, re.MULTILINE))

    assert rules <= reasons
    assert rules or "order ALL-PAYERS" in text
