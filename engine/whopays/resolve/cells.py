"""What was probably meant by a cell that can't be read, or by shares that are not 100%.

Only here to help: nothing that is found here is ever assumed.
"""

from __future__ import annotations

import re
from fractions import Fraction

from whopays.diagnostics import Edit, Remedy, Span, rewrite
from whopays.model.contract import percent

_FRACTIONS = {
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "⅓": "1/3",
    "⅔": "2/3",
    "⅕": "1/5",
    "⅖": "2/5",
    "⅗": "3/5",
    "⅘": "4/5",
    "⅙": "1/6",
    "⅚": "5/6",
    "⅛": "1/8",
    "⅜": "3/8",
    "⅝": "5/8",
    "⅞": "7/8",
}
_WHOLE = {"all", "yes", "y", "full", "whole", "total", "1", "1.0", "true"}
_MARKS = "\u00d7\u2715\u2716\u2717\u2718\u2611\u2612\u2713\u2714\u2022\u25cf\u25cb*+X"
_NOTHING = {"-", "--", "\u2013", "\u2014", "n/a", "na", "none", "no", "n", "0", "nil"}
_OPEN = {"tbd", "t.b.d.", "tba", "open", "pending", "to be determined", "??", "unknown"}
#: An `x` in bold, or with the mark of a note.
_NOTED = re.compile(r"[*_]*[xX]{1,3}[*_]*\s*(\(?\w{1,2}\)?|\*+|[\u2020\u2021])?")
#: Denominators of the shares that people round to percents.
_PARTS = (3, 6, 7, 9, 12)
_NEAR = Fraction(1, 100)

#: A share as written: who bears it, how much, and where that stands.
Share = tuple[str, Fraction, Span]


def meant_by(text: str, span: Span, column: str = "") -> Remedy:
    """Return the remedy for the cell `text`, which says nothing in the language."""
    if text == column:
        return rewrite(span, "x")
    if _NOTED.fullmatch(text):
        return rewrite(span, "x", "; a note to it is an `exception`")
    if text in _FRACTIONS:
        return rewrite(span, _FRACTIONS[text])
    if text.casefold() in _WHOLE or (len(text) == 1 and text in _MARKS):
        return rewrite(span, "x")
    if text.casefold() in _NOTHING:
        return Remedy("leave the cell blank", (Edit(span, " " * len(text)),))
    if text.casefold() in _OPEN:
        return rewrite(span, "?", ", which stands for an answer still to come")
    return Remedy(
        "`x` is the whole, a percent or a fraction a share, and blank is nothing"
    )


def meant_whole(shares: list[Share]) -> Remedy:
    """Return the remedy for `shares` that do not make exactly 1."""
    total = sum((part for _, part, _ in shares), Fraction(0))
    for of in _PARTS if total != 1 and abs(1 - total) < _NEAR * 2 else ():
        exact = [Fraction(round(part * of), of) for _, part, _ in shares]
        near = all(
            abs(part - each) < _NEAR
            for (_, part, _), each in zip(shares, exact, strict=True)
        )
        if sum(exact) == 1 and near:
            return _exactly(shares, exact)
    if sum(part == 1 for _, part, _ in shares) > 1:
        return Remedy(
            "`x` and a party alone are the whole; where it is divided, every party has "
            "its percent"
        )
    return Remedy(f"they make {percent(total)}")


def _exactly(shares: list[Share], exact: list[Fraction]) -> Remedy:
    texts = [percent(part) for part in exact]
    fix = tuple(
        Edit(span, text) for (_, _, span), text in zip(shares, texts, strict=True)
    )
    listed = f"{', '.join(f'`{text}`' for text in texts[:-1])} and `{texts[-1]}`"
    return Remedy(f"write {listed}, which are exact", fix)
