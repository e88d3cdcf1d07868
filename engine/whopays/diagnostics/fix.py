"""Remedies: what to write, and the exact edits of the text that write it.

A help that is a rewrite is made here, so that its words and its edits are one thing. A
help that is advice or an example is plain words, and does not begin like a rewrite.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from whopays.diagnostics.diagnostic import Diagnostic, Edit, Source, Span

_SHOWN = 200  # characters of a rewrite that its help quotes


@dataclass(frozen=True)
class Remedy:
    """The words of a help and, where it is a rewrite, the edits that it means."""

    words: str = ""
    fix: tuple[Edit, ...] = ()


def rewrite(span: Span, text: str, more: str = "") -> Remedy:
    """Return the remedy to write `text` in place of `span`; `more` follows in the help."""
    return Remedy(f"write `{_clip(text)}`{more}", (Edit(span, text),))


def did_you_mean(span: Span, near: str) -> Remedy:
    """Return the remedy to write the name `near` in place of the one at `span`."""
    return Remedy(f"did you mean `{_clip(near)}`?", (Edit(span, quoted(span, near)),))


def quoted(span: Span, text: str) -> str:
    """Return `text`, between quotes if what stands at `span` is."""
    return f'"{text}"' if span.text.startswith('"') else text


def leave_out(span: Span, words: str = "leave it out") -> Remedy:
    """Return the remedy to take out what stands at `span`, with the blank beside it."""
    text = span.source.text
    start, end = span.start, span.end
    if text[end : end + 1] == " ":
        end += 1
    elif start > 0 and text[start - 1] == " ":
        start -= 1
    return Remedy(words, (Edit(Span(span.source, start, end), ""),))


def leave_out_lines(span: Span, words: str) -> Remedy:
    """Return the remedy to take out the lines on which `span` stands."""
    source = span.source
    start = source.line_starts[span.line - 1]
    newline = source.text.find("\n", span.end)
    end = len(source.text) if newline < 0 else newline + 1
    return Remedy(words, (Edit(Span(source, start, end), ""),))


def insert(source: Source, at: int, text: str, words: str) -> Remedy:
    """Return the remedy to put `text` at the offset `at` of `source`."""
    return Remedy(words, (Edit(Span(source, at, at), text),))


class Rewriting:
    """The text of `source` after `edits`, and the way back for places in it.

    Edits that overlap an earlier one are left out: one of the two can't be meant.
    """

    def __init__(self, source: Source, edits: Iterable[Edit]) -> None:
        self.source = source
        self.edits = _apart(edit for edit in edits if edit.span.source is source)
        pieces: list[str] = []
        # Where each piece begins: in the new text and in the old one, and whether
        # offsets inside it are the old ones (a kept piece) or stand for one place.
        self._new: list[int] = []
        self._old: list[tuple[int, int, bool]] = []
        at = length = 0
        for edit in self.edits:
            kept = source.text[at : edit.span.start]
            for piece, start, end, same in (
                (kept, at, edit.span.start, True),
                (edit.text, edit.span.start, edit.span.end, False),
            ):
                self._new.append(length)
                self._old.append((start, end, same))
                pieces.append(piece)
                length += len(piece)
            at = edit.span.end
        self._new.append(length)
        self._old.append((at, len(source.text), True))
        pieces.append(source.text[at:])
        self.text = "".join(pieces)

    def back(self, start: int, end: int) -> Span:
        """Return what stood in the old text where the new one has `start` to `end`."""
        first = self._offset(start, is_end=False)
        last = self._offset(end, is_end=True)
        return Span(self.source, first, max(first, last))

    def _offset(self, at: int, *, is_end: bool) -> int:
        piece = bisect_right(self._new, at) - 1
        # The end of a span belongs to the piece before, if it has anything there.
        while is_end and piece > 0 and self._new[piece] == at:
            piece -= 1
        start, end, same = self._old[piece]
        if same:
            return min(start + at - self._new[piece], end)
        return end if is_end else start


def rewritten(source: Source, edits: Iterable[Edit]) -> str:
    """Return the text of `source` after `edits`; those of other sources are passed by."""
    return Rewriting(source, edits).text


def fixes(found: Iterable[Diagnostic], source: Source) -> list[Edit]:
    """Return the edits of all fixes in `found` that change `source` alone.

    A fix is taken whole or not at all: one that overlaps an earlier fix is left out.
    """
    taken: list[Edit] = []
    starts: list[int] = []
    for each in found:
        if any(edit.span.source is not source for edit in each.fix):
            continue
        new = [edit for edit in each.fix if edit not in _beside(edit, taken, starts)]
        if not all(_fits(edit, _beside(edit, taken, starts)) for edit in new):
            continue
        for edit in new:
            at = bisect_right(starts, edit.span.start)
            starts.insert(at, edit.span.start)
            taken.insert(at, edit)
    return taken


def _beside(edit: Edit, taken: list[Edit], starts: list[int]) -> list[Edit]:
    at = bisect_right(starts, edit.span.start)
    return taken[max(0, at - 1) : at + 1]


def _fits(edit: Edit, beside: list[Edit]) -> bool:
    return all(
        edit.span.end <= each.span.start or each.span.end <= edit.span.start
        for each in beside
    )


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    found: list[Edit] = []
    for edit in sorted(edits, key=lambda each: (each.span.start, each.span.end)):
        if found and edit.span.start < found[-1].span.end:
            continue
        if edit not in found[-1:]:
            found.append(edit)
    return found


def _clip(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
