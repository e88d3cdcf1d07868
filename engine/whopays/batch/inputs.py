"""The files that a run reads: patterns, names that tell them apart, digests, sizes."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path

_BLOCK = 1 << 20
_TEXT = frozenset({".csv", ".txt", ".psv", ".jsonl", ".ndjson"})


class NoMatchError(Exception):
    """A pattern that no file has."""


class InputChangedError(Exception):
    """A file that was changed while it was read."""


@dataclass(frozen=True)
class Input:
    """A file to read: its `name` in the outputs, its digest, and what it was then.

    `records` is about how many records it has, None where that is not told cheaply.
    """

    path: Path
    name: str
    sha256: str
    records: int | None
    stat: tuple[int, int]


def found(given: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """Return the files that are `given`, by name or pattern, and what to tell of them.

    A file that is given twice is read once. Raise `NoMatchError` for a pattern that no
    file has; OSError for a name that none has.
    """
    files: list[Path] = []
    notes: list[str] = []
    met: dict[str, Path] = {}
    for each in given:
        for path in _matched(each):
            real = os.path.realpath(path)
            if real in met:
                notes.append(f"{path} is given twice, and is read once")
                continue
            met[real] = path
            files.append(path)
    return files, notes


def _matched(given: Path) -> list[Path]:
    if given.exists() or not has_magic(str(given)):
        given.stat()
        return [given]
    matched = [Path(each) for each in glob(str(given), recursive=True)]  # noqa: PTH207
    files = sorted(each for each in matched if each.is_file())
    if not files:
        raise NoMatchError(f"no file is called like {given}")
    return files


def opened(files: Sequence[Path]) -> tuple[list[Input], list[str]]:
    """Return the inputs, read once for their digests, and what to tell of them."""
    inputs = []
    for path, name in zip(files, names(files), strict=True):
        stat = _stat(path)
        digest, lines = _read(path)
        inputs.append(Input(path, name, digest, _records(path, lines), stat))
    first: dict[str, str] = {}
    notes = []
    for each in inputs:
        before = first.setdefault(each.sha256, each.name)
        if before != each.name:
            notes.append(f"{each.name} has the same content as {before}; both are read")
    return inputs, notes


def names(files: Sequence[Path]) -> list[str]:
    """Return the shortest ends of the paths that tell the files apart."""
    parts = [path.absolute().parts for path in files]
    most = max(map(len, parts), default=0)
    for length in range(1, most + 1):
        ends = ["/".join(each[-length:]) for each in parts]
        if max(Counter(ends).values()) == 1:
            return ends
    return [path.as_posix() for path in files]


def must_be_unchanged(inputs: Iterable[Input]) -> None:
    """Raise `InputChangedError` if a file is not what it was when it was opened."""
    for each in inputs:
        if _stat(each.path) != each.stat:
            raise InputChangedError(
                f"{each.path} was changed while it was read: nothing is written"
            )


def _stat(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _read(path: Path) -> tuple[str, int]:
    """Return the SHA-256 digest of a file, and how many lines it has."""
    digest, lines = hashlib.sha256(), 0
    counts = path.suffix.lower() in _TEXT
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            lines += block.count(b"\n") if counts else 0
    return digest.hexdigest(), lines


def _records(path: Path, lines: int) -> int | None:
    suffix = path.suffix.lower()
    if suffix in _TEXT:
        return lines
    if suffix != ".parquet":
        return None
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError):
        return None  # the reader tells it
