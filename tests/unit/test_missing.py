"""Tests that are generated for what is missing: they pass, and nothing is missing then."""

from __future__ import annotations

from pathlib import Path

from small_rules import FACTS, book_of, rules, written_rules
from whopays.analyse.proposals.generated import file_text
from whopays.analyse.survey import Survey
from whopays.api import load
from whopays.syntax import format_text

EXCEPTIONS = """\
exception X-1 to A "Visits"
  when network is outside and age > 30
  then PLAN 50%, IPA 50%
end

exception X-2 to X-1, A "Rooms"
  when allowed > $250.00
  then not covered
end
"""
BY_NAME = """\
catalog C "Catalog"
  version 1
  in force 2025-01-01 onward
  facts from F 1
  match by procedure_code, revenue_code otherwise
end
category "Visits"
  codes CPT 99201-99215
end
category "Rooms"
end
"""


def survey(folder: Path, text: str) -> Survey:
    """Return the survey of the one contract in `text`."""
    (found,) = book_of(folder, text).surveys()
    return found


def completed(folder: Path, text: str) -> tuple[str, Survey]:
    """Return the file of generated tests, and the survey with them."""
    before = survey(folder, text)
    written = file_text(before.contract, before.tests)
    rules_folder = written_rules(folder, text)
    (rules_folder / "k-missing.rules").write_text(written, encoding="utf-8")
    (after,) = load(rules_folder, engine="reference").surveys()
    return written, after


def test_generated_tests_pass_and_leave_nothing_missing(tmp_path: Path) -> None:
    _, after = completed(tmp_path, rules(EXCEPTIONS))

    assert after.coverage.passed == len(after.results) > 10
    assert after.coverage.missing == ()


def test_a_generated_test_says_what_it_shows_and_that_nobody_read_it(
    tmp_path: Path,
) -> None:
    written, after = completed(tmp_path, rules(EXCEPTIONS))

    assert after.coverage.unreviewed == after.coverage.passed
    assert (
        'test "Visits, age 31: just beyond the threshold of X-1"\n'
        "  contract K\n"
        "  generated, unreviewed\n" in written
    )


def test_a_generated_test_gives_what_is_asked_and_no_more(tmp_path: Path) -> None:
    found = survey(tmp_path, rules(EXCEPTIONS))

    test = next(each for each in found.tests if "age 30" in each.title)

    asked = {"procedure_code", "product", "service_date", "area", "network", "age"}
    assert set(test.draft.given) == {*asked, "allowed"}  # X-2 asks for it


def test_the_file_is_laid_out_as_the_formatter_does_it(tmp_path: Path) -> None:
    written, _ = completed(tmp_path, rules(EXCEPTIONS))

    assert format_text("k-missing.rules", written) == written


def test_what_a_file_holds_already_stays_above_the_tests(tmp_path: Path) -> None:
    found = survey(tmp_path, rules(EXCEPTIONS))
    before = "edition 1\n\n#   my own words\n"

    written = file_text(found.contract, found.tests, before)

    assert written.startswith(before)
    assert written.count("edition 1") == 1


def test_a_category_without_codes_is_placed_by_its_name(tmp_path: Path) -> None:
    written, after = completed(tmp_path, rules(catalog=BY_NAME))

    assert 'given category "Rooms"' in written
    assert after.coverage.missing == ()


def test_tests_stand_on_the_days_of_each_amendment(tmp_path: Path) -> None:
    amendment = """\
amendment 1 to K version 1
  signed 2026-02-10
  in force 2026-03-01 to 2026-06-30
  replace A "Rooms" with PLAN
end
"""
    written, after = completed(tmp_path, rules(amendment))

    assert after.coverage.missing == ()
    for day in ("2026-02-28", "2026-03-01", "2026-06-30", "2026-07-01"):
        assert f"service_date {day}" in written
    assert "known on 2026-02-09" in written
    assert "known on 2026-02-10" in written


def test_a_row_named_by_a_condition_with_a_comma_is_a_reason_that_reads_back(
    tmp_path: Path,
) -> None:
    grid = """\
responsibility A "Exhibit A"
  | category | when                              | PLAN | IPA |
  | Visits   | claim_type in professional, other |      |  x  |
  | Visits   | claim_type is institutional       |  x   |     |
  otherwise unlisted
end
"""
    facts = rules().replace("one of professional,", "one of professional, other,")
    text = rules(
        grid=grid, facts=facts[facts.index("facts F") : facts.index("catalog")]
    )

    written, after = completed(tmp_path, text)

    assert 'because A "Visits" when (claim_type in professional, other)' in written
    assert after.coverage.failed == 0


def test_a_row_named_by_a_definition_goes_by_its_category(tmp_path: Path) -> None:
    define = "define near\n  when area is inside\nend\n"
    grid = """\
responsibility A "Exhibit A"
  | category | when     | PLAN | IPA |
  | Visits   | near     |      |  x  |
  | Visits   | not near |  x   |     |
  otherwise unlisted
end
"""
    written, after = completed(tmp_path, rules(define, grid=grid))

    assert 'because A "Visits"\n' in written
    assert after.coverage.failed == 0
    assert after.coverage.missing == ()


def test_exceptions_of_too_many_combinations_are_looked_at_one_by_one(
    tmp_path: Path,
) -> None:
    count = 20
    own = "".join(f"  fact odd_{at} is yes or no\n" for at in range(count))
    exceptions = "".join(
        f"exception X-{at} to A{''.join(f', X-{n}' for n in range(at))}\n"
        f"  when odd_{at} and age > {at}\n  then {('PLAN', 'IPA')[at % 2]}\nend\n"
        for at in range(count)
    )
    text = rules(exceptions, facts=FACTS.replace("end\n", f"{own}end\n"))

    found = survey(tmp_path, text).coverage

    answers = [i.item.clause for i in found.missing if i.item.side == "answers"]
    assert {f"X-{at}" for at in range(count)} <= set(answers)
