"""Text to nodes, and text as it should be laid out. The only package that knows Lark."""

from __future__ import annotations

from whopays.diagnostics import Diagnostic
from whopays.syntax.nodes import RuleFile

__all__ = ["format_text", "parse"]


def parse(name: str, text: str) -> tuple[RuleFile, list[Diagnostic]]:
    """Return the nodes of the rule file `name`, and all that is wrong with its text."""
    # Lark is slow to load, and what `kept` has read before needs none.
    from whopays.syntax.whole import parse as read  # noqa: PLC0415

    return read(name, text)


def format_text(name: str, text: str) -> str:
    """Return the rule file `name` as the formatter writes it.

    Raise `DiagnosticError` with all that is wrong with `text` if it has errors.
    """
    from whopays.syntax.layout.format import format_text as formatted  # noqa: PLC0415

    return formatted(name, text)
