"""What the formatter makes of a text, by examples: before and after."""

from __future__ import annotations

from textwrap import dedent

import pytest

from whopays.diagnostics import DiagnosticError
from whopays.syntax import format_text


def _formatted(text: str) -> str:
    return format_text("a.rules", f"edition 1\n\n{dedent(text)}").removeprefix(
        "edition 1\n\n"
    )


def _is_written(before: str, after: str) -> None:
    """Check that `before` is written as `after`, and that `after` stays as it is."""
    assert _formatted(before) == dedent(after)
    assert _formatted(after) == dedent(after)


def test_statements_of_a_block_stand_in_the_order_of_the_language() -> None:
    _is_written(
        """\
        exception N-1 to A
        then PLAN
        when emergency
        cites "Note 1"
        end
        """,
        """\
        exception N-1 to A
          cites "Note 1"
          when emergency
          then PLAN
        end
        """,
    )


def test_text_with_errors_is_refused_with_all_of_them() -> None:
    with pytest.raises(DiagnosticError) as refused:
        format_text("a.rules", "edition 1\ndefine a\n  when ≤\nend\ndefine b\n")

    assert [each.code for each in refused.value.diagnostics] == ["P001", "P006", "P016"]
