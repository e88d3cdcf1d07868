"""Claim lines for the columnar benchmark, drawn by numpy: `columns_workload.py FILE LINES MISSING`.

Codes and facts are drawn as claims have them: few codes are most of the lines, and what
exceptions ask for is seldom. MISSING is the percent of cells that are empty, of each fact
by itself. Eight million lines begin with the lines of one million.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

CHUNK = 250_000
DAYS = 365
_TEXTS: dict[str, tuple[tuple[str | None, float], ...]] = {
    "product": (("HMO", 0.7), ("POS", 0.3)),
    "claim_type": (("professional", 0.85), ("institutional", 0.15)),
    "network": (("inside", 0.9), ("outside", 0.1)),
    "area": (("inside", 0.94), ("outside", 0.06)),
    "place_of_service": (("11", 0.75), ("21", 0.1), ("22", 0.1), ("23", 0.05)),
    "authorized_by": (("IPA", 0.1), ("PLAN", 0.2), (None, 0.7)),
    "bill_type": (("0111", 0.1), ("0131", 0.05), (None, 0.85)),
}
_LISTS: dict[str, tuple[tuple[tuple[str, ...], float], ...]] = {
    "diagnoses": (
        (("M170", "E119"), 0.05),
        (("I10",), 0.4),
        (("J069", "R05"), 0.3),
        (("E119", "I10", "Z000"), 0.25),
    ),
    "modifiers": ((("JG",), 0.03), (("26",), 0.2), ((), 0.77)),
}
_FLAGS = {"emergency": 0.08, "capitated": 0.2}
_SINGLE = (
    "procedure_code",
    "service_date",
    "age",
    "units",
    "miles_from_pcp",
    "allowed",
)

FACTS = (*_TEXTS, *_LISTS, *_FLAGS, *_SINGLE)
Cells = dict[str, Any]


def write(path: Path, lines: int, missing: float, seed: int = 2) -> None:
    """Write `lines` lines to the Parquet file `path`, `missing` of their cells empty."""
    with pq.ParquetWriter(path, SCHEMA, store_schema=False) as to:
        for at in range(0, lines, CHUNK):
            cells = _chunk(at, missing, np.random.default_rng((seed, at)))
            table = pa.table(cells, schema=SCHEMA)
            to.write_table(table.slice(0, min(CHUNK, lines - at)))


def _chunk(start: int, missing: float, draw: np.random.Generator) -> Cells:
    numbers = np.arange(start, start + CHUNK)
    cells: Cells = {
        "claim_id": _numbered("C-", numbers // 3, 8),
        "line": _numbered("", numbers % 3 + 1, 1),
        "member_id": _numbered("M-", numbers // 3 * 7_919 % 50_000, 6),
    }
    cells.update(_columns(draw))
    for name in FACTS:
        gone = draw.random(CHUNK) < missing
        if missing:
            absent = pa.scalar(None, SCHEMA.field(name).type)
            cells[name] = pc.if_else(pa.array(gone), absent, cells[name])
    return cells


def _numbered(before: str, numbers: Any, wide: int) -> Any:
    """Return `numbers` as texts of `wide` digits behind `before`."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), wide, "0")
    return pc.binary_join_element_wise(before, digits, "")


def _columns(draw: np.random.Generator) -> Iterator[tuple[str, Any]]:
    for name, texts in _TEXTS.items():
        yield name, _chosen(draw, texts, pa.string())
    for name, lists in _LISTS.items():
        yield name, _chosen(draw, lists, pa.list_(pa.string()))
    for name, share in _FLAGS.items():
        yield name, pa.array(draw.random(CHUNK) < share)
    codes = np.random.default_rng(0).permutation(10_000)  # which codes are frequent
    weights = 1 / (np.arange(10_000) + 20)
    drawn = np.searchsorted(np.cumsum(weights / weights.sum()), draw.random(CHUNK))
    pool = pa.array([str(10_000 + 8 * each) for each in range(10_000)])
    yield "procedure_code", pool.take(pa.array(codes[np.minimum(drawn, 9_999)]))
    first = (date(2026, 1, 1) - date(1970, 1, 1)).days
    days = (first + draw.integers(0, DAYS, CHUNK)).astype(np.int32)
    yield "service_date", pa.array(days).cast(pa.date32())
    yield "age", pa.array(draw.integers(0, 96, CHUNK))
    yield "miles_from_pcp", pa.array(draw.geometric(0.1, CHUNK) - 1)
    yield "units", pa.array(draw.choice([1, 2, 12], CHUNK, p=[0.8, 0.15, 0.05]))
    cents = np.exp(draw.normal(9.5, 1.2, CHUNK)).astype(np.int64) + 100
    yield "allowed", money(cents)


def _chosen(draw: np.random.Generator, pool: Any, kind: Any) -> Any:
    values, shares = zip(*pool, strict=True)
    at = draw.choice(len(values), CHUNK, p=shares)
    return pa.array(values, kind).take(pa.array(at))


def money(cents: Any) -> Any:
    """Return whole cents as decimals of two places: without a loss, and fast."""
    halves = np.zeros((len(cents), 2), np.int64)  # the low half of 128 bits, the high
    halves[:, 0] = cents
    halves[:, 1] = cents >> 63
    kind = pa.decimal128(12, 2)
    return pa.Array.from_buffers(kind, len(cents), [None, pa.py_buffer(halves)])


SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("claim_id", "line", "member_id")),
        *((name, pa.string()) for name in _TEXTS),
        *((name, pa.list_(pa.string())) for name in _LISTS),
        *((name, pa.bool_()) for name in _FLAGS),
        ("procedure_code", pa.string()),
        ("service_date", pa.date32()),
        ("age", pa.int64()),
        ("units", pa.int64()),
        ("miles_from_pcp", pa.int64()),
        ("allowed", pa.decimal128(12, 2)),
    ]
)

if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 100)
