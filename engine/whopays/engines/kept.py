"""Filled tables on disk, in a folder that belongs to the user; see page 0030.

A table is one file, named by a digest of all that its content depends on. A file ends
with the digest of itself; whatever is not whole is thrown away and filled anew.
Nothing in it is run or unpickled. The numbers are those of a little-endian machine.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import TypeAlias

from whopays.program.table import Table, canonical

#: The clauses that hold at an entry, and whether the reference decided it, too.
Held: TypeAlias = Mapping[int, tuple[frozenset[int], bool]]

FORMAT = 1
_MAGIC = b"whopays table\x00\x00" + bytes([FORMAT])
_HEAD = 32  # bytes: the magic, then three numbers of 4 bytes, and 4 of nothing
_DIGEST = 32
_PREFIX, _SUFFIX = "table-", ".held"
_MOST_ENTRIES = 1 << 20  # of one table
_MOST_BYTES = 1 << 29  # of the folder
_PATIENCE = 5  # seconds for another process that writes
_STALE = 3600  # seconds after which what a killed process left is taken away


class DamagedError(Exception):
    """A file that is not what was written."""


@dataclass(frozen=True)
class Entries:
    """Entries of a table: `sets[ids[i] >> 1]` are the clauses that hold at `entries[i]`.

    An id is odd where the reference decided the entry, too.
    """

    entries: array[int]
    ids: array[int]
    sets: tuple[frozenset[int], ...]

    def pairs(self) -> Iterator[tuple[int, frozenset[int], bool]]:
        """Yield each entry, its clauses, and whether the reference decided it too."""
        for entry, at in zip(self.entries, self.ids, strict=True):
            yield entry, self.sets[at >> 1], bool(at & 1)


def identity(table: Table, made_by: str) -> bytes:
    """Return the digest of all that the entries of `table` depend on.

    Besides its own digest: how its cells are numbered, and `made_by`, the engine and
    the versions. None of it is a fact of a claim.
    """
    found = hashlib.sha256(f"{_MAGIC.hex()}\n{made_by}\n{table.digest}".encode())
    for name, when in table.clauses:
        found.update(f"\n{name}\t{canonical(when)}".encode())
    for dim, stride in table.steps:
        atoms = "\t".join(atom.text for atom in dim.atoms)
        found.update(f"\n{dim.facts}\t{stride}\t{atoms}".encode())
        for truth in dim.truth:
            found.update(bytes(truth) + b".")
    return found.digest()


def path_of(folder: Path, name: bytes) -> Path:
    """Return where the entries with the identity `name` are kept."""
    return folder / f"{_PREFIX}{name.hex()[:32]}{_SUFFIX}"


def load(folder: Path, name: bytes) -> Entries | None:
    """Return what is kept under the identity `name`, None if there is nothing.

    Raise `DamagedError` for a file that is not whole, which is then gone.
    """
    path = path_of(folder, name)
    try:
        content = path.read_bytes()
    except OSError:
        return None
    try:
        found = decoded(content, name)
    except DamagedError:
        path.unlink(missing_ok=True)
        raise
    with suppress(OSError):
        os.utime(path)  # what is used is kept longest
    return found


def save(folder: Path, tables: Iterable[tuple[bytes, Held]]) -> None:
    """Add what is held to what is kept under the identity of each table.

    Other processes may do the same at once: each adds to what is there by then. Raise
    OSError where the folder can't be written, or is being written for too long.
    """
    with _locked(folder):
        for name, held in tables:
            both = dict(held)
            with suppress(DamagedError):
                old = load(folder, name)
                for entry, clauses, is_shadowed in old.pairs() if old else ():
                    if not both.get(entry, (clauses, False))[1]:
                        both[entry] = clauses, is_shadowed
            _replace(path_of(folder, name), encoded(name, both))
        _tidy(folder)


def encoded(name: bytes, held: Held) -> bytes:
    """Return the content of a file: head, identity, entries, ids, sets, digest."""
    numbers: dict[frozenset[int], int] = {}
    entries, ids, sets = array("q"), array("i"), array("i")
    for entry in sorted(held)[:_MOST_ENTRIES]:
        clauses, is_shadowed = held[entry]
        at = numbers.setdefault(clauses, len(numbers))
        entries.append(entry)
        ids.append(at << 1 | is_shadowed)
    for each in numbers:
        sets.append(len(each))
        sets.extend(sorted(each))
    head = array("i", (len(entries), len(numbers), len(sets), 0))
    parts = [array("B", _MAGIC), head, array("B", name), entries, ids, sets]
    if sys.byteorder == "big":
        for part in parts:
            part.byteswap()
    content = b"".join(part.tobytes() for part in parts)
    return content + hashlib.sha256(content).digest()


def decoded(content: bytes, name: bytes) -> Entries:
    """Return the entries in the `content` of a file; raise `DamagedError`."""
    body, digest = content[:-_DIGEST], content[-_DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        raise DamagedError("its digest is another")
    if body[: len(_MAGIC)] != _MAGIC or body[_HEAD : _HEAD + len(name)] != name:
        raise DamagedError("it is of another table")
    head = _numbers("i", body[len(_MAGIC) : _HEAD])
    start = _HEAD + len(name)
    found = []
    for kind, count in (("q", head[0]), ("i", head[0]), ("i", head[2])):
        part = _numbers(kind, body[start : start + count * array(kind).itemsize])
        start += count * part.itemsize
        found.append(part)
    entries, ids, flat = found
    sets, at = [], 0
    for _ in range(head[1]):
        sets.append(frozenset(flat[at + 1 : at + 1 + flat[at]]))
        at += 1 + flat[at]
    return Entries(entries, ids, tuple(sets))


def _numbers(kind: str, content: bytes) -> array[int]:
    found = array(kind)
    found.frombytes(content)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _replace(path: Path, content: bytes) -> None:
    """Write aside and rename: nobody ever reads half a file."""
    number, aside = tempfile.mkstemp(".part", f"{path.name}.", path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of the folder; it is let go, too, when a process is killed."""
    with (folder / f"{_PREFIX}lock").open("ab") as file:
        until = monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() > until:
                    raise
                sleep(0.01)
            else:
                break
        yield


def _tidy(folder: Path) -> None:
    """Take away what is oldest where the folder is too large, and what was left behind."""
    found = sorted(_sizes(folder))
    total = sum(size for _, size, _ in found)
    for age, size, path in found:
        is_left = path.suffix == ".part" and found[-1][0] - age > _STALE
        if total > _MOST_BYTES or is_left:
            path.unlink(missing_ok=True)
            total -= size


def _sizes(folder: Path) -> Iterator[tuple[int, int, Path]]:
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}*"):
        with suppress(FileNotFoundError):
            about = path.stat()
            yield int(about.st_mtime), about.st_size, path
