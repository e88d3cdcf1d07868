"""Columns that stand under each other: the cells of a grid, and names in a run of lines.

A column is as wide as its widest entry, so that the same entries always give the same
widths. An entry that is much wider than others usually are stands out to the right and
is not counted, or one long condition would make every row of an exhibit too long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_WIDEST_CELL = 60
_WIDEST_NAME = 30
#: Columns of words; the others hold shares, which are centred.
_OF_WORDS = ("category", "when", "cites")


def grid(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the header and the rows of a grid, with their bars under each other.

    Each row has as many cells as the header, which is counted however wide it is.
    """
    columns = [[row[at] for row in rows] for at in range(len(header))]
    widths = [
        max(width(name), _widest(column, _WIDEST_CELL))
        for name, column in zip(header, columns, strict=True)
    ]
    pad = [_padded if name in _OF_WORDS else _centred for name in header]
    found = []
    for row in (header, *rows):
        cells = (
            do(cell, wide) for do, cell, wide in zip(pad, row, widths, strict=True)
        )
        found.append(f"| {' | '.join(cells)} |")
    return found


def names(lines: Sequence[Sequence[str]]) -> list[str]:
    """Return the first words of each line, under those of the others."""
    widths = [_widest(column, _WIDEST_NAME) for column in zip(*lines, strict=True)]
    return [" ".join(map(_padded, line, widths)) for line in lines]


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    # rich takes longer to load than to format most files.
    from rich.cells import cell_len  # noqa: PLC0415

    return cell_len(text)


def _widest(column: Iterable[str], most: int) -> int:
    """Return the width of the widest entry of `column` that is not over `most`."""
    return max((own for own in map(width, column) if own <= most), default=0)


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - width(text))


def _centred(text: str, wide: int) -> str:
    free = max(0, wide - width(text))
    return " " * (free // 2) + text + " " * (free - free // 2)
