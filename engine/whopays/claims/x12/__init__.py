"""X12 005010 claims and remittances, read in one pass and in constant memory."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from whopays.claims.x12.marks import HEAD, is_x12
from whopays.claims.x12.reader import read_x12
from whopays.claims.x12.segments import Cutter

__all__ = ["SUFFIXES", "is_remittance", "is_x12_file", "read_x12"]

#: Segments that may stand before the first transaction set.
_MOST_BEFORE_ST = 20
#: Files with these suffixes are X12, whatever they begin with.
SUFFIXES = (".837", ".837p", ".837i", ".x12", ".edi")


def is_x12_file(path: Path) -> bool:
    """Tell whether the file begins as X12 does; OSError if it can't be opened."""
    with path.open("rb") as file:
        return is_x12(file.read(HEAD).decode("utf-8", "replace"))


def is_remittance(path: Path) -> bool:
    """Tell whether the first transaction set of an X12 file is an 835."""
    with path.open("rb") as file:
        first = islice(Cutter(file.read, lambda *_: None).segments(), _MOST_BEFORE_ST)
        for segment in first:
            if segment.id in {"ST", "BPR", "CLP"}:
                return segment.id != "ST" or segment.word(1) == "835"
    return False
