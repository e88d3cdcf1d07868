"""Slips in a text: which the tests notice, which they miss, which make no difference."""

from __future__ import annotations

from pathlib import Path

from small_rules import book_of, rules
from whopays.analyse.mutants.mutation import Judged, Mutation

EXCEPTION = """\
exception X-1 to A "Visits", A "Rooms"
  when network is outside and age > 30
  then PLAN 50%, IPA 50%
end
"""


def mutation(folder: Path, *more: str, at_most: int | None = None) -> Mutation:
    """Return what the tests of the small contract with `more` blocks notice."""
    (survey,) = book_of(folder, rules(*more)).surveys()
    return survey.mutation(1, at_most)


def of_clause(found: Mutation, clause: str) -> dict[str, Judged]:
    """Return what was judged in a clause, by the text of the slip."""
    return {
        each.mutant.text: each
        for each in found.judged
        if each.mutant.clause.startswith(clause)
    }


def test(*facts: str, expect: str) -> str:
    """Return a test of a visit."""
    lines = "".join(f"  given {fact}\n" for fact in facts)
    return (
        f'test "{expect}"\n  contract K\n'
        "  given procedure_code CPT 99213, product HMO, service_date 2026-03-04\n"
        f"{lines}  expect {expect}\nend\n"
    )


test.__test__ = False  # type: ignore[attr-defined]


def test_a_test_of_the_shares_notices_that_another_bears_them(tmp_path: Path) -> None:
    case = test("area inside, network inside, age 20", expect="IPA 100%")

    found = of_clause(mutation(tmp_path, case), 'A "Visits" when area is inside')

    assert found["PLAN 100% for IPA 100%"].state == "noticed"
    assert found["PLAN 100% for IPA 100%"].test == "IPA 100%"


def test_without_tests_every_slip_that_matters_is_missed(tmp_path: Path) -> None:
    found = mutation(tmp_path, EXCEPTION)

    assert found.score == 0
    assert not found.of("noticed")


def test_a_slip_that_is_missed_comes_with_a_claim_that_shows_it(tmp_path: Path) -> None:
    found = of_clause(mutation(tmp_path, EXCEPTION), "X-1")

    missed = found["age >= 30 for age > 30"]

    assert missed.state == "missed"
    assert "age 30" in missed.example
    assert "network outside" in missed.example


def test_a_test_at_the_threshold_notices_the_other_operator(tmp_path: Path) -> None:
    case = test("area inside, network outside, age 30", expect="IPA 100%")

    found = of_clause(mutation(tmp_path, EXCEPTION, case), "X-1")

    assert found["age >= 30 for age > 30"].state == "noticed"
    assert found["age > 31 for age > 30"].state == "missed"
    assert found["without age > 30"].state == "noticed"


def test_a_slip_in_what_never_acts_makes_no_difference(tmp_path: Path) -> None:
    dead = EXCEPTION.replace("age > 30", "age > 30 and age < 20")

    found = of_clause(mutation(tmp_path, dead), "X-1")

    assert found["age > 31 for age > 30"].state == "equivalent"
    assert found["age > 31 for age > 30"].why == "no answer depends on it"


def test_a_slip_that_check_refuses_is_not_counted(tmp_path: Path) -> None:
    onto = "exception X-2 to X-1\n  when allowed > $5.00\n  then unlisted\nend\n"

    found = of_clause(mutation(tmp_path, EXCEPTION, onto), "X-1")

    assert found["taken out"].state == "refused"


def test_a_lost_target_a_moved_day_and_a_dropped_change_are_slips(
    tmp_path: Path,
) -> None:
    amendment = """\
amendment 1 to K version 1
  signed 2026-02-10
  in force 2026-03-01 onward
  replace A "Rooms" with PLAN
end
"""
    found = mutation(tmp_path, EXCEPTION, amendment)

    kinds = {each.mutant.kind for each in found.judged}
    assert {"target dropped", "day", "signing", "change dropped", "share"} <= kinds
    day = of_clause(found, "amendment 1")[
        "in force 2026-03-02 onward for 2026-03-01 onward"
    ]
    assert "service_date 2026-03-01" in day.example


def test_the_same_seed_draws_the_same_slips(tmp_path: Path) -> None:
    first, second = (
        [each.mutant.text for each in mutation(tmp_path, EXCEPTION, at_most=5).judged]
        for _ in range(2)
    )

    assert first == second
    assert len(first) == 5


def test_generated_tests_notice_every_slip_of_a_small_contract(tmp_path: Path) -> None:
    from whopays.analyse.proposals.generated import file_text  # noqa: PLC0415 - this test alone

    text = rules(EXCEPTION)
    (survey,) = book_of(tmp_path, text).surveys()
    tests = file_text(survey.contract, survey.tests).removeprefix("edition 1\n")

    (after,) = book_of(tmp_path, text + tests).surveys()

    assert after.mutation().score == 1
