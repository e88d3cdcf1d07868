"""Parquet. Every cell becomes text or a list of texts, so all formats read alike.

Columns are cast to text by Arrow: a double becomes the shortest decimal that names it,
never a binary fraction here, and an amount that is not whole cents is rejected.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Any

from whopays.claims.binding import Binding, needed_columns, unused_columns
from whopays.claims.mapping import Mapping, identity_mapping
from whopays.claims.records import ReadReport, Reject
from whopays.claims.rows import Row, RowReader
from whopays.diagnostics import Diagnostic, DiagnosticError
from whopays.model.claim import Claim
from whopays.model.facts import Fact

_BATCH = 8_192  # rows


def read_parquet(
    path: Path,
    facts: AnyMapping[str, Fact],
    mapping: Mapping | None = None,
    open_facts: frozenset[str] = frozenset(),
    report: ReadReport | None = None,
) -> Iterator[Claim | Reject]:
    """Return claims and rejects of a Parquet file; `record` is the row, from 1.

    Columns are checked now: DiagnosticError if one is missing or of a type that is
    neither text, number, date, boolean nor a list of texts.
    """
    report = report or ReadReport()
    binding, columns = bound_columns(
        parquet_schema(path), str(path), facts, mapping, open_facts, report
    )
    return RowReader(
        lambda: _rows(path, columns), binding, str(path), facts, report
    ).read()


def parquet_schema(path: Path) -> Any:
    """Return the Arrow schema of a Parquet file, or raise DiagnosticError."""
    import pyarrow as pa  # noqa: PLC0415 - costs 0.2 s, and only tables need it
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(path) as file:
            return file.schema_arrow
    except pa.ArrowException:
        message = f"the file {path} is not a readable Parquet file"
        raise DiagnosticError([Diagnostic("M012", message, ())]) from None


def bound_columns(  # noqa: PLR0913, PLR0917 - a table's columns, and what reads them
    schema: Any,
    file: str,
    facts: AnyMapping[str, Fact],
    mapping: Mapping | None,
    open_facts: frozenset[str],
    report: ReadReport,
) -> tuple[Binding, list[str]]:
    """Return which columns of an Arrow schema are read, and how.

    DiagnosticError if one is missing or of a type that is not read. Without a mapping,
    columns that are no fact are noted in `report`.
    """
    header = tuple(str(name) for name in schema.names)
    if mapping is None:
        mapping = identity_mapping(header, facts)
        report.knows((*facts, "claim_id", "line"))
        for name in unused_columns(header, facts):
            report.ignore(name)
    Binding(mapping, header, file, open_facts)  # all columns are there
    columns = list(needed_columns(mapping))
    _check_types(schema, columns, file)
    return Binding(mapping, columns, file, open_facts), columns


def _check_types(schema: Any, columns: list[str], file: str) -> None:
    wrong = [name for name in columns if not _is_readable(schema.field(name).type)]
    if wrong:
        raise DiagnosticError(
            Diagnostic(
                "M014", f"the column `{name}` of {file} has a type that is not read", ()
            )
            for name in wrong
        )


def parquet_rows(path: Path) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Return the columns of a Parquet file, and its rows as texts.

    DiagnosticError if it is none, or has a column of a type that is not read.
    """
    schema = parquet_schema(path)
    columns = [str(name) for name in schema.names]
    _check_types(schema, columns, str(path))
    return tuple(columns), _rows(path, columns)


def _is_readable(kind: Any) -> bool:
    from pyarrow import types  # noqa: PLC0415

    if types.is_dictionary(kind):
        return _is_readable(kind.value_type)
    if types.is_list(kind) or types.is_large_list(kind):
        kind = kind.value_type
    tests = (
        types.is_string,
        types.is_large_string,
        types.is_integer,
        types.is_floating,
        types.is_decimal,
        types.is_boolean,
        types.is_date,
        types.is_timestamp,
        types.is_null,
    )
    return any(test(kind) for test in tests)


def _rows(path: Path, columns: list[str]) -> Iterator[Row]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BATCH, columns=columns):
                for row in _batch_rows(batch, columns):
                    number += 1
                    problem = "" if row else "has text that is not UTF-8"
                    yield Row(number, row or (), problem)
    except (pa.ArrowException, OSError):
        raise damaged(path) from None


def damaged(path: Path) -> DiagnosticError:
    """Return what is wrong with a file of which a part can't be read.

    Nobody knows how many rows it has, so none of them may be taken for all.
    """
    message = f"a part of the file {path} is damaged and can't be read"
    remedy = "get the file again from where it comes; nothing of it is taken"
    return DiagnosticError([Diagnostic("M016", message, (), help=remedy)])


def _batch_rows(batch: Any, columns: list[str]) -> Iterator[tuple[Any, ...] | None]:
    """Yield the rows of `batch`, None for one whose text can't be decoded."""
    try:
        cells = [_texts(batch.column(name)) for name in columns]
    except UnicodeDecodeError:
        if batch.num_rows == 1:
            yield None
        else:
            for at in range(batch.num_rows):
                yield from _batch_rows(batch.slice(at, 1), columns)
    else:
        yield from zip(*cells, strict=True)


def _texts(array: Any) -> list[Any]:
    """Return the cells of an Arrow array as texts, lists of texts, and None."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import types  # noqa: PLC0415

    kind = array.type
    if types.is_list(kind) or types.is_large_list(kind):
        array = array.cast(pa.list_(pa.string()))
    else:
        if types.is_dictionary(kind):
            array = array.dictionary_decode()
        array = array.cast(pa.string())
    found: list[Any] = array.to_pylist()
    return found
