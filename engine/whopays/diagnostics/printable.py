"""Text as it may reach a terminal: nothing that moves the cursor, hides or reorders.

Names of files and the text of rule files come from elsewhere. A control character could
repaint the screen, a bidi mark show words in another order than they are read in.
"""

from __future__ import annotations

import unicodedata

#: Control, format (bidi marks, what has no width), surrogate, private, and line ends.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Of other categories, and without any shape of their own: joiners, fillers, selectors.
_SHAPELESS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
) | frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_STAND_IN = "\ufffd"


def is_seen(char: str) -> bool:
    """Tell whether `char` shows itself, and nothing else, on a terminal."""
    if char.isascii():
        return char.isprintable()
    return unicodedata.category(char) not in _UNSEEN and char not in _SHAPELESS


def printable(text: str) -> str:
    """Return `text` with a number such as `<U+202E>` for each character that is unseen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if is_seen(char) else f"<U+{ord(char):04X}>" for char in text)


def in_place(line: str) -> str:
    """Return `line` with a mark for each character that is unseen: columns stay."""
    if line.isascii() and line.isprintable():
        return line
    return "".join(char if is_seen(char) else _STAND_IN for char in line)
