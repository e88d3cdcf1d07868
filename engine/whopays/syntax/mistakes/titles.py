"""Titles that stand where an id is meant: `then "Medical Group"` for `then GROUP`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from whopays import bounds
from whopays.diagnostics import Source
from whopays.syntax.mistakes.stopped import Stopped, Try

#: A head, or a line of one, that names something by an id and a title.
_TITLED = re.compile(r'^ *[a-z]+ +([A-Z][A-Z0-9.-]*) +"([^"|\n]+)"', re.MULTILINE)
_MOST = 1_000  # titles of a file that are looked at


def id_of(title: str, source: Source) -> str | None:
    """Return the one id that has `title` in the text of `source`, or None."""
    return _ids(source.text).get(_folded(title))


def titled(at: Stopped) -> Iterator[Try]:
    """Write the id of what stands here by its title, with quotes or without."""
    text = at.text.casefold()
    places = sorted(
        (*found.span(), its_id)
        for title, its_id in at.titles.items()
        if title in text
        for found in re.finditer(_written(title), at.text, re.IGNORECASE)
    )
    here = [each for each in places if each[0] <= at.at <= each[1]]
    for edits in (here, places):
        if edits:
            shown = " and ".join(f"`{new}`" for _, _, new in edits)
            told = "which is its id" if len(edits) == 1 else "which are their ids"
            yield Try(f"write {shown}, {told}", tuple(edits))


def _written(title: str) -> str:
    """Return the pattern of `title` between quotes, or without them if it is several words."""
    words = re.escape(title)
    return f'"{words}"|\\b{words}\\b' if " " in title else f'"{words}"'


@lru_cache(maxsize=4)
def _ids(text: str) -> dict[str, str]:
    """Return the id of each title of a text; none for a title that two things have."""
    found: dict[str, set[str]] = {}
    if len(text) > bounds.LONGEST_TITLED:
        return {}
    for number, line in enumerate(_TITLED.finditer(text)):
        if number == _MOST:
            break
        found.setdefault(_folded(line[2]), set()).add(line[1])
    return {title: ids.pop() for title, ids in found.items() if len(ids) == 1}


def ids_of_titles(source: Source) -> dict[str, str]:
    """Return the id of each title of `source`, as titles are compared."""
    return _ids(source.text)


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()
