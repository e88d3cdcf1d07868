"""The truth table of the three reports: every state, accounts without a match, failures."""

from __future__ import annotations

from itertools import product

import pytest

from command_line import Command
from whopays.office.states import REASONS, REPORTS, State

METHODS = (False, True)
CATEGORIES = ("favorable", "unfavorable", "none")
REPRICES = ("yes", "no", "none")
RAN = (True, False)
MATCHED = list(product(METHODS, CATEGORIES, REPRICES, RAN))

#: The rows of the table in the notes of coordination, 8.3: what each asks of the method,
#: the category, reprice and the run, the report, and the reason. Nothing asked is `-`.
TABLE = [
    ("none", "any", "any", "-", "exception", "METHOD_NONE"),
    ("set", "none", "any", "-", "exception", "LANGUAGE_NONE"),
    ("set", "F or U", "no", "-", "exception", "REPRICE_NO"),
    ("set", "F or U", "none", "-", "exception", "REPRICE_NONE"),
    ("set", "F or U", "yes", "failed", "exception", "REPRICE_FAILED"),
    ("set", "favorable", "yes", "ok", "favorable", ""),
    ("set", "unfavorable", "yes", "ok", "unfavorable", ""),
]


def _row(method: bool, category: str, reprice: str, ran: bool) -> tuple[str, str]:
    """Return report and reason of the one row of the table that fits a state."""
    fits = [
        (report, reason)
        for m, c, r, x, report, reason in TABLE
        if m == ("set" if method else "none")
        and (c in {"any", category} or (c == "F or U" and category != "none"))
        and r in {"any", reprice}
        and x in {"-", "ok" if ran else "failed"}
    ]
    (found,) = fits
    return found


@pytest.mark.parametrize(("method", "category", "reprice", "ran"), MATCHED)
def test_each_matched_state_is_on_the_report_of_its_row(
    method: bool, category: str, reprice: str, ran: bool
) -> None:
    state = State(True, method, category, reprice, ran)
    report, reason = _row(method, category, reprice, ran)

    assert state.report == report
    assert state.reasons[:1] == ((reason,) if reason else ())


def test_of_36_matched_states_one_is_favorable_one_unfavorable_and_34_exceptions() -> (
    None
):
    found = [State(True, *each).report for each in MATCHED]

    assert len(found) == 36
    assert {name: found.count(name) for name in REPORTS} == {
        "favorable": 1,
        "unfavorable": 1,
        "exception": 34,
    }


@pytest.mark.parametrize(("method", "category", "reprice", "ran"), MATCHED)
def test_without_a_product_match_nothing_else_is_asked(
    method: bool, category: str, reprice: str, ran: bool
) -> None:
    state = State(False, method, category, reprice, ran)

    assert (state.report, state.reasons) == ("exception", ("NO_PRODUCT_MATCH",))


@pytest.mark.parametrize(
    ("state", "reasons"),
    [
        (State(True), "METHOD_NONE LANGUAGE_NONE REPRICE_NONE"),
        (State(True, False, "none", "no"), "METHOD_NONE LANGUAGE_NONE REPRICE_NO"),
        (State(True, False, "favorable", "yes", True), "METHOD_NONE"),
        # No method was tried, so none failed.
        (State(True, False, "favorable", "yes", False), "METHOD_NONE"),
        (State(True, True, "none", "yes", True), "LANGUAGE_NONE"),
        (State(True, True, "none", "yes", False), "LANGUAGE_NONE REPRICE_FAILED"),
        (State(True, True, "unfavorable", "no", False), "REPRICE_NO"),
        (State(True, True, "unfavorable", "yes", False), "REPRICE_FAILED"),
        (State(None), "REPRICE_FAILED"),
    ],
)
def test_all_reasons_that_hold_are_told_in_the_order_of_the_table(
    state: State, reasons: str
) -> None:
    assert " ".join(state.reasons) == reasons
    assert list(state.reasons) == [each for each in REASONS if each in state.reasons]


@pytest.mark.parametrize("matched", [True, False, None])
def test_an_account_is_an_exception_exactly_if_there_is_a_reason(
    matched: bool | None,
) -> None:
    for each in MATCHED:
        state = State(matched, *each)
        assert (state.report == "exception") == bool(state.reasons)


def test_the_help_of_the_report_says_each_reason(whopays: Command) -> None:
    told = " ".join(whopays("cob", "report", "--help").out.split())

    assert all(f"{name} {what}" in told for name, what in REASONS.items())
