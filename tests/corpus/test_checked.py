"""Each file that reads well and means something wrong: exactly what a check says of it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from whopays.api import Report, check
from whopays.checks import statement
from whopays.diagnostics import render_all

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "grammar" / "corpus" / "checked").glob("*.rules"))
PAGE = ROOT / "grammar" / "diagnostics.md"
#: What the proofs of methods say: `test_proved.py`.
OF_PROOFS = {"C017", "C018"}


def _stem(path: Path) -> str:
    return path.stem


@cache
def _checked(path: Path) -> Report:
    return check(path)


def _codes(path: Path) -> list[str]:
    """Return the codes that are told of `path`, each once."""
    return list(dict.fromkeys(each.code for each in _checked(path).diagnostics))


def _said(report: Report) -> str:
    lines = [
        line
        for name, checked in report.contracts.items()
        for line in statement(name, checked)
    ]
    return "\n".join([render_all(report.diagnostics), "", *lines, ""])


@pytest.mark.parametrize("path", FILES, ids=_stem)
def test_a_check_says_exactly_what_is_expected(
    path: Path, *, update_expected: bool
) -> None:
    said = _said(_checked(path))
    expected = path.with_suffix(".expected")

    if update_expected:
        expected.write_text(said, encoding="utf-8")

    assert said == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=_stem)
def test_a_mistake_has_one_code(path: Path) -> None:
    assert len(_codes(path)) == 1


def test_every_code_of_a_check_has_a_file_and_every_file_is_named_by_its_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    sections = dict(
        re.findall(
            r"^## (C\d{3}) [^\n]*\n(.*?)(?=^## )", page, re.DOTALL | re.MULTILINE
        )
    )
    shown = {_codes(path)[0]: path for path in FILES}

    assert sorted(shown) == sorted(sections.keys() - OF_PROOFS)
    for path in FILES:
        code = _codes(path)[0]
        assert f"corpus/checked/{path.name}" in sections[code]
