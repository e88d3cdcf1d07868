"""Columns that stand under each other: the cells of a grid, and names in a run of lines.

A column is as wide as its widest entry, so that the same entries always give the same
widths. An entry that is much wider than others usually are stands out to the right and
is not counted, or one long condition would make every row of an exhibit too long.
"""

from __future__ import annotations

from collections.abc import Sequence

_WIDEST_CELL = 60
_WIDEST_NAME = 30
#: Columns of words; the others hold shares, which are centred.
_OF_WORDS = ("category", "when", "cites")


def grid(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows of a grid, its header first, with their bars under each other."""
    heads = map(width, *rows[:1]) if rows else ()
    widths = list(map(max, _widths(rows, _WIDEST_CELL), heads))
    centred = [name not in _OF_WORDS for row in rows[:1] for name in row]
    return [
        "| "
        + " | ".join(
            _centred(cell, wide) if middle else _padded(cell, wide)
            for cell, wide, middle in zip(row, widths, centred, strict=True)
        )
        + " |"
        for row in rows
    ]


def names(lines: Sequence[Sequence[str]]) -> list[str]:
    """Return the first words of each line, under those of the others."""
    widths = _widths(lines, _WIDEST_NAME)
    return [" ".join(map(_padded, line, widths)) for line in lines]


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    # rich takes longer to load than to format most files.
    from rich.cells import cell_len  # noqa: PLC0415

    return cell_len(text)


def _widths(rows: Sequence[Sequence[str]], most: int) -> list[int]:
    """Return the width of each column, of entries no wider than `most`."""
    return [
        max((own for own in map(width, column) if own <= most), default=0)
        for column in zip(*rows, strict=True)
    ]


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - width(text))


def _centred(text: str, wide: int) -> str:
    free = max(0, wide - width(text))
    return " " * (free // 2) + text + " " * (free - free // 2)
