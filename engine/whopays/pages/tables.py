"""Tables of a page: rows of grids, clauses, and what else a text says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Standing:
    """One row of a table: a row of a grid, or a clause.

    `key` tells it apart, `cells` are what stands under each heading, `answer` is what it
    says, in one text. `spans` is how many columns the one cell of an answer takes that
    is no share (0 where there are shares).
    """

    key: tuple[str, ...]
    name: str
    when: str
    cells: tuple[str, ...]
    answer: str
    cites: str
    file: str
    line: int
    spans: int = 0


@dataclass(frozen=True)
class Table:
    """A grid, or all clauses of a kind. `shares` are the columns of its bearers."""

    title: str
    heading: str
    when: str
    columns: tuple[str, ...]
    shares: tuple[str, ...]
    rows: tuple[Standing, ...]

    @cached_property
    def file(self) -> str:
        """The file in which most rows stand; empty where they have no place."""
        files = Counter(row.file for row in self.rows)
        return max(files, key=lambda name: (files[name], name), default="")
