"""The check: each problem is found with its names and a witness, and goes when mended."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from small_rules import CATALOG, FACTS, GRID, HEAD, book_of, rules, written_rules
from whopays.api import Report, check
from whopays.checks import statement
from whopays.diagnostics import Diagnostic

BOTH = """\
exception {id} to A
  when area is inside
  then {who}
end
"""
RANK = 'rank "Visits" before "Long visits"\n'
LONG_VISITS = """\
category "Long visits"
  codes CPT 99214-99215
  when age > 64
end
"""
SECOND = HEAD.replace("contract K", "contract L")
SECOND_GRID = """\
responsibility B "Exhibit B"
  | category | PLAN |
  | Visits   |  x   |
  otherwise unlisted
end
"""


def _check(folder: Path, text: str) -> Report:
    return check(written_rules(folder, text))


def _codes(report: Report) -> list[str]:
    return [each.code for each in report.diagnostics]


def _check_cells(folder: Path, text: str) -> list[str]:
    """Return what the cells of `text`, which resolves, show."""
    report = _check(folder, text)
    assert report.contracts, _codes(report)
    return _codes(report)


def _only(report: Report) -> Diagnostic:
    assert len(report.diagnostics) == 1, _codes(report)
    return report.diagnostics[0]


def _witness(found: Diagnostic) -> dict[str, str]:
    """Return the facts of the example, as a claim document would give them."""
    (note,) = (each for each in found.notes if each.startswith("for example: "))
    said = note.removeprefix("for example: ").split(", ")
    facts = dict(each.split(" ", 1) for each in said)
    return {name: re.sub(r"^(CPT|REV) |^\$", "", text) for name, text in facts.items()}


def _decided(folder: Path, text: str, facts: dict[str, str]) -> tuple[str, str]:
    """Return status and note of a claim with these facts, every other being none."""
    book = book_of(folder, text)
    nothing = dict.fromkeys(("procedure_code", "revenue_code", "admission_date"))
    document = {"claim_id": "w", "lines": [{"line": 1, **nothing, **facts}]}
    (decided,) = book.decide(document)
    return decided.status, decided.decision.outcome.note


def test_a_sound_contract_has_nothing_reported(tmp_path: Path) -> None:
    report = _check(tmp_path, rules())
    assert report.diagnostics == ()
    looked_at = report.contracts["K"]
    assert (looked_at.versions, looked_at.unproved) == (1, 0)
    assert looked_at.entries >= 4


def test_a_case_that_no_clause_answers_is_a_gap_with_a_witness(tmp_path: Path) -> None:
    gap = GRID.replace("  otherwise unlisted\n", "").replace(
        "area is inside ", "age < 18"
    )
    text = rules(grid=gap.replace("area is outside", "age > 18"))
    report = _check(tmp_path, text)
    assert set(_codes(report)) == {"C001"}
    messages = [each.message for each in report.diagnostics]
    assert "nothing answers for `Visits`" in messages
    found = next(each for each in report.diagnostics if "`Visits`" in each.message)
    facts = _witness(found)
    assert facts["age"] == "18"
    assert _decided(tmp_path, text, facts) == ("by_hand", "gap")


def test_a_gap_goes_with_an_otherwise(tmp_path: Path) -> None:
    text = rules(grid=GRID.replace("area is inside ", "age < 18       "))
    assert not _check_cells(tmp_path, text.replace("area is outside", "age >= 18"))


def test_a_line_of_no_category_without_otherwise_is_a_gap(tmp_path: Path) -> None:
    found = _only(_check(tmp_path, rules(grid=GRID.replace("otherwise unlisted", ""))))
    assert (found.code, found.message) == (
        "C001",
        "nothing answers for a line of no category",
    )


def test_two_answers_for_one_line_are_a_conflict_with_both_names(
    tmp_path: Path,
) -> None:
    text = rules(BOTH.format(id="N-1", who="PLAN"), BOTH.format(id="N-2", who="IPA"))
    report = _check(tmp_path, text)
    assert set(_codes(report)) == {"C002"}
    for found in report.diagnostics:
        assert "`N-1` and `N-2` give different answers" in found.message
        assert found.is_error
        facts = _witness(found)
        assert facts["area"] == "inside"
        assert _decided(tmp_path, text, facts) == ("by_hand", "conflict")


@pytest.mark.parametrize(
    "mended",
    [
        (BOTH.format(id="N-1", who="PLAN"), BOTH.format(id="N-2", who="PLAN")),
        (
            BOTH.format(id="N-1", who="PLAN"),
            BOTH.format(id="N-2", who="IPA").replace("to A", "to N-1"),
        ),
        (
            BOTH.format(id="N-1", who="PLAN"),
            BOTH.format(id="N-2", who="IPA").replace("inside", "outside"),
        ),
    ],
    ids=["the same answer", "an exception to the other", "exclusive"],
)
def test_a_conflict_goes_when_mended(tmp_path: Path, mended: tuple[str, str]) -> None:
    assert "C002" not in _check_cells(tmp_path, rules(*mended))


def test_rows_of_one_category_that_overlap_are_a_conflict(tmp_path: Path) -> None:
    text = rules(grid=GRID.replace("area is outside", "age > 64       "))
    report = _check(tmp_path, text)
    found = _only(report)
    assert found.code == "C002"
    facts = _witness(found)
    assert facts["area"] == "inside"
    assert float(facts["age"]) > 64
    assert _decided(tmp_path, text, facts) == ("by_hand", "conflict")


def test_a_clause_that_can_never_act_is_named(tmp_path: Path) -> None:
    dead = """\
exception N-1 to A "Visits"
  when area is inside and area is outside
  then PLAN
end
"""
    found = _only(_check(tmp_path, rules(dead)))
    assert (found.code, found.message) == ("C003", "`N-1` can never act")
    assert (
        found.labels[0].span.line
        == rules(dead).split("\n").index('exception N-1 to A "Visits"') + 1
    )
    assert not _check_cells(tmp_path, rules(dead.replace(" and area is outside", "")))


def test_a_clause_beaten_everywhere_is_not_called_dead_for_that(tmp_path: Path) -> None:
    one = BOTH.format(id="N-1", who="PLAN")
    other = BOTH.format(id="N-2", who="IPA").replace("to A", "to N-1")
    assert "C003" not in _check_cells(tmp_path, rules(one, other))


def test_categories_that_hold_the_same_line_must_be_ranked(tmp_path: Path) -> None:
    grid = GRID.replace("  | Rooms ", "  | Long visits | | x | |\n  | Rooms ")
    text = rules(catalog=CATALOG + LONG_VISITS, grid=grid)
    found = next(
        each for each in _check(tmp_path, text).diagnostics if each.code == "C004"
    )
    assert "`Long visits` and `Visits` both hold the same line" in found.message
    facts = _witness(found)
    assert 99214 <= int(facts["procedure_code"]) <= 99215
    assert float(facts["age"]) > 64
    status, note = _decided(
        tmp_path, text, {**facts, "product": "HMO", "service_date": "2025-02-01"}
    )
    assert (status, note) == ("by_hand", "two categories: Long visits, Visits")


@pytest.mark.parametrize(
    "mended",
    [
        CATALOG + LONG_VISITS + 'rank "Long visits" before "Visits"\n',
        CATALOG + LONG_VISITS.replace('"\n', '"\n  under "Visits"\n', 1),
        CATALOG.replace("99215\n", "99215\n  when age <= 64\n") + LONG_VISITS,
        CATALOG.replace("99215", "99213") + LONG_VISITS,
    ],
    ids=["ranked", "under", "exclusive", "other codes"],
)
def test_ranked_or_exclusive_categories_are_fine(tmp_path: Path, mended: str) -> None:
    grid = GRID.replace("  | Rooms ", "  | Long visits | | x | |\n  | Rooms ")
    assert not _check_cells(tmp_path, rules(catalog=mended, grid=grid))


DECIDE_TWICE = """\
  decide by admission_date when admission_date is given
  decide by service_date when claim_type is professional
  decide by service_date otherwise
"""


def test_two_decide_by_that_hold_together_are_reported(tmp_path: Path) -> None:
    head = HEAD.replace("  decide by service_date\n", DECIDE_TWICE)
    found = _only(_check(tmp_path, rules(head=head)))
    assert (found.code, found.message) == (
        "C005",
        "two `decide by` lines hold at the same time",
    )
    assert [label.span.line for label in found.labels] == [
        rules(head=head).split("\n").index(line) + 1
        for line in DECIDE_TWICE.split("\n")[:2]
    ]
    exclusive = head.replace(
        "is professional", "is professional and admission_date is not given"
    )
    assert not _check_cells(tmp_path, rules(head=exclusive))


def test_a_decide_by_that_leaves_lines_out_is_reported(tmp_path: Path) -> None:
    head = HEAD.replace(
        "  decide by service_date\n",
        "  decide by admission_date when admission_date is given\n",
    )
    found = _only(_check(tmp_path, rules(head=head)))
    assert (found.code, found.message) == (
        "C005",
        "no `decide by` line holds for some lines",
    )


def test_two_match_by_that_hold_together_are_reported(tmp_path: Path) -> None:
    catalog = CATALOG.replace(
        "  match by procedure_code, revenue_code otherwise\n",
        "  match by revenue_code, procedure_code when claim_type is institutional\n"
        "  match by procedure_code, revenue_code when age > 64\n"
        "  match by procedure_code otherwise\n",
    )
    found = _only(_check(tmp_path, rules(catalog=catalog)))
    assert (found.code, found.message) == (
        "C005",
        "two `match by` lines hold at the same time",
    )
    mended = catalog.replace("age > 64", "claim_type is professional")
    assert not _check_cells(tmp_path, rules(catalog=mended))


def test_two_contracts_that_answer_for_the_same_line_are_an_error(
    tmp_path: Path,
) -> None:
    report = _check(tmp_path, rules(SECOND, SECOND_GRID))
    found = _only(report)
    assert found.code == "C008"
    assert found.is_error
    assert "`K` and `L` both answer" in found.message
    assert found.notes == ("for example: product HMO, on 2025-01-01",)
    (decided,) = book_of(tmp_path, rules(SECOND, SECOND_GRID)).decide(
        {
            "claim_id": "w",
            "lines": [
                {
                    "line": 1,
                    "product": "HMO",
                    "service_date": "2025-01-01",
                    "procedure_code": "99213",
                }
            ],
        }
    )
    assert decided.status != "decided"


@pytest.mark.parametrize(
    "mended",
    [
        SECOND.replace("products HMO", "products MA"),
        SECOND.replace("2025-01-01 onward", "2024-01-01 to 2024-12-31"),
    ],
    ids=["another product", "other days"],
)
def test_contracts_told_apart_are_fine(tmp_path: Path, mended: str) -> None:
    assert "C008" not in _check_cells(tmp_path, rules(mended, SECOND_GRID))


def test_payers_tell_contracts_apart(tmp_path: Path) -> None:
    facts = rules().split("catalog", 1)[0].split("\n", 2)[2]
    facts = facts.replace("  fact product", "  fact payer is text\n  fact product")
    one = HEAD.replace("  products", '  for payer "One"\n  products')
    other = SECOND.replace("  products", '  for payer "Other"\n  products')
    text = rules(other, SECOND_GRID, facts=facts, head=one)
    assert not _check_cells(tmp_path, text)
    same = other.replace('"Other"', '"One"')
    found = _only(_check(tmp_path, rules(same, SECOND_GRID, facts=facts, head=one)))
    assert found.notes == ('for example: payer "One", product HMO, on 2025-01-01',)


@pytest.mark.parametrize("days", ["2025-06-01 onward", "2020-01-01 to 2024-12-31"])
def test_a_catalog_not_in_force_when_the_contract_begins_is_a_warning(
    tmp_path: Path, days: str
) -> None:
    catalog = CATALOG.replace("2025-01-01 onward", days)
    found = _only(_check(tmp_path, rules(catalog=catalog)))
    assert (found.code, found.is_error) == ("C006", False)
    assert "catalog `C` 1 is not in force when contract `K` begins" in found.message
    assert days.split(maxsplit=1)[0] in found.help


def test_the_check_lists_for_whom_otherwise_answers(tmp_path: Path) -> None:
    text = rules(grid=GRID.replace("area is outside", "area is outside and age > 3"))
    report = _check(tmp_path, text)
    assert report.diagnostics == ()
    assert report.contracts["K"].by_otherwise == {"(no category)", "Visits"}
    assert report.record()["contracts"]["K"]["by_otherwise"] == [
        "(no category)",
        "Visits",
    ]


def test_a_name_error_stops_the_check_before_the_cells(tmp_path: Path) -> None:
    report = _check(tmp_path, rules(grid=GRID.replace("area is inside", "arae is in")))
    assert report.diagnostics
    assert report.contracts == {}


DATES = FACTS.replace(
    "  fact procedure_code",
    "  fact discharge_date, received_date is date or none\n  fact procedure_code",
)
IN_A_MONTH = """\
exception N-1 to A
  when service_date <= 1 month after admission_date
  and received_date > 2 months after discharge_date
  and service_date in month of discharge_date
  then PLAN
end
"""
LATER = """\
exception N-2 to A
  when discharge_date > 3 months after admission_date
  and received_date < 10 days after service_date
  then IPA
end
"""


def test_what_no_claim_can_be_made_of_is_possible_and_no_error(tmp_path: Path) -> None:
    report = _check(tmp_path, rules(IN_A_MONTH, LATER, facts=DATES))

    found = _only(report)
    assert (found.code, found.is_error) == ("C011", False)
    assert "`N-1` and `N-2` give different answers" in found.message
    (note,) = found.notes
    for part in (
        "service_date in month of discharge_date",
        "discharge_date > 3 months after admission_date",
        "received_date < 10 days after service_date",
    ):
        assert part in note
    assert report.contracts["K"].possible == (found,)


def test_dates_that_can_be_found_are_an_error_however_many_are_compared(
    tmp_path: Path,
) -> None:
    sooner = LATER.replace("> 3 months", "< 3 months").replace("< 10", "> 10")
    text = rules(IN_A_MONTH, sooner, facts=DATES)
    report = _check(tmp_path, text)

    found = report.diagnostics[0]
    assert {each.code for each in report.diagnostics} == {"C002"}
    assert _decided(tmp_path, text, _witness(found)) == ("by_hand", "conflict")


def test_pairs_of_dates_that_exclude_each_other_are_no_conflict(tmp_path: Path) -> None:
    apart = LATER.replace(
        "discharge_date > 3 months after admission_date",
        "service_date > 3 months after admission_date",
    )
    assert not _check_cells(tmp_path, rules(IN_A_MONTH, apart, facts=DATES))


def test_a_real_conflict_is_an_error_though_another_category_has_no_example(
    tmp_path: Path,
) -> None:
    """In `Visits` the two exclude each other by the codes that place a line there."""
    codes = "procedure_code in CPT 99301-99305"
    grid = GRID.replace("otherwise unlisted", "otherwise PLAN")
    text = rules(
        BOTH.format(id="N-1", who="PLAN").replace("area is inside", codes),
        BOTH.format(id="N-2", who="IPA").replace("area is inside", codes),
        grid=grid,
    )
    found = _only(_check(tmp_path, text))

    assert (found.code, found.is_error) == ("C002", True)
    assert "a line of no category" in found.message or "`Rooms`" in found.message


def test_a_case_that_no_line_can_be_in_is_no_problem(tmp_path: Path) -> None:
    """Both hold for codes that place a line elsewhere, and only there."""
    codes = "procedure_code in CPT 99301-99305"
    text = rules(
        BOTH.format(id="N-1", who="PLAN").replace("to A", 'to A "Visits"'),
        BOTH.format(id="N-2", who="IPA")
        .replace("to A", 'to A "Visits"')
        .replace("area is inside", codes),
    )
    assert _check_cells(tmp_path, text) == ["C003"]  # N-2 never acts


AMENDED = """\
amendment 1 to K version 1
  signed 2025-06-01
  in force 2025-01-01 onward
  replace A otherwise with PLAN
end
"""


def test_the_check_says_what_is_proved_of_how_much(tmp_path: Path) -> None:
    report = _check(tmp_path, rules(AMENDED))
    tables = "3 tables (one for each category and version)"

    assert list(statement("K", report.contracts["K"])) == [
        "K: exactly one answer stands in every case that a line can be in",
        f"  4 cases decided, in {tables}, over 1 version of the text",
        "  the text is looked at as it is known with amendment 1",
        "  `otherwise` answers, sometimes or always, for: lines of no category",
    ]


def test_what_is_not_proved_is_not_said_to_be(tmp_path: Path) -> None:
    gap = _check(tmp_path, rules(grid=GRID.replace("otherwise unlisted", "")))
    possible = _check(tmp_path, rules(IN_A_MONTH, LATER, facts=DATES))

    (first, *_), (second, *details) = (
        list(statement("K", each.contracts["K"])) for each in (gap, possible)
    )
    assert first == "K: not yet one answer in every case; mend the errors first"
    assert second == "K: exactly one answer stands, but for what is listed here"
    assert any(
        each.startswith("  possible, no example found: `N-1` and `N-2`")
        for each in details
    )


def test_a_text_can_be_checked_as_it_was_known_on_a_day(tmp_path: Path) -> None:
    gap = GRID.replace("otherwise unlisted", "otherwise unlisted when age > 3")
    mended = AMENDED.replace(
        "replace A otherwise with PLAN",
        "replace A otherwise when age > 3 with PLAN\n  add to A otherwise with IPA",
    )
    folder = written_rules(
        tmp_path,
        rules(
            mended.replace("A otherwise with", "A otherwise when age <= 3 with"),
            grid=gap,
        ),
    )

    assert check(folder).diagnostics == ()
    assert {
        each.code for each in check(folder, known_on=date(2025, 5, 31)).diagnostics
    } == {"C001"}


NARROW = """\
exception E-1 to A
  when age > {low} and age < {high}
  then PLAN
end

exception E-2 to A
  when age > {low} and age < {high}
  then IPA
end
"""


@pytest.mark.parametrize(
    ("low", "high", "age"),
    [
        ("3", "3.01", "3.005"),
        ("3", "4", "3.5"),
        ("20.999998", "21", "20.999999"),
        ("2.5", "7", "5"),
    ],
)
def test_an_example_has_numbers_that_a_claim_can_give(
    low: str, high: str, age: str, tmp_path: Path
) -> None:
    found = _only(_check(tmp_path, rules(NARROW.format(low=low, high=high))))

    assert found.code == "C002"
    assert _witness(found)["age"] == age


def test_where_no_test_can_give_the_number_no_example_is_found(tmp_path: Path) -> None:
    found = _only(_check(tmp_path, rules(NARROW.format(low="20.999999", high="21"))))

    assert (found.code, found.is_error) == ("C011", False)
