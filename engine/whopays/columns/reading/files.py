"""Files and Arrow tables become chunks of lines: the one door of reading in columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import types

from whopays.claims import OPEN_FACTS, read_claims
from whopays.claims.binding import BoundField
from whopays.claims.csv_files import SUFFIXES as DELIMITED
from whopays.claims.csv_files import open_csv
from whopays.claims.mapping import Mapping as ClaimMapping
from whopays.claims.records import ReadReport
from whopays.claims.tables import bound_columns, parquet_schema
from whopays.claims.x12 import is_x12_file
from whopays.columns.reading.chunk import ROWS, Chunk
from whopays.columns.reading.delimited import DelimitedTable
from whopays.columns.reading.scalar import of_claims
from whopays.columns.reading.sources import ArrowTable, ParquetTable
from whopays.columns.reading.tables import TableReader
from whopays.model.facts import Fact, Kind

#: The name of a table in memory, in messages and rejects.
IN_MEMORY = "a table in memory"


def read_columns(  # noqa: PLR0913, PLR0917 - as read_claims, and how much at once
    path: str | Path,
    facts: dict[str, Fact],
    mapping: ClaimMapping | None = None,
    open_facts: frozenset[str] = OPEN_FACTS,
    report: ReadReport | None = None,
    rows: int = ROWS,
) -> Iterator[Chunk]:
    """Return the lines and rejects of a file in chunks that are made of about `rows` rows.

    They are those of `claims.read_claims`, as are the errors, at once.
    """
    file, name = Path(path), str(path)
    report = report or ReadReport()
    suffix = file.suffix.lower()
    if suffix == ".parquet" and not is_x12_file(file):
        schema = parquet_schema(file)
        binding, columns = bound_columns(
            schema, name, facts, mapping, open_facts, report
        )
        at = {binding.claim_at} | {
            each.cells_at[0] for each in binding.fields if _differs(each)
        }
        coded = [
            column
            for place, column in enumerate(columns)
            if place not in at and types.is_string(schema.field(column).type)
        ]
        table = ParquetTable(file, columns, coded)
        return TableReader(table, binding, name, facts, report, rows=rows).read()
    if suffix in DELIMITED and not is_x12_file(file):
        found = open_csv(file, facts, mapping, open_facts, report)
        text, bound = DelimitedTable(found), found.binding
        return TableReader(text, bound, name, facts, report, rows=rows).read()
    claims = read_claims(path, facts, mapping, open_facts, report)
    return of_claims(claims, facts, report, rows)


def _differs(field: BoundField) -> bool:
    """Tell whether most cells of the column differ, so that codes would save nothing."""
    return field.is_plain and field.fact.kind is Kind.MONEY


def read_table(  # noqa: PLR0913, PLR0917 - as read_columns
    table: Any,
    facts: dict[str, Fact],
    mapping: ClaimMapping | None = None,
    open_facts: frozenset[str] = OPEN_FACTS,
    report: ReadReport | None = None,
    rows: int = ROWS,
) -> Iterator[Chunk]:
    """Return the lines and rejects of an Arrow table, as those of a file with its columns.

    `record` is the row, from 1. DiagnosticError at once, as for a file.
    """
    report = report or ReadReport()
    table = _without_views(table)
    binding, columns = bound_columns(
        table.schema, IN_MEMORY, facts, mapping, open_facts, report
    )
    source = ArrowTable(table, columns)
    return TableReader(source, binding, IN_MEMORY, facts, report, rows=rows).read()


def _without_views(table: Any) -> Any:
    """Return `table` with texts as Parquet files have them, not as views."""
    fields = [each.with_type(_plain(each.type)) for each in table.schema]
    schema = pa.schema(fields, table.schema.metadata)
    return table if schema == table.schema else table.cast(schema)


def _plain(kind: Any) -> Any:
    if types.is_string_view(kind):
        return pa.large_string()
    if types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, _plain(kind.value_type), kind.ordered)
    if types.is_list(kind) or types.is_large_list(kind):
        value = _plain(kind.value_type)
        return pa.list_(value) if types.is_list(kind) else pa.large_list(value)
    return kind
