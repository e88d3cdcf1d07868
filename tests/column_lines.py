"""Lines as columns, made of lines that stand alone: what tests decide both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from whopays.columns.lines import (
    ABSENT,
    GIVEN,
    OPEN,
    Coded,
    FactColumn,
    Lines,
    Numbered,
)
from whopays.model.claim import Line
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value


def lines_of(lines: Sequence[Line], facts: Mapping[str, Fact]) -> Lines:
    """Return `lines` as columns; a fact that none of them gives has no column."""
    named = sorted({name for line in lines for name in line.facts})
    return Lines(
        pa.array([line.claim_id for line in lines], pa.string()),
        pa.array([line.number for line in lines], pa.string()),
        np.array([line.record for line in lines], np.int64),
        {
            name: _column([line.read(name) for line in lines], facts[name].kind)
            for name in named
        },
    )


def _column(values: list[Value], kind: Kind) -> FactColumn:
    if kind in {Kind.MONEY, Kind.DATE}:
        return Numbered(
            np.array([_number(each) for each in values], np.int64),
            np.array([_state(each) for each in values], np.uint8),
            is_date=kind is Kind.DATE,
        )
    several = list(dict.fromkeys(values))
    places = {value: at for at, value in enumerate(several)}
    return Coded(np.array([places[each] for each in values], np.int32), several)


def _state(value: Value) -> int:
    if value is NONE:
        return ABSENT
    return OPEN if value is UNKNOWN else GIVEN


def _number(value: Value) -> int:
    if isinstance(value, date):
        return value.toordinal()
    return value if isinstance(value, int) else 0
