"""The first line of a rule file: the edition of the language that it is written in."""

from __future__ import annotations

from whopays.diagnostics import insert, leave_out_lines, rewrite
from whopays.syntax.problems import Problems
from whopays.syntax.statements import Statement

EDITION = "1"


def first(statement: Statement, found: Problems) -> None:
    """Report the first `statement` of a file if it is not its edition."""
    if statement.word != "edition":
        span = statement.span
        words = f"write `edition {EDITION}` as the first line"
        found.report(
            "P017",
            "a rule file begins with its edition",
            span,
            insert(span.source, span.start, f"edition {EDITION}\n\n", words),
        )


def edition(
    statement: Statement, written: str | None, *, again: bool, found: Problems
) -> None:
    """Report an edition that stands a second time, or is not the one that is read.

    `written` is what the statement says; None if it can't be read.
    """
    span = statement.span
    if again:
        remedy = leave_out_lines(span, "leave it out")
        found.report("P015", "`edition` stands twice", span, remedy)
    elif written is not None and written != EDITION:
        is_meant = written.rstrip(".0") == EDITION
        found.report(
            "P017",
            f"this whopays reads edition {EDITION}",
            span,
            rewrite(span, f"edition {EDITION}")
            if is_meant
            else "a newer whopays may read it",
        )
