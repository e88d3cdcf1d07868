"""Rule files on disk: found, decoded, and replaced.

A file is replaced by another that is complete, so that nobody ever reads half of one.
"""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from whopays.diagnostics import Diagnostic, DiagnosticError, Label, Source, Span

_LARGEST_FILE = 60_000_000


class RulesFolderError(Exception):
    """The rules can't be found or read: the text says what and where."""


def rule_files(path: Path) -> list[Path]:
    """Return the rule files at `path`, in the order of their names.

    Raise `RulesFolderError` if there are none.
    """
    if path.is_dir():
        found = sorted(path.rglob("*.rules"))
        if not found:
            raise RulesFolderError(f"there is no file *.rules in {path}")
        return found
    if not path.is_file():
        raise RulesFolderError(f"there is no file or folder {path}")
    return [path]


def decoded(name: str, raw: bytes) -> str:
    """Return the text of the rule file `name`.

    Raise `DiagnosticError` if it is not UTF-8, `RulesFolderError` if it is no rule file
    by its size.
    """
    if len(raw) > _LARGEST_FILE:
        raise RulesFolderError(f"{name} is too large to be a rule file")
    try:
        return raw.decode("utf-8")
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


def replace_text(path: Path, text: str) -> None:
    """Make `text` the content of the file `path`, which keeps its mode and its owner.

    A file that is not there yet is made. Raise `OSError` where that is not allowed; the
    file is then as it was.
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
            file.write(text.encode("utf-8"))
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
