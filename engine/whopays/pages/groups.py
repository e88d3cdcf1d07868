"""Lists by clause: what belongs to one stands together, with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from whopays.diagnostics import Span

_MOST_GROUPS = 5_000  # of one list; a page of more is opened by nobody


@dataclass(frozen=True)
class Entry:
    """One thing said of the clause at `span`, with notes, and how many more there are."""

    span: Span
    clause: str
    said: str
    notes: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Group:
    """The entries of one clause, in the order of the text."""

    place: str
    clause: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Groups:
    """The first of a list of clauses, and how many more there are."""

    first: tuple[Group, ...]
    more: int


def grouped(entries: Iterable[Entry]) -> Groups:
    """Return `entries`, which stand in the order of the text, by clause."""
    found = [
        Group(place, clause, tuple(those))
        for (place, clause), those in groupby(entries, _owner)
    ]
    return Groups(tuple(found[:_MOST_GROUPS]), max(0, len(found) - _MOST_GROUPS))


def _owner(entry: Entry) -> tuple[str, str]:
    return f"{entry.span.source.name}:{entry.span.line}", entry.clause
