"""By which month a decision is filed: that of the date which chose the text, or of service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from whopays.columns.schema import FACT

#: The folder of lines without a date.
UNKNOWN = "unknown"
_DAY = "service_date"


def by_month(
    table: Any, explanations: Mapping[str, str]
) -> tuple[Any, tuple[tuple[str, int], ...]]:
    """Return `table` with the lines of each month together, and the count of each month.

    Within a month lines stay in their order. The date is the one that chose the text of
    the contract; where none did, or it is not known, the date of service.
    """
    months = _months(table, explanations)
    order = np.argsort(months, kind="stable")
    found, counts = np.unique(months, return_counts=True)
    names = tuple(
        (_name(int(month)), int(rows))
        for month, rows in zip(found, counts, strict=True)
    )
    return table.take(order), names


def _name(month: int) -> str:
    return UNKNOWN if month < 0 else f"{month // 12:04d}-{month % 12 + 1:02d}"


def _months(table: Any, explanations: Mapping[str, str]) -> Any:
    """Return the month of each line: 12 times the year, and the month from 0; -1 for none."""
    found = _month_of(table, _DAY)
    told = table.column("explanation").unify_dictionaries().combine_chunks()
    if not len(told):
        return found
    facts = [
        json.loads(explanations[name])["date_fact"]
        for name in told.dictionary.to_pylist()
    ]
    at = told.indices.to_numpy()
    for fact in {*facts} - {"", _DAY}:
        chosen = np.array([each == fact for each in facts])[at]
        months = _month_of(table, fact)
        found = np.where(chosen & (months >= 0), months, found)
    return found


def _month_of(table: Any, fact: str) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here

    name = f"{FACT}{fact}"
    if name not in table.column_names or not pa.types.is_date(
        table.schema.field(name).type
    ):
        return np.full(table.num_rows, -1)
    days = table.column(name).combine_chunks().cast(pa.int32())
    given = days.is_valid().to_numpy(zero_copy_only=False)
    dates = days.fill_null(0).to_numpy().astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return np.where(given, months, -1)
