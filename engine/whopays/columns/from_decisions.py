"""Decisions made one by one, as columns: what the columnar path has to come to, too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from whopays.columns.schema import CENTS, FACT, SHARED
from whopays.decide.decision import Decision
from whopays.decide.turns import Went
from whopays.explain import decision_record, explanation_json
from whopays.model.claim import Line
from whopays.model.conditions import value_text
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value


@dataclass(frozen=True)
class Decided:
    """The decisions of some lines, a row each, and the explanations that they name.

    `table` is an Arrow table with the columns of `schema`; `explanations` has the JSON
    text of each, by id. `waits` has the way of each row that limits may count, None
    for others; it is None itself where no row is told of.
    """

    table: Any
    explanations: Mapping[str, str]
    waits: Sequence[Went | None] | None = None


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def json_text(value: Any) -> str:
    """Return `value` as all outputs write JSON: keys in order, letters as they are."""
    return _JSON.encode(value)


def decided(
    lines: Iterable[tuple[Line, Decision]], schema: Any, facts: Mapping[str, Fact]
) -> Decided:
    """Return the `lines`, which were decided one by one, as columns of `schema`."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here

    names = [name.removeprefix(FACT) for name in schema.names if name.startswith(FACT)]
    rows: list[dict[str, Any]] = []
    explanations: dict[str, str] = {}
    waits: list[Went | None] = []
    for line, decision in lines:
        row = row_of(decision_record(decision), line.record)
        # Of no contract there are no facts but those that were read.
        known = decision.facts if decision.program is not None else line.facts
        row.update(_facts(known, names, facts))
        rows.append(row)
        waits.append(Went.by(decision))
        name = row["explanation"]
        if name not in explanations:
            explanations[name] = explanation_json(decision.shared)
    columns = [
        _column([row.get(field.name) for row in rows], field) for field in schema
    ]
    table = pa.Table.from_arrays(columns, schema=schema)
    return Decided(table, explanations, waits)


def _column(values: list[Any], field: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_dictionary(field.type):
        return pa.array(values, field.type.value_type).dictionary_encode()
    return pa.array(values, field.type)


def row_of(record: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the cells of a decision, those of its facts apart."""
    route, clock = record["route"], record["clock"]
    interest = clock["interest"] if clock else None
    row: dict[str, Any] = {
        "claim_id": record["claim_id"],
        "line": record["line"],
        "record": number,
        "amount_cents": record["amount_cents"],
        "interest_cents": interest["cents"] if interest else None,
        "route_by": _day(route),
        "pay_by": _day(clock),
    }
    for share in record["shares"]:
        row[f"{CENTS}{share['bearer']}"] = share["cents"]
    shared = {
        **record,
        "shares": [_without(each, "cents") for each in record["shares"]],
        "route": _without(route, "by"),
        "clock": _without(clock, "by"),
    }
    if interest:
        shared["clock"]["interest"] = _without(interest, "cents")
    for name, kind in SHARED.items():
        value = shared.get(name)
        row[name] = json_text(value) if kind == "json" and value is not None else value
    return row


def _day(due: dict[str, Any] | None) -> date | None:
    return date.fromisoformat(due["by"]) if due and due["by"] else None


def _without(found: dict[str, Any] | None, key: str) -> dict[str, Any] | None:
    return {k: v for k, v in found.items() if k != key} if found else None


def _facts(
    known: Mapping[str, Value], names: Iterable[str], facts: Mapping[str, Fact]
) -> dict[str, Any]:
    """Return the cells of facts, and which of them are not known."""
    row: dict[str, Any] = {}
    unknown = []
    for name in names:
        value = known.get(name, UNKNOWN)
        if value is UNKNOWN:
            unknown.append(name)
        elif value is not NONE and value != ():
            row[f"{FACT}{name}"] = cell_of(value, facts[name])
    return {**row, "unknown": json_text(unknown)}


def cell_of(value: Value, fact: Fact) -> Any:
    """Return a value of `fact`, which is given, as its column has it."""
    if fact.kind in {Kind.MONEY, Kind.DATE}:
        return value
    return value_text(value, percent=fact.kind is Kind.PERCENT)
