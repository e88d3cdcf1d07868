"""Characters that word processors, spreadsheets and other keyboards put into a text.

A rule file is plain: what looks like a sign of the language and is another character is
refused, with the sign to write. Inside straight quotes and comments any visible character
may stand; in quotes, words that are Latin only by half may not.
"""

from __future__ import annotations

import unicodedata

from whopays.diagnostics import is_seen
from whopays.syntax.mistakes.lookalikes import latin

#: What opens a text in a word processor, and what closes it. A straight single quote
#: is not a word processor's, but is taken for one as often.
DOUBLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u301d\u301e\uff02\u2033"
SINGLE = "\u2018\u2019\u201a\u201b\u2039\u203a\u00b4`'\uff07\u2032"
#: Dashes and minus signs that are no hyphen.
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63"
#: Signs, and what the language writes.
SIGNS = {
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2a7d": "<=",
    "\u2a7e": ">=",
    "\u2260": "is not",
    "\u00d7": "*",
    "\u2217": "*",
    "\u2715": "*",
    "\u2044": "/",
    "\u2215": "/",
    "\u2208": "in",
    "\u2227": "and",
    "\u2228": "or",
    "\u00ac": "not",
    "\u2026": "-",
    **dict.fromkeys(DASHES, "-"),
}
FRACTIONS = {
    "\u00bd": "1/2",
    "\u00bc": "1/4",
    "\u00be": "3/4",
    "\u2153": "1/3",
    "\u2154": "2/3",
    "\u2155": "1/5",
    "\u2156": "2/5",
    "\u2157": "3/5",
    "\u2158": "4/5",
    "\u2159": "1/6",
    "\u215a": "5/6",
    "\u215b": "1/8",
    "\u215c": "3/8",
    "\u215d": "5/8",
    "\u215e": "7/8",
}
#: Marks of a list, at the beginning of a line.
BULLETS = (
    "\u2022\u00b7\u25cf\u25cb\u25e6\u25aa\u25ab\u25a0\u25a1\u2023\u2043\uf0b7\u2219"
)
#: Marks in a cell that mean an `x`.
MARKS = "\u00d7\u2715\u2716\u2717\u2718\u2611\u2612\u2022\u25cf\u25a0\u2a2f\u0445\u0425"
#: Where a line ends in other programs.
BREAKS = "\u000b\u000c\u0085\u2028\u2029"
#: Blanks that are not read as blanks.
_BLANKS = "Zs"
#: Controls of the direction of text: they can make a line look like another.
DIRECTIONS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def is_invisible(char: str) -> bool:
    """Tell whether `char` can't be seen: a control, a soft hyphen, a joiner, a filler.

    What Unicode has not given to any character yet is not told: it may be one tomorrow.
    """
    if " " <= char <= "~" or char in "\n\t" or char in BREAKS:
        return False
    return not is_seen(char) and unicodedata.category(char) != "Cn"


def is_control(char: str) -> bool:
    """Tell whether `char` may not even stand in a comment: it moves what is beside it."""
    return char in DIRECTIONS or (
        unicodedata.category(char) == "Cc" and char not in f"\n\t{BREAKS}"
    )


def plain(char: str) -> str | None:
    """Return the ASCII characters that `char` stands for, or None for itself.

    It may be of full width, another blank, or a letter that looks like a Latin one.
    """
    if char.isascii():
        return None
    letter = latin(char)
    if letter is not None:
        return letter
    if unicodedata.category(char) == _BLANKS:
        return " "
    wide = unicodedata.normalize("NFKC", char)
    width = unicodedata.east_asian_width(char)
    return wide if width in {"F", "H"} and wide.isascii() else None


def folded(text: str) -> str:
    """Return `text` as it would be typed on a plain keyboard, to compare names."""
    found = []
    for char in text:
        if char in DOUBLE:
            found.append('"')
        elif char in SINGLE:
            found.append("'")
        elif char in DASHES:
            found.append("-")
        elif not is_invisible(char):
            found.append(plain(char) or char)
    return " ".join("".join(found).split())


def bare(text: str) -> str:
    """Return `text` without the accents of its letters."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


#: Unicode gives controls no names of their own.
_CONTROLS = {"\u000b": "vertical tab", "\u000c": "form feed", "\u0085": "next line"}


def called(char: str) -> str:
    """Return the number and the name of `char`, for messages."""
    name = unicodedata.name(char, _CONTROLS.get(char, "")).lower()
    number = f"U+{ord(char):04X}"
    return f"{number} ({name})" if name else number
