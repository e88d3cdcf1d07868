"""Finds in one line what a word processor or a spreadsheet left there.

Texts between straight quotes are left alone, except for what can't be seen in them and
for words that are Latin only by half; comments, except for what moves other text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from whopays.diagnostics import Edit, Source, Span
from whopays.syntax.mistakes import characters as chars
from whopays.syntax.mistakes.lookalikes import latin, strangers

_NON_ASCII = re.compile(r"[^\n\t\x20-\x7e]")
_MONTHS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_MONTH = (
    r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WORDS = (
    re.compile(rf"\b{_MONTH} +{_DAY}(?:, *| +)(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(
        rf"\b{_DAY}(?:-| +){_MONTH}(?:, *|-| +)(?P<year>\d{{4}})\b", re.IGNORECASE
    ),
)
_PERCENT = re.compile(
    r"\b(\d+(?:\.\d+)?) *(?:percent|per cent|pct\.?)(?!\w)", re.IGNORECASE
)
_MONEY = re.compile(
    r"\b(?:USD|US\$) *(?P<before>\d[\d,]*(?:\.\d\d)?)"
    r"|\$?(?<![\w.,])(?P<after>\d[\d,]*(?:\.\d\d)?) *(?:dollars?|USD|usd)\b"
)
#: An amount with a comma before its cents, as in other countries.
_OTHER_MONEY = re.compile(
    r"\$(?P<whole>\d{1,3}(?:\.\d{3})+|\d+),(?P<cents>\d\d)(?![.,]?\d)"
)
_WORD = re.compile(r"[^\s\"(),|#]+")
_ID = re.compile(r"[A-Z][A-Z0-9-]+")
_DOLLAR = re.compile(r"\$ +(?=\d)")


@dataclass(frozen=True)
class Odd:
    """One thing that is out of place: what `kind` it is, and the edits that mend it."""

    kind: str
    span: Span
    edits: tuple[Edit, ...]


class LineScan:
    """Looks at the characters `start` to `end` of `source`: a line, or a cell of a row."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source, self.start, self.end = source, start, end
        self.found: list[Odd] = []

    def statement(self) -> list[Odd]:
        """Return what is odd in a line of statements."""
        text, at = self.source.text, self.start
        plain_from = at
        while at < self.end:
            char = text[at]
            if char == "#":
                self._plain(plain_from, at)
                self.unseen(at, self.end, chars.is_control)
                return self.found
            close = self._text_from(at) if _opens(char) else None
            if close is None:
                at += 1
                continue
            self._plain(plain_from, at)
            self.text(at + 1, close)
            at = plain_from = close + 1
        self._plain(plain_from, self.end)
        return self.found

    def unseen(
        self, start: int, end: int, which: Callable[[str], bool] = chars.is_invisible
    ) -> None:
        """Find invisible characters, or only those for which `which` is true."""
        for at in self._odd_places(start, end):
            char = self.source.text[at]
            if which(char):
                self._add(f"unseen {char}", at, at + 1, "")

    def text(self, start: int, end: int) -> None:
        """Find what may not stand between quotes, or in a cell of words."""
        self.unseen(start, end)
        for at in strangers(self.source.text[start:end]):
            char = self.source.text[start + at]
            written = latin(char) or char
            self._add(f"letter {char}", start + at, start + at + 1, written)

    def name(self) -> list[Odd]:
        """Return what is odd in a cell that holds a name or a share."""
        self.unseen(self.start, self.end)
        self._wide(self.start, self.end)
        return self.found

    def _text_from(self, at: int) -> int | None:
        """Return where the text that begins at `at` closes, or None if it does not."""
        text, char = self.source.text, self.source.text[at]
        rest = text[at + 1 : self.end]
        if char == '"':
            closed = rest.find('"')
            curly = _first(rest, chars.DOUBLE)
            if closed >= 0 and (curly < 0 or rest.count('"') % 2 == 1):
                return at + 1 + closed
            if curly < 0:
                return None
            self._quotes(at, at + 1 + curly, only_last=True)
            return at + 1 + curly
        if char in chars.SINGLE and not self._begins_word(at):
            return None
        family = chars.DOUBLE + '"' if char in chars.DOUBLE else chars.SINGLE
        closed = _last_single(rest) if char in chars.SINGLE else _first(rest, family)
        if closed < 0:
            if char in chars.DOUBLE:
                self._add("quotes", at, at + 1, '"')
            return None
        self._quotes(at, at + 1 + closed)
        return at + 1 + closed

    def _begins_word(self, at: int) -> bool:
        return at == self.start or self.source.text[at - 1] in " (,|"

    def _quotes(self, first: int, last: int, *, only_last: bool = False) -> None:
        text = self.source.text
        ends = [at for at in (first, last) if text[at] != '"']
        edits = tuple(Edit(Span(self.source, at, at + 1), '"') for at in ends)
        span = Span(self.source, last if only_last else first, last + 1)
        kind = "quotes" if text[ends[0]] in chars.DOUBLE else "single quotes"
        self.found.append(Odd(kind, span, edits))

    def _plain(self, start: int, end: int) -> None:
        """Find what is odd outside texts and comments."""
        piece = self.source.text[start:end]
        for pattern in _WORDS:
            for found in pattern.finditer(piece):
                self._date(found, start)
        for found in _PERCENT.finditer(piece):
            place = (start + found.start(), start + found.end())
            self._add(f"percent {found.group()}", *place, f"{found[1]}%")
        for found in _MONEY.finditer(piece):
            amount = (found["before"] or found["after"]).replace(",", "")
            whole, _, cents = amount.partition(".")
            text = f"${int(whole):,}.{cents or '00'}"
            place = (start + found.start(), start + found.end())
            self._add(f"amount {found.group()}", *place, text)
        for found in _OTHER_MONEY.finditer(piece):
            whole = int(found["whole"].replace(".", ""))
            place = (start + found.start(), start + found.end())
            text = f"${whole:,}.{found['cents']}"
            self._add(f"amount {found.group()}", *place, text)
        for found in _DOLLAR.finditer(piece):
            place = (start + found.start(), start + found.end())
            self._add("dollar", *place, "$")
        self.unseen(start, end)
        self._wide(start, end)
        for found in _WORD.finditer(piece):
            # An id is in capitals of ASCII; `É` may be typed all the same.
            if not found.group().isascii() and _ID.fullmatch(chars.bare(found.group())):
                self._accents(start + found.start(), start + found.end())
        for at in self._odd_places(start, end):
            self._sign(at)

    def _accents(self, start: int, end: int) -> None:
        """Find the letters of an id that have accents."""
        for at in self._odd_places(start, end):
            char = self.source.text[at]
            self._add(f"accent {char}", at, at + 1, chars.bare(char))

    def _date(self, found: re.Match[str], start: int) -> None:
        month = _MONTHS.index(found["month"].lower()) + 1
        text = f"{found['year']}-{month:02d}-{int(found['day']):02d}"
        place = (start + found.start(), start + found.end())
        self._add(f"date {found.group()}", *place, text)

    def _sign(self, at: int) -> None:
        text, char = self.source.text, self.source.text[at]
        written = chars.SIGNS.get(char, chars.FRACTIONS.get(char))
        if written is None:
            return
        before, after = text[self.start : at].rstrip(" "), text[at + 1 : self.end]
        if (
            char in chars.DASHES
            and before.lstrip().startswith("in force")
            and after[:1] == " "
        ):
            written = "to"
        elif char == "\u2026" and not (before[-1:].isalnum() and after[:1].isalnum()):
            written = ""
        elif written[0].isalpha():
            written = f"{'' if before != text[self.start : at] else ' '}{written}"
            written += "" if after[:1] == " " else " "
        self._add(f"sign {char}", at, at + 1, written)

    def _wide(self, start: int, end: int) -> None:
        """Find runs of full-width, other-blank and look-alike characters."""
        run: list[int] = []
        for at in self._odd_places(start, end):
            if chars.plain(self.source.text[at]) is None:
                continue
            if run and at != run[-1] + 1:
                self._run(run)
                run = []
            run.append(at)
        if run:
            self._run(run)

    def _run(self, run: list[int]) -> None:
        text = self.source.text[run[0] : run[-1] + 1]
        written = "".join(chars.plain(char) or char for char in text)
        kind = "blank" if written.isspace() else "wide"
        if kind == "wide" and latin(text[0]) is not None:
            kind = "letter"
        self._add(f"{kind} {text}", run[0], run[-1] + 1, written)

    def _odd_places(self, start: int, end: int) -> Iterator[int]:
        for found in _NON_ASCII.finditer(self.source.text, start, end):
            yield found.start()

    def _add(self, kind: str, start: int, end: int, text: str) -> None:
        span = Span(self.source, start, end)
        self.found.append(Odd(kind, span, (Edit(span, text),)))


def _opens(char: str) -> bool:
    return char == '"' or char in chars.DOUBLE or char in chars.SINGLE


def _first(text: str, among: str) -> int:
    return next((at for at, char in enumerate(text) if char in among), -1)


def _last_single(text: str) -> int:
    """Return where a text between single quotes closes: before a blank or the end."""
    for at, char in enumerate(text):
        if char in chars.SINGLE and text[at + 1 : at + 2] in {"", " ", ",", ")", "|"}:
            return at
    return -1
