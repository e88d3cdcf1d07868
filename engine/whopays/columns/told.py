"""The facts of lines as columns of decisions, and which of them are not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whopays.columns.answers import Texts, dictionary, validity
from whopays.columns.cells import numbered
from whopays.columns.from_decisions import cell_of, json_text
from whopays.columns.interned import Places
from whopays.columns.lines import GIVEN, OPEN, Coded, FactColumn, Numbered
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value

FIRST_DAY = 719_163  # 1970-01-01, as `date.toordinal` counts
_BITS = 62


@dataclass(frozen=True)
class _Listed:
    """The values of a column as texts in order: `ranks` says where each stands, -1 for none."""

    values: Sequence[Value]
    ranks: Places
    texts: Any


class Told:
    """Makes columns of the values of `facts`."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self._listed: dict[str, _Listed] = {}
        self._open = Texts()
        self._opened: dict[int, int] = {}

    def column(self, name: str, column: FactColumn | None, count: int) -> Any:
        """Return the Arrow column of the fact `name`."""
        import pyarrow as pa  # noqa: PLC0415

        fact = self._facts[name]
        if isinstance(column, Numbered):
            return _numbers(column)
        if fact.kind in {Kind.MONEY, Kind.DATE}:
            kind = pa.date32() if fact.kind is Kind.DATE else pa.int64()
            if column is None:
                return pa.nulls(count, kind)
            cells = [_number(fact, value) for value in column.values]
            return pa.array(cells, kind).take(pa.array(column.at))
        if column is None:
            return dictionary(
                np.full(count, -1, np.int32), pa.array([], pa.string()), has_none=True
            )
        return self._texts(name, fact, column)

    def _texts(self, name: str, fact: Fact, column: Coded) -> Any:
        """Return a column of texts: its dictionary has those that occur, in their order."""
        listed = self._listed.get(name)
        # A reader adds to its list of values from chunk to chunk.
        if (
            listed is None
            or listed.values is not column.values
            or len(listed.ranks) != len(column.values)
        ):
            listed = self._listed[name] = _list(fact, column.values)
        occurs = np.zeros(len(listed.ranks), np.bool_)
        occurs[column.at] = True
        ranks = listed.ranks[occurs]
        has_none = bool((ranks < 0).any())
        used = np.zeros(len(listed.texts), np.bool_)
        used[ranks[ranks >= 0]] = True
        numbers = np.append(np.cumsum(used, dtype=np.int32) - np.int32(1), np.int32(-1))
        codes = numbers.astype(np.int32)[listed.ranks].take(column.at, mode="clip")
        texts = listed.texts.take(np.flatnonzero(used))
        return dictionary(codes, texts, has_none=has_none)

    def unknown(self, columns: Mapping[str, FactColumn | None], count: int) -> Any:
        """Return the column that says which facts each line does not give."""
        always: list[str] = []
        asked: list[tuple[str, NDArray[np.bool_]]] = []
        for name in sorted(self._facts):
            column = columns.get(name)
            if column is None:
                always.append(name)
            elif (found := _is_unknown(column)) is not None:
                asked.append((name, found))
        keys: Any = np.zeros(count, np.int64)
        several = [np.zeros(0, np.int64)]
        names: list[list[str]] = [[]]
        for start in range(0, len(asked), _BITS):
            bits = np.zeros(count, np.int64)
            some = asked[start : start + _BITS]
            for at, (_, missing) in enumerate(some):
                bits |= missing.astype(np.int64) << at
            own, _ = numbered(bits)
            first = _firsts(own)
            parts = [
                [name for at, (name, _) in enumerate(some) if int(bits[f]) >> at & 1]
                for f in first.tolist()
            ]
            keys, names = _joined(keys, names, own, parts)
        del several
        texts = [json_text(sorted([*always, *each])) for each in names]
        places = np.array([self._open.place(text) for text in texts], np.int32)
        codes, found_texts = self._open.codes(places)
        return dictionary(codes[places][keys], found_texts, has_none=False)


def _joined(
    keys: Any, names: list[list[str]], own: Any, parts: list[list[str]]
) -> tuple[Any, list[list[str]]]:
    """Return a key for each pair of keys, and the names that go with it."""
    both, _ = numbered(keys * len(parts) + own)
    first = _firsts(both)
    found = [[*names[keys[f]], *parts[own[f]]] for f in first.tolist()]
    return both, found


def _firsts(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of the numbers 0, 1, … in `keys` stands first."""
    if not len(keys):
        return np.zeros(0, np.int64)
    found = np.zeros(int(keys.max()) + 1, np.int64)
    found[keys[::-1]] = np.arange(len(keys))[::-1]
    return found


def _is_unknown(column: FactColumn) -> NDArray[np.bool_] | None:
    """Return on which lines a fact is not known; None where it is known on all."""
    if isinstance(column, Numbered):
        return column.state == OPEN if (column.state == OPEN).any() else None
    if UNKNOWN not in column.values:
        return None
    unknown = np.array([value is UNKNOWN for value in column.values], np.bool_)
    found: NDArray[np.bool_] = unknown[column.at]
    return found if found.any() else None


def _numbers(column: Numbered) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    valid = None
    if column.state.any():
        valid = validity(column.state == GIVEN)
    if not column.is_date:
        data = np.ascontiguousarray(column.numbers)
        kind = pa.int64()
    else:
        data = (column.numbers - FIRST_DAY).astype(np.int32)
        kind = pa.date32()
    return pa.Array.from_buffers(kind, len(data), [valid, pa.py_buffer(data)])


def _number(fact: Fact, value: Value) -> Any:
    return None if value is NONE or value is UNKNOWN else cell_of(value, fact)


def _list(fact: Fact, values: Sequence[Value]) -> _Listed:
    import pyarrow as pa  # noqa: PLC0415

    said = [
        None if v is NONE or v is UNKNOWN or v == () else cell_of(v, fact)
        for v in values
    ]
    texts = sorted({text for text in said if text is not None})
    places = {text: at for at, text in enumerate(texts)}
    ranks = [-1 if text is None else places[text] for text in said]
    return _Listed(values, np.array(ranks, np.int32), pa.array(texts, pa.string()))
