"""Locks the published texts of a folder: writes their digests, and compares them.

What is locked is never written anew by itself: a digest changes only where its document
is named in so many words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from whopays.api.check import check
from whopays.api.locked import changed, missing, unlocked
from whopays.api.lockfile import LockFile, file_of, lock_path, lock_text, read_lock
from whopays.api.rulefiles import RulesFolderError, read_files
from whopays.diagnostics import Diagnostic, DiagnosticError, nearest
from whopays.syntax.canonical import digest
from whopays.syntax.documents import Document, documents
from whopays.syntax.files import replace_text

_LISTED = 12  # names that still read as a list


@dataclass(frozen=True)
class Locking:
    """What became of a folder's lock: the file, and names of documents by what is new.

    `notes` are warnings of the check.
    """

    path: Path
    added: tuple[str, ...]
    again: tuple[str, ...]
    forgotten: tuple[str, ...]
    kept: int
    notes: tuple[Diagnostic, ...]


def lock(
    path: Path, *, again: Iterable[str] = (), forget: Iterable[str] = ()
) -> Locking:
    """Write the digests of the documents in the folder `path` into its lock file.

    Documents that are locked already must be as they were: those named in `again` are
    locked anew, those named in `forget` are no longer expected. Raise `DiagnosticError`
    with all that is wrong with the texts, or changed since they were locked.
    """
    _must_be_folder(path)
    report = check(path, locked=False)
    errors = [each for each in report.diagnostics if each.is_error]
    if errors:
        raise DiagnosticError(errors)
    given = _documents(path)
    before = _lock_of(path) or LockFile({})
    anew, gone = set(again), set(forget)
    for name in (*anew, *gone):
        _must_be_locked(name, before)
    there = {each.name for each in given}
    for name in sorted(gone & there):
        raise RulesFolderError(f"`{name}` is still there; --forget is for what is gone")
    for name in sorted(anew - there):
        raise RulesFolderError(f"`{name}` is in no file; --again is for what changed")
    rest = {
        name: entry
        for name, entry in before.entries.items()
        if name not in anew and name not in gone
    }
    kept = LockFile(rest)
    found = [*changed(given, kept), *missing(given, kept)]
    if found:
        raise DiagnosticError(found)
    _write(lock_path(path), given)
    return Locking(
        lock_path(path),
        tuple(each.name for each in given if each.name not in before.entries),
        tuple(sorted(anew)),
        tuple(sorted(gone)),
        len(rest),
        report.diagnostics,
    )


def check_lock(path: Path) -> tuple[list[Diagnostic], int]:
    """Return what is wrong with the lock of the folder `path`, and how much it locks.

    Documents that are not locked are warnings. Raise `RulesFolderError` if there is no
    lock file.
    """
    _must_be_folder(path)
    given = _documents(path)
    lock_file = _lock_of(path)
    if lock_file is None:
        raise RulesFolderError(
            f"there is no {lock_path(path).name} in {path}; `whopays lock {path}` writes it"
        )
    found = [*changed(given, lock_file), *missing(given, lock_file)]
    return [*found, *unlocked(given, lock_file)], len(lock_file.entries)


def _documents(path: Path) -> list[Document]:
    _, files, found = read_files(path, locked=False)
    errors = [each for each in found if each.is_error]
    if errors:
        raise DiagnosticError(errors)
    return [document for file in files for document in documents(file)]


def _lock_of(path: Path) -> LockFile | None:
    found = read_lock(lock_path(path))
    if found is not None and found.found:
        raise DiagnosticError(found.found)
    return found


def _must_be_folder(path: Path) -> None:
    if path.is_file():
        raise RulesFolderError(
            f"a lock is for a folder of rules; name the folder of {path.name}"
        )


def _must_be_locked(name: str, lock_file: LockFile) -> None:
    if name in lock_file.entries:
        return
    near = nearest(name, lock_file.entries)
    listed = ", ".join(f"`{each}`" for each in list(lock_file.entries)[:_LISTED])
    hint = f"did you mean `{near}`?" if near else f"there are {listed or 'none'}"
    raise RulesFolderError(f"`{name}` is not locked; {hint}")


def _write(path: Path, given: list[Document]) -> None:
    text = lock_text((digest(each), each.name, file_of(each)) for each in given)
    if not path.exists():
        path.touch()
    replace_text(path, text)
