"""CSV that people open in a spreadsheet: no cell of a file becomes a formula.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or a tab for a formula, in
quotes or not, and runs it (CWE-1236; OWASP, "CSV Injection"). Claims and lists of codes
come from outside, so such a cell gets an apostrophe before it, as OWASP advises. So does
one that begins with an apostrophe: a program that takes one off has every text as it was.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import IO, Final

#: What begins a formula, behind blanks too; some spreadsheets know the wide forms, and
#: old ones `|` and `%`.
_FORMULA: Final = re.compile(r"[\t\r\n\0']|\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_BREAKS: Final = str.maketrans("\t\r\n\0", "    ")


class Sheet:
    """Writes rows to `out`, with a header of `columns`, if there are any."""

    def __init__(
        self, out: IO[str], columns: Iterable[str], delimiter: str = ","
    ) -> None:
        self._writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        titles = [*columns]
        if titles:
            self.row(titles)

    def row(self, cells: Iterable[str | int]) -> None:
        """Write one row; numbers, below zero too, stay numbers."""
        self._writer.writerow(
            guarded(each) if isinstance(each, str) else each for each in cells
        )


def guarded(text: str) -> str:
    """Return `text` as a cell that is no formula, and no more than one cell."""
    if not _FORMULA.match(text) or _NUMBER.fullmatch(text):
        return text.translate(_BREAKS)
    return f"'{text.translate(_BREAKS)}"
