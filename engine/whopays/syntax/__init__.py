"""Text to nodes. The only package that knows Lark."""

from __future__ import annotations

from whopays.diagnostics import Diagnostic
from whopays.syntax.nodes import RuleFile

__all__ = ["parse"]


def parse(name: str, text: str) -> tuple[RuleFile, list[Diagnostic]]:
    """Return the nodes of the rule file `name`, and all that is wrong with its text."""
    # Lark is slow to load, and what `kept` has read before needs none.
    from whopays.syntax.reader import parse as read  # noqa: PLC0415

    return read(name, text)
