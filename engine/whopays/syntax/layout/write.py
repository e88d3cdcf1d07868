"""From the layout of a rule file to its text: indentation, blanks and columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from whopays.syntax.layout import columns
from whopays.syntax.layout.parts import Item, Layout, Line, Note
from whopays.syntax.layout.spacing import spaced, tidied
from whopays.syntax.statements import column_name, plain_blanks

_STEP = "  "
#: Statements whose first words stand under those of their neighbours of the same run.
_RUNS = {"party": 1, "fund": 1, "fact": 2, "amount": 3, "let": 4}
#: What comes after the names that a fact line declares.
_AFTER_NAMES = ("is", "of")


def written(layout: Layout) -> str:
    """Return the text of a rule file laid out as `layout`."""
    lines = [*_items(layout.items, ""), *_notes(layout.last, "")]
    return "\n".join(lines) + "\n"


def _items(items: list[Item], indent: str) -> Iterator[str]:
    for item, text in zip(items, _first_lines(items), strict=True):
        yield from _notes(item.notes, indent)
        if item.blank:
            yield ""
        yield _with_comment(indent + text, item.lines[0])
        yield from _continued(item, indent)
        yield from _items(item.under, indent + _STEP)
        if item.end is not None:
            yield from _notes(item.top, indent + _STEP)
            yield from _items(item.body, indent + _STEP)
            yield from _notes(item.end.notes, indent + _STEP)
            yield _with_comment(f"{indent}end", item.end.lines[0])


def _notes(notes: list[Note], indent: str) -> Iterator[str]:
    for note in notes:
        if note.blank:
            yield ""
        yield indent + note.text


def _with_comment(text: str, line: Line) -> str:
    return f"{text}  {line.comment}" if line.comment else text


def _continued(item: Item, indent: str) -> Iterator[str]:
    """Yield the further lines of a statement.

    `and` and `or` stand under `when`; all else is deeper, and so is what a parenthesis
    opened in an earlier line holds.
    """
    if len(item.lines) == 1:
        return
    depth = first = _opened(item.lines[0])
    waiting: list[Line] = []
    for line in item.lines[1:]:
        if not line.written:
            waiting.append(line)
            continue
        steps = depth if item.word == "when" else 1 + max(0, depth - first)
        inner = indent + _STEP * steps
        yield from (inner + each.comment for each in waiting)
        yield _with_comment(inner + line.text, line)
        waiting.clear()
        depth += _opened(line)


def _opened(line: Line) -> int:
    """Return how many more parentheses `line` opens than it closes."""
    texts = [word.text for word in line.words]
    return texts.count("(") - texts.count(")")


def _first_lines(items: list[Item]) -> Iterator[str]:
    """Yield the first line of each item, in columns where they are in a run."""
    rows = iter(_grid([item for item in items if item.word == "|"]))
    run = 0
    numbered = []
    for item in items:
        if item.blank or any(note.blank for note in item.notes):
            run += 1
        numbered.append(((run, _RUNS.get(item.word, 0)), item))
    for (_, kind), group in groupby(numbered, key=lambda pair: pair[0]):
        members = [item for _, item in group]
        if kind:
            yield from _run(members)
        else:
            for item in members:
                yield next(rows) if item.word == "|" else item.lines[0].text


def _grid(rows: list[Item]) -> list[str]:
    """Return the rows of a block with their bars under each other."""
    if not rows:
        return []
    header = [column_name(cell) for cell in rows[0].cells]
    body = [list(map(_cell, header, row.cells)) for row in rows[1:]]
    return columns.grid(header, body)


def _cell(column: str, text: str) -> str:
    """Return the text of a cell: names and conditions tidied, all else as it is."""
    plain = plain_blanks(text)
    if column == "category":
        return " ".join(plain.split())
    if column == "when":
        return tidied(text)
    return text.replace("\t", " ") if column == "cites" else plain


def _run(items: list[Item]) -> Iterator[str]:
    cut = [_names(item) for item in items]
    padded = columns.names([names for names, _ in cut])
    for names, (_, rest) in zip(padded, cut, strict=True):
        yield f"{names} {rest}".rstrip()


def _names(item: Item) -> tuple[list[str], str]:
    """Return the first words of a line that stand in columns, and the rest of it."""
    words = item.lines[0].words
    at = 2
    if item.word == "fact":
        ends = (at for at, word in enumerate(words) if word.text in _AFTER_NAMES)
        at = next(ends, len(words))
    return [words[0].text, spaced(words[1:at])], spaced(words[at:])
