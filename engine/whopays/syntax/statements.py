"""Cuts the text of a rule file into statements and rows.

One statement a line; a line that begins with `and`, `or`, `+`, `-` or `*` continues
the one above. Doing this before the grammar makes recovery exact: a statement that
can't be read never takes the next one with it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from whopays.diagnostics import Source, Span

#: Columns of a grid that are no party.
NOT_A_PARTY = ("category", "when", "not covered", "cites")
_FIRST_WORD = re.compile(r"[^\s\"(|,#]+")
_CONTINUES = re.compile(r"(and|or)\b|[+\-*](?=[\s(]|$)")
_QUOTED_OR_COMMENT = re.compile(r'"[^"|\n]*"|#')
_BLANKS = str.maketrans({"\t": " ", "\u00a0": " ", "\u202f": " ", "\u2007": " "})


@dataclass(frozen=True)
class Statement:
    """One statement, or one row of a grid; `word` is what it begins with."""

    word: str
    span: Span
    is_row: bool = False


def normal_lines(raw: str) -> str:
    """Return `raw` with Unix line ends and without byte-order mark."""
    return raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def normal_text(raw: str) -> str:
    """Return `raw` with Unix line ends, plain blanks, and without byte-order mark."""
    return plain_blanks(normal_lines(raw))


def composed(text: str) -> str:
    """Return `text` with each accent in one character with its letter, as Unicode's NFC.

    Keyboards write `é` in one of two ways that nobody can tell apart.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain_blanks(written: str) -> str:
    """Return `written` with a blank for each tab and each no-break space."""
    return written.translate(_BLANKS)


def statements(source: Source) -> list[Statement]:
    """Return the statements of `source` in order."""
    found: list[Statement] = []
    offset = 0
    for line in source.text.split("\n"):
        start = offset + len(line) - len(line.lstrip())
        end = offset + len(line.rstrip())
        offset += len(line) + 1
        if start >= end or source.text[start] == "#":
            continue
        is_row = source.text[start] == "|"
        continues = _CONTINUES.match(source.text, start, end)
        if continues and found and not found[-1].is_row:
            last = found[-1]
            found[-1] = Statement(last.word, Span(source, last.span.start, end))
            continue
        word = _FIRST_WORD.match(source.text, start, end)
        span = Span(source, start, end)
        found.append(Statement(word.group() if word else "", span, is_row))
    return found


def comment_start(line: str) -> int:
    """Return where the comment of `line` begins, or its length if it has none."""
    for found in _QUOTED_OR_COMMENT.finditer(line):
        if found.group() == "#":
            return found.start()
    return len(line)


@dataclass(frozen=True)
class RowText:
    """The cells of one row, trimmed, with their spans; `closed` if it ends in `|`."""

    cells: tuple[Span, ...]
    closed: bool


def row_cells(row: Statement) -> RowText:
    """Return the cells of `row`; what follows the last bar must be a comment."""
    source, text = row.span.source, row.span.text
    bars = [at for at, char in enumerate(text) if char == "|"]
    cells = []
    for left, right in pairwise(bars):
        cells.append(trimmed(source, row.span.start + left + 1, row.span.start + right))
    rest = text[bars[-1] + 1 :].strip()
    closed = len(bars) > 1 and (not rest or rest.startswith("#"))
    return RowText(tuple(cells), closed)


def trimmed(source: Source, start: int, end: int) -> Span:
    """Return the span from `start` to `end` without blanks at its ends."""
    while start < end and source.text[start] == " ":
        start += 1
    while end > start and source.text[end - 1] == " ":
        end -= 1
    return Span(source, start, end)


def column_name(text: str) -> str:
    """Return the name of a column, those that are no party in lower case."""
    name = " ".join(text.split())
    return name.casefold() if name.casefold() in NOT_A_PARTY else name
