"""What a reader hands back beside claims: rejects, and notes on what it left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from whopays.diagnostics import nearest

#: Longest text of one value, in characters, and longest record, in bytes.
LONGEST_TEXT = 1_000
LONGEST_RECORD = 10 * 1024 * 1024
_MOST_NAMES = 200  # ignored field names that are remembered one by one
_MOST_REMARKS = 10_000  # remarks that wait to be taken, and kinds of remarks
_MORE = "there is more to remark here than is written down"
#: Controls, what turns the direction of text, ends of lines, halves of characters.
_NOT_TEXT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


class FieldProblem(ValueError):
    """A field that can't be read; `reason` never contains what the field holds."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Reject:
    """One input record that can't be decided, and why.

    `record` is the line of the file (CSV, JSON, JSON Lines), the row (Parquet) or the
    segment (X12), from 1. `field` is the fact, column or element at fault, or empty
    where the whole record is.
    `claim_id` and `line` are empty where they could not be read. `reason` completes
    the sentence that `field` begins and never contains the content of a cell.
    """

    file: str
    record: int
    field: str
    reason: str
    claim_id: str = ""
    line: str = ""


@dataclass(frozen=True)
class Remark:
    """Something of an input file that is wrong, and was read on: as a reject says it."""

    file: str
    record: int
    field: str
    reason: str
    claim_id: str = ""
    line: str = ""


@dataclass
class ReadReport:
    """Counts of one reading, filled while the claims are consumed.

    `records` is the number of input records: rows, or line elements of claim documents
    (a document whose lines can't be told apart counts as one). It is always `lines`
    plus `rejects`. `of` is what an
    ignored field is none of. `account` says what became of the parts of the file, for formats
    whose reader counts them; it is ready when all claims are consumed.
    """

    lines: int = 0
    rejects: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    account: dict[str, Any] = field(default_factory=dict)
    remarks: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    of: str = "fact of a line or claim"
    _known: tuple[str, ...] = ()
    _waiting: list[Remark] = field(default_factory=list)

    @property
    def records(self) -> int:
        """The number of input records read so far."""
        return self.lines + self.rejects

    def knows(self, names: Iterable[str]) -> None:
        """Take `names` as those that an ignored field might have meant."""
        self._known = tuple(names)

    def ignore(self, name: str) -> None:
        """Count one field that no fact declares."""
        if name in self.ignored or len(self.ignored) < _MOST_NAMES:
            self.ignored[name] += 1

    def remark(self, remark: Remark) -> None:
        """Count `remark`, and keep it until it is taken, unless too many wait."""
        kind = Path(remark.file).name, remark.field, remark.reason
        if kind in self.remarks or len(self.remarks) < _MOST_REMARKS:
            self.remarks[kind] += 1
        if len(self._waiting) < _MOST_REMARKS:
            self._waiting.append(remark)
        elif len(self._waiting) == _MOST_REMARKS:
            more = Remark(remark.file, remark.record, "", _MORE, remark.claim_id)
            self._waiting.append(more)

    def take_remarks(self) -> list[dict[str, Any]]:
        """Return the remarks since the last call, as plain data."""
        taken, self._waiting = self._waiting, []
        return [asdict(each) for each in taken]

    def remark_notes(self) -> tuple[str, ...]:
        """Return one sentence for each kind of remark."""
        return tuple(
            f"{file}: {f'{field} {reason}'.strip()} ({_times(count)})"
            for (file, field, reason), count in sorted(self.remarks.items())
        )

    def notes(self) -> tuple[str, ...]:
        """Return one sentence for each kind of remark and each ignored field name."""
        found = list(self.remark_notes())
        for name, count in sorted(self.ignored.items()):
            near = nearest(name, self._known)
            hint = f"; did you mean `{near}`?" if near else ""
            shown = _NOT_TEXT.sub("?", name)[:60]
            found.append(
                f"no {self.of} is called `{shown}`: ignored {_times(count)}{hint}"
            )
        return tuple(found)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def clean_text(raw: object) -> str:
    """Return `raw`, a string or whole number, as text without blanks at its ends.

    Raises FieldProblem for other types, control characters and overlong text.
    """
    if isinstance(raw, bool) or not isinstance(raw, (str, int)):
        raise FieldProblem("is not text")
    text = str(raw).strip()
    if len(text) > LONGEST_TEXT:
        raise FieldProblem(f"is longer than {LONGEST_TEXT} characters")
    if not text.isprintable() and _NOT_TEXT.search(text):
        raise FieldProblem("has characters that are not text")
    # Rule files are read so, too: an accent is one character with its letter.
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def identity(raw: object) -> str:
    """Return a claim id or line number: text that is not empty."""
    if raw is None:
        raise FieldProblem("is missing")
    text = clean_text(raw)
    if not text:
        raise FieldProblem("is missing")
    return text
