"""Layouts of files for claims databases: which element is which fact, or whose word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from whopays.model.values import Value

#: What stands in an element besides facts and terms: which claim and line it is of.
CLAIM_ID, LINE_NUMBER = "claim_id", "line"
IDS, NAMES, NO_HEADER = "ids", "names", "none"
KEPT, LEFT_OUT = "kept", "left out"
HEADERS: Final = (IDS, NAMES, NO_HEADER)
DENIED: Final = (KEPT, LEFT_OUT)


@dataclass(frozen=True)
class Element:
    """One element: the fact `fact`, or the `word` of a source, by a `reading` of it.

    `only_when` are facts with which a line has the element; elsewhere it is empty, as the
    layout wants it. An empty one of a line that has a `required` element is an error.
    `empty` says what an empty element means, `codes` how words are written.
    """

    name: str
    id: str = ""
    fact: str = ""
    word: tuple[str, str] | None = None
    reading: str = ""
    required: bool = False
    only_when: Mapping[str, Value] = field(default_factory=dict)
    empty: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The id and the name; the name alone where the id is not known."""
        return f"{self.id} {self.name}" if self.id else self.name


@dataclass(frozen=True)
class Layout:
    """The elements of one file, in order; `empty` says what an empty one means."""

    name: str
    cites: tuple[str, ...]
    delimiter: str
    header: str
    denied: str
    empty: str
    elements: tuple[Element, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The header: ids, or names where an id is not known or names are wanted."""
        return tuple(
            each.id if each.id and self.header == IDS else each.name
            for each in self.elements
        )
