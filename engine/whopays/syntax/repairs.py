"""Tries what was probably meant by a statement that can't be read.

Each repair is tried on the statement, and the first with which it can be read is the
one to tell: the help is right by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from whopays.diagnostics import Edit, Remedy, Span
from whopays.syntax import guess_values as values
from whopays.syntax import guess_words as words
from whopays.syntax.grammar import Unexpected
from whopays.syntax.stopped import Stopped, Try

_LONGEST = 2_000  # characters of a statement in which repairs are tried
#: From the plainest on.
_GUESSES = (
    words.keyword,
    values.between,
    values.compared,
    values.formula,
    values.coded,
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
#: Told only where one of them alone can be read.
_ONLY = (words.replaced, words.inserted)


def repair(
    span: Span, problem: Unexpected, reads: Callable[[str], bool]
) -> Remedy | None:
    """Return the first repair of the statement `span` with which it can be read.

    `problem` is where it can't be read as it stands.
    """
    at = Stopped(span.text, problem.span.start - span.start, problem)
    if len(at.text) > _LONGEST:
        return None
    for guess in _GUESSES:
        for each in guess(at):
            if reads(_after(at.text, each)):
                return _remedy(span, each)
    for guess in _ONLY:
        remedy = _only(span, guess(at), reads)
        if remedy is not None:
            return remedy
    return None


def _only(
    span: Span, tries: Iterator[Try], reads: Callable[[str], bool]
) -> Remedy | None:
    found = [each for each in tries if reads(_after(span.text, each))]
    return _remedy(span, found[0]) if len(found) == 1 else None


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
