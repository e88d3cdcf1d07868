"""Physical lines of a file, numbered, decoded and bounded, whatever the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
        number = 0
        while raw := file.readline(longest + 1):
            number += 1
            if len(raw) > longest:
                while raw and not raw.endswith(b"\n"):
                    raw = file.readline(longest)
                yield TextLine(number, "", f"is longer than {longest} bytes")
                continue
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                yield TextLine(number, "", "is not UTF-8 text")
                continue
            yield TextLine(number, text.removesuffix("\n").removesuffix("\r"))


def unpaired(text: str) -> str:
    """Return why `text` is no row of cells: its quotation marks, or another file's ends.

    Spreadsheets on a Macintosh can end lines with a carriage return alone: to all others
    such a file is one line.
    """
    if "\r" in text:
        return "ends with a carriage return alone: save the file as CSV in UTF-8"
    return "has quotation marks that do not pair up"
