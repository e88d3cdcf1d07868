"""Reads one statement, or reports why it can't be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lark import Tree

from whopays import bounds
from whopays.diagnostics import Diagnostic, Label, Source, Span, leave_out, rewrite
from whopays.syntax import surface
from whopays.syntax.extent import too_deep, too_long
from whopays.syntax.grammar import Unexpected, parse_span
from whopays.syntax.mistakes.explain import explain
from whopays.syntax.mistakes.titles import ids_of_titles
from whopays.syntax.problems import Problems
from whopays.syntax.statements import Statement, trimmed

#: Statements in which a fact and its value stand beside each other.
_OF_TESTS = frozenset({"given", "line", "counted", "expect"})
#: Statements that say who pays.
_ANSWERING = frozenset({"then", "otherwise", "replace", "add"})
_BECAUSE = re.compile(r'"[^"\n]*"|#[^\n]*|\bbecause\b')
# Reasons are divided by commas, but a `when` of one may hold commas too: the next
# reason begins with an id in capitals and is followed by a name, a comma or the end.
_NEXT_REASON = re.compile(
    r'"[^"\n]*"|#[^\n]*|,(?=\s*[A-Za-z][A-Za-z0-9_-]*\s*("|otherwise\b|,|#|$))'
)


def read_tree(statement: Statement, start: str, problems: Problems) -> Tree[Any] | None:
    """Return the tree of `statement` under the rule `start`, or report and None."""
    too_much = too_long(statement) or too_deep(statement)
    if too_much is not None:
        problems.append(too_much)
        return None
    try:
        tree = _parse(statement, start)
    except Unexpected as problem:
        problems.append(
            explain(statement, problem, reader(statement.word, start, problems))
        )
        return None
    return _without_reserved(tree, statement, problems.append)


@dataclass(frozen=True)
class Reader:
    """Tells whether another text of a statement can be read, or where reading stops."""

    word: str
    start: str
    problems: Problems

    def __call__(self, text: str) -> bool:
        """Tell whether `text` can be read."""
        return self.stops(text) is None

    def stops(self, text: str) -> Unexpected | None:
        """Return where `text` can't be read, or None if it can."""
        source = Source("", text)
        whole = Span(source, 0, len(text))
        nowhere = Unexpected(Span(source, 0, 0), "character", frozenset())
        if len(text) > bounds.LONGEST_MENDED or not self.problems.may_try():
            return nowhere
        other = Statement(self.word, whole)
        try:
            tree = _parse(other, self.start)
        except Unexpected as problem:
            return problem
        # The grammar takes any two words for a code and its system.
        if not all(str(each.children[0]).isupper() for each in _codes(tree)):
            return nowhere
        good = _without_reserved(tree, other, lambda _: None) is not None
        return None if good else nowhere

    def titles(self) -> Mapping[str, str]:
        """Return the titles of the whole file, with the ids of what has them."""
        return ids_of_titles(self.problems.source)


def reader(word: str, start: str, problems: Problems) -> Reader:
    """Return what reads other texts of a statement that begins with `word`."""
    return Reader(word, start, problems)


def _codes(tree: Tree[Any]) -> list[Tree[Any]]:
    kinds = {"system_code", "code_list"}
    found = list(tree.find_pred(lambda part: part.data in kinds))
    for each in tree.find_pred(lambda part: part.data in {"type_code", "type_codes"}):
        found.extend(each.children)
    return found


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
            if str(token) == "none" and statement.word in _ANSWERING:
                remedy = rewrite(span, "not covered")
                label = (Label(span),)
                message = "`none` is not an answer"
                report(Diagnostic("R015", message, label, remedy.words, fix=remedy.fix))
                return None
            before = span.source.text[: span.start].split()[-1:]
            if statement.word in _OF_TESTS or before == [str(token)]:
                message = f"`{token}` cannot stand here"
                remedy = leave_out(span, f"leave out `{token}`")
                label = (Label(span),)
                report(Diagnostic("P002", message, label, remedy.words, fix=remedy.fix))
                return None
            report(
                Diagnostic(
                    "P011",
                    f"`{token}` is a word of the language and cannot be a name",
                    (Label(span),),
                    "it needs another name",
                )
            )
            return None
    return tree
