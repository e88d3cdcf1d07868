"""Each good file is good; each bad file says exactly what is wrong with it.

A bad file has one mistake and one message for it; `nine-mistakes` has nine of each.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whopays.diagnostics import Diagnostic, Source, fixes, render_all, rewritten
from whopays.resolve import resolve
from whopays.syntax import parse
from whopays.syntax.nodes import RuleFile

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "grammar" / "corpus"
GOOD = sorted((CORPUS / "good").glob("*.rules"))
BAD = sorted((CORPUS / "bad").glob("*.rules"))
PAGE = ROOT / "grammar" / "diagnostics.md"
CODE = re.compile(r'"([PRCLM]\d{3})"')
#: How a help begins that is a rewrite; see `diagnostics/fix.py`.
REWRITE = re.compile(r"(write |did you mean |leave )")
#: Codes of files that are no text, and so can't be shown here.
_BEFORE_READING = {"P021"}
#: What people type that tools do not expect.
ODD = [
    "",
    " ",
    "\n",
    '"',
    "|",
    "(",
    ")",
    ",",
    "$",
    "%",
    "#",
    "“",
    "\u2013",
    "\u00a0",
    "\0",
]
WORDS = ["end", "when", "and", "or", "not", "is", "x", "contract", "test", "9", "1/0"]


def _stem(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", BAD, ids=_stem)
def test_bad_file_gives_the_expected_report(
    path: Path, *, update_expected: bool
) -> None:
    report = render_all(_diagnose(path)) + "\n"
    expected = path.with_suffix(".expected")

    if update_expected:
        expected.write_text(report, encoding="utf-8")

    assert report == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", BAD, ids=_stem)
def test_a_mistake_has_one_message(path: Path) -> None:
    assert len(_diagnose(path)) == (9 if path.stem.startswith("nine-") else 1)


@pytest.mark.parametrize("path", BAD, ids=_stem)
def test_message_is_one_plain_sentence(path: Path) -> None:
    for found in _diagnose(path):
        assert "\n" not in found.message
        assert not found.message.endswith(".")
        assert found.message[0] == found.message[0].lower()
        assert "__" not in render_all([found])


@pytest.mark.parametrize("path", BAD, ids=_stem)
def test_a_fix_mends_its_mistake_and_makes_no_other(path: Path) -> None:
    found = _diagnose(path)
    mended = [each for each in found if each.fix]
    source = _source(found)

    text = rewritten(source, fixes(mended, source)) if mended else source.text
    after = [each for each in _diagnose_text(path.name, text) if each.is_error]

    rest = [each for each in found if each.is_error and not each.fix]
    assert [each.message for each in after] == [each.message for each in rest]


@pytest.mark.parametrize("path", BAD, ids=_stem)
def test_a_help_is_a_rewrite_if_and_only_if_it_has_a_fix(path: Path) -> None:
    for found in _diagnose(path):
        assert bool(REWRITE.match(found.help)) == bool(found.fix), found.help


def test_every_bad_file_has_a_report_and_every_report_a_file() -> None:
    reports = sorted((CORPUS / "bad").glob("*.expected"))

    assert [path.stem for path in reports] == [path.stem for path in BAD]


def test_good_files_have_no_errors() -> None:
    files, found = _read(GOOD)
    found += resolve(files, _nowhere)[1]

    assert render_all(each for each in found if each.is_error) == ""


def test_every_code_has_a_section() -> None:
    source = (ROOT / "engine" / "whopays").rglob("*.py")
    used = {code for path in source for code in CODE.findall(path.read_text("utf-8"))}

    assert used - _documented() == set()


def test_every_section_is_of_a_code_that_a_bad_file_has() -> None:
    shown = {found.code for path in BAD for found in _diagnose(path)}
    of_rule_files = {code for code in _documented() if code[0] in "PR"}

    assert of_rule_files - _BEFORE_READING == shown


@given(st.data())
def test_no_text_breaks_the_reader(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*GOOD, *BAD]))
    # A good file refers to the other good ones; a bad one is complete.
    others = [each for each in GOOD if each != path] if path in GOOD else []
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        text = _mutated(text, data)

    file, found = parse("mutated.rules", text)
    found += resolve([file, *_read(others)[0]], _nowhere)[1]

    for each in found:
        for label in each.labels:
            span = label.span
            assert 0 <= span.start <= span.end <= len(span.source.text)
    assert isinstance(render_all(found), str)


def _mutated(text: str, data: st.DataObject) -> str:
    at = data.draw(st.integers(0, len(text)))
    size = data.draw(st.integers(0, 40))
    kind = data.draw(st.sampled_from(["put", "cut", "swap", "line", "twice"]))
    piece = data.draw(st.sampled_from(ODD + WORDS) | st.text(max_size=3))
    if kind == "put":
        return text[:at] + piece + text[at:]
    if kind == "cut":
        return text[:at] + text[at + size :]
    if kind == "swap":
        return text[:at] + piece + text[at + size :]
    lines = text.split("\n")
    row = data.draw(st.integers(0, len(lines) - 1))
    if kind == "line":
        return "\n".join(lines[:row] + lines[row + 1 :])
    return "\n".join([*lines[:row], lines[row], *lines[row:]])


def _documented() -> set[str]:
    return set(re.findall(r"^## ([A-Z]\d{3})", PAGE.read_text("utf-8"), re.MULTILINE))


def _read(paths: list[Path]) -> tuple[list[RuleFile], list[Diagnostic]]:
    files, found = [], []
    for path in paths:
        file, problems = parse(path.name, path.read_text(encoding="utf-8"))
        files.append(file)
        found.extend(problems)
    return files, found


def _diagnose(path: Path) -> list[Diagnostic]:
    return _diagnose_text(path.name, path.read_text(encoding="utf-8"))


def _diagnose_text(name: str, text: str) -> list[Diagnostic]:
    file, found = parse(name, text)
    return found + resolve([file], _nowhere)[1]


def _source(found: list[Diagnostic]) -> Source:
    return found[0].labels[0].span.source


def _nowhere(_kind: str, _id: str, _version: str) -> None:
    """Find no file: a corpus file stands alone."""
