"""A statement, and where reading it stopped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from whopays.syntax.grammar import Unexpected

_PIECE = re.compile(r'"[^"\n]*"|[\w$.%/-]*[\w%]|[<>=!&|]+|\S')
#: What the grammar calls kinds of names, values and signs, not words of the language.
NAMES = frozenset({"STRING", "WORD", "LITERAL", "MONEY", "COMPARISON", "SIGN", "STAR"})
_SIGNS = NAMES | {"COMMA", "LPAR", "RPAR", "EQUAL", "QMARK", "$END", "_MONEY_WORD"}


@dataclass(frozen=True)
class Try:
    """A repair: put `text` in place of what stands from `start` to `end`; or several."""

    words: str
    edits: tuple[tuple[int, int, str], ...]


class Stopped:
    """The `text` of a statement in pieces: words, texts and signs.

    `here` is the number of the piece at which reading stopped by `problem`; `titles`
    are those of the whole file, with the ids of what has them.
    """

    def __init__(
        self, text: str, at: int, problem: Unexpected, titles: Mapping[str, str]
    ) -> None:
        self.text = text
        self.problem = problem
        self.titles = titles
        self.at = len(text) if problem.found == "end" else at
        self.pieces = [found.span() for found in _PIECE.finditer(text)]
        self.here = next(
            (n for n, (_, end) in enumerate(self.pieces) if end > self.at),
            len(self.pieces),
        )

    def before(self, at: int) -> str:
        """Return what stands before `at`, up to a blank."""
        found = re.search(r"\S*$", self.text[:at])
        return found.group() if found else ""

    def word_at(self, at: int) -> str:
        """Return what stands at `at`, up to a blank or a comma."""
        found = re.match(r"[^\s,]*", self.text[at:])
        return found.group() if found else ""

    def apart(self, start: int, end: int, write: str) -> str:
        """Return `write` with blanks where it would touch a word."""
        before, after = self.text[:start], self.text[end:]
        left = " " if before and not before[-1].isspace() else ""
        right = " " if after and not after[0].isspace() else ""
        return f"{left}{write}{right}"

    def left_out(self, start: int, end: int) -> Try:
        """Return the repair to leave out what stands from `start` to `end`."""
        word = self.text[start:end]
        return Try(f"leave out `{word}`", (self.cut(start, end),))

    def cut(self, start: int, end: int) -> tuple[int, int, str]:
        """Return the edit that takes out `start` to `end` and one blank beside it."""
        if start and self.text[start - 1] == " ":
            return (start - 1, end, "")
        if self.text[end : end + 1] == " ":
            return (start, end + 1, "")
        return (start, end, "")

    def keywords(self) -> list[str]:
        """Return the words of the language that may stand here."""
        return sorted(name.lower() for name in self.problem.expected - _SIGNS)

    # The repairs, from the plainest on

    def piece(self, number: int) -> str:
        """Return piece `number`, or nothing if there is none."""
        if not 0 <= number < len(self.pieces):
            return ""
        start, end = self.pieces[number]
        return self.text[start:end]
