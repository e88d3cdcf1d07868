"""Which rows of a contract a new catalog touches: those that other codes would reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from whopays.analyse.catalogs.moves import Diff, Move
from whopays.model.catalog import Catalog
from whopays.model.contract import Contract, Text
from whopays.resolve import versions


@dataclass(frozen=True)
class Touched:
    """The rows of one service in one grid (or its treats), and what touches them.

    `gains` and `loses` are moves of codes, `shares` those that stay, and that others of
    the grid now claim or no longer do. `otherwise` says in words what else. `place` is
    where the first row stands.
    """

    grid: str
    category: str
    place: str
    gains: tuple[Move, ...]
    loses: tuple[Move, ...]
    shares: tuple[Move, ...]
    otherwise: tuple[str, ...]

    @property
    def row(self) -> str:
        """The row as exceptions name it."""
        return f'{self.grid} "{self.category}"'


@dataclass(frozen=True)
class TouchedContract:
    """What of a contract is touched; `is_on_it`: it is built on one of the catalogs."""

    contract: Contract
    is_on_it: bool
    rows: tuple[Touched, ...]


_Row = tuple[str, str]  # the grid, or `treat`, and the category, by its new name
_TREAT = "treat"


def touched(found: Diff, contract: Contract) -> TouchedContract:
    """Return which rows of `contract`, of any of its texts, the difference touches."""
    ours = {found.old.id, found.new.id}
    if contract.catalog.id not in ours:
        return TouchedContract(contract, is_on_it=False, rows=())
    places: dict[_Row, str] = {}
    for version in versions(contract, None)[0]:
        _add_rows(version.text, found, places)
    view = _View(found, places)
    rows = []
    for row, place in places.items():
        gains = tuple(m for m in found.moves if view.gains(row, m))
        loses = tuple(m for m in found.moves if view.loses(row, m))
        shares = tuple(m for m in found.moves if view.shares(row, m))
        otherwise = tuple(view.otherwise(row))
        if gains or loses or shares or otherwise:
            rows.append(Touched(*row, place, gains, loses, shares, otherwise))
    return TouchedContract(contract, is_on_it=True, rows=tuple(rows))


def _add_rows(text: Text, found: Diff, places: dict[_Row, str]) -> None:
    named = [
        (grid.id, row.category, row.span.place)
        for grid in text.grids
        for row in grid.rows
    ]
    named += [(_TREAT, treat.source, treat.span.place) for treat in text.treats]
    for grid, category, place in named:
        if category is not None:
            name = found.renamed.get(category, category)
            places.setdefault((grid, name), place)


class _View:
    """Which rows codes reach in the old catalog and in the new one."""

    def __init__(self, found: Diff, rows: Iterable[_Row]) -> None:
        self.found = found
        rows = tuple(rows)
        self._old = _reached(found.old, rows, found.renamed)
        self._new = _reached(found.new, rows, {})

    def gains(self, row: _Row, move: Move) -> bool:
        """Tell whether codes of `move` may reach `row` now, and did not."""
        before, after = self._rows(row[0], move)
        return row in after - before

    def loses(self, row: _Row, move: Move) -> bool:
        """Tell whether codes of `move` reached `row`, and no longer do."""
        before, after = self._rows(row[0], move)
        return row in before - after

    def shares(self, row: _Row, move: Move) -> bool:
        """Tell whether codes of `move` still reach `row`, among others than before."""
        before, after = self._rows(row[0], move)
        return row in before & after and before != after

    def _rows(self, grid: str, move: Move) -> tuple[frozenset[_Row], frozenset[_Row]]:
        return (
            _of_grid(grid, move.before, self._old),
            _of_grid(grid, move.after, self._new),
        )

    def otherwise(self, row: _Row) -> Iterator[str]:
        """Yield what touches `row` beside codes that move."""
        found, name = self.found, row[1]
        if name in found.gone:
            yield "the service is gone"
        for old, new in found.renamed.items():
            if new == name:
                yield f'the service was called "{old}"'
        for each in found.changed:
            before = row in self._old.get(each.category, ())
            after = row in self._new.get(each.category, ())
            if each.what == "condition" and (before or after):
                yield f'the condition of "{each.category}" is another'
            elif each.what == "under" and before != after:
                word = "gets" if after else "loses"
                yield f'{word} the lines of "{each.category}", which is under another'
        for pair in (*found.ranked, *found.unranked):
            reach = [self._new.get(each, frozenset()) for each in pair]
            if reach[0] != reach[1] and row in reach[0] | reach[1]:
                yield f'"{pair[0]}" and "{pair[1]}" are ranked otherwise'


def _of_grid(
    grid: str, names: frozenset[str], reached: Mapping[str, frozenset[_Row]]
) -> frozenset[_Row]:
    """Return the rows of `grid` that lines of the services `names` land on."""
    return frozenset(
        row for name in names for row in reached.get(name, ()) if row[0] == grid
    )


def _reached(
    catalog: Catalog, rows: tuple[_Row, ...], renamed: Mapping[str, str]
) -> dict[str, frozenset[_Row]]:
    """Return, for each service by its new name, the rows that its lines land on."""
    having: dict[str, set[str]] = {}
    for grid, category in rows:
        having.setdefault(grid, set()).add(category)
    found = {}
    for name in catalog.categories:
        line = [renamed.get(each, each) for each in (name, *catalog.ancestors[name])]
        reached = set()
        for grid, own in having.items():
            nearest = next((each for each in line if each in own), None)
            if nearest is not None:
                reached.add((grid, nearest))
        found[line[0]] = frozenset(reached)
    return found
