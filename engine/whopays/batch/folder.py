"""The folder that a run writes: aside until it is whole, and one run at a time.

A run works in a hidden folder beside its output, whose name follows from that of the
output, so that a later run finds what a killed one left.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


class OutputExistsError(Exception):
    """The output folder holds something that no run wrote."""


class OutputInUseError(Exception):
    """Another run writes into the output folder."""


def aside_of(out: Path) -> Path:
    """Return the folder in which a run to `out` works."""
    return _beside(out, "part")


def old_of(out: Path) -> Path:
    """Return where the output before this one lies while it is replaced."""
    return _beside(out, "old")


def _beside(out: Path, ending: str) -> Path:
    path = out.resolve()  # `.` has no name of its own
    return path.with_name(f".{path.name}.{ending}")


def check_free(out: Path) -> None:
    """Raise `OutputExistsError` if `out` is there and is no output of an earlier run."""
    if out.exists() and not (out / "manifest.json").is_file():
        empty = out.is_dir() and not any(out.iterdir())
        if not empty:
            raise OutputExistsError(
                f"{out} exists and is not the output of an earlier run; "
                "name another folder"
            )


@contextmanager
def held(out: Path) -> Iterator[Path]:
    """Hold the folder in which a run to `out` works, and give it; no other run can.

    Raise `OutputInUseError` if another one does. The hold ends with the process, however
    that ends.
    """
    aside = aside_of(out)
    while True:
        aside.mkdir(parents=True, exist_ok=True)
        path = aside / "lock"
        with path.open("a+b") as lock:
            if not _locked(lock):
                raise OutputInUseError(f"another run is writing {out}: wait for it")
            # One that ended meanwhile has taken the folder away, with this file.
            if not _is_at(lock, path):
                continue
            _put_back(out)
            yield aside
            return


def _locked(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - of that system alone

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - of other systems alone

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _put_back(out: Path) -> None:
    """Put the output before back where a run was killed while it replaced it."""
    old = old_of(out)
    if old.exists() and not out.exists():
        old.rename(out)


def emptied(aside: Path) -> None:
    """Remove what an earlier run left in `aside`."""
    for each in aside.iterdir():
        if each.name == "lock":
            continue
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()


def removed(aside: Path) -> None:
    """Remove `aside`, as far as that can be done."""
    shutil.rmtree(aside, ignore_errors=True)


def swap(whole: Path, out: Path) -> None:
    """Put the folder `whole` in the place of `out`."""
    old = old_of(out)
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    try:
        whole.rename(out)
    except BaseException:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def on_disk(path: Path) -> None:
    """Have the system write the file at `path` to its disk now."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def file_digest(path: Path) -> str:
    """Return the SHA-256 digest of the file at `path`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_record(out: IO[str], record: dict[str, Any]) -> None:
    """Write one line of JSON Lines."""
    out.write(json.dumps(record, ensure_ascii=False, sort_keys=True))
    out.write("\n")


def write_json(path: Path, record: dict[str, Any]) -> None:
    """Write one document of JSON."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON Lines file of an output folder."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
