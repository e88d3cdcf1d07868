"""One fact of many rows: its cells become a column, each distinct cell read once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyarrow import types

from whopays.claims.binding import BoundField
from whopays.columns.lines import ABSENT, GIVEN, OPEN, Coded, FactColumn, Numbered
from whopays.columns.reading.alike import alike
from whopays.columns.reading.faults import Faults, Known
from whopays.columns.reading.kept import Kept
from whopays.columns.reading.money import cents
from whopays.columns.reading.texts import BROKEN, Distinct, distinct, places
from whopays.model.facts import Kind
from whopays.model.values import NONE, UNKNOWN, Value

#: The faults of a column, row by row; None where there is none.
RowFaults = NDArray[np.int32] | None
Codes = NDArray[np.int32]


class FieldColumn:
    """Reads one fact from the columns of a table."""

    def __init__(self, field: BoundField, width: int, faults: Faults) -> None:
        self.field = field
        self.kept = Kept(self._parse, field.name, faults, Known.LINE)
        kind = field.fact.kind
        self._is_money = kind is Kind.MONEY and field.is_plain
        self._numbers = (
            _Numbers(is_date=kind is Kind.DATE)
            if kind in {Kind.MONEY, Kind.DATE}
            else None
        )
        self._row: list[object] = [None] * width
        # Batches of one table share a dictionary, which may be large.
        self._dictionary: Any = None
        self._of_dictionary: Codes = np.zeros(0, np.int32)
        self._values: Sequence[Value] = ()

    def read(self, columns: Sequence[Any], rows: int) -> tuple[FactColumn, RowFaults]:
        """Return the column of `rows` rows, and why some of them are refused."""
        at = self.field.cells_at
        if self._is_money:
            return self._money(columns[at[0]])
        if not at:
            codes = np.repeat(self.kept.codes([()]), rows)
        elif len(at) == 1:
            codes = self._codes(columns[at[0]])
        else:
            codes = self._together([columns[each] for each in at])
        faults = _faults(codes)
        codes = np.maximum(codes, 0)
        if self._numbers is None:
            return Coded(codes, self.kept.values), faults
        return self._numbers.column(codes, self.kept.values), faults

    def _parse(self, cell: Any) -> Value:
        """Return the value of one cell, or of a tuple of cells with their own places."""
        at = self.field.cells_at
        given = [cell] if len(at) == 1 else cell
        for place, each in zip(at, given, strict=True):
            self._row[place] = list(each) if isinstance(each, tuple) else each
        return self.field.value(self._row)

    def _codes(self, array: Any) -> Codes:
        is_coded = types.is_dictionary(array.type)
        if not is_coded or types.is_nested(array.type.value_type):
            found = distinct(array)
            codes: Codes = self.kept.codes(found.cells)[found.at]
            return codes
        whose = array.dictionary
        if not (self._values is self.kept.values and _is_same(whose, self._dictionary)):
            cells = distinct(array.slice(0, 0)).cells
            self._of_dictionary = self.kept.codes(cells)
            self._dictionary, self._values = whose, self.kept.values
        return self._of_dictionary[places(array)]

    def _together(self, arrays: Sequence[Any]) -> Codes:
        """Return the codes of rows whose value depends on several cells."""
        found = [distinct(each) for each in arrays]
        table = np.stack([each.at for each in found], axis=1)
        rows, width = table.shape
        starts = np.arange(rows, dtype=np.int64) * width
        which, first = alike(
            starts, np.full(rows, width, np.int64), np.ascontiguousarray(table).ravel()
        )
        cells = [self._cells(found, table[each].tolist()) for each in first]
        codes: Codes = self.kept.codes(cells)[which]
        return codes

    @staticmethod
    def _cells(found: Sequence[Distinct], at: Sequence[int]) -> Any:
        cells = tuple(each.cells[place] for each, place in zip(found, at, strict=True))
        return BROKEN if BROKEN in cells else cells

    def _money(self, array: Any) -> tuple[Numbered, RowFaults]:
        assert self._numbers is not None  # noqa: S101 - for mypy: money is of numbers
        if types.is_dictionary(array.type):
            codes: Codes = self._codes(array)
            column = self._numbers.column(np.maximum(codes, 0), self.kept.values)
            return column, _faults(codes)
        numbers, read = cents(array, in_cents=self.field.form.cents)
        state = np.full(len(numbers), GIVEN, np.uint8)
        if read.all():
            return Numbered(numbers, state), None
        rest = np.flatnonzero(~read)
        codes = self._codes(array.take(rest))
        column = self._numbers.column(np.maximum(codes, 0), self.kept.values)
        numbers[rest], state[rest] = column.numbers, column.state
        faults = None
        if (some := _faults(codes)) is not None:
            faults = np.zeros(len(numbers), np.int32)
            faults[rest] = some
        return Numbered(numbers, state), faults


class _Numbers:
    """The whole numbers of a list of values that grows."""

    def __init__(self, *, is_date: bool) -> None:
        self._is_date = is_date
        self._of: Sequence[Value] | None = None
        self._numbers = np.zeros(0, np.int64)
        self._state = np.zeros(0, np.uint8)

    def column(self, codes: Codes, values: Sequence[Value]) -> Numbered:
        """Return the column whose row i has `values[codes[i]]`."""
        if self._of is not values or len(values) != len(self._numbers):
            self._take(values)
        return Numbered(self._numbers[codes], self._state[codes], self._is_date)

    def _take(self, values: Sequence[Value]) -> None:
        known = len(self._numbers) if self._of is values else 0
        new = values[known:]
        numbers = np.array([self._number(each) for each in new], np.int64)
        state = np.array([_state(each) for each in new], np.uint8)
        self._numbers = np.concatenate([self._numbers[:known], numbers])
        self._state = np.concatenate([self._state[:known], state])
        self._of = values

    def _number(self, value: Any) -> int:
        if _state(value) != GIVEN:
            return 0
        return int(value.toordinal() if self._is_date else value)


def _state(value: Value) -> int:
    if value is UNKNOWN:
        return OPEN
    return ABSENT if value is NONE else GIVEN


def _is_same(one: Any, other: Any) -> bool:
    """Tell whether two arrays are the same bytes in the same place, both being held."""
    return (len(one), one.offset, one.type, _places(one)) == (
        len(other),
        other.offset,
        other.type,
        _places(other),
    )


def _places(array: Any) -> list[int]:
    return [each.address for each in array.buffers() if each is not None]


def _faults(codes: Codes) -> RowFaults:
    if not len(codes) or codes.min() >= 0:
        return None
    return np.where(codes < 0, -codes, 0).astype(np.int32)
