"""The blanks between the words of a line: one, except around commas and parentheses.

Words are cut here as the grammar cuts them, so that taking blanks away or putting them
in never joins two words or divides one. What is no word of the language keeps the
blanks that it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from whopays.syntax.statements import plain_blanks

# The last kind takes any character that the grammar has no word for.
_TOKEN = re.compile(
    r"""(?P<string>"[^"|\n]*")
    | (?P<comment>\#[^\n]*)
    | (?P<word>-?\$[0-9][0-9,]*(?:\.[0-9]*)?
        | [0-9][A-Za-z0-9_./\-]*%?
        | [A-Za-z_][A-Za-z0-9_]*(?:[.\-][A-Za-z0-9_]+)*)
    | (?P<mark><=|>=|[<>=+*\-?])
    | (?P<bracket>[(),])
    | (?P<odd>\S)
    """,
    re.VERBOSE,
)
_WORD = r"(?:[A-Za-z_][A-Za-z0-9_]*(?:[.\-][A-Za-z0-9_]+)*|[0-9][A-Za-z0-9_./\-]*%?)"
_SPACED = re.compile(rf"{_WORD}(?:,? {_WORD})*")
_BEFORE_NONE = {",", ")"}
_AFTER_NONE = {"("}


class Token(NamedTuple):
    """One word as written; `apart` if a blank stands before it."""

    kind: str
    text: str
    apart: bool


def tokens(written: str) -> Iterator[Token]:
    """Yield the words of one line as `written` by its author.

    Strings and comments keep the blanks in them, whatever these are.
    """
    text = plain_blanks(written)
    end = 0
    for found in _TOKEN.finditer(text):
        kind, start = found.lastgroup or "odd", found.start()
        taken = written if kind in {"string", "comment"} else text
        yield Token(kind, taken[start : found.end()], start > end or not end)
        end = found.end()


def tidied(written: str) -> str:
    """Return one line with the blanks that belong between its words."""
    # At a glance most lines are tidy, and many are long lists of codes.
    return written if _SPACED.fullmatch(written) else spaced(tokens(written))


def spaced(words: Iterable[Token]) -> str:
    """Return `words` on one line."""
    parts: list[str] = []
    last: Token | None = None
    for word in words:
        if last is not None and _apart(last, word):
            parts.append(" ")
        parts.append(word.text)
        last = word
    return "".join(parts)


def _apart(left: Token, right: Token) -> bool:
    if "odd" in {left.kind, right.kind}:
        return right.apart
    return right.text not in _BEFORE_NONE and left.text not in _AFTER_NONE
