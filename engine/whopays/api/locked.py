"""Published texts compared with the lock file of their folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from whopays.api.lockfile import LockFile, lock_path, read_lock
from whopays.diagnostics import Diagnostic, Label, Severity, Source
from whopays.syntax.canonical import digest
from whopays.syntax.documents import Document, documents
from whopays.syntax.nodes import RuleFile

#: How the change of a document is published instead.
_INSTEAD = {
    "contract": "an amendment",
    "amendment": "another amendment",
}


def against_lock(
    path: Path, files: Iterable[RuleFile], unread: set[Source]
) -> list[Diagnostic]:
    """Return what the lock file at `path` says against the texts of `files`.

    Nothing if there is none. The documents of `unread` sources, which have mistakes,
    are not compared, nor missed.
    """
    lock = read_lock(lock_path(path))
    if lock is None:
        return []
    if lock.found:
        return list(lock.found)
    given = [
        document
        for file in files
        if file.source not in unread
        for document in documents(file)
    ]
    found = list(changed(given, lock))
    # A single file does not have what others have.
    if path.is_dir() and not unread:
        found.extend(missing(given, lock))
    return found


def changed(given: Iterable[Document], lock: LockFile) -> Iterator[Diagnostic]:
    """Yield the documents that are not as they were when they were locked."""
    for document in given:
        entry = lock.entries.get(document.name)
        if entry is None or entry.digest == digest(document):
            continue
        instead = _INSTEAD.get(document.kind, "a new version")
        yield Diagnostic(
            "L001",
            f"`{document.name}` was changed after it was published",
            (
                Label(document.head.span),
                Label(entry.span, "the digest of what was published"),
            ),
            f"put the text back as it was, and publish the change as {instead}",
            (_again(document.name, "--again"),),
        )


def missing(given: Iterable[Document], lock: LockFile) -> Iterator[Diagnostic]:
    """Yield the documents that are locked and in none of the texts."""
    there = {document.name for document in given}
    for name, entry in lock.entries.items():
        if name not in there:
            yield Diagnostic(
                "L002",
                f"`{name}` was published, and is in no file any more",
                (Label(entry.span),),
                f"put it back; it was in `{entry.file}`",
                (_again(name, "--forget"),),
            )


def unlocked(given: Iterable[Document], lock: LockFile) -> Iterator[Diagnostic]:
    """Yield the documents that are not locked."""
    for document in given:
        if document.name not in lock.entries:
            yield Diagnostic(
                "L004",
                f"`{document.name}` is not locked",
                (Label(document.head.span),),
                "once it is published, lock it: `whopays lock` adds what is new",
                severity=Severity.WARNING,
            )


def _again(name: str, option: str) -> str:
    return (
        f'if it was locked and never published: `whopays lock RULES {option} "{name}"`'
    )
