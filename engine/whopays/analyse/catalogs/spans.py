"""Stretches of codes between the ends of ranges, and how they are written.

The codes of one system and shape lie on a line (`model.codes.events`); places on it are
pairs: before a code (code, 0), behind it (code, 1), or behind all under it (code~, 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whopays.model.codes import SHAPES, is_tree, shown_code, shown_range

Place = tuple[str, int]
_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BOTH = _DIGITS + _LETTERS
_NO_I_O = "".join(char for char in _BOTH if char not in "IO")
#: The shortest codes of the systems in which a code stands for all under it.
_SHORTEST = {"ICD10CM": 3, "ICD10PCS": 7, "TOB": 4}


@dataclass(frozen=True)
class Stretch:
    """The codes of `system` from the place `start` up to the place `end`."""

    system: str
    start: Place
    end: Place

    def __contains__(self, code: str) -> bool:
        """Tell whether `code`, of the line of this stretch, is in it."""
        return self.start <= (code, 0) < self.end

    def pieces(self) -> Iterator[str]:
        """Yield the codes as ranges, without the system; nothing where there is no code."""
        yield from (_branches if is_tree(self.system) else _codes)(self)


def _codes(stretch: Stretch) -> Iterator[str]:
    first: str | None = stretch.start[0]
    last: str | None = stretch.end[0]
    if stretch.start[1]:
        first = _stepped(stretch.start[0], 1)
    if not stretch.end[1]:
        last = _stepped(stretch.end[0], -1)
    if first is not None and last is not None and first <= last:
        yield shown_range(stretch.system, first, last)


def _stepped(code: str, by: int) -> str | None:
    """Return the code after or before `code` on its line, or None at the end.

    A letter at the end stays: 0016T is followed by 0017T.
    """
    chars = list(code)
    free = len(chars) - 1 if chars[-1].isalpha() else len(chars)
    for at in reversed(range(free)):
        known = _DIGITS if chars[at].isdigit() else _LETTERS
        place = known.index(chars[at]) + by
        if 0 <= place < len(known):
            chars[at] = known[place]
            return "".join(chars)
        chars[at] = known[0 if by > 0 else -1]
    return None


def _branches(stretch: Stretch) -> Iterator[str]:
    """Yield branches, and codes that stand for themselves without what is under them."""
    system, first = stretch.system, stretch.start[0]
    if stretch.start[1]:
        after = _next_branch(system, first.removesuffix("~"))
        if after is None:
            return
        first = after
    if stretch.end[1]:
        last = stretch.end[0].removesuffix("~")
        if first <= f"{last}~":
            yield shown_range(system, first, last)
        return
    yield from _up_to(system, first, stretch.end[0])


def _up_to(system: str, first: str, end: str) -> Iterator[str]:
    """Yield what is from `first` up to the code `end`, which is not in it."""
    alone = []
    while end and end[-1] == _alphabet(system, len(end) - 1)[0]:
        end = end[:-1]
        if end >= first and SHAPES[system].fullmatch(end):
            alone.append(end)
    if end:
        known = _alphabet(system, len(end) - 1)
        last = end[:-1] + known[known.index(end[-1]) - 1]
        if first.ljust(_SHORTEST[system], "0") <= f"{last}~":
            yield shown_range(system, first, last)
    yield from (f"{shown_code(system, code)} itself" for code in reversed(alone))


def _next_branch(system: str, head: str) -> str | None:
    """Return the first branch behind all under `head`, or None at the end."""
    for at in reversed(range(len(head))):
        known = _alphabet(system, at)
        place = known.index(head[at]) + 1
        if place < len(known):
            return head[:at] + known[place]
    return None


def _alphabet(system: str, at: int) -> str:
    if system == "ICD10CM":
        return (_LETTERS, _DIGITS)[at] if at < 2 else _BOTH  # noqa: PLR2004 - F32.A
    if system == "TOB":
        return _DIGITS if at < 3 else _BOTH  # noqa: PLR2004 - 011 and one more
    return _NO_I_O
