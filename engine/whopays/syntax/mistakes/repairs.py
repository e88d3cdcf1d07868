"""Tries what was probably meant by a statement that can't be read.

Each repair is tried on the statement, and the first with which it can be read is the
one to tell: the help is right by construction.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Protocol

from whopays import bounds
from whopays.diagnostics import Edit, Remedy, Span
from whopays.syntax.grammar import Unexpected
from whopays.syntax.mistakes import guess_values as values
from whopays.syntax.mistakes import guess_words as words
from whopays.syntax.mistakes.stopped import Stopped, Try
from whopays.syntax.mistakes.titles import titled

_MOST_FIRST = 60  # first repairs that are tried together with a second
#: From the plainest on.
_GUESSES = (
    titled,
    words.keyword,
    values.equals,
    values.between,
    values.compared,
    values.formula,
    values.coded,
    values.grid_again,
    values.underscored,
    words.sign,
    words.phrases,
    words.beginning,
    words.noise,
    values.brackets,
    values.joined,
    words.names,
    words.quoted,
    words.unquoted,
    values.turned,
    values.swapped,
)
#: Two of these may go together; two words left out or put in would be anybody's guess.
_WORDINGS = (
    words.keyword,
    values.between,
    values.compared,
    words.sign,
    words.phrases,
    values.joined,
)
#: Told only where one of them alone can be read.
_ONLY = (words.replaced, words.inserted)


class Reads(Protocol):
    """Tells whether a text of the statement can be read, and where reading it stops."""

    def __call__(self, text: str) -> bool:
        """Tell whether `text` can be read."""

    def stops(self, text: str) -> Unexpected | None:
        """Return where `text` can't be read, or None if it can."""

    def titles(self) -> Mapping[str, str]:
        """Return the titles of the whole file, with the ids of what has them."""


def repair(span: Span, problem: Unexpected, reads: Reads) -> Remedy | None:
    """Return the first repair of the statement `span` with which it can be read.

    `problem` is where it can't be read as it stands.
    """
    if len(span.text) > bounds.LONGEST_MENDED:
        return None
    at = Stopped(span.text, problem.span.start - span.start, problem, reads.titles())
    found = _one(at, reads)
    return _remedy(span, found) if found else _two(span, at, reads)


def _one(at: Stopped, reads: Reads) -> Try | None:
    """Return the repair with which the statement can be read, or None."""
    for guess in _GUESSES:
        for each in guess(at):
            if reads(_after(at.text, each)):
                return each
    for guess in _ONLY:
        found = [each for each in guess(at) if reads(_after(at.text, each))]
        if len(found) == 1:
            return found[0]
    return None


def _two(span: Span, at: Stopped, reads: Reads) -> Remedy | None:
    """Return the statement with two repairs, the first of which gets further on."""
    seen: set[str] = set()
    for guess in _WORDINGS:
        for each in guess(at):
            text = _after(at.text, each)
            further = reads.stops(text) if text not in seen else None
            seen.add(text)
            if further is None or not _is_further(further, text, at):
                continue
            then = Stopped(text, further.span.start, further, at.titles)
            for second in chain.from_iterable(guess(then) for guess in _WORDINGS):
                if reads(_after(text, second)):
                    return _rewritten(span, _after(text, second))
            if len(seen) > _MOST_FIRST:
                return None
    return None


def _is_further(problem: Unexpected, text: str, at: Stopped) -> bool:
    """Tell whether less of `text` is left where reading stops than there was."""
    left = len(text) - problem.span.start
    return problem.span.end > 0 and left < len(at.text) - at.at


def _rewritten(span: Span, text: str) -> Remedy:
    """Return the remedy to write the whole statement as `text`."""
    old = span.text
    start = next(
        (n for n, (a, b) in enumerate(zip(old, text, strict=False)) if a != b),
        min(len(old), len(text)),
    )
    most = min(len(old), len(text)) - start
    end = next((n for n in range(most) if old[-1 - n] != text[-1 - n]), most)
    place = Span(span.source, span.start + start, span.end - end)
    shown = " ".join(text.split())
    edit = Edit(place, text[start : len(text) - end])
    return Remedy(f"write `{shown}`", (edit,))


def _after(text: str, each: Try) -> str:
    for start, end, new in sorted(each.edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _remedy(span: Span, each: Try) -> Remedy:
    source, base = span.source, span.start
    fix = tuple(
        Edit(Span(source, base + start, base + end), new)
        for start, end, new in each.edits
    )
    return Remedy(each.words, fix)
