"""What tests touch: precisely that on which their decisions hang."""

from __future__ import annotations

from pathlib import Path

from small_rules import GRID, book_of, rules
from whopays.analyse.coverage.items import Coverage

EXCEPTION = """\
exception X-1 to A "Visits"
  when network is outside and age > 30
  then PLAN 50%, IPA 50%
end
"""


def given(*facts: str, expect: str = "IPA 100%", title: str = "A visit") -> str:
    """Return a test of a visit with these facts."""
    lines = "".join(f"  given {fact}\n" for fact in facts)
    return (
        f'test "{title}"\n  contract K\n'
        "  given procedure_code CPT 99213, product HMO, service_date 2026-03-04\n"
        f"{lines}  expect {expect}\nend\n"
    )


def coverage(folder: Path, *more: str, grid: str = GRID) -> Coverage:
    """Return the coverage of the small contract with `more` blocks."""
    (found,) = book_of(folder, rules(*more, grid=grid)).coverage()
    return found


def touched(found: Coverage, kind: str = "", clause: str = "") -> list[str]:
    """Return the texts of what is touched, of one kind, of clauses that begin so."""
    return [
        each.item.text
        for each in found.of("touched")
        if each.item.kind.startswith(kind) and each.item.clause.startswith(clause)
    ]


def test_a_row_is_touched_by_a_test_that_it_answers(tmp_path: Path) -> None:
    found = coverage(tmp_path, given("area inside, network inside, age 20"))

    assert touched(found, "row") == ['A "Visits" when area is inside answers']


def test_a_test_that_fails_touches_nothing(tmp_path: Path) -> None:
    test = given("area inside, network inside, age 20", expect="PLAN 100%")

    found = coverage(tmp_path, test)

    assert found.failed == 1
    assert touched(found) == []


def test_an_atom_that_another_one_has_settled_is_not_touched(tmp_path: Path) -> None:
    test = given("area inside, network inside, age 20")

    found = coverage(tmp_path, EXCEPTION, test)

    assert touched(found, "condition", "X-1") == []


def test_an_atom_on_which_the_decision_hangs_is_touched_on_its_side(
    tmp_path: Path,
) -> None:
    test = given("area inside, network outside, age 30")

    found = coverage(tmp_path, EXCEPTION, test)

    assert touched(found, "condition", "X-1") == ["X-1 where `age > 30` fails"]
    assert touched(found, "threshold") == ["X-1 exactly at `age > 30`: age 30"]


def test_the_nearest_value_beyond_a_threshold_is_one_step_away(tmp_path: Path) -> None:
    share = "PLAN 50%, IPA 50%"
    near = given("area inside, network outside, age 31", expect=share)
    far = given("area inside, network outside, age 32", expect=share)

    assert touched(coverage(tmp_path, EXCEPTION, far), "threshold") == []
    assert touched(coverage(tmp_path, EXCEPTION, near), "threshold") == [
        "X-1 just beyond `age > 30`: age 31"
    ]


def test_a_fact_left_unknown_touches_the_unknown_side(tmp_path: Path) -> None:
    test = given("area inside, network outside", expect="undetermined needs age")

    found = coverage(tmp_path, EXCEPTION, test)

    assert "X-1 where `age > 30` is unknown" in touched(found, "condition", "X-1")


def test_what_is_generated_and_unreviewed_is_counted(tmp_path: Path) -> None:
    test = given("area inside, network inside, age 20").replace(
        "  expect", "  generated, unreviewed\n  expect"
    )

    found = coverage(tmp_path, test)

    assert (found.passed, found.unreviewed) == (1, 1)


def impossible(found: Coverage) -> dict[str, str]:
    """Return why items cannot be built, by their texts."""
    return {each.item.text: each.why for each in found.of("cannot be built")}


def test_a_fact_that_may_be_none_is_never_unknown_in_a_test(tmp_path: Path) -> None:
    exception = EXCEPTION.replace("age > 30", "admission_date is given")

    found = coverage(tmp_path, exception)

    assert impossible(found)["X-1 where `admission_date is given` is unknown"] == (
        "in a test admission_date is a value or none, never unknown"
    )


def test_what_no_answer_depends_on_is_not_asked_for(tmp_path: Path) -> None:
    dead = EXCEPTION.replace("X-1", "X-2").replace("age > 30", "age > 30 and age < 20")

    found = coverage(tmp_path, dead)

    assert impossible(found)["X-2 answers"] == "no answer ever depends on it"
    assert "X-2 where `age > 30` holds" in impossible(found)
    assert "X-2 answers" not in [each.item.text for each in found.missing]


AMENDMENT = """\
amendment 1 to K version 1
  signed 2026-02-10
  in force 2026-03-01 to 2026-06-30
  replace A "Rooms" with PLAN
  withdraw A "Visits" when area is outside
end
"""


def test_days_of_a_text_are_asked_for_where_texts_differ(tmp_path: Path) -> None:
    texts = [each.item.text for each in coverage(tmp_path, AMENDMENT).missing]

    assert "2026-02-28, the day before amendment 1" in texts
    assert "2026-03-01, the first day of amendment 1" in texts
    assert "2026-06-30, the last day of amendment 1" in texts
    assert "2026-07-01, the day after amendment 1" in texts
    assert "known on the day before amendment 1 was signed (2026-02-10)" in texts
    assert 'A "Visits" when area is outside, withdrawn by amendment 1, is missed' in (
        texts
    )


def test_a_day_is_touched_only_by_a_line_that_the_change_reaches(
    tmp_path: Path,
) -> None:
    same = given("area inside, network inside").replace("2026-03-04", "2026-03-01")
    other = (
        'test "A room"\n  contract K\n  given revenue_code REV 0120, product HMO\n'
        "  given service_date 2026-03-01\n  expect PLAN 100%\nend\n"
    )

    assert touched(coverage(tmp_path, AMENDMENT, same), "day") == []
    assert touched(coverage(tmp_path, AMENDMENT, other), "day") == [
        "2026-03-01, the first day of amendment 1"
    ]


def test_the_record_of_a_coverage_has_counts_and_items(tmp_path: Path) -> None:
    found = coverage(tmp_path, given("area inside, network inside, age 20"))

    record = found.record()

    assert record["tests"] == {
        "passed": 1,
        "failed": 0,
        "not_run": 0,
        "unreviewed": 0,
    }
    assert record["kinds"][0] == {
        "kind": "row",
        "name": "rows",
        "items": 3,
        "touched": 1,
        "missing": 2,
        "cannot_be_built": 0,
    }
    row = next(each for each in record["items"] if each["kind"] == "row")
    assert row["clause"] == 'A "Visits" when area is inside'
    assert row["tests"] == ["A visit"]
    assert row["file"] == "small.rules"
