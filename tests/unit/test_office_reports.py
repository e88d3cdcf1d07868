"""The three reports of accounts: who is on which, with which amount, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from office import OFF, ON, document, first, reported
from whopays.api.accounts import load_accounts
from whopays.api.profiles import Profiles
from whopays.model.account import Account
from whopays.office import Facility, Profile
from whopays.office.rows import Row
from whopays.office.states import REPORTS

BLUE = Profile(
    "BLUE-PPO",
    payer="Blue Shield",
    plans=("BLUE",),
    secondary="BILLED-LESS-PAID",
    tertiary="NON-DUPLICATION",
    language_category="favorable",
    reprice="yes",
)


def _row(folder: Path, *plans: object, **words: object) -> Row:
    """Return the one row of an account on the reports, by the profile of BLUE."""
    profile = words.pop("profile", BLUE)
    facility = words.pop("facility", ON)
    found = reported(folder, [document("A", *plans, **words)], [profile], facility)  # type: ignore[arg-type, list-item]
    (row,) = [row for name in REPORTS for row in found.reports.of(name)]
    return row


def test_every_state_of_profile_and_reprice_is_on_its_report(tmp_path: Path) -> None:
    states = list(
        product(
            ("BILLED-LESS-PAID", None),
            ("favorable", "unfavorable", "none"),
            ("yes", "no", "none"),
        )
    )
    profiles = [
        Profile(
            f"P{at}", plans=(f"P{at}",), secondary=m, language_category=c, reprice=r
        )
        for at, (m, c, r) in enumerate(states)
    ]
    paid, unpaid = first(), first("", "900.00")
    accounts = [
        document(f"{run}-{at}-{plan}", ahead, plan)
        for at in range(len(states))
        for run, ahead in (("ok", paid), ("fails", unpaid))
        for plan in (f"P{at}", f"UNMATCHED-{at}")
    ]

    found = reported(tmp_path, accounts, profiles).reports
    on = {name: {row.account for row in found.of(name)} for name in REPORTS}

    assert len(accounts) == 72  # 36 matched states, and as many that are not
    assert on["favorable"] == {"ok-0-P0"}
    assert on["unfavorable"] == {"ok-3-P3"}
    assert len(on["exception"]) == 70
    assert set.union(*on.values()) == {each["account_id"] for each in accounts}
    failed = {r.account for r in found.rows if "REPRICE_FAILED" in r.reasons}
    assert failed == {"fails-0-P0", "fails-3-P3", "fails-6-P6"}  # F, U, and no category


def test_a_row_has_the_amount_the_working_and_what_gave_it(tmp_path: Path) -> None:
    row = _row(tmp_path, first("1200.00"), "BLUE")

    assert (row.report, row.expected, row.basis) == ("favorable", 0, "posted")
    assert row.because == "not below $0.00"
    assert "$1,000.00 - $1,200.00" in row.working
    assert (row.payer, row.profile, row.position) == (
        "Blue Shield",
        "BLUE-PPO",
        "secondary",
    )


def test_a_payer_ahead_that_has_not_posted_counts_with_what_is_expected(
    tmp_path: Path,
) -> None:
    ahead = {"plan": "FIRST", "amounts": {"expected": "700.00"}}

    row = _row(tmp_path, ahead, "BLUE")

    assert (row.expected, row.basis) == (30_000, "expected")


def test_a_posted_zero_is_a_payment(tmp_path: Path) -> None:
    assert _row(tmp_path, first("0.00"), "BLUE").expected == 100_000


def test_by_hand_is_no_exception_and_is_found_by_its_flag(tmp_path: Path) -> None:
    hand = replace(BLUE, secondary="MANUAL", language_category="unfavorable")

    row = _row(tmp_path, first(), "BLUE", profile=hand)

    assert (row.report, row.expected, row.by_hand) == ("unfavorable", 0, True)


def test_posted_less_expected_is_told(tmp_path: Path) -> None:
    blue = {"plan": "BLUE", "amounts": {"paid": "350.00"}}

    row = _row(tmp_path, first(), blue)

    assert (row.expected, row.posted, row.difference) == (40_000, 35_000, -5_000)


@pytest.mark.parametrize(
    ("plans", "words", "failure"),
    [
        ((first(""), "BLUE"), {}, "NO_PAYMENT_AHEAD"),
        (
            (first(), {"plan": "BLUE"}),
            {"secondary": "OWN-ALLOWED-LESS-PAID"},
            "MISSING_INPUT",
        ),
        (({**first(), "refused": True}, "BLUE"), {}, "ORDER_WRONG"),
    ],
)
def test_a_failed_reprice_says_why(
    tmp_path: Path, plans: tuple[object, ...], words: dict[str, str], failure: str
) -> None:
    row = _row(tmp_path, *plans, profile=replace(BLUE, **words))  # type: ignore[arg-type]

    assert (row.report, row.reasons) == ("exception", ("REPRICE_FAILED",))
    assert row.failure == failure
    assert row.why
    assert row.expected is None


@pytest.mark.parametrize(
    ("profile", "words", "why"),
    [
        (replace(BLUE, plans=("B",)), {}, "no profile is for the plan BLUE"),
        (
            replace(BLUE, effective=date(2026, 4, 1)),
            {},
            "BLUE-PPO is for the plan BLUE, and not on 2026-03-04",
        ),
        (
            replace(BLUE, effective=date(2026, 1, 1)),
            {"service_date": ""},
            "BLUE-PPO is for the plan BLUE, and the service date is missing",
        ),
        (
            replace(BLUE, effective=date(2026, 3, 1)),
            {
                "service_date": "",
                "lines": [
                    {"line": "1", "billed": "1.00", "service_date": "2026-02-28"},
                    {"line": "2", "billed": "1.00", "service_date": "2026-03-01"},
                ],
            },
            "BLUE-PPO is for the plan BLUE, and not for all service dates of the account",
        ),
    ],
)
def test_an_account_without_a_product_match_says_why(
    tmp_path: Path, profile: Profile, words: dict[str, object], why: str
) -> None:
    row = _row(tmp_path, first(), "BLUE", profile=profile, **words)

    assert (row.report, row.reasons) == ("exception", ("NO_PRODUCT_MATCH",))
    assert row.why == why


def test_an_account_whose_order_is_not_known_is_one_exception(tmp_path: Path) -> None:
    found = reported(
        tmp_path, [document("A", first(), "BLUE", "RED")], [BLUE], order="NAIC-2013"
    )
    (row,) = found.reports.of("exception")

    assert (row.reasons, row.failure) == (("REPRICE_FAILED",), "ORDER_UNDETERMINED")
    assert row.plan == "BLUE or FIRST or RED"
    assert "needs" in row.why


def test_plans_that_share_equally_are_one_exception(tmp_path: Path) -> None:
    plans = [{"plan": name, "facts": SAME} for name in ("BLUE", "RED")]
    found = reported(
        tmp_path,
        [document("A", *plans, patient={"is_child": "no"})],
        [BLUE],
        order="NAIC-2013",
    )
    (row,) = found.reports.of("exception")

    assert (row.plan, row.failure) == ("BLUE = RED", "SHARES_EQUALLY")


def test_plans_that_share_equally_behind_a_first_are_one_exception_too(
    tmp_path: Path,
) -> None:
    first = {"plan": "ACME", "facts": {**SAME, "covered_since": "2010-01-01"}}
    plans = [{"plan": name, "facts": SAME} for name in ("BLUE", "RED")]
    found = reported(
        tmp_path,
        [document("A", *plans, first, patient={"is_child": "no"})],
        [BLUE],
        order="NAIC-2013",
    ).reports
    (row,) = found.of("exception")

    assert (row.plan, row.failure) == ("BLUE = RED", "SHARES_EQUALLY")
    assert [len(found.of(name)) for name in REPORTS] == [0, 0, 1]


SAME = {
    "kind": "group",
    "coordinates": "yes",
    "covers_as": "dependent",
    "covers_through": "spouse",
    "employment": "active",
    "covered_since": "2020-01-01",
}


def test_an_account_with_one_plan_is_counted_and_on_no_report(tmp_path: Path) -> None:
    found = reported(tmp_path, [document("A", "BLUE")], [BLUE]).reports

    assert found.alone == 1
    assert [len(found.of(name)) for name in REPORTS] == [0, 0, 0]


def test_third_payers_are_listed_on_request_and_in_no_total(tmp_path: Path) -> None:
    red = Profile("RED", plans=("RED",), tertiary="BILLED-LESS-PAID", reprice="yes")
    red = replace(red, language_category="favorable")
    accounts = [document("A", first(), "BLUE", "RED")]

    on = reported(tmp_path, accounts, [BLUE, red]).reports
    off = reported(tmp_path, accounts, [BLUE, red], OFF).reports

    assert [row.position for row in on.of("favorable")] == ["secondary"]
    assert [r.plan for r in on.of("favorable", tertiary=True)] == ["BLUE", "RED"]
    assert on.totals == off.totals
    assert on.totals["favorable"].accounts == 1
    # Without the switch no tertiary method is used.
    assert [r.plan for r in off.of("exception", tertiary=True)] == ["RED"]


def test_the_facility_that_chose_secondary_only_has_no_tertiary_amounts(
    tmp_path: Path,
) -> None:
    chosen = Facility("H", fully_enabled=True, secondary_only=True)
    accounts = [document("A", first(), "RED", "BLUE")]

    found = reported(tmp_path, accounts, [BLUE], chosen).reports
    third = next(row for row in found.rows if row.position == "tertiary")

    assert (third.reasons, third.expected) == (("METHOD_NONE",), None)


def test_an_account_that_was_adjusted_or_reversed_is_on_no_report(
    tmp_path: Path,
) -> None:
    accounts = [
        document("A", first(), "BLUE"),
        document("A2", first("650.00"), "BLUE", adjusts="A"),
        document("B", first(), "BLUE"),
        {"account_id": "BR", "reverses": "B"},
    ]

    found = reported(tmp_path, accounts, [BLUE]).reports

    assert [(r.account, r.expected) for r in found.of("favorable")] == [("A2", 35_000)]
    assert found.replaced == 3


def test_an_account_that_cannot_be_read_is_a_reject_and_on_no_report(
    tmp_path: Path,
) -> None:
    found = reported(
        tmp_path, [document("A", first(), "BLUE", billed="lots"), {"a": 1}], [BLUE]
    )

    assert found.reports.rejected == 2
    assert [each.field for each in found.rejects] == ["lines[0].billed", "account_id"]
    assert found.reports.rows == ()


def test_methods_side_by_side_are_on_no_report_and_change_none(tmp_path: Path) -> None:
    profiles = Profiles((BLUE,), ON)
    book = load_accounts(order="as-given", profiles=profiles)
    account = book.account(document("A", first(), "BLUE"))
    assert isinstance(account, Account)
    before = reported(tmp_path, [document("A", first(), "BLUE")], [BLUE])

    _, compared = book.compare(account)
    after = reported(tmp_path, [document("A", first(), "BLUE")], [BLUE])

    assert len(compared[0].methods) > 5
    assert after == before
    assert [row.method for row in after.reports.rows] == ["none", "BILLED-LESS-PAID"]
