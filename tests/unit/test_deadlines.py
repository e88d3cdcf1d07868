"""Last days and interest, each worked out by hand with a calendar."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from whopays.model.accrual import MissingRateError, accrued, rounded
from whopays.model.clocks import Days, Interest, Rate
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.model.workdays import last_day


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _last(count: int, unit: str, start: Value) -> date | None:
    return last_day(Days(count, unit, "received_date"), start, "US-FEDERAL")


@pytest.mark.parametrize(
    ("start", "count", "last", "why"),
    [
        ("2026-01-05", 10, "2026-01-20", "two weekends, and Martin Luther King's day"),
        ("2025-12-19", 10, "2026-01-06", "Christmas, a year's turn, New Year's Day"),
        ("2026-02-14", 10, "2026-03-02", "a Saturday, then Washington's birthday"),
        ("2021-12-30", 1, "2022-01-03", "New Year's Day kept on the Friday before"),
        ("2026-07-02", 1, "2026-07-06", "4 July is a Saturday, kept on Friday"),
        ("2027-06-17", 1, "2027-06-21", "Juneteenth is a Saturday, kept on Friday"),
        ("2020-06-18", 1, "2020-06-19", "Juneteenth was no holiday yet"),
        ("2022-12-23", 1, "2022-12-27", "Christmas is a Sunday, kept on Monday"),
        ("2024-02-27", 3, "2024-03-01", "29 February is a working day"),
        ("2025-01-08", 1, "2025-01-09", "a day of mourning is no legal holiday"),
        ("2025-11-03", 45, "2026-01-09", "four holidays in forty-five working days"),
        ("2026-01-03", 0, "2026-01-03", "no days at all"),
    ],
)
def test_the_last_working_day(start: str, count: int, last: str, why: str) -> None:
    assert _last(count, "working days", _day(start)) == _day(last), why


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2026-01-05", 30, "2026-02-04"),
        ("2024-01-30", 30, "2024-02-29"),
        ("2023-01-30", 30, "2023-03-01"),
        ("2025-12-15", 30, "2026-01-14"),
        ("2026-01-01", 30, "2026-01-31"),  # a Saturday stays one
        ("2009-03-01", 30, "2009-03-31"),  # the example of the Medicare manual
    ],
)
def test_the_last_calendar_day(start: str, count: int, last: str) -> None:
    assert _last(count, "calendar days", _day(start)) == _day(last)
    assert _last(count, "days", _day(start)) == _day(last)


@pytest.mark.parametrize("unit", ["days", "calendar days", "working days"])
def test_a_last_day_that_nobody_can_know_is_unknown(unit: str) -> None:
    assert _last(10, unit, UNKNOWN) is None
    assert _last(10, unit, NONE) is None
    assert _last(9999, unit, date.max) is None


def test_working_days_far_away_are_unknown() -> None:
    assert _last(10, "working days", _day("1700-01-05")) is None
    assert _last(10, "working days", _day("2099-12-31")) is None


# Interest

YEAR = Rate("percent", Fraction(15, 100), "year", False)
FIFTEEN = Rate("money", 1500, "year", True)


def _interest(*rates: Rate, extreme: str = "", rounding: str = "half away") -> Interest:
    return Interest(extreme, rates, "", rounding)


def _cents(interest: Interest, owed: int, due: str, paid: str) -> Fraction:
    return accrued(interest, owed, _day(due), _day(paid), lambda _: UNKNOWN)


def test_simple_interest_counts_the_days_after_the_last_day_and_that_of_payment() -> (
    None
):
    interest = _interest(YEAR)

    assert _cents(interest, 100_000, "2026-02-04", "2026-02-10") == Fraction(
        100_000 * 15 * 6, 100 * 365
    )
    assert rounded(Fraction(100_000 * 15 * 6, 100 * 365), "half away") == 247
    assert _cents(interest, 100_000, "2026-02-04", "2026-02-05") == Fraction(
        15_000, 365
    )


@pytest.mark.parametrize("paid", ["2026-02-04", "2026-02-03", "2025-01-01"])
def test_what_is_paid_in_time_bears_nothing(paid: str) -> None:
    both = _interest(YEAR, FIFTEEN, extreme="greater")

    assert _cents(both, 100_000, "2026-02-04", paid) == 0


@pytest.mark.parametrize("owed", [0, -5000])
def test_nothing_is_owed_on_nothing_or_on_a_reversal(owed: int) -> None:
    assert _cents(_interest(FIFTEEN), owed, "2026-02-04", "2026-03-04") == 0


def test_a_calendar_year_of_366_days_makes_a_day_smaller() -> None:
    ten = Fraction(10, 100)
    calendar = _interest(Rate("percent", ten, "calendar year", False))
    plain = _interest(Rate("percent", ten, "year", False))

    # 31 December 2023, 1 and 2 January 2024
    exact = _cents(calendar, 1_000_000, "2023-12-30", "2024-01-02")
    assert exact == 100_000 * (Fraction(1, 365) + Fraction(2, 366))
    assert rounded(exact, "half away") == 820
    assert (
        rounded(_cents(plain, 1_000_000, "2023-12-30", "2024-01-02"), "half away")
        == 822
    )
    # Two whole years, one of them leap, are twice a year's interest.
    assert _cents(calendar, 1_000_000, "2022-12-31", "2024-12-31") == 200_000


@pytest.mark.parametrize(
    ("due", "paid", "years"),
    [
        ("2024-02-29", "2024-03-01", 1),
        ("2024-02-29", "2025-02-28", 1),
        ("2024-02-29", "2025-03-01", 2),
        ("2025-12-31", "2026-12-31", 1),
        ("2025-12-31", "2027-01-01", 2),
    ],
)
def test_years_that_have_begun_count_whole(due: str, paid: str, years: int) -> None:
    assert _cents(_interest(FIFTEEN), 1, due, paid) == 1500 * years


@pytest.mark.parametrize(
    ("due", "paid", "months"),
    [
        ("2026-01-31", "2026-02-01", 1),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-01", 2),
        ("2025-12-15", "2026-01-15", 1),
        ("2025-12-15", "2026-01-16", 2),
    ],
)
def test_months_that_have_begun_count_whole(due: str, paid: str, months: int) -> None:
    one = _interest(Rate("percent", Fraction(1, 100), "month", True))

    assert _cents(one, 10_000, due, paid) == 100 * months


def test_the_greater_and_the_lesser_of_two_rates() -> None:
    greater = _interest(YEAR, FIFTEEN, extreme="greater")
    lesser = _interest(YEAR, FIFTEEN, extreme="lesser")

    assert _cents(greater, 100_000, "2026-02-04", "2026-02-10") == 1500
    assert _cents(greater, 10_000_000, "2026-02-04", "2026-02-10") > 1500
    assert _cents(lesser, 10_000_000, "2026-02-04", "2026-02-10") == 1500


def test_rates_by_the_day_and_rates_that_the_claim_gives() -> None:
    by_day = _interest(Rate("money", 500, "day", False))
    given = _interest(Rate("fact", "treasury_rate", "year", False))

    assert _cents(by_day, 1, "2026-02-04", "2026-02-10") == 3000
    rate = Fraction(49, 8)  # 6.125%
    assert accrued(
        given, 36_500, _day("2026-02-04"), _day("2026-02-14"), lambda _: rate
    ) == Fraction(490, 8)
    with pytest.raises(MissingRateError, match="treasury_rate"):
        _cents(given, 36_500, "2026-02-04", "2026-02-14")


def test_half_a_cent_is_rounded_up_or_to_the_even_cent() -> None:
    half = Fraction(1825 * 10, 100 * 365)

    assert half == Fraction(1, 2)
    assert (rounded(half, "half away"), rounded(half, "half even")) == (1, 0)
    assert rounded(Fraction(3, 2), "half even") == 2
    assert rounded(Fraction(5, 2), "half even") == 2
