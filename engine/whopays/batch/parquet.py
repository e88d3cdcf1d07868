"""The outputs as Parquet. The only module of the batch that needs pyarrow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_ROWS = 50_000
_PLACED = {
    "file": "string",
    "record": "int64",
    "field": "string",
    "reason": "string",
    "claim_id": "string",
    "line": "string",
}
#: Columns that stay as they are; whatever nests is kept as JSON text.
_PLAIN = {
    "decisions": {
        "claim_id": "string",
        "line": "string",
        "contract": "string",
        "version": "string",
        "status": "string",
        "category": "string",
        "shares": "json",
        "amount_cents": "int64",
        "amounts_note": "string",
        "because": "json",
        "needs": "json",
        "misdirected_to": "json",
        "route": "json",
        "clock": "json",
        "route_by": "string",
        "pay_by": "string",
        "interest_cents": "int64",
        "explanation": "string",
        "facts": "json",
        "codes": "json",
        "catalog_note": "string",
        "record": "int64",
    },
    "explanations": {"id": "string", "explanation": "json"},
    "rejects": _PLACED,
    "remarks": _PLACED,
}


def convert(folder: Path) -> None:
    """Turn the JSON Lines files of `folder` into Parquet files, in bounded memory."""
    for name, columns in _PLAIN.items():
        _convert(folder / f"{name}.jsonl", folder / f"{name}.parquet", columns)
        (folder / f"{name}.jsonl").unlink()


def _convert(source: Path, target: Path, columns: dict[str, str]) -> None:
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = {"string": pa.string(), "int64": pa.int64(), "json": pa.string()}
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    with pq.ParquetWriter(target, schema) as writer, source.open(encoding="utf-8") as f:
        rows: list[dict[str, Any]] = []
        for line in f:
            rows.append(_row(json.loads(line), columns))
            if len(rows) == _ROWS:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _row(record: dict[str, Any], columns: dict[str, str]) -> dict[str, Any]:
    if "explanation" in columns and columns["explanation"] == "json":
        text = json.dumps(record, ensure_ascii=False, sort_keys=True)
        return {"id": record["id"], "explanation": text}
    clock = record.get("clock") or {}
    record["route_by"] = (record.get("route") or {}).get("by")
    record["pay_by"] = clock.get("by")
    record["interest_cents"] = (clock.get("interest") or {}).get("cents")
    return {
        name: json.dumps(record[name], ensure_ascii=False, sort_keys=True)
        if kind == "json"
        else record[name]
        for name, kind in columns.items()
    }
