"""Excerpts of rule files: a line with the words that a report is about set apart."""

from __future__ import annotations

from dataclasses import dataclass

from whopays.diagnostics import Label

_WIDEST = 160  # characters of a line that are shown around the words


@dataclass(frozen=True)
class Excerpt:
    """One line of a file, cut into what stands before, at and after the place.

    `until` is the last line where the place goes on over several, else 0.
    """

    place: str
    line: int
    before: str
    marked: str
    after: str
    remark: str
    until: int


def excerpt(label: Label) -> Excerpt:
    """Return the line on which `label` begins; a very long one is cut at both ends."""
    span = label.span
    text = span.source.line_text(span.line).rstrip()
    start = min(span.column - 1, len(text))
    end = min(start + span.end - span.start, len(text))
    first, last = 0, len(text)
    if last > _WIDEST:
        first = max(0, start - _WIDEST // 2)
        last = min(last, first + _WIDEST)
        end = min(end, last)
    until = span.source.position(max(span.start, span.end - 1))[0]
    return Excerpt(
        span.place,
        span.line,
        ("…" if first else "") + text[first:start],
        text[start:end],
        text[end:last] + ("…" if last < len(text) else ""),
        label.remark,
        until if until > span.line else 0,
    )
