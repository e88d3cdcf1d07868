"""Rows of a table, read cell by cell: still without what concerns whole claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import types

from whopays.claims.binding import Binding
from whopays.claims.records import identity
from whopays.columns.lines import OPEN, Coded, FactColumn, Numbered
from whopays.columns.reading.buffers import is_clean
from whopays.columns.reading.faults import BROKEN_TEXT, FINE, Faults, Known
from whopays.columns.reading.fields import FieldColumn, RowFaults
from whopays.columns.reading.kept import Kept
from whopays.columns.reading.texts import as_texts, distinct
from whopays.model.facts import Fact
from whopays.model.values import UNKNOWN

NOTHING = (UNKNOWN,)


@dataclass(frozen=True)
class Cells:
    """Some rows of a table as Arrow arrays, in the order of the header.

    `records` are the numbers of the rows, rising. `problems` says of a row, by its
    place, why it has no cells.
    """

    columns: Sequence[Any]
    records: NDArray[np.int64]
    problems: Mapping[int, str] = field(default_factory=dict)


class Table(Protocol):
    """A table that can be read more than once."""

    def read(self, rows: int, *, only: int | None = None) -> Iterator[Cells]:
        """Yield the rows, about `rows` at a time; `only`: this column alone."""


@dataclass(frozen=True)
class Rows:
    """Rows that were read: the claim of each, null where it can't be told.

    `fault` is FINE or the code of the fault for which the row is refused.
    """

    claims: Any
    numbers: Coded
    records: NDArray[np.int64]
    fault: NDArray[np.int32]
    facts: tuple[FactColumn, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.records)

    def part(self, start: int, stop: int) -> Rows:
        """Return the rows from `start` to before `stop`."""
        part = slice(start, stop)
        return Rows(
            self.claims[part],
            self.numbers.take(part),
            self.records[part],
            self.fault[part],
            tuple(each.take(part) for each in self.facts),
        )


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of all `parts`, of which there is one at least, in their order."""
    if len(parts) == 1:
        return parts[0]
    return Rows(
        pa.concat_arrays([each.claims for each in parts]),
        _coded([each.numbers for each in parts]),
        np.concatenate([each.records for each in parts]),
        np.concatenate([each.fault for each in parts]),
        tuple(map(_column, zip(*(each.facts for each in parts), strict=True))),
    )


def _column(parts: Sequence[FactColumn]) -> FactColumn:
    coded = [each for each in parts if isinstance(each, Coded)]
    if coded:
        return _coded(coded)
    numbered = [each for each in parts if isinstance(each, Numbered)]
    return Numbered(
        np.concatenate([each.numbers for each in numbered]),
        np.concatenate([each.state for each in numbered]),
        numbered[0].is_date,
    )


def _coded(parts: Sequence[Coded]) -> Coded:
    """Join columns; where a new list of values was begun, old values are found in it."""
    last = parts[-1].values
    if all(each.values is last for each in parts):
        return Coded(np.concatenate([each.at for each in parts]), last)
    found = list(last)
    place_of = {value: place for place, value in enumerate(found)}
    at = []
    for each in parts:
        used, places = np.unique(each.at, return_inverse=True)
        own = []
        for value in (each.values[place] for place in used.tolist()):
            if value not in place_of:
                place_of[value] = len(found)
                found.append(value)
            own.append(place_of[value])
        at.append(np.array(own, np.int32)[places])
    return Coded(np.concatenate(at), found)


class CellReader:
    """Reads the cells of a table as `claims.rows` reads those of one row."""

    def __init__(
        self, binding: Binding, required: Mapping[str, Fact], faults: Faults
    ) -> None:
        self._binding = binding
        self._faults = faults
        self.fields = [
            FieldColumn(each, binding.width, faults) for each in binding.fields
        ]
        self.numbers = Kept(identity, binding.line_column, faults, Known.CLAIM)
        at = {each.name: place for place, each in enumerate(binding.fields)}
        self._required = [(name, at.get(name)) for name in required]

    def read(self, cells: Cells) -> Rows:
        """Return the rows of `cells`."""
        rows = len(cells.records)
        binding = self._binding
        claims, of_claims = self.claims(cells.columns[binding.claim_at])
        found = distinct(cells.columns[binding.line_at])
        codes = self.numbers.codes(found.cells)[found.at]
        of_lines = np.maximum(-codes, FINE)
        read = [each.read(cells.columns, rows) for each in self.fields]
        columns = tuple(column for column, _ in read)
        fault = self._first(
            cells, [of_claims, of_lines, *(faults for _, faults in read)]
        )
        self._lacking(columns, fault)
        return Rows(
            self._placed(claims, fault),
            Coded(np.maximum(codes, 0), self.numbers.values),
            cells.records,
            fault,
            columns,
        )

    def only_claims(self, cells: Cells) -> Rows:
        """Return the rows of `cells` with their claims alone."""
        rows = len(cells.records)
        claims, fault = self.claims(cells.columns[self._binding.claim_at])
        fault = self._first(cells, [fault])
        nothing = Coded(np.zeros(rows, np.int32), NOTHING)
        return Rows(self._placed(claims, fault), nothing, cells.records, fault, ())

    def claims(self, array: Any) -> tuple[Any, RowFaults]:
        """Return the claim ids of a column, and the faults of rows without one."""
        if types.is_null(array.type):
            array = pa.nulls(len(array), pa.string())
        if types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if types.is_list(array.type) or types.is_large_list(array.type):
            return self._odd_claims(
                pa.nulls(len(array), pa.string()), array, np.arange(len(array))
            )
        texts = as_texts(array)
        if types.is_large_string(texts.type):
            texts = texts.cast(pa.string())
        rest = np.flatnonzero(~is_clean(texts))
        if not len(rest):
            return texts, None
        return self._odd_claims(texts, texts, rest)

    def _odd_claims(
        self, texts: Any, cells: Any, rest: NDArray[np.int64]
    ) -> tuple[Any, RowFaults]:
        """Return `texts` with the claim ids that are in the rows `rest` of `cells`."""
        column = self._binding.claim_column
        kept = Kept(identity, column, self._faults, Known.NOTHING)
        found = distinct(cells.take(rest))
        codes = kept.codes(found.cells)[found.at]
        ids = [kept.values[at] if at > 0 else None for at in codes]
        mask = np.zeros(len(texts), np.bool_)
        mask[rest] = True
        whole = pc.replace_with_mask(texts, pa.array(mask), pa.array(ids, pa.string()))
        faults = np.zeros(len(texts), np.int32)
        faults[rest] = np.maximum(-codes, FINE)
        return whole, faults

    def _first(self, cells: Cells, found: Sequence[RowFaults]) -> NDArray[np.int32]:
        """Return the fault of each row: that of the whole row, else the first one."""
        fault = np.zeros(len(cells.records), np.int32)
        for place, reason in cells.problems.items():
            fault[place] = self._faults.code("", reason, Known.NOTHING)
        some = [each for each in found if each is not None]
        for each in some:
            fault[(each == BROKEN_TEXT) & (fault == FINE)] = BROKEN_TEXT
        for each in some:
            fault = np.where(fault == FINE, each, fault)
        return fault

    def _placed(self, claims: Any, fault: NDArray[np.int32]) -> Any:
        """Return `claims` without those of rows whose claim can't be told."""
        if not fault.any():
            return claims
        codes = [
            code for code in np.unique(fault) if not self._faults.places_row(int(code))
        ]
        gone = pa.array(np.isin(fault, codes))
        return pc.if_else(gone, pa.scalar(None, claims.type), claims)

    def _lacking(self, columns: Sequence[FactColumn], fault: NDArray[np.int32]) -> None:
        """Refuse rows that lack a required fact."""
        for name, at in self._required:
            reason = "is missing, and it is required"
            code = self._faults.code(name, reason, Known.LINE)
            open_ = True if at is None else _is_open(columns[at])
            fault[(fault == FINE) & open_] = code


def _is_open(column: FactColumn) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (
        column.state == OPEN if isinstance(column, Numbered) else column.at == 0
    )
    return found
