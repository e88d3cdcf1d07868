"""The cells of an Arrow array as distinct raw cells, and which of them each row has.

Cells are what `claims.tables` makes of them: texts, lists of texts, and None. Each
distinct one is cast once. A double is told apart by its bits, so none is merged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import types

from whopays.columns.reading.alike import alike


class _Broken:
    """The cell that is no text."""


BROKEN: Final = _Broken()
#: A raw cell: a text, a list of texts (here a tuple), None, or BROKEN.
Cell = str | tuple[str | None, ...] | None | _Broken
_BITS = {16: pa.int16(), 32: pa.int32(), 64: pa.int64()}


@dataclass(frozen=True)
class Distinct:
    """Row i has the cell `cells[at[i]]`; a cell may stand there more than once."""

    at: NDArray[np.int32]
    cells: Sequence[Cell]


def distinct(array: Any) -> Distinct:
    """Return the distinct raw cells of `array`, of any type that tables may have."""
    kind = array.type
    if types.is_null(kind):
        return Distinct(np.zeros(len(array), np.int32), (None,))
    if types.is_list(kind) or types.is_large_list(kind):
        return _lists(array)
    coded = array if types.is_dictionary(kind) else encoded(array)
    dictionary = coded.dictionary
    if types.is_list(dictionary.type) or types.is_large_list(dictionary.type):
        return distinct(coded.dictionary_decode())
    return Distinct(places(coded), (*cells(as_texts(dictionary)), None))


def encoded(array: Any) -> Any:
    """Return `array`, of a plain type, with its distinct values in a dictionary."""
    kind = array.type
    if not types.is_floating(kind):
        return array.dictionary_encode()
    coded = array.view(_BITS[kind.bit_width]).dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices, coded.dictionary.view(kind))


def places(coded: Any) -> NDArray[np.int32]:
    """Return the places of a dictionary array; that of null is behind the last."""
    indices = coded.indices
    if indices.null_count:
        if indices.type.bit_width < 32:  # noqa: PLR2004 - may be too narrow for null
            indices = indices.cast(pa.int32())
        indices = indices.fill_null(len(coded.dictionary))
    return np.asarray(indices.to_numpy(zero_copy_only=False)).astype(
        np.int32, copy=False
    )


def as_texts(array: Any) -> Any:
    """Return `array` cast to text, as one row of it is cast."""
    if types.is_string(array.type) or types.is_large_string(array.type):
        return array
    return array.cast(pa.string())


def cells(texts: Any) -> list[Cell]:
    """Return the texts of an Arrow array; BROKEN where one is not UTF-8."""
    try:
        found: list[Cell] = texts.to_pylist()
    except UnicodeDecodeError:
        return [_cell(each) for each in texts]
    return found


def _cell(scalar: Any) -> Cell:
    try:
        found: Cell = scalar.as_py()
    except UnicodeDecodeError:
        return BROKEN
    return found


def _lists(array: Any) -> Distinct:
    array = array.cast(pa.list_(pa.string()))
    values = distinct(array.values)
    starts = np.asarray(array.offsets.to_numpy()).astype(np.int64)
    lengths = np.diff(starts)
    if array.null_count:
        lengths[np.asarray(array.is_null().to_numpy(zero_copy_only=False))] = 0
    which, first = alike(starts[:-1], lengths, values.at)
    found: list[Cell] = [
        _list([values.cells[at] for at in values.at[start : start + length]])
        for start, length in zip(starts[first], lengths[first], strict=True)
    ]
    if array.null_count:
        which = which.copy()
        which[np.asarray(array.is_null().to_numpy(zero_copy_only=False))] = len(found)
        found.append(None)
    return Distinct(which, found)


def _list(parts: Sequence[Any]) -> Cell:
    return BROKEN if BROKEN in parts else tuple(parts)
