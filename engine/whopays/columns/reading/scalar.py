"""Claims that were read one by one become chunks of lines: JSON, JSON Lines and X12."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from whopays.claims.records import ReadReport, Reject
from whopays.columns.lines import (
    ABSENT,
    GIVEN,
    OPEN,
    Coded,
    FactColumn,
    Lines,
    Numbered,
)
from whopays.columns.reading.chunk import ROWS, Chunk
from whopays.model.claim import Claim, Line
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value

_MOST = 500_000  # values remembered of one fact


def of_claims(
    claims: Iterable[Claim | Reject],
    facts: Mapping[str, Fact],
    report: ReadReport | None = None,
    rows: int = ROWS,
) -> Iterator[Chunk]:
    """Yield `claims` as chunks of about `rows` lines; no claim is cut.

    Rejects and the remarks of `report` are in the chunk in which they were met.
    """
    known = {name: _Column(fact.kind) for name, fact in facts.items()}
    lines: list[Line] = []
    rejects: list[Reject] = []
    for each in claims:
        if isinstance(each, Reject):
            rejects.append(each)
        else:
            lines.extend(each.lines)
        if len(lines) >= rows or len(rejects) >= rows:
            yield _chunk(lines, rejects, known, report)
            lines, rejects = [], []
    last = _chunk(lines, rejects, known, report)
    if lines or rejects or last.remarks:
        yield last


def _chunk(
    lines: list[Line],
    rejects: list[Reject],
    known: Mapping[str, _Column],
    report: ReadReport | None,
) -> Chunk:
    named = dict.fromkeys(name for line in lines for name in line.facts)
    found = Lines(
        pa.array([line.claim_id for line in lines], pa.string()),
        pa.array([line.number for line in lines], pa.string()).dictionary_encode(),
        np.array([line.record for line in lines], np.int64),
        {
            name: known[name].of([line.facts.get(name, UNKNOWN) for line in lines])
            for name in named
        },
    )
    remarks = report.take_remarks() if report is not None else ()
    return Chunk(found, tuple(rejects), tuple(remarks))


class _Column:
    """Makes columns of one fact; its list of values is the same from chunk to chunk."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._values: list[Value] = [UNKNOWN]
        self._places: dict[Value, int] = {UNKNOWN: 0}

    def of(self, values: list[Any]) -> FactColumn:
        """Return the column of `values`, line by line."""
        if self._kind in {Kind.MONEY, Kind.DATE}:
            return self._numbered(values)
        if len(self._values) > _MOST:
            self._values, self._places = [UNKNOWN], {UNKNOWN: 0}
        places = self._places
        for value in values:
            if value not in places:
                places[value] = len(self._values)
                self._values.append(value)
        return Coded(
            np.array([places[each] for each in values], np.int32), self._values
        )

    def _numbered(self, values: list[Any]) -> Numbered:
        states = {NONE: ABSENT, UNKNOWN: OPEN}
        is_date = self._kind is Kind.DATE
        numbers = [
            0 if each in states else each.toordinal() if is_date else each
            for each in values
        ]
        return Numbered(
            np.array(numbers, np.int64),
            np.array([states.get(each, GIVEN) for each in values], np.uint8),
            is_date,
        )
