"""What goes through the pipes between a worker and who asks it: numbers and JSON texts.

A frame is its length (4 bytes), a letter that says what it is, and its content. Nothing
that is read is ever run or unpickled. It imports nothing else of whopays.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

HEAD = 4  # bytes that say how long a frame is
# To the worker
LOAD = b"L"  # the number of a table, a colon, and its plans as JSON
DROP = b"D"  # the number of a table that is not asked again
ASK = b"A"  # the number of a table, how many cells an entry has, and the cells
# From the worker
READY = b"R"
MISSING = b"M"  # durable-rules can't be imported
ANSWER = b"H"  # sets of clauses that are new for the table; the set of each entry
ERROR = b"E"  # a text


class Frames:
    """Cuts what was read into frames, whatever pieces it comes in."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def add(self, read: bytes) -> None:
        """Take what was read."""
        self._rest += read

    def next(self) -> tuple[bytes, bytes] | None:
        """Return the kind and the content of the next frame, None if it is not whole."""
        end = HEAD + int.from_bytes(self._rest[:HEAD], "little")
        if len(self._rest) < max(end, HEAD + 1):
            return None
        found = bytes(self._rest[HEAD : HEAD + 1]), bytes(self._rest[HEAD + 1 : end])
        del self._rest[:end]
        return found


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """Return one frame."""
    return (len(content) + 1).to_bytes(HEAD, "little") + kind + content


def numbers(content: bytes) -> array[int]:
    """Return the whole numbers in `content`."""
    found = array("i")
    found.frombytes(content)
    return found


def load(table: int, plans: Sequence[dict[str, Any]]) -> bytes:
    """Return the frame that makes `plans` known as those of `table`."""
    return frame(LOAD, f"{table}:{json.dumps(plans)}".encode())


def drop(table: int) -> bytes:
    """Return the frame by which `table` is forgotten."""
    return frame(DROP, str(table).encode())


def ask(table: int, cells: Sequence[Sequence[int]]) -> bytes:
    """Return the frame that asks what holds at each of `cells`."""
    content = array("i", (table, len(cells[0])))
    for each in cells:
        content.extend(each)
    # A table without conditions has entries without cells.
    content.append(len(cells))
    return frame(ASK, content.tobytes())


def answer(new: Sequence[Iterable[int]], sets: Iterable[int]) -> bytes:
    """Return the frame that says the `new` sets of clauses, and the set of each entry."""
    content = array("i", (len(new),))
    for each in new:
        clauses = sorted(each)
        content.append(len(clauses))
        content.extend(clauses)
    content.extend(sets)
    return frame(ANSWER, content.tobytes())


def answered(content: bytes, known: list[frozenset[int]]) -> list[frozenset[int]]:
    """Return the clauses of each entry; new sets are added to `known`, those so far."""
    found = numbers(content)
    at = 1
    for _ in range(found[0]):
        after = at + 1 + found[at]
        known.append(frozenset(found[at + 1 : after]))
        at = after
    return [known[each] for each in found[at:]]
