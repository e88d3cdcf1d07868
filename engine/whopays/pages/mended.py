"""Lines as they read after the edits of a help, with what is new in them set apart."""

from __future__ import annotations

from dataclasses import dataclass

from whopays.diagnostics import Edit

_MOST_LINES = 6  # before and after: more would bury the report
_MOST_CHARACTERS = 600


@dataclass(frozen=True)
class Mended:
    """Lines from `line` on, in pieces: a text, and whether it is new."""

    line: int
    pieces: tuple[tuple[str, bool], ...]


def mended(fix: tuple[Edit, ...]) -> Mended | None:
    """Return the lines that `fix` changes as they read afterwards.

    None where it changes nothing, several files, or more than a few lines.
    """
    edits = sorted(fix, key=lambda edit: (edit.span.start, edit.span.end))
    if not edits or any(each.span.source is not edits[0].span.source for each in edits):
        return None
    source = edits[0].span.source
    first = edits[0].span.line
    begin = at = source.line_starts[first - 1]
    newline = source.text.find("\n", max(edit.span.end for edit in edits))
    end = len(source.text) if newline < 0 else newline
    pieces: list[tuple[str, bool]] = []
    for edit in edits:
        if edit.span.start < at:  # overlaps the one before: not for us to judge
            return None
        pieces.append((source.text[at : edit.span.start], False))
        pieces.append((edit.text, True))
        at = edit.span.end
    pieces.append((source.text[at:end].rstrip(), False))
    after = "".join(text for text, _ in pieces)
    for text in (source.text[begin:end], after):
        if text.count("\n") >= _MOST_LINES or len(text) > _MOST_CHARACTERS:
            return None
    if not after.strip():
        return None
    return Mended(first, tuple(each for each in pieces if each[0]))
