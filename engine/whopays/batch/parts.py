"""The parts of a run: what came of each chunk, written aside, to be put together later.

A part is an Arrow file of decisions, and a file of what comes beside them: a line of JSON
with rejects and remarks, then a line for each new explanation, its id before it. Each is
written under another name and renamed when it is on the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from whopays.batch.journal import Entry

_FOLDER = "parts"


@dataclass(frozen=True)
class Beside:
    """The rejects and remarks of a chunk."""

    rejects: Sequence[Mapping[str, Any]]
    remarks: Sequence[Mapping[str, Any]]


class _Digested:
    """A file that is written, and its SHA-256 digest so far."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write `data`, bytes or a buffer of them."""
        self.digest.update(data)
        return self._file.write(data)

    def tell(self) -> int:
        """Return how much is written."""
        return self._file.tell()

    def flush(self) -> None:
        """Hand on what is written."""
        self._file.flush()


class Parts:
    """The parts in the folder of a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / _FOLDER).mkdir(exist_ok=True)

    def write(
        self,
        chunk: int,
        table: Any,
        beside: Beside,
        explanations: Mapping[str, str],
        months: Sequence[tuple[str, int]] = (),
    ) -> Entry:
        """Write what came of the chunk number `chunk`, from 1, and return its entry.

        `table` is in the order of `months`, where there are some. `explanations` are the
        JSON texts, by id, of those that no chunk before it has.
        """
        arrow, other = _names(chunk)
        first = json.dumps(vars(beside), ensure_ascii=False)
        rest = (f"{name} {text}\n" for name, text in explanations.items())
        text = f"{first}\n{''.join(rest)}".encode()
        digests = {
            arrow: self._put(arrow, lambda file: _write_table(file, table, months)),
            other: self._put(other, lambda file: file.write(text)),
        }
        return Entry(
            chunk,
            table.num_rows,
            len(beside.rejects),
            len(beside.remarks),
            digests,
            tuple(months),
        )

    def _put(self, name: str, write: Callable[[_Digested], Any]) -> str:
        """Have `write` write the file `name`, and return its digest."""
        path = self._folder / name
        aside = path.with_suffix(".new")
        with aside.open("wb") as file:
            digested = _Digested(file)
            write(digested)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        return digested.digest.hexdigest()

    def tables(
        self, done: Sequence[Entry], month: str = ""
    ) -> Iterator[tuple[int, Any]]:
        """Yield the decisions of the chunks, those of `month` alone if it is given.

        Each table comes with the place of its first row among all decisions.
        """
        import pyarrow as pa  # noqa: PLC0415 - heavy, and only here

        after = 0
        for entry in done:
            begins, after = after, after + entry.lines
            names = [name for name, _ in entry.months]
            if month and month not in names:
                continue
            with (
                pa.memory_map(str(self._folder / _names(entry.chunk)[0])) as file,
                pa.ipc.open_file(file) as reader,
            ):
                if month:
                    at = names.index(month)
                    begins += sum(rows for _, rows in entry.months[:at])
                    yield begins, pa.Table.from_batches([reader.get_batch(at)])
                else:
                    yield begins, reader.read_all()

    def beside(self, done: Sequence[Entry]) -> Iterator[Beside]:
        """Yield the rejects and remarks of the chunks."""
        for entry in done:
            with (self._folder / _names(entry.chunk)[1]).open("rb") as file:
                yield Beside(**json.loads(file.readline()))

    def explanations(self, done: Sequence[Entry]) -> Iterator[tuple[str, str]]:
        """Yield the id and the JSON text of the explanations of the chunks."""
        for entry in done:
            path = self._folder / _names(entry.chunk)[1]
            with path.open(encoding="utf-8", newline="\n") as file:
                next(file)
                for line in file:
                    name, _, text = line.partition(" ")
                    yield name, text[:-1]


def _names(chunk: int) -> tuple[str, str]:
    stem = f"{_FOLDER}/{chunk:07d}"
    return f"{stem}.arrow", f"{stem}.beside"


def _write_table(
    file: _Digested, table: Any, months: Sequence[tuple[str, int]]
) -> None:
    """Write `table`, each month as a batch of its own."""
    import pyarrow as pa  # noqa: PLC0415

    table = table.unify_dictionaries().combine_chunks()
    with pa.ipc.new_file(file, table.schema) as writer:
        at = 0
        for _, rows in months or (("", table.num_rows),):
            for batch in table.slice(at, rows).to_batches():
                writer.write_batch(batch)
            at += rows
