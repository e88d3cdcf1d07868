"""Columns of money as cents, by arithmetic: where that says what parsing would say.

Whatever does not look as plain as this reads it is left to `values.value_of`, text by
text. Amounts differ from row to row, so looking them up would parse nearly each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyarrow import types

from whopays.columns.reading.buffers import is_given, text_bytes

Read = tuple[NDArray[np.int64], NDArray[np.bool_]]
_DOLLARS, _CENTS = 15, 17  # digits, as `values` and `model.money` bound them
_PLAIN_SCALE = (
    6  # Arrow writes decimals with more places with an exponent, some of them
)
_DOT, _MINUS, _ZERO = ord("."), ord("-"), ord("0")


def cents(array: Any, *, in_cents: bool) -> Read:
    """Return the cents of each cell, and a mask of those that were read.

    `in_cents` says that the cells are whole cents. What was not read is 0.
    """
    kind = array.type
    if types.is_string(kind) or types.is_large_string(kind):
        return _of_texts(array, in_cents=in_cents)
    if types.is_integer(kind):
        return _of_integers(array, in_cents=in_cents)
    if types.is_decimal128(kind):
        return _of_decimals(array, in_cents=in_cents)
    return np.zeros(len(array), np.int64), np.zeros(len(array), np.bool_)


def _of_integers(array: Any, *, in_cents: bool) -> Read:
    given = is_given(array)
    most = 10 ** (_CENTS if in_cents else _DOLLARS)
    numbers = np.asarray(array.fill_null(0).to_numpy(zero_copy_only=False))
    read = given & (numbers < most)
    if not types.is_unsigned_integer(array.type):
        read &= numbers > -most
    whole = np.where(read, numbers, 0).astype(np.int64)
    return whole if in_cents else whole * 100, read


def _of_decimals(array: Any, *, in_cents: bool) -> Read:
    scale = array.type.scale
    if not 0 <= scale <= (0 if in_cents else _PLAIN_SCALE):
        return np.zeros(len(array), np.int64), np.zeros(len(array), np.bool_)
    words = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)
    words = words[array.offset : array.offset + len(array)]
    low, high = words[:, 0], words[:, 1]
    most = 10 ** min(18, (_CENTS if in_cents else _DOLLARS) + scale)
    read = is_given(array) & (high == low >> 63) & (low < most) & (low > -most)
    low = np.where(read, low, 0)
    if in_cents:
        return low, read
    if scale <= 2:  # noqa: PLR2004 - places of cents
        return low * 10 ** (2 - scale), read
    step = 10 ** (scale - 2)
    read &= low % step == 0
    return np.where(read, low // step, 0), read


def _of_texts(array: Any, *, in_cents: bool) -> Read:
    """Read `-?` and digits, and a dot and one or two digits where dollars are meant."""
    found = text_bytes(array)
    data, ends = found.data, found.ends
    if not len(data):
        return np.zeros(len(array), np.int64), np.zeros(len(array), np.bool_)
    lengths = ends - found.starts
    negative = (lengths > 0) & (data[np.minimum(found.starts, len(data) - 1)] == _MINUS)
    sizes = lengths - negative
    if in_cents:
        number, read = _digits(data, ends, sizes, _CENTS)
    else:
        two = (sizes > 3) & (data[np.maximum(ends - 3, 0)] == _DOT)  # noqa: PLR2004
        one = ~two & (sizes > 2) & (data[np.maximum(ends - 2, 0)] == _DOT)  # noqa: PLR2004
        after = np.where(two, 3, np.where(one, 2, 0))
        number, read = _digits(data, ends - after, sizes - after, _DOLLARS)
        last = _digit(data, ends - 1)
        tens = np.where(two, _digit(data, ends - 2), np.where(one, last, 0))
        ones = np.where(two, last, 0)
        read &= (tens <= 9) & (ones <= 9)  # noqa: PLR2004 - a digit
        number = number * 100 + tens * 10 + ones
    read &= found.given
    return np.where(read, np.where(negative, -number, number), 0), read


def _digits(
    data: NDArray[np.uint8],
    ends: NDArray[np.int64],
    sizes: NDArray[np.int64],
    most: int,
) -> Read:
    """Return the numbers that the `sizes` bytes before `ends` write, and which do."""
    read = (sizes >= 1) & (sizes <= most)
    number = np.zeros(len(ends), np.int64)
    for place in range(int(sizes[read].max(initial=0)) - 1, -1, -1):
        digit = np.where(place < sizes, _digit(data, ends - 1 - place), 0)
        read &= digit <= 9  # noqa: PLR2004 - a digit
        number = number * 10 + digit
    return number, read


def _digit(data: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the digits at `at`, above 9 where there is none."""
    found: NDArray[np.uint8] = data[np.maximum(at, 0)] - np.uint8(_ZERO)
    return found
