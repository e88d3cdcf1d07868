"""What must hold of all reports: one for each account, and amounts that no label moves."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from whopays.api.accounts import AccountBook, load_accounts
from whopays.api.profiles import Profiles, methods_of
from whopays.api.reports import service_day
from whopays.coordinate.account import Settled
from whopays.model.account import Account
from whopays.office import Facility, Profile
from whopays.office.failures import FAILURES
from whopays.office.rows import Row, Rows
from whopays.office.states import REASONS, REPORTS
from whopays.office.switch import PRIMARY

CATEGORIES = ("favorable", "unfavorable", "none")
PLANS = ("ONE", "TWO", "THREE", "FOUR")


@cache
def _book() -> AccountBook:
    return load_accounts(order="as-given")


@cache
def _methods(position: str) -> list[str]:
    return [name for name, m in methods_of().items() if position in m.positions]


amounts = st.integers(0, 500_000).map(lambda c: f"{c // 100}.{c % 100:02d}")


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Return an account of one to three lines and one to four plans, much of it missing."""
    lines = [
        {"line": str(at), "billed": draw(amounts)}
        for at in range(draw(st.integers(1, 3)))
    ]
    words = ("paid", "allowed", "benefit", "expected", "patient_share", "deductible")
    coverages = [
        {
            "plan": plan,
            "amounts": {word: draw(amounts) for word in words if draw(st.booleans())},
        }
        for plan in draw(st.permutations(PLANS))[: draw(st.integers(1, 4))]
    ]
    return {"account_id": "A", "lines": lines, "coverages": coverages}


@st.composite
def profiles(draw: st.DrawFn) -> tuple[Profile, ...]:
    """Return profiles for some of the plans."""
    return tuple(
        Profile(
            plan,
            plans=(plan,),
            secondary=draw(st.none() | st.sampled_from(_methods("secondary"))),
            tertiary=draw(st.none() | st.sampled_from(_methods("tertiary"))),
            language_category=draw(st.sampled_from(CATEGORIES)),
            reprice=draw(st.sampled_from(["yes", "yes", "no", "none"])),
        )
        for plan in PLANS
        if draw(st.integers(0, 3))
    )


def _settled(
    document: dict[str, Any], found: tuple[Profile, ...], *, enabled: bool = True
) -> tuple[Settled, tuple[Row, ...]]:
    used = Profiles(found, Facility("H", fully_enabled=enabled))
    book = replace(_book(), profiles=used)
    account = book.account(document)
    assert isinstance(account, Account)
    settled = book.settle(account)
    facts = book.coordinator.facts
    rows = Rows(used.facility, facts, used.of, used.against, service_day)
    return settled, tuple(rows.of(settled, ("a", 1)))


@given(documents(), profiles(), st.booleans())
def test_each_account_with_a_second_plan_is_on_one_report_and_no_other_is_on_any(
    document: dict[str, Any], found: tuple[Profile, ...], enabled: bool
) -> None:
    _, rows = _settled(document, found, enabled=enabled)

    second = [row for row in rows if row.is_second]

    assert len(second) == (len(document["coverages"]) > 1)
    assert all(row.report in REPORTS for row in second)
    assert [r.position for r in rows if not r.report] == [PRIMARY]


@given(documents(), profiles(), st.booleans())
def test_what_is_no_exception_has_an_amount_and_an_exception_its_reasons(
    document: dict[str, Any], found: tuple[Profile, ...], enabled: bool
) -> None:
    _, rows = _settled(document, found, enabled=enabled)

    for row in rows:
        if row.report in {"favorable", "unfavorable"}:
            assert row.report == row.category
            assert row.expected is not None
            assert row.expected >= 0
            assert row.because
            assert row.reasons == ()
        elif row.report:
            assert row.reasons
            assert list(row.reasons) == [
                each for each in REASONS if each in row.reasons
            ]
        assert (row.failure in FAILURES) == ("REPRICE_FAILED" in row.reasons)


@given(documents(), profiles(), st.lists(st.sampled_from(CATEGORIES), min_size=4))
def test_the_language_category_changes_no_amount(
    document: dict[str, Any], found: tuple[Profile, ...], categories: list[str]
) -> None:
    others = tuple(
        replace(each, language_category=other)
        for each, other in zip(found, categories, strict=False)
    )

    one, rows = _settled(document, found)
    other, other_rows = _settled(document, others)

    assert one == other
    assert [(r.expected, r.because) for r in rows] == [
        (r.expected, r.because) for r in other_rows
    ]


@given(documents(), profiles())
def test_the_rows_say_what_the_settled_account_says(
    document: dict[str, Any], found: tuple[Profile, ...]
) -> None:
    settled, rows = _settled(document, found)

    expected = {payer.coverage.plan: payer.expected for payer in settled.payers}
    for row in rows:
        if row.expected is not None and not row.by_hand:
            assert row.expected == expected[row.plan]
