"""Decides tables on Apache Spark: whole claims in each partition, each a run of its own.

The only module that knows pyspark. What a partition runs is handed down as text to a
function of ours that every worker has installed; see `api.cluster`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from types import TracebackType
from typing import Any

from whopays.batch.partition import (
    DECISIONS,
    DOCUMENT,
    FILE,
    INPUT,
    RECORD,
    Run,
    Source,
    nothing_decided,
    schema_of,
)
from whopays.claims import Reject

TABLE = "table:"
#: The function of a partition, made for the inputs of a job.
Part = Callable[[Sequence[Source]], Callable[[Iterator[Any]], Iterator[Any]]]
_ROWS = 65_536  # of an Arrow batch
_LINES = 1_000_000  # of a partition, about


class SparkError(Exception):
    """Spark is not there, or could not do what it was asked; says which, in words."""


@dataclass(frozen=True)
class Job:
    """What is decided by what: `inputs` are Parquet files, or tables as `table:NAME`.

    `names` are what the outputs call them. Rows with one cell in the column `claim` belong
    into one partition. `run` decides files here, `part` makes the function that decides a
    partition there.
    """

    inputs: Sequence[str]
    names: Sequence[str]
    claim: str
    run: Run
    part: Part


@dataclass(frozen=True)
class There:
    """What was decided on Spark: files of decisions in order, and what comes beside."""

    decisions: Sequence[Path]
    explanations: dict[str, str]
    rejects: Sequence[dict[str, Any]]
    remarks: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Some:
    """Some of the decisions made on Spark: a chunk that needs no deciding any more."""

    table: Any
    explanations: dict[str, str]
    rejects: Sequence[Any] = ()
    remarks: Sequence[Any] = ()


def decide_there(job: Job, folder: Path, master: str | None = None) -> There:
    """Decide the inputs of `job` on Spark, and leave what comes of it in `folder`.

    The workers reach that folder by the same path. Raise `SparkError`.
    """
    with _session(master) as spark:
        return _decide(spark, job, folder)


def chunks(there: There, schema: Any) -> Iterator[Some]:
    """Yield what was decided, with the columns of `schema`, in bounded memory."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only on demand
    import pyarrow.parquet as pq  # noqa: PLC0415

    # All that comes beside goes with no lines, before them.
    nothing = schema.empty_table()
    rejects = [Reject(**each) for each in there.rejects]
    yield Some(nothing, there.explanations, rejects, there.remarks)
    for path in there.decisions:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS):
                columns = [
                    column.dictionary_encode()
                    if pa.types.is_dictionary(kind)
                    else column
                    for column, kind in zip(batch.columns, schema.types, strict=True)
                ]
                yield Some(pa.Table.from_arrays(columns, schema=schema), {})


class _session:  # noqa: N801 - reads as a function
    """A session of Spark, and what goes wrong in it as `SparkError`."""

    def __init__(self, master: str | None) -> None:
        self._master = master

    def __enter__(self) -> Any:
        # Workers on this machine run the Python that this process runs.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        if _is_here(self._master):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
        except ImportError:
            raise SparkError(
                "deciding on Spark needs pyspark: install whopays with `[spark]`"
            ) from None
        builder = SparkSession.builder.appName("whopays")
        if self._master:
            builder = builder.master(self._master)
        own = {
            "spark.sql.caseSensitive": "true",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.execution.arrow.maxRecordsPerBatch": str(_ROWS),
            "spark.ui.showConsoleProgress": "false",
            "spark.log.level": "ERROR",
            **(_HERE if _is_here(self._master) else {}),
        }
        for name, value in own.items():
            builder = builder.config(name, value)
        try:
            self._spark = builder.getOrCreate()
        except Exception as error:  # noqa: BLE001 - what Java says has no common class
            raise SparkError(f"Spark does not start: {_said(error)}") from None
        return self._spark

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        self._spark.stop()
        if kind is not None and _is_of_spark(kind):
            raise SparkError(f"Spark could not decide: {_said(error)}") from None


_HERE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}


def _is_here(master: str | None) -> bool:
    """Return whether Spark runs on this machine alone: then nothing else is listened to."""
    return bool(master and re.match(r"local\b|spark://127\.0\.0\.1:", master))


def _is_of_spark(kind: type[BaseException]) -> bool:
    return any(each.__module__.startswith(("pyspark", "py4j")) for each in kind.__mro__)


def _said(error: BaseException | None) -> str:
    """Return the last line of ours in what a worker raised, or else the first."""
    lines = [each.strip() for each in str(error).splitlines() if each.strip()]
    raised = [
        each
        for each in lines
        if re.match(r"(whopays\.)?[\w.]+(Error|Exception): ", each)
    ]
    return (raised or lines or ["it says nothing"])[-1 if raised else 0]


def _decide(spark: Any, job: Job, folder: Path) -> There:
    from pyspark import StorageLevel  # noqa: PLC0415
    from pyspark.sql import functions as sql  # noqa: PLC0415
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415

    frames = [_frame(spark, at, name) for at, name in enumerate(job.inputs)]
    sources = [
        Source(name, tuple(frame.columns[2:]))
        for name, frame in zip(job.names, frames, strict=True)
    ]
    rows = reduce(lambda one, other: one.unionByName(other, True), frames)
    nothing = nothing_decided(_columns(rows), job.run, folder)
    schema = schema_of(nothing)
    placed = _together(rows, job.claim)
    made = placed.mapInArrow(job.part(sources), from_arrow_schema(schema))
    found = made.persist(StorageLevel.DISK_ONLY)  # asked twice, decided once
    decisions = found.filter(sql.col(FILE) == DECISIONS)
    ordered = decisions.orderBy(INPUT, "record", "claim_id", "line")
    ordered.drop(FILE, INPUT, DOCUMENT).write.parquet((folder / DECISIONS).as_uri())
    beside: dict[str, list[dict[str, Any]]] = {}
    others = found.filter(sql.col(FILE) != DECISIONS).select(FILE, DOCUMENT)
    for name, text in others.toLocalIterator():
        beside.setdefault(name, []).append(json.loads(text))
    found.unpersist()
    return There(
        sorted((folder / DECISIONS).glob("part-*.parquet")),
        {each["id"]: each["explanation"] for each in beside.get("explanations", ())},
        *(_placed(beside.get(name, ()), job.names) for name in ("rejects", "remarks")),
    )


def _placed(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[Any]:
    """Return rejects or remarks in the order in which a run here meets them."""
    return sorted(rows, key=lambda row: (names.index(row["file"]), row["record"]))


def _frame(spark: Any, at: int, name: str) -> Any:
    """Return the rows of an input, each with its place and its record."""
    from pyspark.sql import functions as sql  # noqa: PLC0415

    if name.startswith(TABLE):
        frame = spark.table(name.removeprefix(TABLE))
        record = sql.lit(0).cast("long")  # the rows of a table have no places
    else:
        path = re.sub(r"([\\\[\]{}*?])", r"\\\1", str(Path(name).resolve()))
        frame = spark.read.parquet(f"file://{path}")
        record = sql.col("_metadata.row_index") + 1
    return frame.select(sql.lit(at).alias(INPUT), record.alias(RECORD), "*")


def _columns(rows: Any) -> Any:
    """Return the Arrow schema of what is read, without our own columns."""
    from pyspark.sql.pandas.types import to_arrow_schema  # noqa: PLC0415

    return to_arrow_schema(rows.drop(INPUT, RECORD).schema)


def _together(rows: Any, claim: str) -> Any:
    """Return `rows` in partitions of whole claims, in the order read.

    A row whose claim can't be told belongs to its neighbours in the file: where there is
    one, all rows are one partition.
    """
    from pyspark.sql import functions as sql  # noqa: PLC0415

    key = sql.col(f"`{claim}`") if claim in rows.columns else sql.lit(None)
    empty = key.isNull() | (sql.trim(key.cast("string")) == "")
    counted = rows.agg(sql.count("*"), sql.count_if(empty)).first()
    at_once = rows.sparkSession.sparkContext.defaultParallelism
    parts = 1 if counted[1] else max(at_once, -(-counted[0] // _LINES))
    return rows.repartition(parts, key).sortWithinPartitions(INPUT, RECORD)
