"""The diagnostic: a stable code, one sentence, the places it is about, and a remedy.

A span carries its source, so that a report can be shown wherever it ends up.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

_NEWLINE = re.compile("\n")


class Severity(Enum):
    """How much a diagnostic matters: an error stops the file from being used."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, eq=False)
class Source:
    """One file that somebody wrote: the `name` shown in reports, and its `text`."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> Sequence[int]:
        """Offsets at which lines begin."""
        # An array: a hostile file has more lines than there is room for numbers.
        starts = array("q", [0])
        starts.extend(found.end() for found in _NEWLINE.finditer(self.text))
        return starts

    def line_text(self, line: int) -> str:
        """Return line number `line` (from 1), without its newline."""
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]

    def position(self, offset: int) -> tuple[int, int]:
        """Return (line, column) of `offset`, both counted from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1


@dataclass(frozen=True)
class Span:
    """The characters `start` to `end` (exclusive) of `source`."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """The line on which the span begins, from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column at which the span begins, from 1."""
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        """The line on which the span ends, from 1."""
        return self.source.position(self.end)[0]

    @property
    def end_column(self) -> int:
        """The column after the last character of the span, from 1."""
        return self.source.position(self.end)[1]

    @property
    def place(self) -> str:
        """`file:line:column`, as editors understand it."""
        return f"{self.source.name}:{self.line}:{self.column}"

    def to(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, other.end)


@dataclass(frozen=True)
class Label:
    """A place in a file and what is to be said about it."""

    span: Span
    remark: str = ""


@dataclass(frozen=True)
class Edit:
    """A change of the text: `text` takes the place of `span`; an empty span inserts."""

    span: Span
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """One problem: the first label is where it is, the others are involved.

    `fix` holds the edits that do what `help` says, where the help is a rewrite; it is
    empty where the help is advice or an example.
    """

    code: str
    message: str
    labels: tuple[Label, ...]
    help: str = ""
    notes: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    fix: tuple[Edit, ...] = ()

    @property
    def is_error(self) -> bool:
        """True when the file can't be used because of this."""
        return self.severity is Severity.ERROR


class DiagnosticError(Exception):
    """Raised where a file has errors: `diagnostics` holds all of them."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        first = self.diagnostics[0] if self.diagnostics else None
        super().__init__(
            f"{first.code}: {first.message}" if first else "no diagnostics"
        )
