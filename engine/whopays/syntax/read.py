"""Reads one statement, or reports why it can't be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lark import Tree

from whopays.diagnostics import Diagnostic, Label, Span
from whopays.syntax import surface
from whopays.syntax.grammar import Unexpected, parse_span
from whopays.syntax.mistakes import explain
from whopays.syntax.statements import Statement, trimmed

_DEEPEST = 40  # parentheses; a contract needs three
_LONGEST_STATEMENT = 200_000
_BECAUSE = re.compile(r'"[^"\n]*"|#[^\n]*|\bbecause\b')
# Reasons are divided by commas, but a `when` of one may hold commas too: the next
# reason begins with an id in capitals and is followed by a name, a comma or the end.
_NEXT_REASON = re.compile(
    r'"[^"\n]*"|#[^\n]*|,(?=\s*[A-Za-z][A-Za-z0-9_-]*\s*("|otherwise\b|,|#|$))'
)


def read_tree(
    statement: Statement, start: str, report: Callable[[Diagnostic], None]
) -> Tree[Any] | None:
    """Return the tree of `statement` under the rule `start`, or report and None."""
    text = statement.span.text
    if text.count("(") > _DEEPEST:
        report(
            Diagnostic(
                "P020",
                f"more than {_DEEPEST} parentheses in one statement",
                (Label(statement.span),),
                "give parts of the condition a name with `define`",
            )
        )
        return None
    if len(text) > _LONGEST_STATEMENT:
        report(Diagnostic("P020", "this line is too long", (Label(statement.span),)))
        return None
    try:
        tree = _parse(statement, start)
    except Unexpected as problem:
        report(explain(statement, problem))
        return None
    return _without_reserved(tree, statement, report)


def _parse(statement: Statement, start: str) -> Tree[Any]:
    if statement.word != "expect":
        return parse_span(statement.span, start)
    span = statement.span
    cut = next(
        (at for at in _BECAUSE.finditer(span.text) if at.group() == "because"), None
    )
    if cut is None:
        return parse_span(span, start)
    source = span.source
    head = parse_span(trimmed(source, span.start, span.start + cut.start()), start)
    rest = trimmed(source, span.start + cut.end(), span.end)
    commas = [
        at.start() for at in _NEXT_REASON.finditer(rest.text) if at.group() == ","
    ]
    starts = [0, *(at + 1 for at in commas)]
    ends = [*commas, len(rest.text)]
    head.children.extend(
        parse_span(trimmed(source, rest.start + a, rest.start + b), "reason")
        for a, b in zip(starts, ends, strict=True)
    )
    return head


def _without_reserved(
    tree: Tree[Any], statement: Statement, report: Callable[[Diagnostic], None]
) -> Tree[Any] | None:
    for token in tree.scan_values(lambda part: getattr(part, "type", "") == "WORD"):
        if str(token) in surface.RESERVED:
            span = Span(statement.span.source, token.start_pos, token.end_pos)
            report(
                Diagnostic(
                    "P011",
                    f"`{token}` is a word of the language and cannot be a name",
                    (Label(span),),
                    "choose another name",
                )
            )
            return None
    return tree
