"""The bytes of an Arrow array of texts, for what is done with all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from whopays.claims.records import LONGEST_TEXT

_MIX = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _LAST = 0x21, 0x7E  # what is printed and is no blank, of ASCII


@dataclass(frozen=True)
class TextBytes:
    """Text i is `data[starts[i] : ends[i]]`, in UTF-8 or not; `given` False: it is null."""

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    given: NDArray[np.bool_]


def text_bytes(texts: Any) -> TextBytes:
    """Return the bytes of an array of type string or large string."""
    wide = pa.types.is_large_string(texts.type)
    _, offsets, data = texts.buffers()
    count = len(texts)
    if count == 0 or offsets is None:
        nothing = np.zeros(0, np.int64)
        return TextBytes(np.zeros(0, np.uint8), nothing, nothing, np.zeros(0, np.bool_))
    kind = np.int64 if wide else np.int32
    whole: NDArray[Any] = np.frombuffer(offsets, kind)
    bounds = whole[texts.offset : texts.offset + count + 1].astype(np.int64)
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return TextBytes(raw, bounds[:-1], bounds[1:], is_given(texts))


def is_given(array: Any) -> NDArray[np.bool_]:
    """Return a mask of the cells that are not null."""
    if not array.null_count:
        return np.ones(len(array), np.bool_)
    found: NDArray[np.bool_] = array.is_valid().to_numpy(zero_copy_only=False)
    return found


def is_clean(texts: Any) -> NDArray[np.bool_]:
    """Return a mask of texts that `records.clean_text` and `identity` leave as they are.

    They have a character at least, and nothing but printed characters of ASCII without
    blanks. Others may be left so, too.
    """
    found = text_bytes(texts)
    lengths = found.ends - found.starts
    clean: NDArray[np.bool_] = found.given & (lengths > 0) & (lengths <= LONGEST_TEXT)
    if len(lengths):
        low = int(found.starts[0])
        part = found.data[low : int(found.ends[-1])]
        other = (part - np.uint8(_FIRST)) > np.uint8(_LAST - _FIRST)
        if other.any():
            bad = np.flatnonzero(other) + low
            clean[np.searchsorted(found.ends, bad, "right")] = False
    return clean


def hashes(texts: Any) -> NDArray[np.uint64]:
    """Return a hash of each text, of eight bytes at a time; null has any."""
    found = text_bytes(texts)
    lengths = found.ends - found.starts
    made = lengths.astype(np.uint64) * _MIX
    if not len(lengths):
        return made
    low, high = int(found.starts[0]), int(found.ends[-1])
    padded = np.zeros(high - low + 8, np.uint8)
    padded[: high - low] = found.data[low:high]
    words = np.lib.stride_tricks.as_strided(
        padded[:8].view(np.uint64), (high - low + 1,), (1,), writeable=False
    )
    live, at, left = np.arange(len(lengths)), found.starts - low, lengths
    while len(live):
        # What stands behind the end of a text is shifted out.
        spare = (np.maximum(8 - left, 0) * 8).astype(np.uint64)
        word = np.where(left > 0, words[at] << (spare & np.uint64(63)), 0)
        mixed = (made[live] ^ word) * _MIX
        made[live] = mixed ^ (mixed >> np.uint64(29))
        more = left > 8  # noqa: PLR2004 - bytes of a word
        live, at, left = live[more], at[more] + 8, left[more] - 8
    return made
