"""Terms in conditions: each is a fact of the line; one word is that of one source."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from whopays.diagnostics import Label, Span
from whopays.model.facts import Fact
from whopays.model.formulas import term_named
from whopays.resolve.report import Report
from whopays.syntax import nodes

#: Finds the fact that a term (`paid_amount by "Maine"`) is, or None after errors.
FindTerm: TypeAlias = Callable[[nodes.Word], Fact | None]


def term_fact(
    word: nodes.Word, find: FindTerm | None, facts: dict[str, Fact], report: Report
) -> Fact | None:
    """Return the fact that the term `word` is, one of `facts` from now on, or report."""
    if find is None:
        report.error(
            "R025",
            f"`{word.text}` is a term, and no term can stand in this condition",
            word.span,
            "terms stand in conditions of contracts and methods that name a dictionary",
        )
        return None
    found = find(word)
    if found is not None:
        facts[found.name] = found
    return found


def of_two_sources(one: Fact, other: Fact, span: Span, report: Report) -> bool:
    """Report two facts that are the same word by two sources, compared at `span`."""
    left, right = term_named(one.name), term_named(other.name)
    if left is None or right is None:
        return False
    if left.name != right.name or left.source == right.source:
        return False
    report_two_sources((left.name, left.source, right.source), span, span, report)
    return True


def report_two_sources(
    named: tuple[str, str, str], span: Span, first: Span, report: Report
) -> None:
    """Report a word (its name, and two sources) that means two things in one place."""
    name, one, other = named
    message = (
        f'the same word by two sources stands here: `{name} by "{one}"` and '
        f'`{name} by "{other}"`'
    )
    help_ = "keep the words of one source; `whopays terms compare` tells the two apart"
    if first == span:
        report.repeated("R025", message, span, help_)
    else:
        report.error("R025", message, span, help_, also=[Label(first, "the first")])
