"""What tests show of routes and clocks, tests of the rest, and slips in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from small_rules import FACTS, HEAD, book_of, rules
from whopays.analyse.coverage.items import IMPOSSIBLE, MISSING, TOUCHED
from whopays.analyse.proposals.generated import file_text
from whopays.analyse.survey import Survey
from whopays.api import RuleBook

MORE_FACTS = FACTS.replace(
    "  fact age",
    "  fact received_by is party or none\n"
    "  fact received_date, paid_date is date or none\n"
    "  fact emergency, clean is yes or no\n  fact age",
)
HEADED = HEAD.replace("  decide by", "  calendar US-FEDERAL\n  decide by")
DUTIES = """\
route R-1 "Emergencies"
  when emergency and age < 65
  then forward within 10 working days of received_date
  yields to R-2
end
route R-2 "Of providers outside"
  when network is outside
  then deny within 20 days of received_date
end
clock T-1 "Complete claims"
  in force 2026-01-01 onward
  when clean
  then pay within 30 calendar days of received_date
  interest greater of (15% per year, $15.00 per year or part)
end
"""
TEST = """\
test "{}"
  contract K
  given procedure_code CPT 99213, product HMO, service_date 2025-03-04, area inside
  given network inside, emergency yes, age 64, clean yes, allowed $1,000.00
  given received_by PLAN, received_date 2026-01-05, paid_date 2026-02-14
  expect {}
end
"""


def text_of(*expected: str) -> str:
    tests = [TEST.format(at, each) for at, each in enumerate(expected)]
    return rules(DUTIES, *tests, facts=MORE_FACTS, head=HEADED)


def survey_of(book: RuleBook) -> Survey:
    (found,) = book.surveys()
    return found


def _states(survey: Survey, clause: str) -> dict[str, str]:
    return {
        each.item.said: each.state
        for each in survey.coverage.items
        if each.item.clause == clause
    }


def test_a_test_of_a_route_shows_what_the_route_hangs_on(tmp_path: Path) -> None:
    book = book_of(tmp_path, text_of("forward to IPA by 2026-01-20"))

    assert _states(survey_of(book), "R-1") == {
        "says what to do": TOUCHED,
        "where `emergency` holds": TOUCHED,
        "where `emergency` fails": MISSING,
        "where `emergency` is unknown": MISSING,
        "where `age < 65` holds": TOUCHED,
        "where `age < 65` fails": MISSING,
        "where `age < 65` is unknown": MISSING,
        "exactly at `age < 65`": MISSING,
        "just beyond `age < 65`": TOUCHED,  # 64, the nearest that is below
    }
    assert _states(survey_of(book), "R-2")["where `network is outside` fails"] == (
        TOUCHED
    )
    assert _states(survey_of(book), "T-1")["says what to do"] == MISSING


def test_an_unknown_fact_on_which_the_duty_does_not_hang_hides_nothing(
    tmp_path: Path,
) -> None:
    # The age is not given, and no clause is open without it.
    text = text_of("deny to IPA by 2026-01-25").replace(
        "network inside, emergency yes, age 64", "network outside, emergency no"
    )
    survey = survey_of(book_of(tmp_path, text))

    assert _states(survey, "R-2")["says what to do"] == TOUCHED
    assert _states(survey, "R-2")["where `network is outside` holds"] == TOUCHED
    assert _states(survey, "R-1")["says what to do"] != TOUCHED


def test_the_other_truth_of_a_condition_may_open_a_clause(tmp_path: Path) -> None:
    # In an emergency the age would have to be known.
    text = text_of("no route").replace(
        "emergency yes, age 64, clean yes", "emergency no, clean yes"
    )
    text = text.replace("then deny within", "then forward within").replace(
        "when network is outside", "when network is inside"
    )
    text = text.replace("yields to R-2\n", "").replace(
        "expect no route", "expect IPA 100%\n  expect forward to IPA by 2026-01-25"
    )
    survey = survey_of(book_of(tmp_path, text))

    assert _states(survey, "R-1")["where `emergency` fails"] == TOUCHED
    assert _states(survey, "R-1")["where `age < 65` holds"] != TOUCHED


def test_a_test_that_expects_no_duty_shows_none(tmp_path: Path) -> None:
    survey = survey_of(book_of(tmp_path, text_of("IPA 100%")))

    assert TOUCHED not in _states(survey, "R-1").values()
    assert TOUCHED not in _states(survey, "T-1").values()


def test_what_a_test_cannot_say_is_not_asked_for(tmp_path: Path) -> None:
    survey = survey_of(book_of(tmp_path, text_of("IPA 100%")))

    unknown = "where `received_date >= 2026-01-01` is unknown"
    assert _states(survey, "T-1")[unknown] == IMPOSSIBLE


def test_the_tests_that_are_written_pass_and_show_the_rest(tmp_path: Path) -> None:
    text = text_of("forward to IPA by 2026-01-20 because R-1")
    survey = survey_of(book_of(tmp_path, text))
    more = file_text(survey.contract, survey.tests).removeprefix("edition 1\n")
    whole = book_of(tmp_path, f"{text}\n{more}")

    assert [each.problems for each in whole.run_tests() if each.problems] == []
    for clause in ("R-1", "R-2", "T-1"):
        assert MISSING not in _states(survey_of(whole), clause).values()
    mutation = survey_of(whole).mutation()
    missed = [each.mutant.text for each in mutation.of("missed")]
    of_duties = [
        each
        for each in mutation.of("missed")
        if each.mutant.kind.startswith(("route:", "clock:"))
    ]
    assert len(mutation.judged) > 40
    # A rate that is not the greater one on any claim shown.
    assert [each.mutant.text for each in of_duties] in (
        [],
        ["16% per year for 15% per year"],
    ), missed


@pytest.mark.parametrize(
    ("expect", "noticed"),
    [
        ("forward", {"deny for forward"}),
        (
            "forward by 2026-01-20",
            {
                *("deny for forward",),
                "9 working days of received_date for 10 working days of received_date",
                "11 working days of received_date for 10 working days of received_date",
                "10 calendar days of received_date for 10 working days of received_date",
            },
        ),
        ("interest $15.00", {"$16.00 per year or part for $15.00 per year or part"}),
    ],
)
def test_a_slip_is_noticed_by_a_test_that_says_as_much(
    tmp_path: Path, expect: str, noticed: set[str]
) -> None:
    mutation = survey_of(book_of(tmp_path, text_of(expect))).mutation()
    found = {
        each.mutant.text
        for each in mutation.of("noticed")
        if each.mutant.kind in {"route: duty", "route: days", "clock: interest"}
    }

    assert noticed <= found
    if expect == "forward":
        assert found == noticed


def test_a_slip_that_is_missed_is_shown_by_a_claim(tmp_path: Path) -> None:
    mutation = survey_of(book_of(tmp_path, text_of("IPA 100%"))).mutation()
    days = [each for each in mutation.judged if each.mutant.kind == "route: days"]

    assert [each.state for each in days] == ["missed"] * 6
    assert all("received_date" in each.example for each in days)
