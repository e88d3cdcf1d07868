"""The outputs as Parquet: the same rows give the same bytes, however they were chunked.

Rows are written in groups of a fixed size. What a column of a group shares stands in a
dictionary, in the order in which the rows first have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

_ROWS = 131_072  # of a row group
_GROUPS = 32  # of a file, where there may be several
_FEW = 10_000  # explanations, rejects and remarks that are put into columns at once
#: By what rows are looked up: what is least and most of these columns is written down,
#: which for all of them would take as long as all the rest.
_SOUGHT = frozenset({"claim_id", "line", "id"})
_PLACED = ("file", "record", "field", "reason", "claim_id", "line")


def write_decisions(tables: Iterable[Any], schema: Any, path: Path) -> None:
    """Write the decisions of `tables`, which have the columns of `schema`, to one file."""
    _write(slabs(tables, schema), schema, path)


def write_files(tables: Iterable[Any], schema: Any, folder: Path) -> list[Path]:
    """Write the decisions of `tables` to the files of `folder`, and return these."""
    groups = slabs(tables, schema)
    files: list[Path] = []
    folder.mkdir(parents=True)
    for first in groups:
        path = folder / f"part-{len(files) + 1:04d}.parquet"
        _write(_with(first, islice(groups, _GROUPS - 1)), schema, path)
        files.append(path)
    return files


def _with(first: Any, rest: Iterable[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def write_explanations(explanations: Mapping[str, str], path: Path) -> None:
    """Write the explanations, in the order of their ids, as JSON text."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here

    schema = pa.schema([("id", pa.string()), ("explanation", pa.string())])
    names = sorted(explanations)

    def tables() -> Iterator[Any]:
        for at in range(0, len(names), _FEW):
            some = names[at : at + _FEW]
            texts = [explanations[name] for name in some]
            yield pa.table({"id": some, "explanation": texts}, schema=schema)

    _write(tables(), schema, path)


def write_records(found: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write rejects or remarks."""
    import pyarrow as pa  # noqa: PLC0415

    kinds = {"record": pa.int64()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in _PLACED])
    _write(_tables(found, schema), schema, path)


def _tables(rows: Iterable[Mapping[str, Any]], schema: Any) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415

    waiting = iter(rows)
    while some := list(islice(waiting, _FEW)):
        yield pa.Table.from_pylist(some, schema=schema)


def _write(groups: Iterable[Any], schema: Any, path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    shared = [each.name for each in schema if pa.types.is_dictionary(each.type)]
    sought = [name for name in schema.names if name in _SOUGHT]
    with pq.ParquetWriter(
        path,
        schema,
        use_dictionary=shared,
        compression="zstd",
        compression_level=1,
        write_statistics=sought,
    ) as writer:
        for group in groups:
            writer.write_table(group, row_group_size=_ROWS)


def slabs(tables: Iterable[Any], schema: Any, rows: int | None = None) -> Iterator[Any]:
    """Yield the rows of `tables` in tables of `rows` rows, the last one smaller.

    Dictionaries are as in a row group of the output.
    """
    import pyarrow as pa  # noqa: PLC0415

    size = rows or _ROWS
    waiting: list[Any] = []
    many = 0
    for table in tables:
        at = 0
        while at < table.num_rows:
            some = table.slice(at, size - many)
            waiting.append(some)
            many += some.num_rows
            at += some.num_rows
            if many == size:
                yield _canonical(pa.concat_tables(waiting), schema)
                waiting, many = [], 0
    if many:
        yield _canonical(pa.concat_tables(waiting), schema)


def _canonical(table: Any, schema: Any) -> Any:
    """Return `table` in one piece, dictionaries in the order in which rows have them."""
    import pyarrow as pa  # noqa: PLC0415

    table = table.unify_dictionaries().combine_chunks()
    columns = []
    for name in schema.names:
        column = table.column(name).chunk(0)
        if pa.types.is_dictionary(column.type):
            column = _in_order(column)
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=schema)


def _in_order(column: Any) -> Any:
    """Return a dictionary array with the texts that it has, in the order of their first."""
    import pyarrow as pa  # noqa: PLC0415

    indices = column.indices
    met = indices.unique().drop_null()  # in the order in which rows have them
    texts = column.dictionary.take(met)
    if len(texts.unique()) < len(texts):
        # One text in two places: rows that say the same would differ.
        return column.dictionary_decode().dictionary_encode()
    order = met.to_numpy()
    new = np.zeros(len(column.dictionary) or 1, np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    mask = None
    if indices.null_count:
        mask = indices.is_null().to_numpy(zero_copy_only=False)
        indices = indices.fill_null(0)
    at = new[indices.to_numpy()]
    return pa.DictionaryArray.from_arrays(pa.array(at, pa.int32(), mask=mask), texts)


def rows_of(path: Path, wanted: Mapping[str, str]) -> Any:
    """Return the rows of a file whose columns are `wanted`, None if there are none.

    Row groups that can't have them are left out by what the file says of itself; of the
    others the wanted columns are read first.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    found = []
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            if not _may_have(file.metadata.row_group(group), wanted):
                continue
            columns = file.read_row_group(group, columns=list(wanted))
            places = _places(columns, wanted)
            if len(places):
                found.append(file.read_row_group(group).take(places))
    return pa.concat_tables(found) if found else None


def _may_have(group: Any, wanted: Mapping[str, str]) -> bool:
    """Tell whether a row group may have `wanted`, by the least and most of its columns."""
    for at in range(group.num_columns):
        column = group.column(at)
        text = wanted.get(column.path_in_schema)
        if (
            text is None
            or column.statistics is None
            or not column.statistics.has_min_max
        ):
            continue
        if not column.statistics.min <= text <= column.statistics.max:
            return False
    return True


def _places(table: Any, wanted: Mapping[str, str]) -> Any:
    import pyarrow.compute as pc  # noqa: PLC0415

    masks = [pc.equal(table.column(name), text) for name, text in wanted.items()]
    mask = masks[0]
    for each in masks[1:]:
        mask = pc.and_(mask, each)
    return pc.indices_nonzero(mask.combine_chunks())


def texts_of(files: Iterable[Path], name: str) -> Iterator[str]:
    """Yield the texts of a column of `files`."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    for path in files:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                yield from file.read_row_group(group, columns=[name])[name].to_pylist()
