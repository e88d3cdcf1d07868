"""The lock file of a folder of rules: one line a published document, with its digest.

It is text that somebody may have edited, so it is read in bounded time and memory, and
what can't be read is told.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from whopays.diagnostics import Diagnostic, Label, Source, Span
from whopays.syntax.documents import Document

NAME = "whopays.lock"
_FORM = "whopays lock 1"
_REMARK = (
    "# Digests of published texts, written by `whopays lock`. "
    "A published text is never changed."
)
_LARGEST = 20_000_000  # bytes; a folder of 100,000 documents has half of that
_LONGEST = 4_000  # characters of one line
_LINE = re.compile(r"([0-9a-f]{64})  (\S+(?: \S+){1,5})  (\S.*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Entry:
    """One line: the digest of a document, its name, and in which file it was."""

    digest: str
    name: str
    file: str
    span: Span


@dataclass(frozen=True)
class LockFile:
    """The entries of a lock file by the names of the documents, and what is wrong."""

    entries: dict[str, Entry]
    found: tuple[Diagnostic, ...] = ()


def lock_path(path: Path) -> Path:
    """Return where the lock file of the rules at `path` is, if there is one."""
    return (path if path.is_dir() else path.parent) / NAME


def read_lock(path: Path) -> LockFile | None:
    """Return the lock file at `path`, or None if there is none.

    What has its name and is no file, a folder or a link to nothing, is not passed over:
    texts that were locked would be taken for texts that never were.
    """
    if not path.is_file():
        if not os.path.lexists(path):
            return None
        source = Source(NAME, "")
        return _unreadable(source, Span(source, 0, 0), "no file")
    with path.open("rb") as file:
        return lock_of(file.read(_LARGEST + 1))


def lock_of(raw: bytes) -> LockFile:
    """Return what the bytes of a lock file say."""
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return _unreadable(Source(NAME, ""), Span(Source(NAME, ""), 0, 0), "not text")
    source = Source(NAME, text)
    if len(raw) > _LARGEST:
        return _unreadable(source, Span(source, 0, 1), "too large")
    return _entries(source)


def _unreadable(source: Source, span: Span, why: str) -> LockFile:
    return LockFile({}, (_problem(f"`{source.name}` is {why}", span),))


def _problem(message: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "L003",
        message,
        (Label(span),),
        "take the file from where the published texts are kept; only `whopays lock` "
        "writes it",
    )


def _entries(source: Source) -> LockFile:
    entries: dict[str, Entry] = {}
    found: list[Diagnostic] = []
    start, seen_form = 0, False
    for line in source.text.split("\n"):
        span = Span(source, start, start + len(line))
        start += len(line) + 1
        if not line.strip() or line.startswith("#"):
            continue
        if not seen_form:
            seen_form = True
            if line == _FORM:
                continue
            return _unreadable(source, span, f"no lock file of the form `{_FORM}`")
        read = _LINE.fullmatch(line) if len(line) <= _LONGEST else None
        if read is None:
            found.append(_problem("this line of the lock file can't be read", span))
        elif read[2] in entries:
            found.append(_problem(f"`{read[2]}` stands twice in the lock file", span))
        else:
            entries[read[2]] = Entry(read[1], read[2], read[3], span)
        if len(found) > 20:  # noqa: PLR2004 - the rest would say the same
            break
    if not seen_form:
        return _unreadable(source, Span(source, 0, 0), "empty")
    return LockFile(entries, tuple(found))


def lock_text(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return the text of a lock file of (digest, name, file), whatever their order."""
    lines = (
        f"{digest}  {name}  {_CONTROL.sub('?', file)}"
        for digest, name, file in sorted(entries, key=lambda each: _order(each[1]))
    )
    return "\n".join([_REMARK, _FORM, *lines]) + "\n"


def _order(name: str) -> tuple[str, ...]:
    """Return by what documents are sorted: a contract, then its amendments by number."""
    kind, *rest = name.split()
    if kind == "amendment":
        number, _, *rest = rest
        return (*rest, kind, number.zfill(8))
    return (*rest, "", kind)


def file_of(document: Document) -> str:
    """Return the name of the file that `document` stands in."""
    return document.head.span.source.name
