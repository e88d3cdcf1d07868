"""What statements with errors may have declared: such names are not missed elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from whopays.diagnostics import Span

_WORD = re.compile(r"[\w.\-]+")
_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[^a-z0-9]+")
#: Characters; where more could not be read, anything may have been declared in them.
_MOST = 200_000


class Lost:
    """Statements that could not be read, and names whose declarations have errors."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.statements: list[Span] = []

    def add(self, statements: Iterable[Span]) -> None:
        """Remember more statements."""
        self.statements.extend(statements)
        for name in ("_text", "_words", "_bare"):
            self.__dict__.pop(name, None)

    def may_have(self, name: str, *, loosely: bool = False) -> bool:
        """Tell whether what is lost may have declared `name`.

        `loosely`: or, for an id with a digit, with other signs between the same letters.
        """
        folded = name.casefold()
        if loosely and _DIGIT.search(folded) and _SIGNS.sub("", folded) in self._bare:
            return True
        if folded in self.names:
            return True
        if not self.statements or not name:
            return False
        if len(self._text) > _MOST:
            return True
        if _WORD.fullmatch(folded):
            return folded in self._words
        whole = rf"(?<![\w.\-]){re.escape(folded)}(?![\w\-])"
        return folded in self._text and re.search(whole, self._text) is not None

    @cached_property
    def _text(self) -> str:
        found, size = [], 0
        for span in self.statements:
            found.append(span.text.casefold())
            size += len(found[-1])
            if size > _MOST:
                break
        return "\n".join(found)

    @cached_property
    def _bare(self) -> str:
        return _SIGNS.sub("", self._text)

    @cached_property
    def _words(self) -> frozenset[str]:
        """The words, and of a word with dots the parts that it begins with."""
        found: set[str] = set()
        for word in _WORD.findall(self._text):
            parts = word.split(".")
            found.update(".".join(parts[:count]) for count in range(1, len(parts) + 1))
        return frozenset(found)
