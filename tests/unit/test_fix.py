"""Fixes as data: edits that are applied together, and the way back to what was typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whopays.diagnostics import (
    Diagnostic,
    Edit,
    Label,
    Source,
    Span,
    fixes,
    leave_out,
    leave_out_lines,
    rewrite,
    rewritten,
)
from whopays.diagnostics.fix import Rewriting

TEXT = "when age ≤ 20\nthen PLAN\n"


def test_a_rewrite_says_what_it_writes() -> None:
    source = Source("a.rules", TEXT)
    remedy = rewrite(Span(source, 9, 10), "<=")

    assert remedy.words == "write `<=`"
    assert rewritten(source, remedy.fix) == "when age <= 20\nthen PLAN\n"


def test_edits_are_applied_whatever_their_order() -> None:
    source = Source("a.rules", TEXT)
    edits = [Edit(Span(source, 19, 23), "GROUP"), Edit(Span(source, 9, 10), "<=")]

    assert rewritten(source, edits) == "when age <= 20\nthen GROUP\n"


def test_a_word_is_left_out_with_one_blank() -> None:
    source = Source("a.rules", "given product is HMO")

    assert rewritten(source, leave_out(Span(source, 14, 16)).fix) == "given product HMO"


def test_a_line_is_left_out_with_its_end() -> None:
    source = Source("a.rules", TEXT)
    remedy = leave_out_lines(Span(source, 14, 18), "leave it out")

    assert rewritten(source, remedy.fix) == "when age ≤ 20\n"


def test_a_fix_that_overlaps_an_earlier_one_is_left_out_whole() -> None:
    source = Source("a.rules", TEXT)
    first = _with_fix(Edit(Span(source, 5, 10), "old"))
    other = _with_fix(Edit(Span(source, 9, 12), "new"), Edit(Span(source, 0, 0), "#"))

    assert fixes([first, other], source) == list(first.fix)


def test_the_same_edit_twice_is_made_once() -> None:
    source = Source("a.rules", TEXT)
    edit = Edit(Span(source, 9, 10), "<=")

    assert fixes([_with_fix(edit), _with_fix(edit)], source) == [edit]


@given(st.data())
def test_places_in_the_new_text_lead_back_to_the_old(data: st.DataObject) -> None:
    text = data.draw(st.text("abc \n", max_size=30))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    source = Source("a.rules", text)
    edits = [
        Edit(Span(source, start, end), data.draw(st.text("xyz", max_size=4)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]

    done = Rewriting(source, edits)

    for at, char in enumerate(done.text):
        back = done.back(at, at + 1)
        assert 0 <= back.start <= back.end <= len(text)
        assert char in "xyz" or back.text == char


def _with_fix(*edits: Edit) -> Diagnostic:
    label = Label(edits[0].span)
    return Diagnostic("P001", "wrong", (label,), "write it", fix=edits)
