"""Formatting changes how a file looks and nothing else, whatever the file."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from generate import draft
from mess import around, comments, messed, respaced
from whopays.syntax import format_text, parse, surface
from whopays.syntax.layout.format import same

ROOT = Path(__file__).parents[2]
HEADS = tuple(surface.BLOCKS)
#: A file takes as long as many lines of claims.
fewer = settings(max_examples=max(1, settings().max_examples // 4))
GOOD = sorted((ROOT / "grammar" / "corpus" / "good").glob("*.rules"))


@st.composite
def _texts(draw: st.DrawFn) -> str:
    """Return a generated contract or a good file, laid out by chance."""
    chance = draw(st.randoms(use_true_random=True))
    made = draft(chance, duties=True).text(chance) if draw(st.booleans()) else ""
    good = draw(st.sampled_from(GOOD))
    return messed(made or good.read_text(encoding="utf-8"), chance)


@fewer
@given(_texts())
def test_formatted_text_says_the_same(text: str) -> None:
    before, found = parse("a.rules", text)
    assert [each for each in found if each.is_error] == []

    after, _ = parse("a.rules", format_text("a.rules", text))

    assert same(before, after)


@fewer
@given(_texts())
def test_formatting_twice_is_formatting_once(text: str) -> None:
    once = format_text("a.rules", text)

    assert format_text("a.rules", once) == once


@fewer
@given(_texts())
def test_every_comment_stays_once_and_none_comes_in(text: str) -> None:
    assert comments(format_text("a.rules", text)) == comments(text)


@fewer
@given(_texts())
def test_comment_stays_above_its_statement_or_at_the_top_of_its_block(
    text: str,
) -> None:
    before, after = around(text), around(format_text("a.rules", text))
    moved = [note for note in before if before[note].next != after[note].next]

    assert {note for note in moved if not after[note].last.startswith(HEADS)} == set()


@fewer
@given(_texts())
def test_formatted_text_is_tidy(text: str) -> None:
    formatted = format_text("a.rules", text)

    assert formatted.endswith("\n")
    assert not formatted.startswith(("\n", "\ufeff"))
    assert "\n\n\n" not in formatted
    assert "\r" not in formatted
    assert (
        re.search(r"[ \t]$|^ *[\t\u00a0]|\n\n *end$", formatted, re.MULTILINE) is None
    )


@fewer
@given(_texts(), st.randoms(use_true_random=True))
def test_layout_does_not_depend_on_the_blanks_of_the_author(
    text: str, chance: Random
) -> None:
    formatted = format_text("a.rules", text)

    assert format_text("a.rules", respaced(formatted, chance)) == formatted
