"""What a run decided, counted from the columns of its decisions."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whopays.columns.schema import CENTS

_NONE = "(no category)"
_SAFE = 2**62  # sums of whole numbers that stay below it are exact in 64 bits


@dataclass
class Totals:
    """What a run decided: lines by status, and lines and cents by bearer and category.

    Dollars by bearer count decided lines with an amount; every cent of those is in
    exactly one bearer's sum.
    """

    lines: int = 0
    rejects: int = 0
    remarks: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    lines_by_party: Counter[str] = field(default_factory=Counter)
    cents_by_party: Counter[str] = field(default_factory=Counter)
    lines_by_category: Counter[str] = field(default_factory=Counter)
    cents_by_category: Counter[str] = field(default_factory=Counter)
    needs: Counter[str] = field(default_factory=Counter)
    cents_decided: int = 0
    #: Routes and clocks by what is to be done: due, unsaid, conflict, undetermined.
    routes: Counter[str] = field(default_factory=Counter)
    clocks: Counter[str] = field(default_factory=Counter)
    cents_of_interest: int = 0
    #: Codes that are not in force on their day, by what is wrong with them.
    not_in_force: Counter[str] = field(default_factory=Counter)
    #: Lines on days on which the catalog is not in force.
    outside_catalog: int = 0

    def add(self, table: Any) -> None:
        """Count the decisions of `table`, which has the columns of `schema`."""
        table = table.unify_dictionaries().combine_chunks()
        if not table.num_rows:
            return
        self.lines += table.num_rows
        for name, lines in _counted(table, "status"):
            self.statuses[name] += lines
        for text, lines in _counted(table, "shares"):
            for share in json.loads(text):
                self.lines_by_party[share["bearer"]] += lines
        for text, lines in _counted(table, "needs"):
            for need in json.loads(text):
                self.needs[need] += lines
        for name, states in (("route", self.routes), ("clock", self.clocks)):
            for text, lines in _counted(table, name):
                states[json.loads(text)["state"]] += lines
        self._add_codes(table)
        self.outside_catalog += table.num_rows - table.column("catalog_note").null_count
        self.cents_of_interest += _sum(_given(table.column("interest_cents"))[0])
        self._add_cents(table)

    def _add_codes(self, table: Any) -> None:
        for text, lines in _counted(table, "codes"):
            for note in json.loads(text)["not_in_force"]:
                self.not_in_force[note["standing"]] += lines

    def _add_cents(self, table: Any) -> None:
        """Count cents, and lines by category."""
        names, at = _places(table.column("category"))
        names = [*names, _NONE]
        for name, lines in zip(
            names, np.bincount(at, minlength=len(names)), strict=True
        ):
            if lines:
                self.lines_by_category[name] += int(lines)
        for name in table.column_names:
            if not name.startswith(CENTS):
                continue
            cents, given = _given(table.column(name))
            if not len(cents):
                continue
            whole = _sum(cents)
            self.cents_by_party[name.removeprefix(CENTS)] += whole
            self.cents_decided += whole
            for category, some in _sums(cents, at[given], len(names)):
                self.cents_by_category[names[category]] += some

    def counts(self) -> dict[str, Any]:
        """Return the counts as a manifest has them."""
        return {
            "records": self.lines + self.rejects,
            "lines": self.lines,
            "rejects": self.rejects,
            "remarks": self.remarks,
            "by_status": dict(sorted(self.statuses.items())),
            "lines_by_party": dict(sorted(self.lines_by_party.items())),
            "cents_by_party": dict(sorted(self.cents_by_party.items())),
            "lines_by_category": dict(sorted(self.lines_by_category.items())),
            "cents_by_category": dict(sorted(self.cents_by_category.items())),
            "cents_decided": self.cents_decided,
            "routes": dict(sorted(self.routes.items())),
            "clocks": dict(sorted(self.clocks.items())),
            "cents_of_interest": self.cents_of_interest,
            "lines_outside_catalog": self.outside_catalog,
            "codes_not_in_force": dict(sorted(self.not_in_force.items())),
        }


def _places(column: Any) -> tuple[list[str], NDArray[np.int64]]:
    """Return the texts of a dictionary column, and the place of each line's; none is last."""
    array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    names: list[str] = array.dictionary.to_pylist()
    at = array.indices
    if at.null_count:
        at = at.fill_null(len(names))
    return names, at.to_numpy(zero_copy_only=False)


def _counted(table: Any, name: str) -> list[tuple[str, int]]:
    """Return the texts of a dictionary column that lines have, and how many have each."""
    names, at = _places(table.column(name))
    lines = np.bincount(at, minlength=len(names) + 1)[: len(names)]
    return [(text, int(n)) for text, n in zip(names, lines, strict=True) if n]


def _given(column: Any) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the numbers that are given in a column, and which lines give one."""
    given = column.is_valid().to_numpy()
    if column.null_count == len(column):
        return np.zeros(0, np.int64), given
    numbers = column.drop_null() if column.null_count else column
    return numbers.to_numpy(), given


def _sum(numbers: NDArray[np.int64]) -> int:
    if len(numbers) * _most(numbers) < _SAFE:
        return int(numbers.sum())
    return sum(numbers.tolist())


def _most(numbers: NDArray[np.int64]) -> int:
    return max(int(numbers.max()), -int(numbers.min())) if len(numbers) else 0


def _sums(
    numbers: NDArray[np.int64], at: NDArray[np.int64], places: int
) -> list[tuple[int, int]]:
    """Return the places that have numbers, and the sum of each place."""
    lines = np.bincount(at, minlength=places)
    if len(numbers) * _most(numbers) < _SAFE:
        sums = np.zeros(places, np.int64)
        np.add.at(sums, at, numbers)
        return [(int(each), int(sums[each])) for each in np.flatnonzero(lines)]
    return [
        (int(each), sum(numbers[at == each].tolist())) for each in np.flatnonzero(lines)
    ]
