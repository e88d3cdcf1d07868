"""A catalog without a contract: its ranks are checked all the same."""

from __future__ import annotations

from pathlib import Path

from command_line import Command
from whopays.api import check

HEAD = """edition 1

catalog CAT "Categories"
  version 1.0
  in force 2026-01-01 to 2026-12-31
  facts from STANDARD 2026.1
  match by procedure_code
end

category "Visits"
  codes CPT 99202-99215
end

category "Urgent care"
  codes CPT 99202-99205
  when place_of_service in POS 20
end
"""
RANKED = HEAD + '\nrank "Urgent care" before "Visits"\n'
CONTRACT = """
contract USES "A contract"
  version 1.0
  in force 2026-01-01 to 2026-12-31
  products HMO
  party PLAN "Plan"
  facts from STANDARD 2026.1
  categories from CAT 1.0
  decide by service_date
end

responsibility A "Exhibit A"
  | category | PLAN |
  | Visits   |  x   |
  otherwise unlisted
end
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "catalog.rules"
    path.write_text(text, encoding="utf-8")
    return path


def test_two_categories_that_are_not_ranked_are_found(tmp_path: Path) -> None:
    report = check(_file(tmp_path, HEAD))

    assert [each.code for each in report.diagnostics] == ["C004"]
    assert "`Urgent care` and `Visits`" in report.diagnostics[0].message
    assert "place_of_service" in report.diagnostics[0].notes[0]


def test_ranked_categories_are_no_problem(tmp_path: Path) -> None:
    report = check(_file(tmp_path, RANKED))

    assert report.diagnostics == ()
    assert report.catalogs == {"CAT 1.0": 2}
    assert report.record()["catalogs"] == {"CAT 1.0": {"categories": 2}}


def test_conditions_that_never_meet_need_no_rank(tmp_path: Path) -> None:
    apart = HEAD.replace(
        "codes CPT 99202-99215",
        "codes CPT 99202-99215\n  when place_of_service in POS 11",
    )

    assert check(_file(tmp_path, apart)).diagnostics == ()


def test_match_by_lines_are_checked_too(tmp_path: Path) -> None:
    open_case = RANKED.replace(
        "match by procedure_code",
        "match by procedure_code when claim_type is professional",
    )

    report = check(_file(tmp_path, open_case))

    assert [each.code for each in report.diagnostics] == ["C005"]


def test_a_catalog_that_a_contract_uses_is_reported_once(tmp_path: Path) -> None:
    report = check(_file(tmp_path, HEAD + CONTRACT))

    assert [each.code for each in report.diagnostics] == ["C004"]
    assert report.catalogs == {}


def test_the_command_says_that_ranks_are_complete(
    tmp_path: Path, whopays: Command
) -> None:
    told = whopays("check", _file(tmp_path, RANKED))

    assert told.code == 0
    assert told.out == (
        "CAT 1.0: 2 categories; wherever two can hold the same line, "
        "one of them goes first\n"
    )


def test_the_command_says_nothing_of_ranks_while_there_are_errors(
    tmp_path: Path, whopays: Command
) -> None:
    told = whopays("check", _file(tmp_path, HEAD))

    assert told.code != 0
    assert "goes first" not in told.out
