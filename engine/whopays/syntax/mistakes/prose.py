"""Lines of ordinary prose: a comment whose `#` was forgotten."""

from __future__ import annotations

import re

from whopays.diagnostics import Edit, Remedy, Source, Span
from whopays.syntax import surface

#: A sentence, or words with a colon as notes begin: `Note: see the letter of March`.
_PROSE = re.compile(
    r"[A-Z][a-z]*( [\w,'()-]+){3,}|\w+( [\w,'()-]+){3,}\.$"
    r"|(?i:(note|remark|comment|nb|see|section|article|page)\b[^|\"]*)$"
)
_COLON = re.compile(r"[A-Z][\w' -]*:\s+[^\s|\"]")
_WORDS = frozenset(
    word for block in (None, *surface.BLOCKS) for word in surface.first_words(block)
)
_MOST_LINES = 50


def is_prose(text: str) -> bool:
    """Tell whether `text`, a line that can't be read, may be a comment."""
    told = _COLON.match(text) or _PROSE.match(text)
    return told is not None and "|" not in text and '"' not in text


def commented(source: Source, start: int) -> Remedy:
    """Return the remedy to write `#` before the line at `start` and prose below it."""
    edits = [Edit(Span(source, start, start), "# ")]
    number = source.position(start)[0]
    last = min(number + _MOST_LINES, len(source.line_starts))
    for more in range(number + 1, last + 1):
        text = source.line_text(more)
        word = text.split(None, 1)[0] if text.strip() else ""
        if not word or word in _WORDS or word.startswith(("#", "|")):
            break
        at = source.line_starts[more - 1] + len(text) - len(text.lstrip())
        edits.append(Edit(Span(source, at, at), "# "))
    return Remedy("write `#` before it, if it is a comment", tuple(edits))
