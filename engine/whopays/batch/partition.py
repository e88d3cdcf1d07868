"""A partition of a table, decided as a run of its own: rows in, rows out, memory bounded.

A cluster hands over the rows of whole claims, and says of each which input it is of and
which record of it. They are written aside as files, decided as files are, and what came
of them is read back with the records that they had. So there is one way to decide.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Columns beside those of the input: its place in the job, and the record, from 1.
INPUT, RECORD = "whopays_input", "whopays_record"
#: Columns of what comes back beside those of decisions: the file of the output that the
#: row is of, and the row itself where it is no decision.
FILE, DOCUMENT = "whopays_file", "whopays_document"
DECISIONS = "decisions"
_ROWS = 65_536

Run = Callable[[Sequence[Path], Path], object]


@dataclass(frozen=True)
class Source:
    """One input by its name in the outputs, and its columns: another may have others."""

    name: str
    columns: tuple[str, ...]


@dataclass
class _Slice:
    """The rows of one input in this partition, as a file of their own."""

    at: int
    path: Path
    records: list[Any] = field(default_factory=list)


def decided(
    batches: Iterable[Any], inputs: Sequence[Source], run: Run
) -> Iterator[Any]:
    """Yield Arrow batches of `schema_of` for the rows in `batches`.

    Those are Arrow batches in the order of INPUT and RECORD. `run` decides files into
    a folder, as Parquet.
    """
    with tempfile.TemporaryDirectory(prefix="whopays-") as folder:
        slices = _written(batches, inputs, Path(folder))
        if slices:
            out = Path(folder, "out")
            run([each.path for each in slices], out)
            yield from _read(out, slices, inputs)


def nothing_decided(columns: Any, run: Run, folder: Path) -> Path:
    """Return the folder that `run` writes for an input of no rows, with `columns`."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy, and only on demand

    empty, out = folder / "empty.parquet", folder / "nothing"
    pq.write_table(columns.empty_table(), empty)
    run([empty], out)
    return out


def schema_of(out: Path) -> Any:
    """Return the Arrow schema of what comes back, by a folder that a run has written."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    own = [_plain(each) for each in pq.read_schema(out / f"{DECISIONS}.parquet")]
    head = [(FILE, pa.string()), (INPUT, pa.int32()), (DOCUMENT, pa.string())]
    return pa.schema([*head, *own])


def _plain(column: Any) -> Any:
    """Return a column without a dictionary: clusters have none."""
    from pyarrow import types  # noqa: PLC0415

    kind = column.type
    return column.with_type(kind.value_type if types.is_dictionary(kind) else kind)


def _written(
    batches: Iterable[Any], inputs: Sequence[Source], folder: Path
) -> list[_Slice]:
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    slices: list[_Slice] = []
    writer: Any = None
    try:
        for batch in batches:
            for at in sorted(pc.unique(batch.column(INPUT)).to_pylist()):
                rows = batch.filter(pc.equal(batch.column(INPUT), at))
                table = rows.select(inputs[at].columns)
                if not slices or slices[-1].at != at:
                    if writer is not None:
                        writer.close()
                    name = Path(inputs[at].name).stem or "rows"
                    slices.append(_Slice(at, folder / f"{at}-{name}.parquet"))
                    writer = pq.ParquetWriter(slices[-1].path, table.schema)
                writer.write_batch(table)
                slices[-1].records.append(rows.column(RECORD).to_numpy())
    finally:
        if writer is not None:
            writer.close()
    return slices


def _read(
    out: Path, slices: Sequence[_Slice], inputs: Sequence[Source]
) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    places = {each.path.name: each for each in slices}
    schema = schema_of(out)
    gone: dict[str, set[int]] = {name: set() for name in places}
    for path in sorted(out.glob("*.parquet")):
        if path.stem == DECISIONS:
            continue
        for row in pq.read_table(path).to_pylist():
            if row.get("file") in places:
                place = places[row["file"]]
                if path.stem == "rejects":
                    gone[row["file"]].add(row["record"])
                row = _as_read(row, place, inputs)  # noqa: PLW2901 - the same, named as read
            yield _document(path.stem, row, schema)
    kept = _Kept(slices, gone)
    with pq.ParquetFile(out / f"{DECISIONS}.parquet") as file:
        for batch in file.iter_batches(_ROWS):
            at, records = kept.next(batch.column("record"))
            columns = {name: batch.column(name) for name in batch.schema.names}
            columns["record"] = records
            columns[FILE] = pa.repeat(DECISIONS, len(batch))
            columns[INPUT] = at
            columns[DOCUMENT] = pa.nulls(len(batch), pa.string())
            cells = [columns[each.name].cast(each.type) for each in schema]
            yield pa.RecordBatch.from_arrays(cells, schema=schema)


def _as_read(
    row: dict[str, Any], place: _Slice, inputs: Sequence[Source]
) -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415

    records = np.concatenate(place.records)
    at = row["record"]
    known = int(records[at - 1]) if 0 < at <= len(records) else at
    return {**row, "file": inputs[place.at].name, "record": known}


def _document(name: str, row: dict[str, Any], schema: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    text = json.dumps(row, ensure_ascii=False, sort_keys=True)
    given = {FILE: name, DOCUMENT: text}
    cells = [pa.array([given.get(each.name)], each.type) for each in schema]
    return pa.RecordBatch.from_arrays(cells, schema=schema)


class _Kept:
    """The inputs and records of decided rows: all that were written but the rejects."""

    def __init__(self, slices: Sequence[_Slice], gone: dict[str, set[int]]) -> None:
        import numpy as np  # noqa: PLC0415

        own, first, place = [], [], []
        for each in slices:
            records = np.concatenate(each.records)
            here = np.ones(len(records), bool)
            here[[at - 1 for at in gone[each.path.name]]] = False
            first.append(records[here])
            own.append(np.flatnonzero(here) + 1)
            place.append(np.full(int(here.sum()), each.at, np.int32))
        self._own, self._records, self._inputs = map(
            np.concatenate, (own, first, place)
        )
        self._at = 0

    def next(self, own: Any) -> tuple[Any, Any]:
        """Return inputs and records of the next decisions, which say `own` records."""
        import numpy as np  # noqa: PLC0415
        import pyarrow as pa  # noqa: PLC0415

        part = slice(self._at, self._at + len(own))
        self._at = part.stop
        if not np.array_equal(self._own[part], own.to_numpy()):
            raise RuntimeError("decisions are not in the order of what was read")
        return pa.array(self._inputs[part]), pa.array(self._records[part])
