"""Letters of other alphabets that look like those of the Latin one.

The pairs are from the confusables of Unicode Technical Standard 39, as far as a reader of
English takes one for the other. Greek letters that are signs in medicine (as in
TNF-alpha) are left out.
"""

from __future__ import annotations

import re
import unicodedata

#: For each letter of ASCII those that look like it: Cyrillic, Greek, Armenian, Cherokee,
#: Lisu, Coptic, and phonetic ones.
_ALIKE = {
    "A": "\u0391\u0410\u13aa\ua4ee",
    "B": "\u0392\u0412\u13f4\ua4d0",
    "C": "\u03f9\u0421\u13df\u2ca4\ua4da",
    "D": "\u13a0\ua4d3",
    "E": "\u0395\u0415\u13ac\ua4f0",
    "F": "\u03dc\ua4dd",
    "G": "\u050c\u13c0\u13f3\ua4d6",
    "H": "\u0397\u041d\u13bb\u2c8e\ua4e7",
    "I": "\u0399\u0406\u04c0\u2c92\ua4f2",
    "J": "\u037f\u0408\u13ab\ua4d9",
    "K": "\u039a\u041a\u13e6\u2c94\ua4d7",
    "L": "\u13de\u2cd0\ua4e1",
    "M": "\u039c\u03fa\u041c\u13b7\u2c98\ua4df",
    "N": "\u039d\u2c9a\ua4e0",
    "O": "\u039f\u041e\u0555\u2c9e\ua4f3",
    "P": "\u03a1\u0420\u13e2\u2ca2\ua4d1",
    "R": "\u13a1\u13d2\ua4e3",
    "S": "\u0405\u054f\u13d5\u13da\ua4e2",
    "T": "\u03a4\u0422\u13a2\u2ca6\ua4d4",
    "U": "\u054d\ua4f4",
    "V": "\u0474\u13d9\ua4e6",
    "W": "\u051c\u13b3\u13d4\ua4ea",
    "X": "\u03a7\u0425\u2cac\ua4eb",
    "Y": "\u03a5\u03d2\u0423\u04ae\u13a9\u13bd\u2ca8\ua4ec",
    "Z": "\u0396\u13c3\ua4dc",
    "a": "\u0251\u0430",
    "b": "\u042c\u13cf",
    "c": "\u03f2\u0441\u2ca5\uabaf",
    "d": "\u0501\u13e7\ua4d2",
    "e": "\u0435\u04bd",
    "f": "\u0584",
    "g": "\u0261\u0581",
    "h": "\u04bb\u0570\u13c2",
    "i": "\u0131\u0269\u0456\u04cf\u13a5\ua647\uab75",
    "j": "\u03f3\u0458",
    "n": "\u0578\u057c",
    "o": "\u03bf\u043e\u0585\u2c9f",
    "p": "\u0440\u2ca3",
    "q": "\u051b\u0563\u0566",
    "r": "\u0433\u2c85\uab81",
    "s": "\u0455\uabaa",
    "u": "\u057d",
    "v": "\u03bd\u0475\uaba9",
    "w": "\u0461\u051d\u0561\uab83",
    "x": "\u0445",
    "y": "\u0443\u04af",
    "z": "\uab93",
}
_LATIN = {char: letter for letter, chars in _ALIKE.items() for char in chars}
#: Of the Latin alphabet of some language: no stranger in a word.
_AT_HOME = frozenset("\u0131\u0251\u0261\u0269")
_WORD = re.compile(r"[^\W\d_]+")


def latin(char: str) -> str | None:
    """Return the letter of ASCII that `char`, another letter, looks like; or None."""
    found = _LATIN.get(char)
    if found is None and unicodedata.name(char, "").startswith("MATHEMATICAL "):
        plain = unicodedata.normalize("NFKC", char)
        return plain if plain.isascii() and plain.isalnum() else None
    return found


def strangers(text: str) -> list[int]:
    """Return where letters that look Latin, and are not, stand in Latin words of `text`.

    A word wholly of another alphabet has none, nor has one with letters of both that
    nobody takes for each other: which of the two was meant is not known.
    """
    if text.isascii():
        return []
    found: list[int] = []
    for word in _WORD.finditer(text):
        letters = word.group()
        others = [at for at, char in enumerate(letters) if not char.isascii()]
        alike = [
            at
            for at in others
            if letters[at] not in _AT_HOME and latin(letters[at]) is not None
        ]
        foreign = len([at for at in others if not _is_latin(letters[at])])
        if alike and len(others) < len(letters) and foreign == len(alike):
            found.extend(word.start() + at for at in alike)
    return found


def _is_latin(char: str) -> bool:
    return unicodedata.name(char, "").startswith("LATIN ")
