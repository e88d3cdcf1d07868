"""Formats a rule file: other blanks, another order of statements, the same meaning.

What comes out is read again and compared with what went in before it is returned.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from whopays.diagnostics import DiagnosticError, Source, Span
from whopays.syntax.arrange import arranged
from whopays.syntax.kept import parse_kept
from whopays.syntax.layout import laid_out
from whopays.syntax.write import written


class FormatBug(Exception):
    """Formatting would have changed what a file says: a bug in whopays."""


def format_text(name: str, text: str) -> str:
    """Return the rule file `name` as all rule files are written.

    Raise `DiagnosticError` with all that is wrong with `text` if it has errors, and
    `FormatBug` if the result would not say the same as `text`.
    """
    before, found = parse_kept(name, text)
    if any(each.is_error for each in found):
        raise DiagnosticError(found)
    formatted = written(arranged(laid_out(name, text)))
    if formatted == text:
        return text
    after, _ = parse_kept(name, formatted)
    if not same(before, after):
        raise FormatBug(name)
    return formatted


def same(left: Any, right: Any) -> bool:
    """Tell whether two nodes are equal, wherever they stand."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Span | Source):
        return True
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if not is_dataclass(left):
        return bool(left == right)
    return all(
        same(getattr(left, each.name), getattr(right, each.name))
        for each in fields(left)
    )
