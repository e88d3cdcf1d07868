"""What is too long or nested too deeply to be read; see `bounds`."""

from __future__ import annotations

import re

from whopays import bounds
from whopays.diagnostics import Diagnostic, Label, Source, Span
from whopays.syntax.statements import Statement

# What nests is a parenthesis, and `of`, until the factor after it ends.
_NESTING = re.compile(r'"[^"\n]*"|#[^\n]*|[()+*,]|\b(?:of|and|or|if|else)\b|\s-\s')


def longer_than_bounds(source: Source) -> Diagnostic | None:
    """Return what is wrong with the length of a whole file, or None."""
    text = source.text
    if len(text) > bounds.LARGEST_FILE:
        return Diagnostic(
            "P020",
            f"this file has more than {bounds.LARGEST_FILE:,} characters",
            (Label(Span(source, 0, 0)),),
            "a rule file is text that people write: is this another kind of file?",
        )
    if text.count("\n") > bounds.MOST_LINES:
        start = source.line_starts[bounds.MOST_LINES]
        return Diagnostic(
            "P020",
            f"this file has more than {bounds.MOST_LINES:,} lines",
            (Label(Span(source, start, start), "here it would be divided"),),
            "put parts of it into other files of the folder",
        )
    return None


def too_long(statement: Statement) -> Diagnostic | None:
    """Return what is wrong with the length of a statement or row, or None."""
    if statement.span.end - statement.span.start <= bounds.LONGEST_STATEMENT:
        return None
    return Diagnostic(
        "P020",
        f"this {'row' if statement.is_row else 'statement'} has more than "
        f"{bounds.LONGEST_STATEMENT:,} characters",
        (Label(statement.span),),
        "is a closing quote missing? a long list can be divided into several lines "
        "of the same kind, a long condition into definitions",
    )


def too_deep(statement: Statement) -> Diagnostic | None:
    """Return what is wrong with the nesting of a statement, or None."""
    text = statement.span.text
    if sum(map(text.count, ("(", "of", "if"))) <= bounds.DEEPEST:
        return None
    level = base = choices = 0
    outer: list[int] = []
    for found in _NESTING.finditer(text):
        word = found.group()
        if word == "of":
            level += 1
        elif word == "(":
            level += 1
            outer.append(base)
            base = level
        elif word == ")":
            level = base = outer.pop() if outer else 0
        elif word[0] not in '"#':
            level = base
            choices += word == "if"
        if max(level, choices) > bounds.DEEPEST:
            start = statement.span.start + found.start()
            return Diagnostic(
                "P020",
                f"this is nested more than {bounds.DEEPEST} deep",
                (Label(Span(statement.span.source, start, start + len(word))),),
                "give a part a name: a condition with `define`, an amount with `let`",
            )
    return None
