"""A cell becomes exactly one value, or a problem that does not repeat the cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_support import FACTS
from whopays.claims import PLAIN, FieldProblem, Form, value_of
from whopays.claims.dates import date_format
from whopays.model.values import NONE, UNKNOWN, Value


@pytest.mark.parametrize(
    ("fact", "raw", "value"),
    [
        ("billed", "120.00", 12000),
        ("billed", "120", 12000),
        ("billed", " -0.5 ", -50),
        ("billed", "120.5000", 12050),
        ("billed", "123456789012345.67", 12345678901234567),
        ("units", "3", 3),
        ("units", "3.0", 3),
        ("units", "2.5", Fraction(5, 2)),
        ("own_plan_percent", "80%", 80),
        ("own_plan_percent", "12.5", Fraction(25, 2)),
        ("emergency", True, True),
        ("emergency", "Y", True),
        ("emergency", "FALSE", False),
        ("emergency", "0", False),
        ("service_date", "2026-02-28", date(2026, 2, 28)),
        ("service_date", "2026-02-28 00:00:00", date(2026, 2, 28)),
        ("birthday", "02-29", (2, 29)),
        ("birthday", "1961-07-04", (7, 4)),
        ("network", "inside", "inside"),
        ("authorized_by", " PLAN ", "PLAN"),
        ("procedure_code", "99213", "99213"),
        ("procedure_code", "g0444", "G0444"),
        ("revenue_code", "450", "0450"),
        ("revenue_code", "0450", "0450"),
        ("place_of_service", "2", "02"),
        ("bill_type", "131", "0131"),
        ("drg", "57", "057"),
        ("principal_diagnosis", "f32.9", "F329"),
        ("modifiers", "59; 26;26", ("26", "59")),
        ("modifiers", ["59", None, ""], ("59",)),
        ("diagnoses", [], NONE),
        ("diagnoses", "", NONE),
        ("drg", None, NONE),
        ("copay", "", NONE),
        ("copay", "0.00", 0),
        ("billed", "", UNKNOWN),
        ("network", None, UNKNOWN),
        ("drg", {"unknown": True}, UNKNOWN),
    ],
)
def test_a_cell_is_read_as_its_kind_says(fact: str, raw: object, value: Value) -> None:
    read = value_of(FACTS[fact], raw)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("fact", "raw"),
    [
        ("billed", "120.505"),
        ("billed", "$120.00"),
        ("billed", "1,200.00"),
        ("billed", "1e3"),
        ("billed", "NaN"),
        ("billed", "٣٤٥"),
        ("billed", True),
        ("billed", ["1.00"]),
        ("billed", {"value": "345.00"}),
        ("billed", 345.5),
        ("units", "three345"),
        ("service_date", "2026-02-30"),
        ("service_date", "02/28/2026"),
        ("service_date", "2026-02-28T13:45:00"),
        ("birthday", "02-30"),
        ("emergency", "345maybe"),
        ("network", "Inside"),
        ("product", "GOLD345"),
        ("procedure_code", "345"),
        ("revenue_code", "45"),
        ("revenue_code", "450.0"),  # a spreadsheet's 0450 must not become 4500
        ("place_of_service", "11.0"),
        ("principal_diagnosis", "345.1"),
        ("diagnoses", ["F329", "345"]),
        ("payer", "a\x00b"),
        ("payer", "\ud800"),
        ("payer", "345" * 1000),
        ("drg", {"unknown": False}),
    ],
)
def test_what_can_not_be_read_is_a_problem_without_the_content(
    fact: str, raw: object
) -> None:
    with pytest.raises(FieldProblem) as caught:
        value_of(FACTS[fact], raw)
    assert "345" not in caught.value.reason
    assert caught.value.reason.startswith(("is ", "has "))


def test_a_contract_may_extend_the_products() -> None:
    opened = frozenset({"product"})
    assert value_of(FACTS["product"], "GOLD", PLAIN, opened) == "GOLD"
    with pytest.raises(FieldProblem):
        value_of(FACTS["network"], "GOLD", PLAIN, opened)


def test_a_form_says_what_an_empty_cell_means() -> None:
    assert value_of(FACTS["billed"], "", Form(empty="none")) is NONE
    assert value_of(FACTS["drg"], "", Form(empty="unknown")) is UNKNOWN


def test_money_in_cents_takes_no_decimals() -> None:
    assert value_of(FACTS["billed"], "12345", Form(cents=True)) == 12345
    with pytest.raises(FieldProblem):
        value_of(FACTS["billed"], "123.45", Form(cents=True))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d-%b-%Y", "04-Mar-2026"),
        ("%d-%b-%Y", "4-MAR-2026"),
        ("%Y%m%d", "20260304"),
        ("%m/%d/%Y", "3/4/2026"),
    ],
)
def test_a_declared_date_format_is_read(form: str, text: str) -> None:
    made = Form(dates=date_format(form))
    assert value_of(FACTS["service_date"], text, made) == date(2026, 3, 4)
    with pytest.raises(FieldProblem):
        value_of(FACTS["service_date"], "2026-03-04", made)


@pytest.mark.parametrize("form", ["%Y-%m", "%y-%m-%d", "%Y-%m-%d %H", "%m%b%d%Y"])
def test_a_date_format_needs_year_month_and_day_once(form: str) -> None:
    with pytest.raises(ValueError, match="date format"):
        date_format(form)


@given(st.integers(-(10**15), 10**15))
def test_money_is_exact_to_the_cent(cents: int) -> None:
    sign = "-" if cents < 0 else ""
    text = f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
    assert value_of(FACTS["billed"], text) == cents


@given(
    st.sampled_from(sorted(FACTS)),
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    ),
)
def test_no_cell_raises_anything_but_a_field_problem(name: str, raw: object) -> None:
    for fact in (FACTS[name], replace(FACTS[name], required=True)):
        try:
            read = value_of(fact, raw)
        except FieldProblem:
            continue
        assert not isinstance(read, (float, list, dict))
