"""One line of a source as a report shows it: the part around what is underlined.

Widths are cells of a terminal: a character of East Asian writing takes two, a mark on
another letter none.
"""

from __future__ import annotations

from whopays.diagnostics.diagnostic import Span
from whopays.diagnostics.printable import in_place

_CUT = "…"
_CONTEXT = 3  # one part in three of the room stands before the underline


class Excerpt:
    """The `text` of line number `line` in `room` cells, and where its underline stands.

    The underline has `before` blanks before it and is `under` cells long.
    """

    def __init__(self, span: Span, line: int, room: int) -> None:
        whole = span.source.line_text(line)
        length = len(whole.rstrip())
        first = span.column - 1 if line == span.line else 0
        last = length if line < span.end_line else span.end_column - 1
        if line > span.line:
            first = min(len(whole) - len(whole.lstrip()), length)
        # No cell is wider than a character is long: more than `room` is never needed.
        start = 0
        if length > room or _wide(whole[: room + 1]) > room:
            start = max(0, min(first - room // _CONTEXT, length - room))
        shown = in_place(whole[start : start + room + 1].rstrip().replace("\t", " "))
        text, cut = _fitting(
            shown, room - (start > 0), more=start + len(shown) < length
        )
        self.text = f"{_CUT if start else ''}{text}{_CUT if cut else ''}"
        before = text[: max(0, first - start)]
        self.before = (start > 0) + _wide(before)
        inside = text[max(0, first - start) : max(0, last - start)]
        self.under = max(1, _wide(inside))


def _fitting(text: str, room: int, *, more: bool) -> tuple[str, bool]:
    """Return what of `text` fits into `room` cells, and whether something is cut off."""
    if not more and _wide(text) <= room:
        return text, False
    kept = text[:room]
    while kept and _wide(kept) > room - 1:
        kept = kept[:-1]
    return kept, True


def _wide(text: str) -> int:
    """Return how many cells of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - only for text that needs it

    return cell_len(text)
