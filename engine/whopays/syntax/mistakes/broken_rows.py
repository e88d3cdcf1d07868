"""Rows of a grid whose cells were broken over several lines: in a PDF, or in a narrow table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whopays.diagnostics import Edit, Source, Span
from whopays.syntax.mistakes.odd import Odd
from whopays.syntax.statements import comment_start

_MOST_LINES = 4  # of one row


def broken_rows(source: Source) -> Iterator[Odd]:
    """Find rows that go on in the lines below, with the edits that join their lines."""
    if "|" not in source.text:
        return
    lines = source.text.split("\n")
    starts = source.line_starts
    bars, number = 0, 0
    while number < len(lines):
        line = lines[number].strip()
        if not line.startswith("|"):
            bars = bars if "|" in line or line.startswith("#") or not line else 0
        elif not bars:
            bars = line.count("|")
        elif line.count("|") < bars:
            more = _lines_of(lines, number, bars)
            if more:
                yield _joined(source, starts, number, more)
                number += more
        number += 1


def _lines_of(lines: list[str], first: int, bars: int) -> int:
    """Return how many lines below line `first` belong to its row; none if it is not one."""
    found = lines[first].count("|")
    for more, line in enumerate(lines[first + 1 : first + _MOST_LINES], start=1):
        text = line.strip()
        if not text or comment_start(line) < len(line):
            return 0
        found += text.count("|")
        if found == bars and text.endswith("|"):
            return more
        if found >= bars or text == "end":
            return 0
    return 0


def _joined(source: Source, starts: Sequence[int], first: int, more: int) -> Odd:
    edits = []
    for number in range(first, first + more):
        end = source.text.index("\n", starts[number])
        below = source.text[end + 1 :]
        blanks = len(below) - len(below.lstrip(" "))
        start = len(source.text[:end].rstrip(" "))
        edits.append(Edit(Span(source, start, end + 1 + blanks), " "))
    text = source.text[starts[first] :]
    begins = starts[first] + len(text) - len(text.lstrip(" "))
    last = starts[first + more]
    ends = source.text.find("\n", last)
    whole = Span(source, begins, len(source.text) if ends < 0 else ends)
    return Odd("row", whole, tuple(edits))
