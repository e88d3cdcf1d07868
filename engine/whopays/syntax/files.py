"""Rule files on disk: found, decoded, and replaced.

A file is replaced by another that is complete, so that nobody ever reads half of one.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from whopays import bounds
from whopays.diagnostics import (
    Diagnostic,
    DiagnosticError,
    Label,
    Source,
    Span,
    nearest_file,
    printable,
)
from whopays.syntax.surface import ALONE, HEADS

_SUFFIX = ".rules"
_TOO_LARGE = f"has more than {bounds.LARGEST_FILE:,} bytes: that is no rule file"


class RulesFolderError(Exception):
    """The rules can't be found or read: the text says what and where."""


def rule_files(path: Path) -> list[Path]:
    """Return the rule files at `path`, in the order of their names.

    Raise `RulesFolderError` if there are none.
    """
    if path.is_dir():
        found = sorted(_below(path))
        if not found:
            raise RulesFolderError(f"there is no file *.rules in {shown_name(path)}")
        return found
    if not path.is_file():
        near = nearest_file(path)
        hint = f"; did you mean {shown_name(near)}?" if near else ""
        raise RulesFolderError(f"there is no file or folder {shown_name(path)}{hint}")
    return [path]


def _below(root: Path) -> Iterator[Path]:
    """Yield the rule files below `root`.

    Links to folders are not followed, and hidden folders not entered: `.venv` and `.git`
    hold copies of rules that nobody means.
    """
    seen = files = 0
    waiting = [root]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                seen += 1
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith("."):
                        waiting.append(Path(entry.path))
                elif entry.name.endswith(_SUFFIX) and not entry.is_dir():
                    files += 1
                    yield Path(entry.path)
                if files > bounds.MOST_FILES or seen > bounds.MOST_ENTRIES:
                    raise RulesFolderError(
                        f"{shown_name(root)} has more than {bounds.MOST_FILES:,} rule "
                        "files, or so many others that it is no folder of rules"
                    )


def shown_name(path: Path | str) -> str:
    """Return the name of a file as it may be printed, whatever characters it has."""
    return printable(str(path))


def read_raw(path: Path) -> bytes:
    """Return the bytes of the rule file at `path`.

    Raise `RulesFolderError` if it is larger than rule files are, or no file at all: a
    pipe may never end. Raise `OSError` if it can't be read.
    """
    # Not blocking: opening a pipe would wait for somebody to write into it.
    with open(path, "rb", opener=_not_waiting) as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise RulesFolderError(f"{shown_name(path)} is no file")
        if about.st_size > bounds.LARGEST_FILE:
            raise RulesFolderError(f"{shown_name(path)} {_TOO_LARGE}")
        raw: bytes | None = file.read(bounds.LARGEST_FILE + 1)
    if raw is None:  # it has a size of a file, and waits for somebody all the same
        raise RulesFolderError(f"{shown_name(path)} is no file")
    return raw


def _not_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def decoded(name: str, raw: bytes) -> str:
    """Return the text of the rule file `name`.

    Raise `DiagnosticError` if it is not UTF-8, `RulesFolderError` if it is no rule file
    by its size.
    """
    if len(raw) > bounds.LARGEST_FILE:
        raise RulesFolderError(f"{name} {_TOO_LARGE}")
    try:
        return _rule_text(name, raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        source = Source(name, raw[: error.start].decode("utf-8", "replace") + "?")
        place = Span(source, len(source.text) - 1, len(source.text))
        problem = Diagnostic(
            "P021",
            "this file is not UTF-8 text",
            (Label(place, "the first byte that is not"),),
            "save it as UTF-8",
        )
        raise DiagnosticError([problem]) from None


def _rule_text(name: str, text: str) -> str:
    """Return `text`; refuse a file of another kind, before its lines are in messages."""
    if name.endswith(_SUFFIX) or not text.strip():
        return text
    begins = {line.split(maxsplit=1)[0] for line in text.splitlines() if line.strip()}
    if begins.isdisjoint((*HEADS, *ALONE)):
        raise RulesFolderError(
            f"{name} is no rule file: its name does not end in {_SUFFIX}, and no line of "
            "it begins with contract, catalog, test or another word that begins a block"
        )
    return text


def replace_text(path: Path, text: str) -> None:
    """Make `text` the content of the file `path`; see `replace_bytes`."""
    replace_bytes(path, text.encode("utf-8"))


def replace_bytes(path: Path, content: bytes) -> None:
    """Make `content` that of the file `path`; see `replaced`."""
    with replaced(path) as file:
        file.write(content)


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which takes the place of the file `path` when it is whole.

    That keeps its mode and its owner; one that is not there yet is made. Raise `OSError`
    where that is not allowed. After any error the file is as it was.
    """
    target = path.resolve()
    about = target.stat() if target.exists() else None
    if about is not None and not os.access(target, os.W_OK):
        # Renaming would do it all the same, against the wish of who protected the file.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if about is None:
            aside.chmod(0o666 & ~_umask())
        else:
            with suppress(PermissionError):
                os.chown(aside, about.st_uid, about.st_gid)
            aside.chmod(about.st_mode & 0o7777)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """Return what is taken off the mode of new files; it can only be read by setting it."""
    found = os.umask(0o077)
    os.umask(found)
    return found
