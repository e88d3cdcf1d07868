"""How a diagnostic looks: in a pipe, on a narrow terminal, with wide characters."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from whopays.cli.paint import wants_colour
from whopays.diagnostics import Diagnostic, Label, Source, Span, render
from whopays.diagnostics.render import Line, layout


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_whole_lines() -> None:
    text = render(_found("when network is insde", "insde", help_="word " * 60))

    assert max(map(len, text.splitlines())) > 300
    assert "1 | when network is insde" in text


def test_on_a_narrow_terminal_help_goes_on_below_itself() -> None:
    help_ = "write the value that is meant, with all of its letters"
    lines = _shown(_found("when insde", "insde", help_=help_), 60)

    assert lines[-2].startswith("  = help: write the value")
    assert lines[-1].startswith("          ")
    assert lines[-1].strip() == "letters"


def test_a_long_line_is_shown_around_what_is_underlined() -> None:
    line = f"{'before ' * 40}wrong {'after ' * 40}"
    lines = _shown(_found(line, "wrong"), 60)

    source, under = lines[3], lines[4]
    assert source.startswith("1 | …")
    assert source.endswith("…")
    assert source[under.index("^") : under.rindex("^") + 1] == "wrong"


def test_the_underline_stands_under_wide_characters() -> None:
    lines = _shown(_found('party P "契約プラン" wrong', "wrong"), 80)

    before = lines[3].split("wrong")[0]
    assert lines[4].index("^") == cell_len(before)


def test_a_span_of_several_lines_shows_its_first_and_its_last() -> None:
    text = "when emergency\n  and area is inside\n  and network is outside\nthen PLAN"
    found = _found(text, text[: text.index("\nthen")], remark="too long")
    lines = render(found).splitlines()

    assert "1 | when emergency" in lines
    assert "3 |   and network is outside" in lines
    assert lines[-1] == f"  |   {'^' * 22} too long"
    assert not any("area" in line for line in lines)


@pytest.mark.parametrize("char", ["\x1b", "\u202e", "\x07", "\u200b", "\x00"])
def test_no_control_character_reaches_the_terminal(char: str) -> None:
    found = _found(f"party{char} wrong", "wrong", help_=f"write{char}", remark=char)

    assert char not in render(found)
    assert all(char not in line for line in _shown(found, 40))


@given(st.data())
def test_no_line_is_wider_than_the_terminal(data: st.DataObject) -> None:
    text = data.draw(st.text("ab 契é\u0301|", min_size=1, max_size=200))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    width = data.draw(st.integers(30, 120))
    words = st.text("abc ", max_size=120)
    source = Source("a.rules", text)
    label = Label(Span(source, start, end), data.draw(words))
    found = Diagnostic("P001", data.draw(words), (label,), data.draw(words))

    for line in _shown(found, width):
        assert cell_len(line) <= width


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"CLICOLOR": "0"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ],
)
def test_a_terminal_has_colour_unless_it_is_turned_off(
    given: dict[str, str], wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, given)

    assert wants_colour(Terminal()) is wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"CLICOLOR_FORCE": "1"}, True)],
)
def test_a_pipe_has_colour_only_if_it_is_forced(
    given: dict[str, str], wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, given)

    assert wants_colour(io.StringIO()) is wanted


def _only(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)


def _found(text: str, at: str, *, help_: str = "", remark: str = "") -> Diagnostic:
    source = Source("a.rules", text)
    start = text.index(at)
    label = Label(Span(source, start, start + len(at)), remark)
    return Diagnostic("P001", "this is wrong", (label,), help_)


def _shown(found: Diagnostic, width: int) -> list[str]:
    return [_text(line) for line in layout(found, width)]


def _text(line: Line) -> str:
    return "".join(text for _, text in line)
