"""Working folders: what is checked out, as files that somebody edits.

A file `.whopays` in the folder says which version it is of, so that a check-in knows what
the work began from.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from whopays.api.office.contents import PROFILE_FILE
from whopays.office.profile_file import profile_file_text
from whopays.store import PROFILE, StoreError
from whopays.syntax.files import decoded, read_raw, replace_text, rule_files

MARK = ".whopays"
_LOCK = "whopays.lock"
_LARGEST_MARK = 100_000  # bytes


@dataclass(frozen=True)
class Mark:
    """Which version of which item a folder was made from."""

    kind: str
    name: str
    base: int


def write_folder(folder: Path, files: Mapping[str, str], mark: Mark) -> None:
    """Make `folder` of `files` and the mark; see `write_whole`."""
    told = {"kind": mark.kind, "item": mark.name, "version": mark.base}
    write_whole(folder, {**files, MARK: json.dumps(told) + "\n"})


def write_whole(folder: Path, files: Mapping[str, str]) -> None:
    """Make `folder` of `files`: whole, or not at all. OSError if it can't be written."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        write_files(aside, files)
        aside.chmod(0o777 & ~_umask())
        aside.replace(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _umask() -> int:
    """Return what is taken off the mode of new files; it can only be read by setting it."""
    found = os.umask(0o077)
    os.umask(found)
    return found


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write `files` into `folder`, by their names."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, text)


def mark_of(folder: Path) -> Mark | None:
    """Return the mark of `folder`; None if it has none, `StoreError` if it is spoilt."""
    path = folder / MARK
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_bytes()[:_LARGEST_MARK])
        return Mark(str(told["kind"]), str(told["item"]), int(told["version"]))
    except (ValueError, LookupError, TypeError):
        raise StoreError(
            f"{path} was changed: check out into another folder, and bring your change "
            "into that"
        ) from None


def must_be_free(folder: Path) -> None:
    """Raise `StoreError` if `folder` holds anything."""
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        raise StoreError(
            f"{folder} is there already: name another folder with -o, or take it away"
        )


def files_of(folder: Path, kind: str) -> dict[str, str]:
    """Return the texts of a folder: the profile, or the rule files with their lock.

    DiagnosticError if one is no text, RulesFolderError if there are none.
    """
    if kind == PROFILE:
        return {PROFILE_FILE: profile_file_text(folder / PROFILE_FILE)}
    return rule_texts(folder)


def rule_texts(place: Path) -> dict[str, str]:
    """Return the texts of a rule file, or of a folder of rule files with its lock."""
    is_folder = place.is_dir()
    found = {}
    for path in rule_files(place):
        name = path.relative_to(place).as_posix() if is_folder else path.name
        found[name] = _text(name, path)
    if is_folder and (place / _LOCK).is_file():
        found[_LOCK] = (place / _LOCK).read_bytes().decode("utf-8", "replace")
    return found


def _text(name: str, path: Path) -> str:
    return decoded(name, read_raw(path))
