"""The Lark parser of one statement, one cell or one reason.

The only module that imports lark. The parser tables are kept in the user's own cache
folder (Lark's own format; the folder belongs to the user alone) because building them
takes longer than reading a contract.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import lark
from lark.exceptions import LarkError, UnexpectedCharacters, UnexpectedToken
from lark.lexer import Lexer, LexerState, LexerThread, LineCounter

from whopays.diagnostics import Span
from whopays.resources import bundle, cache_folder

STARTS = ["statement", "condition", "answer", "reason"]


class _AlwaysWords:
    """Lets the lexer see whole words everywhere: `isdate` is never `is` and `date`."""

    always_accept = ("WORD", "LITERAL")

    def process(self, stream: Iterator[lark.Token]) -> Iterator[lark.Token]:
        """Return `stream` unchanged."""
        return stream


class _NoLines(LexerThread):
    """Counts no lines, where Lark counts all of the file before each statement."""

    @classmethod
    def from_text(cls, lexer: Lexer, text_or_slice: Any) -> LexerThread:
        """Return a lexer that begins where the slice does."""
        text = lark.TextSlice.cast_from(text_or_slice)
        counter: Any = LineCounter("\n")  # type: ignore[no-untyped-call]
        counter.char_pos = text.start
        return cls(lexer, LexerState(text, counter))


class Unexpected(Exception):
    """A statement can't be read: at `span` stands `found` where `expected` may stand.

    `found` is a terminal's name, "character", or "end".
    """

    def __init__(self, span: Span, found: str, expected: frozenset[str]) -> None:
        self.span = span
        self.found = found
        self.expected = expected
        super().__init__(f"unexpected {found}")


def parse_span(span: Span, start: str) -> lark.Tree[Any]:
    """Parse the text of `span` from the rule `start`, with positions in its source.

    Raise `Unexpected` where it does not follow the grammar.
    """
    try:
        tree = _parser().parse(
            lark.TextSlice(span.source.text, span.start, span.end), start=start
        )
    except UnexpectedToken as error:
        token = error.token
        if token.type == "$END" or token.start_pos is None:
            at = Span(span.source, max(span.start, span.end - 1), span.end)
            raise Unexpected(at, "end", frozenset(error.accepts or ())) from None
        at = Span(span.source, token.start_pos, token.end_pos or token.start_pos)
        raise Unexpected(at, token.type, frozenset(error.accepts or ())) from None
    except UnexpectedCharacters as error:
        start_pos: Any = error.pos_in_stream  # an int, which lark annotates as None
        at = Span(span.source, start_pos, start_pos + 1)
        raise Unexpected(at, "character", frozenset(error.allowed or ())) from None
    except LarkError:
        raise Unexpected(span, "character", frozenset()) from None
    if isinstance(tree, lark.Tree):
        return tree
    return lark.Tree("statement", [tree])


@cache
def _parser() -> lark.Lark:
    text = (bundle("grammar") / "whopays.lark").read_text(encoding="utf-8")
    folder = cache_folder()
    kept: str | bool = False
    if folder is not None:
        key = hashlib.sha256(f"{lark.__version__}{text}".encode()).hexdigest()[:16]
        kept = str(folder / f"grammar-{key}")
    return lark.Lark(
        text,
        parser="lalr",
        lexer="contextual",
        start=STARTS,
        postlex=_AlwaysWords(),
        _plugins={"LexerThread": _NoLines},
        propagate_positions=True,
        cache=kept,
    )
