"""Values parsed once: from raw cells to places in a list of values that grows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whopays.claims.records import FieldProblem
from whopays.columns.reading.faults import BROKEN_TEXT, Faults, Known
from whopays.columns.reading.texts import BROKEN
from whopays.model.values import UNKNOWN, Value

_MOST = 500_000  # cells remembered, where they may be forgotten


class Kept:
    """The values of one field.

    The code of a raw cell is the place of its value in `values`, or below zero, less
    the code of its fault. Place 0 is unknown. Equal values have one place. The list is
    the same from chunk to chunk; where too many cells were met, a new one is begun.
    """

    def __init__(
        self, parse: Callable[[Any], Value], field: str, faults: Faults, known: Known
    ) -> None:
        self._parse = parse
        self._field = field
        self._faults = faults
        self._known = known
        self.forgets = True
        self._begin()

    def _begin(self) -> None:
        self.values: list[Value] = [UNKNOWN]
        self._places: dict[Value, int] = {UNKNOWN: 0}
        self._codes: dict[Hashable, int] = {BROKEN: -BROKEN_TEXT}

    def codes(self, cells: Iterable[Hashable]) -> NDArray[np.int32]:
        """Return the code of each raw cell."""
        if self.forgets and len(self._codes) > _MOST:
            self._begin()
        known, code = self._codes.get, self._code
        found = [code(each) if (at := known(each)) is None else at for each in cells]
        return np.array(found, np.int32)

    def _code(self, cell: Hashable) -> int:
        try:
            found = self.place(self._parse(cell))
        except FieldProblem as problem:
            found = -self._faults.code(self._field, problem.reason, self._known)
        self._codes[cell] = found
        return found

    def place(self, value: Value) -> int:
        """Return the place of `value`."""
        found = self._places.get(value)
        if found is None:
            found = self._places[value] = len(self.values)
            self.values.append(value)
        return found
