"""Every file that ships is formatted, and every file that can be read can be formatted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from whopays.diagnostics import DiagnosticError, render_all
from whopays.syntax import format_text, parse
from whopays.syntax.layout.format import same

ROOT = Path(__file__).parents[2]
BAD = sorted((ROOT / "grammar" / "corpus" / "bad").glob("*.rules"))
SHIPPED = [
    *sorted((ROOT / "grammar" / "corpus" / "good").glob("*.rules")),
    *sorted((ROOT / "rulesets").rglob("*.rules")),
]
PAGES = (ROOT / "README.md", ROOT / "grammar" / "reference.md")
EXAMPLE = re.compile(r"^```rules\n(.*?)^```$", re.DOTALL | re.MULTILINE)
UNTIDY = re.compile(r"^```untidy\n(.*?)^```$(.*)", re.DOTALL | re.MULTILINE)
EXAMPLES = [
    pytest.param(text, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, text in enumerate(EXAMPLE.findall(page.read_text("utf-8")), 1)
]


def _stem(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", SHIPPED, ids=_stem)
def test_file_is_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert format_text(path.name, text) == text, f"run `whopays fmt {path}`"


@pytest.mark.parametrize("text", EXAMPLES)
def test_example_is_formatted(text: str) -> None:
    assert format_text("example.rules", text) == text


def test_reference_shows_what_becomes_of_an_untidy_file() -> None:
    page = (ROOT / "grammar" / "reference.md").read_text(encoding="utf-8")
    (typed, rest) = UNTIDY.findall(page)[0]

    assert format_text("untidy.rules", typed) == EXAMPLE.findall(rest)[0]


@pytest.mark.parametrize("path", BAD, ids=_stem)
def test_bad_file_is_formatted_if_it_can_be_read_and_refused_if_not(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before, found = parse(path.name, text)

    if any(each.is_error for each in found):
        with pytest.raises(DiagnosticError) as refused:
            format_text(path.name, text)
        assert render_all(refused.value.diagnostics) == render_all(found)
    else:
        formatted = format_text(path.name, text)
        assert same(before, parse(path.name, formatted)[0])
        assert format_text(path.name, formatted) == formatted


def test_some_bad_files_can_be_read() -> None:
    read = [parse(path.name, path.read_text(encoding="utf-8"))[1] for path in BAD]

    assert 0 < sum(not found for found in read) < len(BAD)
