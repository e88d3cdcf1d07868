"""Amendments as people sign them: late, stacked, overlapping, ending, taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from command_line import Command
from small_rules import GRID, book_of, rules, written_rules
from whopays.api import check
from whopays.api.consolidate import consolidate
from whopays.diagnostics import Diagnostic

BASE = "PLAN 1/3 IPA 2/3"
EXCEPTION = 'exception E-1 to A "Rooms"\n  when age > 64\n  then PLAN\nend\n'


def amendment(
    number: int,
    *changes: str,
    in_force: str = "2026-01-01 onward",
    signed: str = "2025-12-01",
) -> str:
    lines = [f"  signed {signed}"] if signed else []
    lines += [f"  in force {each}" for each in in_force.split(", ")]
    lines += [f"  {change}" for change in changes]
    return "\n".join([f"amendment {number} to K version 1", *lines, "end\n"])


def rooms(number: int, who: str, in_force: str, signed: str = "2025-12-01") -> str:
    """Return an amendment that gives the rooms to `who`."""
    change = f'replace A "Rooms" with {who}'
    return amendment(number, change, in_force=in_force, signed=signed)


def who(folder: Path, text: str, day: str, known_on: str = "", *, age: int = 40) -> str:
    """Return who bears a room on `day`, as known then, by the tables and the reference."""
    claim = {
        "claim_id": "1",
        "product": "HMO",
        "claim_type": "institutional",
        "service_date": day,
        "admission_date": None,
        "procedure_code": None,
        "area": "inside",
        "network": "inside",
        "age": age,
        "lines": [{"line": 1, "revenue_code": "0120", "allowed": "100.00"}],
    }
    found = set()
    for engine in ("durable", "reference"):
        book = book_of(folder, text, engine)
        book.known_on = date.fromisoformat(known_on) if known_on else None
        (decision,) = book.decide(claim)
        shares = " ".join(f"{who} {part}" for who, part in decision.shares.items())
        found.add(shares or decision.status)
    (one,) = found
    return one


def errors(folder: Path, *more: str) -> list[Diagnostic]:
    report = check(written_rules(folder, rules(*more)))
    return [each for each in report.diagnostics if each.is_error]


# Two clocks


@pytest.mark.parametrize(
    ("day", "known_on", "expected"),
    [
        ("2025-12-31", "", BASE),
        ("2026-01-01", "", "PLAN 100%"),
        ("2026-01-01", "2026-05-14", "PLAN 100%"),
        ("2026-01-01", "2026-05-13", BASE),
        ("2026-06-01", "2026-05-13", BASE),
    ],
)
def test_an_amendment_may_be_signed_after_it_came_into_force(
    day: str, known_on: str, expected: str, tmp_path: Path
) -> None:
    text = rules(rooms(1, "PLAN", "2026-01-01 onward", "2026-05-14"))

    assert who(tmp_path, text, day, known_on) == expected


@pytest.mark.parametrize(
    ("known_on", "expected"),
    [
        ("2026-01-31", BASE),
        ("2026-02-01", "IPA 100%"),  # only the second is signed
        ("2026-03-01", "IPA 100%"),  # both: the number decides
        ("", "IPA 100%"),
    ],
)
def test_amendments_may_be_signed_in_another_order_than_their_numbers(
    known_on: str, expected: str, tmp_path: Path
) -> None:
    text = rules(
        rooms(1, "PLAN", "2026-01-01 onward", "2026-03-01"),
        rooms(2, "IPA", "2026-01-01 onward", "2026-02-01"),
    )

    assert who(tmp_path, text, "2026-01-15", known_on) == expected


def test_an_amendment_without_a_day_of_signing_was_always_known(tmp_path: Path) -> None:
    text = rules(rooms(1, "PLAN", "2026-01-01 onward", ""))

    assert who(tmp_path, text, "2026-01-15", "2025-01-01") == "PLAN 100%"


# Periods


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-12-31", BASE),
        ("2026-01-01", "PLAN 100%"),
        ("2026-03-31", "PLAN 100%"),
        ("2026-04-01", "IPA 100%"),
        ("2026-06-30", "IPA 100%"),
        ("2026-07-01", "IPA 100%"),
        ("2026-09-30", "IPA 100%"),
        ("2026-10-01", "PLAN 50% IPA 50%"),
    ],
)
def test_where_periods_overlap_the_higher_number_stands_on_the_lower(
    day: str, expected: str, tmp_path: Path
) -> None:
    text = rules(
        rooms(1, "PLAN", "2026-01-01 to 2026-06-30"),
        rooms(3, "IPA", "2026-04-01 to 2026-09-30"),
        rooms(2, "PLAN 50%, IPA 50%", "2026-05-01 onward"),
    )

    assert who(tmp_path, text, day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-01", "PLAN 100%"),
        ("2026-03-31", "PLAN 100%"),
        ("2026-04-01", BASE),
        ("2026-09-30", BASE),
        ("2026-10-01", "PLAN 100%"),
        ("2026-12-31", "PLAN 100%"),
        ("2027-01-01", BASE),
    ],
)
def test_an_amendment_may_be_in_force_in_several_periods(
    day: str, expected: str, tmp_path: Path
) -> None:
    periods = "2026-01-01 to 2026-03-31, 2026-10-01 to 2026-12-31"

    assert who(tmp_path, rules(rooms(1, "PLAN", periods)), day) == expected


def test_the_text_comes_back_when_the_higher_amendment_ends(tmp_path: Path) -> None:
    text = rules(
        rooms(1, "PLAN", "2026-01-01 onward"),
        rooms(2, "IPA", "2026-02-01 to 2026-02-28"),
    )

    days = ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")
    expected = ["PLAN 100%", "IPA 100%", "IPA 100%", "PLAN 100%"]
    assert [who(tmp_path, text, day) for day in days] == expected


def test_days_outside_the_contract_stay_outside(tmp_path: Path) -> None:
    text = rules(rooms(1, "PLAN", "2024-01-01 onward"))

    assert who(tmp_path, text, "2024-12-31") == "no_contract"
    assert who(tmp_path, text, "2025-01-01") == "PLAN 100%"


def test_an_amendment_on_no_day_of_the_contract_is_told(tmp_path: Path) -> None:
    never = rooms(1, "PLAN", "2024-01-01 to 2024-12-31")

    report = check(written_rules(tmp_path, rules(never)))

    assert [(each.code, each.is_error) for each in report.diagnostics] == [
        ("C010", False)
    ]


# What amendments do to each other


def test_a_row_that_was_withdrawn_can_be_added_again(tmp_path: Path) -> None:
    text = rules(
        amendment(1, 'withdraw A "Rooms"'),
        amendment(2, 'add to A "Rooms" with IPA', in_force="2026-07-01 onward"),
    )

    days = ("2025-12-31", "2026-01-01", "2026-07-01")
    assert [who(tmp_path, text, day) for day in days] == [BASE, "unlisted", "IPA 100%"]


def test_the_lines_of_an_amendment_have_no_order(tmp_path: Path) -> None:
    changes = [
        'withdraw A "Rooms"',
        'add to A "Rooms" when age <= 64 with IPA',
        'add to A "Rooms" when age > 64 with PLAN',
        'replace A "Visits" when area is inside with PLAN',
        'rename party IPA "New"',
    ]
    for at in range(len(changes)):
        text = rules(amendment(1, *changes[at:], *changes[:at]))

        assert who(tmp_path, text, "2026-01-01") == "IPA 100%"
        assert who(tmp_path, text, "2026-01-01", age=65) == "PLAN 100%"


def test_a_clause_may_become_one_of_another_kind(tmp_path: Path) -> None:
    treat = 'treat E-1 "Rooms" as "Visits"\n  when age > 70\nend\n'
    text = rules(EXCEPTION, amendment(1), treat)

    assert who(tmp_path, text, "2025-12-31", age=71) == "PLAN 100%"
    assert who(tmp_path, text, "2026-01-01", age=71) == "IPA 100%"
    assert who(tmp_path, text, "2026-01-01", age=65) == BASE


def test_an_exception_to_what_became_a_treat_is_told_where(tmp_path: Path) -> None:
    treat = 'treat E-1 "Rooms" as "Visits"\n  when age > 70\nend\n'
    to_it = "exception E-2 to E-1\n  when age > 80\n  then IPA\nend\n"

    (found,) = errors(tmp_path, EXCEPTION, to_it, amendment(1), treat)

    assert (found.code, found.labels[0].remark, found.labels[1].remark) == (
        "R011",
        "in the text in force from 2026-01-01",
        "amendment 1 puts this in its place",
    )
    assert "write it anew in the amendment" in found.help


def test_a_condition_is_found_however_it_is_written(tmp_path: Path) -> None:
    grid = GRID.replace(
        "  | Rooms    |                 | 1/3  | 2/3 |\n",
        "  | Rooms    | age > 64 and network is inside | 1/3  | 2/3 |\n",
    )
    older = "define older\n  when age > 64\nend\n"
    change = 'replace A "Rooms" when network is inside and older with PLAN'
    text = rules(older, amendment(1, change), grid=grid)

    assert who(tmp_path, text, "2026-01-01", age=65) == "PLAN 100%"


ROOMS = "  | Rooms    |                 | 1/3  | 2/3 |\n"
#: One condition, written in several ways.
ALIKE = [
    ("age in 40, 41", "age in 41, 40, 41"),
    ("revenue_code in REV 0120-0129, 0150", "revenue_code in REV 0150, 0120-0129"),
    ("age in 40, 40", "age is 40"),
    ("service_date >= admission_date", "admission_date <= service_date"),
    ("age < 60 and age in 40, 41", "age in 41, 40 and age < 60"),
    ("not (age > 60 or age in 1, 2)", "not (age in 2, 1 or age > 60)"),
]


@pytest.mark.parametrize(("row", "address"), ALIKE)
def test_the_order_of_a_list_does_not_count_in_an_address(
    row: str, address: str, tmp_path: Path
) -> None:
    grid = GRID.replace(ROOMS, f"  | Rooms    | {row} | 1/3  | 2/3 |\n")
    change = f'replace A "Rooms" when {address} with PLAN'
    text = rules(amendment(1, change), grid=grid)

    found = check(written_rules(tmp_path, text)).diagnostics
    assert [each for each in found if each.code == "R013"] == []
    added = rules(amendment(1, change.replace("replace", "add to")), grid=grid)
    (told,) = (
        each
        for each in check(written_rules(tmp_path, added)).diagnostics
        if each.is_error
    )
    assert "which is there already" in told.message


def test_one_row_in_two_wordings_is_changed_twice(tmp_path: Path) -> None:
    grid = GRID.replace(ROOMS, "  | Rooms    | age in 40, 41 | 1/3  | 2/3 |\n")
    changes = (
        'replace A "Rooms" when age in 40, 41 with PLAN',
        'withdraw A "Rooms" when age in 41, 40',
    )

    found = check(written_rules(tmp_path, rules(amendment(1, *changes), grid=grid)))

    (told,) = (each for each in found.diagnostics if each.is_error)
    assert told.code == "R013"
    assert "is changed twice in one amendment" in told.message


@pytest.mark.parametrize(
    ("because", "failed"),
    [
        ("age in 41, 40 and network is inside", False),
        ("network is inside and age in 40, 41", False),
        ("network is inside and age in 40, 42", True),
    ],
)
def test_a_reason_of_a_test_may_be_in_other_words(
    because: str, failed: bool, tmp_path: Path
) -> None:
    when = "network is inside and age in 40, 41"
    grid = GRID.replace(ROOMS, f"  | Rooms    | {when} | 1/3  | 2/3 |\n")
    case = (
        'test "A room"\n  contract K\n  given revenue_code REV 0120, product HMO\n'
        "  given age 40, network inside, service_date 2026-03-04\n"
        f'  expect PLAN 1/3, IPA 2/3 because A "Rooms" when {because}\nend\n'
    )

    (result,) = book_of(tmp_path, rules(case, grid=grid)).run_tests()

    assert (result.state == "failed") == failed


# A party renamed


def names(folder: Path, text: str, day: str) -> list[str]:
    made = consolidate(written_rules(folder, text), date.fromisoformat(day))
    return [
        line.split('"')[1] for line in made.splitlines() if line.startswith("  party")
    ]


def test_a_party_has_the_name_that_the_last_amendment_in_force_gave_it(
    tmp_path: Path,
) -> None:
    text = rules(
        amendment(1, 'rename party IPA "First"', in_force="2026-01-01 to 2026-06-30"),
        amendment(2, 'rename party IPA "Second"', in_force="2026-04-01 to 2026-12-31"),
    )

    days = ("2025-12-31", "2026-01-01", "2026-04-01", "2026-07-01", "2027-01-01")
    assert [names(tmp_path, text, day)[1] for day in days] == [
        "The group",
        "First",
        "Second",
        "Second",
        "The group",
    ]


def test_a_renamed_party_is_the_same_in_rows_and_explanations(tmp_path: Path) -> None:
    text = rules(
        amendment(1, 'rename party IPA "New"', 'replace A "Rooms" with IPA'),
    )

    assert who(tmp_path, text, "2025-12-31") == BASE
    assert who(tmp_path, text, "2026-01-01") == "IPA 100%"


# Mistakes


@pytest.mark.parametrize(
    ("second", "remark"),
    [
        (
            amendment(2, 'replace A "Rooms" when age > 9 with PLAN'),
            "amendment 1 brings it, and is in force 2026-01-01 to 2026-06-30",
        ),
        (
            amendment(
                2,
                'withdraw A "Rooms" when age > 9',
                in_force="2026-01-01 to 2026-06-30",
                signed="2025-11-01",
            ),
            "amendment 1 brings it, and was signed on 2025-12-01",
        ),
    ],
)
def test_a_target_that_is_not_there_on_all_days_is_told_why(
    second: str, remark: str, tmp_path: Path
) -> None:
    first = amendment(
        1,
        'add to A "Rooms" when age > 9 with PLAN',
        in_force="2026-01-01 to 2026-06-30",
    )
    grid = GRID.replace(
        "  | Rooms    |                 |", "  | Rooms    | age <= 9        |"
    )

    found = check(written_rules(tmp_path, rules(first, second, grid=grid))).diagnostics

    (problem,) = [each for each in found if each.is_error]
    assert problem.code == "R013"
    assert [label.remark for label in problem.labels][1] == remark
    assert "mend the days" in problem.help


def test_a_target_that_comes_with_a_higher_number_is_told(tmp_path: Path) -> None:
    (found,) = errors(
        tmp_path,
        amendment(1, "withdraw E-1"),
        amendment(2),
        EXCEPTION,
    )

    assert found.message == "amendment 1 withdraws `E-1`, which is not there"
    remark = "amendment 2 brings it, and comes after amendment 1"
    assert found.labels[1].remark == remark


def test_a_target_that_was_withdrawn_is_told_by_whom(tmp_path: Path) -> None:
    (found,) = errors(
        tmp_path,
        EXCEPTION,
        amendment(1, "withdraw E-1"),
        amendment(2, "withdraw E-1"),
    )

    assert found.message == "amendment 2 withdraws `E-1`, which is not there"
    assert found.labels[1].remark == "amendment 1 withdraws it"


def test_a_row_withdrawn_under_an_exception_is_told_by_whom(tmp_path: Path) -> None:
    (found,) = errors(tmp_path, EXCEPTION, amendment(1, 'withdraw A "Rooms"'))

    assert found.code == "R011"
    assert found.labels[1].remark == "amendment 1 withdraws it"
    assert found.labels[1].span.text == 'withdraw A "Rooms"'


def test_a_name_defined_anew_no_longer_means_the_old_row(tmp_path: Path) -> None:
    far = "define far\n  when {when}\nend\n"
    grid = GRID.replace(
        "  | Rooms    |                 |", "  | Rooms    | far             |"
    )
    text = rules(
        far.format(when="area is outside"),
        amendment(1, 'replace A "Rooms" when far with PLAN'),
        far.format(when="network is outside"),
        grid=grid,
    )

    report = check(written_rules(tmp_path, text))

    (found,) = report.diagnostics
    assert found.message == (
        'amendment 1 replaces `A "Rooms" when far`, '
        "whose condition means something else there"
    )
    assert found.labels[1].remark == "written alike, with the older definition"


def test_a_name_defined_anew_that_nothing_uses_is_warned_of(tmp_path: Path) -> None:
    old = "define old\n  when age > 64\nend\n"
    anew = "define old\n  when age > 70\nend\n"
    first = EXCEPTION.replace("age > 64", "old")
    change = amendment(1, 'replace A "Rooms" with PLAN')

    def warned(*parts: str) -> list[str]:
        text = rules(old, first, change, *parts)
        found = check(written_rules(tmp_path, text)).diagnostics
        return [each.message for each in found]

    message = "`old` is defined anew, and nothing in this amendment uses it"
    assert warned(anew) == [message]
    assert warned(anew, first) == []
    assert warned(anew.replace("old", "older")) == []


def test_a_change_of_a_clause_that_the_amendment_brings_is_refused(
    tmp_path: Path,
) -> None:
    (found,) = errors(tmp_path, amendment(1, 'replace A "Rooms" with PLAN'), GRID)

    assert found.code == "R013"
    assert "stands as a whole in the same amendment" in found.message


def test_a_party_renamed_twice_in_one_amendment_is_refused(tmp_path: Path) -> None:
    twice = amendment(1, 'rename party IPA "A"', 'rename party IPA "B"')

    (found,) = errors(tmp_path, twice)

    assert found.message == "`IPA` is changed twice in one amendment"


def test_explanations_name_the_amendments_of_the_day(
    whopays: Command, tmp_path: Path
) -> None:
    text = rules(
        rooms(1, "PLAN", "2026-01-01 onward"),
        rooms(2, "IPA", "2026-07-01 onward", "2026-08-01"),
    )
    folder = written_rules(tmp_path, text)
    claims = tmp_path / "claims.csv"
    claims.write_text(
        "claim_id,line,product,claim_type,service_date,revenue_code,allowed\n"
        "1,1,HMO,institutional,2026-07-15,0120,9.00\n",
        encoding="utf-8",
    )

    now = whopays("explain", claims, "--rules", folder)
    then = whopays("explain", claims, "--rules", folder, "--known-on", "2026-07-31")

    assert "Contract K 1 with amendments 1, 2, 2026-07-01 onward" in now.out
    assert "Contract K 1 with amendment 1, 2026-01-01 onward" in then.out


# Reasons of tests


@pytest.mark.parametrize(
    ("day", "because", "failed"),
    [
        ("2025-03-04", 'A "Rooms" when far', False),
        ("2026-03-04", 'A "Rooms" when near', False),
        ("2026-03-04", 'A "Rooms" when far', True),
    ],
)
def test_a_reason_may_name_a_row_by_a_definition_of_any_of_the_texts(
    day: str, because: str, failed: bool, tmp_path: Path
) -> None:
    grid = GRID.replace(
        "  | Rooms    |                 |", "  | Rooms    | far             |"
    )
    case = (
        'test "A room"\n  contract K\n  given revenue_code REV 0120, product HMO\n'
        f"  given age 40, claim_type institutional, service_date {day}\n"
        f"  expect {'IPA' if day > '2026' else 'PLAN 1/3, IPA 2/3'} because {because}\n"
        "end\n"
    )
    changes = ('withdraw A "Rooms"', 'add to A "Rooms" when near with IPA')
    text = rules(
        "define far\n  when age > 9\nend\n",
        amendment(1, *changes),
        "define near\n  when age > 19\nend\n",
        case,
        grid=grid,
    )

    (result,) = book_of(tmp_path, text).run_tests()

    assert (result.state == "failed") is failed


def test_a_test_on_a_day_without_a_text_fails_with_the_reason_alone(
    tmp_path: Path,
) -> None:
    case = (
        'test "Last year"\n  contract K\n'
        '  given service_date 2019-03-04, category "Rooms", product HMO\n'
        '  expect PLAN 1/3, IPA 2/3 because A "Rooms"\n'
        "end\n"
    )

    (result,) = book_of(tmp_path, rules(case)).run_tests()

    got = "no contract: K is not in force on its service_date"
    assert result.problems == (f"expected PLAN 1/3, IPA 2/3, got {got}",)
