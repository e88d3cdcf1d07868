"""Reads a text as if the exact fixes of its mistakes had been made.

What an author typed wrongly, and what can be told exactly, then hides nothing else: the
rest of the file is looked at in the same run, and nothing is reported that only follows
from the mistake. All places lead back to the text as it was typed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeAlias

from whopays.diagnostics import Diagnostic, Edit, Label, Source, Span, fixes
from whopays.diagnostics.fix import Rewriting
from whopays.syntax.nodes import RuleFile
from whopays.syntax.statements import statements

#: Reads a source: its nodes, and what is wrong with its text.
Read: TypeAlias = Callable[[Source], tuple[RuleFile, list[Diagnostic]]]

_ROUNDS = 4
_ABOUT_BLOCKS = frozenset({"P006", "P007", "P017"})
_LONGEST = 2_000_000  # characters; a longer text is read once, as it is


def read_mended(
    source: Source, first: list[Diagnostic], read: Read
) -> tuple[RuleFile, list[Diagnostic]]:
    """Return the nodes of `source`, as if it were mended, and all that is wrong with it.

    `first` is what was found before reading. A fix that leaves its statement wrong still
    counts: the statement is not reported again.
    """
    way = _Way(source)
    said = way.mended(first, wholly=False)
    file, found = read(way.now)
    for _ in range(_ROUNDS if len(source.text) <= _LONGEST else 0):
        if not any(each.fix for each in found):
            break
        # What is about whole blocks may only follow from a misspelt line.
        about_lines = [each for each in found if each.code not in _ABOUT_BLOCKS]
        sure = any(each.fix for each in about_lines)
        said += way.mended(about_lines if sure else found)
        file, found = read(way.now)
        found = [each for each in found if not way.was_mended(each)]
    found = [*said, *map(way.back, found)]
    if way.now is not source:
        blocks = way.moved(file.blocks)
        unread = tuple(way.span(each) for each in file.unread)
        has_errors = any(each.is_error for each in found)
        file = RuleFile(source, blocks, unread, has_errors)
    return file, sorted(found, key=_place)


class _Way:
    """The text as it is now, and the way from it back to the text as it was typed."""

    def __init__(self, typed: Source) -> None:
        self.now = typed
        self._steps: list[Rewriting] = []
        self._starts = [each.span.start for each in statements(typed)]
        self._mended: set[int] = set()

    def mended(
        self, found: list[Diagnostic], *, wholly: bool = True
    ) -> list[Diagnostic]:
        """Make the fixes of `found`; return those that were made, of the typed text.

        `wholly`: what else is wrong with these statements is not to be reported.
        """
        made = fixes(found, self.now)
        if not made:
            return []
        kept = {(edit.span, edit.text) for edit in made}
        done = [
            self.back(each)
            for each in found
            if each.fix and all((edit.span, edit.text) in kept for edit in each.fix)
        ]
        if wholly:
            # A line put in between is beside a statement, not in it.
            inside = [edit for edit in made if "\n" not in edit.text]
            self._mended.update(self._statement(edit.span) for edit in inside)
        step = Rewriting(self.now, made)
        self.now = Source(step.source.name, step.text)
        self._steps.append(step)
        return done

    def was_mended(self, found: Diagnostic) -> bool:
        """Tell whether `found` is about a statement that was mended and stays wrong."""
        spans = [label.span for label in found.labels[:1]]
        return any(self._statement(span) in self._mended for span in spans)

    def _statement(self, span: Span) -> int:
        return bisect_right(self._starts, self.span(span).start)

    def span(self, span: Span) -> Span:
        """Return the place of `span` in the text as it was typed."""
        for step in reversed(self._steps):
            span = step.back(span.start, span.end)
        return span

    def back(self, found: Diagnostic) -> Diagnostic:
        """Return `found` with its places in the text as it was typed."""
        if not self._steps:
            return found
        labels = tuple(Label(self.span(e.span), e.remark) for e in found.labels)
        fix = tuple(Edit(self.span(each.span), each.text) for each in found.fix)
        return replace(found, labels=labels, fix=fix)

    def moved(self, value: Any) -> Any:
        """Return the nodes `value` with all their places in the text as it was typed."""
        if isinstance(value, Span):
            return self.span(value)
        if isinstance(value, tuple):
            return tuple(map(self.moved, value))
        if not is_dataclass(value):
            return value
        inner = {e.name: self.moved(getattr(value, e.name)) for e in fields(value)}
        return replace(value, **inner) if not isinstance(value, type) else value


def _place(found: Diagnostic) -> int:
    return found.labels[0].span.start if found.labels else 0
