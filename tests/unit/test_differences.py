"""What two editions of rule files say otherwise, in words; what they only write otherwise."""

from __future__ import annotations

from whopays.analyse.texts.differences import MOST, differences
from whopays.syntax import parse
from whopays.syntax.nodes import RuleFile

GRID = """\
edition 1

contract K "Contract"
  version 1.0
  in force 2026-01-01 to 2026-12-31
  party PLAN "Plan"
  party GROUP "Group"
  facts from STANDARD 2026.1
  categories from STD 2026.1
  divides allowed
  decide by service_date
end

responsibility A "Exhibit A"
  | category      | PLAN | GROUP |
  | Office visits |      |   x   |
  | Delivery      |  x   |       |
  otherwise PLAN
end

exception A-1 to A "Office visits"
  when network is outside
  then PLAN
end

test "An office visit"
  contract K
  given procedure_code CPT 99213, network inside, service_date 2026-03-04
  expect GROUP 100%
end
"""


def _told(before: str, after: str) -> tuple[str, ...]:
    return differences(_files(before), _files(after))


def _files(text: str) -> list[RuleFile]:
    file, found = parse("k.rules", text)
    assert [each.message for each in found] == []
    return [file]


def test_the_same_text_has_no_differences() -> None:
    assert _told(GRID, GRID) == ()


def test_comments_layout_and_the_order_of_rows_are_no_difference() -> None:
    other = GRID.replace(
        "  | Office visits |      |   x   |\n  | Delivery      |  x   |       |\n",
        "  # the same rows\n  | Delivery | x |  |\n  | Office visits |  | x |\n",
    )

    assert other != GRID
    assert _told(GRID, other) == ()


def test_a_row_that_says_another_party_is_told_with_both_lines() -> None:
    other = GRID.replace(
        "  | Delivery      |  x   |       |", "  | Delivery | 50% | 50% |"
    )

    assert _told(GRID, other) == (
        "in contract K 1.0",
        '  changed: responsibility A "Exhibit A"',
        "    - | Delivery | x | |",
        "    + | Delivery | 50% | 50% |",
    )


def test_the_head_of_a_contract_is_compared_too() -> None:
    other = GRID.replace("2026-12-31", "2027-12-31", 1)

    assert _told(GRID, other) == (
        "in contract K 1.0",
        '  changed: contract K "Contract"',
        "    - in force 2026-01-01 to 2026-12-31",
        "    + in force 2026-01-01 to 2027-12-31",
    )


def test_blocks_that_are_new_or_gone_are_told() -> None:
    other = GRID.replace("A-1", "A-2")

    assert _told(GRID, other) == (
        "in contract K 1.0",
        '  gone: exception A-1 to A "Office visits"',
        '  new: exception A-2 to A "Office visits"',
        "    + when network is outside",
        "    + then PLAN",
    )


def test_documents_and_tests_that_are_new_or_gone_are_told() -> None:
    other = GRID.replace("contract K", "contract L").replace("An office", "Any office")

    assert _told(GRID, other) == (
        "gone: contract K 1.0",
        "new: contract L 1.0",
        'tests new: test "Any office visit"',
        'tests gone: test "An office visit"',
    )
    assert _told(GRID, GRID.replace("GROUP 100%", "PLAN 100%")) == (
        'tests changed: test "An office visit"',
    )


def test_a_new_version_is_compared_with_the_one_before() -> None:
    other = GRID.replace("version 1.0", "version 1.1").replace("outside", "inside")

    assert _told(GRID, other) == (
        "in contract K 1.1, before contract K 1.0",
        '  changed: contract K "Contract"',
        "    - version 1.0",
        "    + version 1.1",
        '  changed: exception A-1 to A "Office visits"',
        "    - when network is outside",
        "    + when network is inside",
    )


def test_blocks_with_the_same_first_line_are_compared_one_by_one() -> None:
    exception = GRID[GRID.index("exception") : GRID.index("test")]
    twice = GRID.replace(exception, exception + exception)
    other = twice.replace("then PLAN", "then GROUP", 1)

    told = _told(twice, other)

    assert "    - then PLAN" in told
    assert "    + then GROUP" in told


def test_a_long_difference_is_cut_and_counted() -> None:
    rows = "".join(f"  | Service {at} | x |  |\n" for at in range(MOST + 10))
    other = GRID.replace("  otherwise PLAN\n", f"{rows}  otherwise PLAN\n")

    told = _told(GRID, other)

    assert len(told) == MOST + 1
    assert told[-1] == "… and 12 more lines"
