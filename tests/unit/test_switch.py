"""What the switch "coordination fully enabled" of a facility brings, and what it takes."""

from __future__ import annotations

import pytest

from whopays.office import Facility, Profile

OFF = Facility("H", ad_hoc=True)
ON = Facility("H", fully_enabled=True)
BOTH = Profile("B", secondary="ONE", tertiary="TWO")


def test_the_secondary_method_is_used_with_and_without_the_switch() -> None:
    assert [each.method_of(BOTH, "secondary") for each in (OFF, ON)] == ["ONE", "ONE"]


def test_the_tertiary_method_comes_with_the_switch() -> None:
    assert OFF.method_of(BOTH, "tertiary") is None
    assert ON.method_of(BOTH, "tertiary") == "TWO"
    assert "fully enabled" in OFF.against_tertiary()
    assert ON.against_tertiary() == ""


def test_a_facility_may_choose_secondary_methods_only() -> None:
    chosen = Facility("H", fully_enabled=True, secondary_only=True)

    assert chosen.method_of(BOTH, "tertiary") is None
    assert "secondary methods only" in chosen.against_tertiary()


def test_bulk_update_goes_with_the_switch_and_the_refusal_says_what_to_do() -> None:
    assert (OFF.has_bulk_update, ON.has_bulk_update) == (True, False)
    assert OFF.against_bulk_update() == ""
    assert "check out, edit, check in" in ON.against_bulk_update()


def test_worklist_and_results_on_accounts_come_with_the_switch() -> None:
    assert (OFF.has_worklist, ON.has_worklist) == (False, True)
    assert (OFF.shows_on_accounts, ON.shows_on_accounts) == (False, True)
    assert OFF.against_worklist() != ""
    assert ON.against_worklist() == ""


@pytest.mark.parametrize(
    ("facility", "may", "viewing", "said"),
    [
        (Facility("H"), True, "primary", "has not enabled"),
        (OFF, False, "primary", "right `calculate`"),
        (OFF, True, "primary", ""),
        (OFF, True, "secondary", ""),
        (ON, False, "primary", "right `calculate`"),
        (ON, True, "secondary", "this one is secondary"),
        (ON, True, "tertiary", "this one is tertiary"),
        (ON, True, "primary", ""),
    ],
)
def test_ad_hoc_calculation_needs_what_the_switch_says(
    facility: Facility, may: bool, viewing: str, said: str
) -> None:
    found = facility.against_ad_hoc(may_calculate=may, viewing=viewing)

    assert said in found
    assert bool(said) == bool(found)
