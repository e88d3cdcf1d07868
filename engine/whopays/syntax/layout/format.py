"""Formats a rule file: other blanks, another order of statements, the same meaning.

What comes out is read again and compared with what went in before it is returned: a
mistake of the formatter must never change what a contract says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from whopays.diagnostics import DiagnosticError, Source, Span
from whopays.syntax import parse
from whopays.syntax.kept import parse_kept
from whopays.syntax.layout.arrange import arranged
from whopays.syntax.layout.parts import Item, Layout, every, laid_out
from whopays.syntax.layout.write import written
from whopays.syntax.nodes import RuleFile


class FormatBug(Exception):
    """Formatting would have changed what a file says: a bug in whopays."""


def format_text(name: str, text: str) -> str:
    """Return the rule file `name` as all rule files are written.

    Raise `DiagnosticError` with all that is wrong with `text` if it has errors, and
    `FormatBug` if the result would not say the same as `text`.
    """
    # The text is about to change, so what was read is not worth keeping.
    file, found = parse_kept(name, text, keep=False)
    if any(each.is_error for each in found):
        raise DiagnosticError(found)
    before = laid_out(name, text)
    formatted = written(arranged(before))
    if formatted != text and not _says_the_same(
        file, before, laid_out(name, formatted)
    ):
        raise FormatBug(
            f"{name}: formatting would change what this file says; "
            "this is a bug in whopays, please report it"
        )
    return formatted


def tidied(name: str, text: str) -> str:
    """Return `text`, written by whopays itself, as all rule files are written.

    It is not read: who writes rule text has tests that read it.
    """
    return written(arranged(laid_out(name, text)))


def _says_the_same(file: RuleFile, before: Layout, after: Layout) -> bool:
    """Tell whether `after` has the nodes of `file` and the comments of `before`.

    Only blocks that are written otherwise are read again; the rest reads as it did.
    """
    if Counter(_comments(before)) != Counter(_comments(after)):
        return False
    if not len(before.items) == len(after.items) == len(file.blocks) + 1:
        return False
    edition, *blocks = after.items
    changed = [
        (node, new)
        for node, old, new in zip(file.blocks, before.items[1:], blocks, strict=True)
        if _texts(old) != _texts(new)
    ]
    text = "\n".join(
        each
        for item in (edition, *(new for _, new in changed))
        for each in _texts(item)
    )
    again, found = parse(file.source.name, text)
    return not any(each.is_error for each in found) and same(
        tuple(node for node, _ in changed), again.blocks
    )


def _texts(item: Item) -> list[str]:
    return [each.text for each in every(item)]


def _comments(layout: Layout) -> Iterator[str]:
    for item in (each for outer in layout.items for each in every(outer)):
        yield from (note.text for note in item.notes)
        yield from (line.comment for line in item.lines if line.comment)
    yield from (note.text for note in layout.last)


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
