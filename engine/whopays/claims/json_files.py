"""JSON and JSON Lines. Numbers stay the text they were written in: no binary fractions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn, Protocol, TypeVar

from whopays.claims.documents import DocumentReader
from whopays.claims.lines import text_lines
from whopays.claims.records import LONGEST_RECORD, ReadReport, Reject
from whopays.model.claim import Claim
from whopays.model.facts import Fact

#: Largest `.json` file, in bytes: it is held in memory; larger ones go into JSON Lines.
LARGEST_FILE = 256 * 1024 * 1024
_Made_co = TypeVar("_Made_co", covariant=True)
_BLANK = re.compile(r"[ \t\r\n]*")


class _Unreadable(ValueError):
    """A document that is not JSON as we take it; the text is a reason."""


def _refuse(_token: str) -> NoReturn:
    raise _Unreadable("has a number that JSON does not have")


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unreadable("gives a field twice")
    return found


_DECODER = json.JSONDecoder(
    parse_float=str, parse_int=str, parse_constant=_refuse, object_pairs_hook=_pairs
)


def _decoded(text: str, start: int) -> tuple[object, int]:
    """Return the JSON value that begins at `start`, and where it ends."""
    try:
        found: tuple[object, int] = _DECODER.raw_decode(text, start)
    except _Unreadable:
        raise
    except RecursionError:
        raise _Unreadable("is nested too deeply") from None
    except ValueError:
        raise _Unreadable("is not readable JSON") from None
    return found


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


class Reads(Protocol[_Made_co]):
    """Makes something of the documents of a file, and rejects of the rest."""

    def reject(self, record: int, field: str, reason: str) -> Reject:
        """Count and return one reject."""

    def read(self, document: object, record: int) -> Iterator[_Made_co | Reject]:
        """Yield what is made of one document that starts at line `record`."""


def read_documents(path: Path, reader: Reads[_Made_co]) -> Iterator[_Made_co | Reject]:
    """Return what `reader` makes of the documents of a JSON or JSON Lines file."""
    if path.suffix.lower() == ".json":
        return _json(_raw(path), reader)
    path.open("rb").close()
    return _jsonl(path, reader)


def read_jsonl(
    path: Path,
    facts: Mapping[str, Fact],
    open_facts: frozenset[str] = frozenset(),
    report: ReadReport | None = None,
) -> Iterator[Claim | Reject]:
    """Return claims and rejects of a JSON Lines file: a claim document a line.

    Memory is bounded by the longest record and by the claim ids of the file. Blank
    lines are no records.
    """
    path.open("rb").close()  # a missing file is noticed now, not in the middle
    return _jsonl(
        path, DocumentReader(str(path), facts, open_facts, report or ReadReport())
    )


def _jsonl(path: Path, reader: Reads[_Made_co]) -> Iterator[_Made_co | Reject]:
    for line in text_lines(path):
        if line.problem:
            yield reader.reject(line.number, "", line.problem)
            continue
        start = _skip(line.text, 0)
        if start == len(line.text):
            continue
        try:
            [(_, _, document)] = _documents(line.text, listed=False)
        except _Unreadable as problem:
            yield reader.reject(line.number, "", str(problem))
        else:
            yield from reader.read(document, line.number)


def read_json(
    path: Path,
    facts: Mapping[str, Fact],
    open_facts: frozenset[str] = frozenset(),
    report: ReadReport | None = None,
) -> Iterator[Claim | Reject]:
    """Return claims and rejects of a JSON file: one claim document, or a list of them.

    The documents before an unreadable one are still read; what follows it can't be
    told apart, and one reject stands for it.
    """
    return _json(
        _raw(path),
        DocumentReader(str(path), facts, open_facts, report or ReadReport()),
    )


def _raw(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _json(raw: bytes, reader: Reads[_Made_co]) -> Iterator[_Made_co | Reject]:
    if len(raw) > LARGEST_FILE:
        yield reader.reject(
            1,
            "",
            f"is longer than {LARGEST_FILE} bytes: write one a line (.jsonl)",
        )
        return
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield reader.reject(1, "", "is not UTF-8 text")
        return
    line, counted = 1, 0
    try:
        for start, end, document in _documents(text, listed=True):
            line += text.count("\n", counted, start)
            counted = start
            if end - start > LONGEST_RECORD:
                yield reader.reject(line, "", f"is longer than {LONGEST_RECORD} bytes")
            else:
                yield from reader.read(document, line)
    except _Unreadable as problem:
        reason = (
            f"{problem}, here or in the document that follows; nothing after was read"
        )
        yield reader.reject(line, "", reason)


def _documents(text: str, *, listed: bool) -> Iterator[tuple[int, int, object]]:
    """Yield (start, end, value) of the one value of `text`.

    If `listed`, a list at the top yields its elements.
    """
    at = _skip(text, 0)
    if not listed or text[at : at + 1] != "[":
        document, end = _decoded(text, at)
        yield at, end, document
        at = _skip(text, end)
    else:
        at = _skip(text, at + 1)
        while text[at : at + 1] != "]":
            document, end = _decoded(text, at)
            yield at, end, document
            at = _skip(text, end)
            if text[at : at + 1] == ",":
                at = _skip(text, at + 1)
                if text[at : at + 1] == "]":
                    raise _Unreadable("is not readable JSON")
            elif text[at : at + 1] != "]":
                raise _Unreadable("is not readable JSON")
        at = _skip(text, at + 1)
    if at != len(text):
        raise _Unreadable("has text after its end")
