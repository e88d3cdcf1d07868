"""A rule file as its author laid it out: statements with their comments and blank lines.

The formatter works on this and not on nodes, so that no comment is lost and a new kind
of statement needs nothing here. Only files without errors are laid out: every block
has its `end`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from whopays.diagnostics import Source
from whopays.syntax import surface
from whopays.syntax.layout.spacing import Token, tidied, tokens
from whopays.syntax.statements import (
    Statement,
    comment_start,
    normal_lines,
    normal_text,
    row_cells,
    statements,
)


@dataclass(frozen=True)
class Note:
    """A comment on a line of its own; `blank` if a blank line stands above it."""

    text: str
    blank: bool


@dataclass(frozen=True)
class Line:
    """One line of a statement, `written` so by its author, and the comment behind it.

    A comment between two lines of a statement is a line without words.
    """

    written: str
    comment: str = ""

    @cached_property
    def words(self) -> tuple[Token, ...]:
        """The words of the line."""
        return tuple(tokens(self.written))

    @cached_property
    def text(self) -> str:
        """The words with the blanks that belong between them."""
        return tidied(self.written)


@dataclass(frozen=True)
class Item:
    """A statement, a row or a block, with the `notes` above it.

    `word` is what it begins with, `|` for a row; `text` is what the parser reads.
    `blank` if a blank line stands right above it, below its notes. `under` are the
    bounds of an amount, `cells` those of a row. `top` are the notes on all of a block,
    `body` its items; without `end` it is no block.
    """

    word: str
    text: str
    notes: list[Note]
    blank: bool
    lines: list[Line]
    cells: list[str] = field(default_factory=list)
    under: list[Item] = field(default_factory=list)
    top: list[Note] = field(default_factory=list)
    body: list[Item] = field(default_factory=list)
    end: Item | None = None


@dataclass(frozen=True)
class Layout:
    """What stands outside any block, blocks included, and the comments at the end."""

    items: list[Item]
    last: list[Note]


def every(item: Item) -> Iterator[Item]:
    """Yield `item` and all that stands in it, in the order written."""
    yield item
    for each in (*item.under, *item.body, *([item.end] if item.end else ())):
        yield from every(each)


def laid_out(name: str, text: str) -> Layout:
    """Return the layout of the rule file `name`, whose `text` has no errors."""
    source, written = Source(name, normal_text(text)), normal_lines(text)
    items: list[Item] = []
    at = 0
    for each in statements(source):
        notes, blank = _notes(written, at, each.span.start)
        at = each.span.end
        if each.is_row:
            line, cells = _row(each, written)
            items.append(Item("|", each.span.text, notes, blank, [line], cells))
        else:
            lines = list(_lines(written[each.span.start : at]))
            items.append(Item(each.word, each.span.text, notes, blank, lines))
    last, _ = _notes(written, at, len(written))
    return Layout(list(_outer(iter(items))), last)


def _notes(written: str, start: int, end: int) -> tuple[list[Note], bool]:
    """Return the comments between two statements, and whether a blank line ends them."""
    between = written[start:end].split("\n")
    if start:
        del between[0]  # the rest of a statement's line
    if end < len(written) and between:
        del between[-1]  # the indentation of a statement
    notes: list[Note] = []
    blank = False
    for line in map(str.strip, between):
        if line:
            notes.append(Note(line, blank))
        blank = not line
    return notes, blank


def _lines(written: str) -> Iterator[Line]:
    for line in written.split("\n"):
        at = comment_start(line)
        words, comment = line[:at].strip(), line[at:].rstrip()
        if words or comment:
            yield Line(words, comment)


def _row(row: Statement, written: str) -> tuple[Line, list[str]]:
    """Return a row and the comment behind it, and its cells, as their author wrote them."""
    start, end = row.span.start, row.span.end
    last = start + row.span.text.rindex("|") + 1
    cells = [written[cell.start : cell.end] for cell in row_cells(row).cells]
    return Line(written[start:last], written[last:end].strip()), cells


def _outer(items: Iterator[Item]) -> Iterator[Item]:
    for item in items:
        yield item if item.word in surface.ALONE else _filled(item, items)


def _filled(head: Item, items: Iterator[Item]) -> Item:
    """Return the block `head` with what stands before its `end`."""
    body: list[Item] = []
    for item in items:
        if _is_end(item):
            return replace(head, body=body, end=item)
        if item.word == surface.BOUND and body:
            body[-1].under.append(item)
        elif surface.INSIDE.get(item.word) == head.word:
            body.append(_filled(item, items))
        else:
            body.append(item)
    return replace(head, body=body)


def _is_end(item: Item) -> bool:
    return [line.written for line in item.lines if line.written] == ["end"]
