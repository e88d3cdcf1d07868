"""A condition beside another one: a second `when`, or `unless`, where one stands already."""

from __future__ import annotations

import re
from collections.abc import Callable

from whopays.diagnostics import Edit, Remedy, Span
from whopays.syntax.statements import comment_start

#: How people say that a rule does not hold in some case.
UNLESS = re.compile(
    r"(?:and\s+)?(?:unless|(?:except|other than|but not)(?:\s+(?:when|if|where))?)\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(#[^\n]*\s*)*")


def uncommented(span: Span) -> Span:
    """Return `span`, on one line, without the comment at its end."""
    text = span.text
    end = span.start + len(text[: comment_start(text)].rstrip())
    return Span(span.source, span.start, end)


def unless(statement: Span) -> str | None:
    """Return the condition `not (…)` that `statement`, which begins with `unless`, means."""
    text = uncommented(statement).text
    found = UNLESS.match(text)
    return f"not ({text[found.end() :]})" if found else None


def joined(
    first: Span, again: Span, condition: str, reads: Callable[[str], bool]
) -> Remedy | None:
    """Return the remedy to join `condition`, which stands at `again`, to the `when` `first`.

    Both are without comments. Parentheses are put where the two would mix `and` and `or`.
    """
    before = re.sub(r"^when\s+", "", first.text)
    for opening, closing in (("", ""), ("(", ")")):
        for more in (condition, f"({condition})"):
            if reads(f"when {opening}{before}{closing} and {more}"):
                return _edited(first, again, f"and {more}", wrapped=bool(opening))
    return None


def _edited(first: Span, again: Span, more: str, *, wrapped: bool) -> Remedy:
    source = first.source
    edits, words = [], f"write `{' '.join(more.split())}` below the other condition"
    if wrapped:
        start = first.start + len(first.text) - len(re.sub(r"^when\s+", "", first.text))
        edits = [Edit(Span(source, start, start), "(")]
        edits.append(Edit(Span(source, first.end, first.end), ")"))
        words += ", which takes parentheses"
    between = source.text[first.end : again.start]
    if first.end <= again.start and _BETWEEN.fullmatch(between):
        edits.append(Edit(again, more))
        return Remedy(words, tuple(edits))
    # Something stands between them: the condition moves to the first one.
    line = source.line_starts[again.line - 1]
    newline = source.text.find("\n", again.end)
    whole = Span(source, line, len(source.text) if newline < 0 else newline + 1)
    added = f"{')' if wrapped else ''}\n    {more}"
    edits = [edit for edit in edits if edit.text != ")"]
    edits.append(Edit(Span(source, first.end, first.end), added))
    edits.append(Edit(whole, ""))
    return Remedy(words, tuple(edits))
