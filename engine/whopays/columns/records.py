"""Columns of decisions, as records: what `explain.record` says of each line, in full."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from whopays.columns.schema import CENTS, FACT, SHARED
from whopays.model.clocks import RECEIVED_BY
from whopays.model.money import dollars
from whopays.model.values import NONE, UNKNOWN

_LISTS = frozenset({"shares", "because", "needs", "misdirected_to"})
#: Only there if there are some.
_SOMETIMES = frozenset({"strangers", "limits", "terms"})
_KEPT = frozenset({"claim_id", "line", "record", "amount_cents"})


def mentioned(explanation: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the facts that the record of an explanation mentions, sorted."""
    found = {explanation["date_fact"], explanation["code_fact"]}
    for seen in (*explanation["categories"], *explanation["clauses"]):
        for test in seen["tests"]:
            found.update(test["facts"])
    return tuple(sorted(found - {""}))


def records(
    table: Any, facts_of: Callable[[str], tuple[str, ...]]
) -> Iterator[dict[str, Any]]:
    """Yield a record for each row of `table`, with the number of its input record.

    `table` has the columns of `schema`; `facts_of` tells which facts an explanation
    mentions. A record's lists and documents may be those of other records, too: they
    are not to be changed.
    """
    columns = {name: _cells(table.column(name), name) for name in table.column_names}
    for cells in zip(*columns.values(), strict=True):
        row = dict(zip(columns, cells, strict=True))
        yield _record(row, facts_of(row["explanation"]))


def _cells(column: Any, name: str) -> list[Any]:
    """Return the cells of a column; what is JSON is read once for each text."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here

    if not pa.types.is_dictionary(column.type):
        found: list[Any] = column.to_pylist()
        return (
            [dollars(each) if each is not None else None for each in found]
            if (name.startswith(FACT) and pa.types.is_int64(column.type))
            else found
        )
    is_json = SHARED.get(name) == "json"
    cells: list[Any] = []
    for chunk in column.chunks:
        texts = chunk.dictionary.to_pylist()
        values = [json.loads(text) for text in texts] if is_json else texts
        cells.extend(
            values[at] if at is not None else None for at in chunk.indices.to_pylist()
        )
    return cells


def _record(row: dict[str, Any], facts: tuple[str, ...]) -> dict[str, Any]:
    """Return the record of a row, its keys in the order of `explain.record`."""
    found = {name: row[name] for name in SHARED if name != "unknown"} | {
        name: row[name] for name in _KEPT
    }
    unknown = row["unknown"] or ()
    for name in _LISTS:
        found[name] = found[name] or []
    for name in _SOMETIMES:
        if found[name] is None:
            del found[name]
    found["shares"] = [
        {**each, "cents": row[f"{CENTS}{each['bearer']}"]} for each in found["shares"]
    ]
    if row["route"]:
        found["route"] = {**row["route"], "by": _iso(row["route_by"])}
        receiver = _text(row, RECEIVED_BY, unknown)
        found["received_by"] = None if receiver == UNKNOWN.value else receiver
    if row["clock"]:
        found["clock"] = {**row["clock"], "by": _iso(row["pay_by"])}
        if interest := row["clock"]["interest"]:
            cents = {"cents": row["interest_cents"]}
            found["clock"]["interest"] = {**interest, **cents}
    found["facts"] = {name: _text(row, name, unknown) for name in facts}
    return found


def _text(row: dict[str, Any], name: str, unknown: Any) -> str:
    """Return the value of a fact in the words of the language."""
    key = f"{FACT}{name}"
    if key not in row:
        return ""  # no fact of the contract
    if name in unknown:
        return str(UNKNOWN.value)
    value = row[key]
    if value is None:
        return str(NONE.value)
    return value if isinstance(value, str) else str(_iso(value))


def _iso(day: Any) -> str | None:
    return day.isoformat() if day is not None else None
