"""Which sets list a code, found by bisection instead of asking each set.

The codes of one shape lie on a line; the ends of all ranges cut it into stretches, and
every stretch is in the same sets throughout.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from functools import cached_property

from whopays.model.codes import SHAPES, CodeSet, edge_codes, events, is_code, shape

_NOTHING: frozenset[Hashable] = frozenset()
_MOST_KEPT = 5_000_000  # names, over all stretches of one line
_OUTSIDE = (
    *("00000", "99999", "0000T", "0000F", "V9999", "A0000", "ZZZZZZZ", "0000000"),
    *("9999", "0000", "0999", "99", "00", "ZZ", "999", "000", "Z99", "A00"),
    *("99999999999", "00000000000", "999999999X"),
)


class CodeIndex:
    """Sets of codes under names: `classes(code)` are the names whose sets hold it."""

    def __init__(self, sets: Iterable[tuple[Hashable, CodeSet]]) -> None:
        self._sets = tuple(sets)
        self._memo: dict[str, frozenset[Hashable]] = {}
        self._systems = tuple(dict.fromkeys(codes.system for _, codes in self._sets))
        #: True where so many sets overlap that they are asked one by one.
        self.is_large = False
        self._lines = self._cut()

    def classes(self, code: str) -> frozenset[Hashable]:
        """Return the names of the sets that hold `code`."""
        found = self._memo.get(code)
        if found is None:
            found = self._find(code)
            if len(self._memo) < 100_000:  # noqa: PLR2004 - bounded memory
                self._memo[code] = found
        return found

    def _find(self, code: str) -> frozenset[Hashable]:
        if self.is_large:
            return frozenset(name for name, codes in self._sets if code in codes)
        for system in self._systems:
            if not SHAPES[system].fullmatch(code):
                continue
            line = self._lines.get((system, shape(system, code)))
            if line is None:
                continue
            cuts, names = line
            at = bisect_right(cuts, (code, 0)) - 1
            if at >= 0 and names[at]:
                return names[at]
        return _NOTHING

    def _cut(
        self,
    ) -> dict[tuple[str, str], tuple[list[tuple[str, int]], list[frozenset[Hashable]]]]:
        lines = events(self._sets)
        self.is_large = not all(map(_is_light, lines.values()))
        if self.is_large:
            return {}
        return {key: _sweep(line) for key, line in lines.items()}

    @cached_property
    def representatives(self) -> dict[frozenset[Hashable], str]:
        """One code for each family of sets that some code is in; none is one too.

        Nothing where the index is large.
        """
        found: dict[frozenset[Hashable], str] = {}
        for _, codes in self._sets if not self.is_large else ():
            for code in edge_codes(codes):
                found.setdefault(self.classes(code), code)
        return found

    def outside(self, systems: tuple[str, ...]) -> str | None:
        """Return a code of `systems` that no set holds, or None."""
        for code in (*self.representatives.values(), *_OUTSIDE):
            shaped = any(is_code(system, code, written=False) for system in systems)
            if shaped and not self.classes(code):
                return code
        return None


def _is_light(line: list[tuple[tuple[str, int], int, Hashable]]) -> bool:
    """Tell whether the sets that hold each stretch of `line` are few enough to keep."""
    total = depth = 0
    for _, step, _ in line:
        depth += step
        total += depth
    return total <= _MOST_KEPT


def _sweep(
    line: list[tuple[tuple[str, int], int, Hashable]],
) -> tuple[list[tuple[str, int]], list[frozenset[Hashable]]]:
    cuts: list[tuple[str, int]] = []
    names: list[frozenset[Hashable]] = []
    count: dict[Hashable, int] = {}
    for place, step, name in line:
        count[name] = count.get(name, 0) + step
        if not count[name]:
            del count[name]
        if cuts and cuts[-1] == place:
            names[-1] = frozenset(count)
        else:
            cuts.append(place)
            names.append(frozenset(count))
    return cuts, names
