"""Many lines as columns: what reading makes and deciding takes.

A fact is a column of places in a list of values that were parsed once, or a column of
whole numbers where most values occur once. Values are those of `model.values`, parsed
as for one line: nothing is read in two ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from whopays.model.claim import Line
from whopays.model.values import NONE, UNKNOWN, Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GIVEN, ABSENT, OPEN = 0, 1, 2


@dataclass(frozen=True)
class Coded:
    """One fact of many lines: the value of line i is `values[at[i]]`.

    `at` is int32. `values` may hold NONE and UNKNOWN, and values that no line has.
    """

    at: NDArray[np.int32]
    values: Sequence[Value]

    def value(self, place: int) -> Value:
        """Return the value of the line at `place`."""
        found: Value = self.values[self.at[place]]
        return found

    def take(self, places: Any) -> Coded:
        """Return the column of the lines at `places`: numbers, a mask, or a slice."""
        return replace(self, at=self.at[places])


@dataclass(frozen=True)
class Numbered:
    """One fact that is money or a date: integer cents, or days since 0001-01-01.

    `state` is GIVEN, ABSENT (none) or OPEN (unknown), a line each (uint8); `numbers`
    (int64) is 0 where nothing is given. A day is that of `date.toordinal`.
    """

    numbers: NDArray[np.int64]
    state: NDArray[np.uint8]
    is_date: bool = False

    def value(self, place: int) -> Value:
        """Return the value of the line at `place`."""
        if self.state[place]:
            return NONE if self.state[place] == ABSENT else UNKNOWN
        number = int(self.numbers[place])
        return date.fromordinal(number) if self.is_date else number

    def take(self, places: Any) -> Numbered:
        """Return the column of the lines at `places`: numbers, a mask, or a slice."""
        return replace(self, numbers=self.numbers[places], state=self.state[places])


FactColumn: TypeAlias = Coded | Numbered


@dataclass(frozen=True)
class Lines:
    """Lines in the order read. A fact without a column is unknown on all of them.

    `claim_ids` and `numbers` are Arrow arrays of text (plain or dictionary), `records`
    (int64) says where each line was read, as `model.claim.Line.record`.
    """

    claim_ids: Any
    numbers: Any
    records: NDArray[np.int64]
    facts: Mapping[str, FactColumn]

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.records)

    def line(self, place: int) -> Line:
        """Return the line at `place`, as one line is decided."""
        return Line(
            self.claim_ids[place].as_py(),
            self.numbers[place].as_py(),
            {name: column.value(place) for name, column in self.facts.items()},
            int(self.records[place]),
        )
