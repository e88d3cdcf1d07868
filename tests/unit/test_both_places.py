"""Where two places contradict each other, a report shows both, also in two files."""

from __future__ import annotations

from pathlib import Path

import pytest

from small_rules import CATALOG, FACTS, GRID, HEAD
from whopays.api import check
from whopays.diagnostics import render

BASE = f"edition 1\n{FACTS}\n{CATALOG}\n{HEAD}\n{GRID}"
AMENDMENT = """\
edition 1
amendment 1 to K version 1
  signed 2025-02-01
  in force 2025-02-01 onward
{change}
end
{more}
"""
NEAR = 'exception N-{n} to A "Visits"\n  when {when}\n  then {who}\nend\n'


@pytest.mark.parametrize(
    ("code", "base", "other"),
    [
        (
            "C002",
            NEAR.format(n=1, when="age > 64", who="PLAN"),
            AMENDMENT.format(
                change="", more=NEAR.format(n=2, when="network is outside", who="IPA")
            ),
        ),
        (
            "R013",
            "",
            AMENDMENT.format(change='  add to A "Rooms" with PLAN', more=""),
        ),
        ("R006", "", f"edition 1\n{HEAD}{GRID}"),
        ("R006", "", f"edition 1\n{FACTS.replace('age is number', 'age is text')}"),
        (
            "C008",
            "",
            f"edition 1\n{HEAD.replace('contract K', 'contract L')}{GRID}",
        ),
    ],
    ids=["conflict", "added again", "contract", "facts", "contracts"],
)
def test_both_files_are_shown(code: str, base: str, other: str, tmp_path: Path) -> None:
    (tmp_path / "base.rules").write_text(BASE + base, encoding="utf-8")
    (tmp_path / "other.rules").write_text(other, encoding="utf-8")

    found = [each for each in check(tmp_path).diagnostics if each.code == code]

    assert found
    text = render(found[0])
    assert "--> base.rules:" in text
    assert "--> other.rules:" in text


@pytest.mark.parametrize(
    "more",
    [
        NEAR.format(n=1, when="age > 64", who="PLAN 50%, PLAN 50%"),
        'test "T"\n  contract K\n  given age 3, age 4\n  expect unlisted\nend\n',
        'treat T-1 "Visits" as "Rooms"\nend\ntreat T-1 "Rooms" as "Visits"\nend\n',
    ],
    ids=["share", "given", "clause"],
)
def test_what_stands_twice_is_shown_twice(more: str, tmp_path: Path) -> None:
    (tmp_path / "base.rules").write_text(BASE + more, encoding="utf-8")

    found = check(tmp_path / "base.rules").diagnostics

    assert len(found[0].labels) == 2
    assert found[0].labels[0].span != found[0].labels[1].span
