"""Physical lines of a file, numbered, decoded and bounded, whatever the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from whopays.claims.records import LONGEST_RECORD


@dataclass(frozen=True)
class TextLine:
    """Line `number` (from 1): its `text` without the newline, or a `problem`."""

    number: int
    text: str
    problem: str = ""


def text_lines(path: Path, longest: int = LONGEST_RECORD) -> Iterator[TextLine]:
    """Yield the lines of `path`; one longer than `longest` bytes is never held whole."""
    with path.open("rb") as file:
        yield from lines_from(file, 1, longest)


def lines_from(
    file: BinaryIO, number: int, longest: int = LONGEST_RECORD
) -> Iterator[TextLine]:
    """Yield the lines of `file` from where it stands: line `number` is the first."""
    while raw := file.readline(longest + 1):
        is_first = number == 1
        if len(raw) > longest:
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(longest)
            found = TextLine(number, "", f"is longer than {longest} bytes")
        else:
            found = _decoded(raw, number, "utf-8-sig" if is_first else "utf-8")
        yield found
        number += 1


def _decoded(raw: bytes, number: int, encoding: str) -> TextLine:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return TextLine(number, "", "is not UTF-8 text")
    return TextLine(number, text.removesuffix("\n").removesuffix("\r"))


def unpaired(text: str) -> str:
    """Return why `text` is no row of cells: its quotation marks, or another file's ends.

    Spreadsheets on a Macintosh can end lines with a carriage return alone: to all others
    such a file is one line.
    """
    if "\r" in text:
        return "ends with a carriage return alone: save the file as CSV in UTF-8"
    return "has quotation marks that do not pair up"
