"""Bytes to segments, one at a time. Nothing that a file holds can stop it.

A library would do the same more slowly and hold more at once: see decision 0017.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Final

from whopays.claims.records import LONGEST_TEXT
from whopays.claims.x12.marks import HEAD, Marks, begins_interchange, read_marks

#: Longest segment, in characters: a real one has a few hundred.
LONGEST: Final = 16_384
_CHUNK = 65_536  # bytes
_BLANK = re.compile(r"[\s\x00\x1a\ufeff]*", re.ASCII)
_KEPT = 64  # characters of a segment that is too long
_AFTER_BREAK = re.compile(
    r"(?<=\S)[ \t]*[\r\n]+\s*"
    r"(?=(?:GS|ST|BHT|HL|NM1|N3|N4|REF|PER|PRV|SBR|PAT|DMG|CLM|DTP|HI|LX|SV1|SV2|SVD|CAS"
    r"|AMT|SE|GE|IEA|CLP|SVC|DTM|PLB|MOA|MIA|OI|QTY|N1|TRN|BPR)[^A-Za-z0-9\s])",
    re.IGNORECASE | re.ASCII,
)
_NEXT_ISA = re.compile(r"[\r\n]\s*(?=ISA[^A-Za-z0-9\s])", re.IGNORECASE | re.ASCII)


class Segment:
    """One segment: its `number` in the file from 1, its `id` in capitals, its elements.

    `elements[0]` is the id. `problem` says why it can't be read, or is empty.
    """

    __slots__ = ("_component", "elements", "id", "number", "problem")

    def __init__(
        self, number: int, elements: list[str], component: str, problem: str = ""
    ) -> None:
        self.number = number
        self.elements = elements
        self.id = elements[0].strip().upper()
        self.problem = problem
        self._component = component

    def get(self, at: int) -> str:
        """Return element `at` (from 1) without blanks at its ends, or "".

        What is too long for any value is cut to where that can still be told, so that a
        claim of many lines stays small.
        """
        if at >= len(self.elements):
            return ""
        return self.elements[at].strip()[: LONGEST_TEXT + 1]

    def word(self, at: int) -> str:
        """Return element `at` in capitals: a qualifier or a code of X12 itself."""
        return self.get(at).upper()

    def parts(self, at: int) -> list[str]:
        """Return the components of element `at`, at least one."""
        return [each.strip() for each in self.get(at).split(self._component)]


Odd = Callable[[int, str, str], None]


class Cutter:
    """Cuts what `read` gives (bytes, up to a size; b"" at the end) into segments.

    `odd` is told (segment number, element, reason) of what is strange and was read on.
    """

    def __init__(self, read: Callable[[int], bytes], odd: Odd) -> None:
        self._read = read
        self._odd = odd
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._text = ""
        self._at = 0
        self._ended = False
        self._marks: Marks | None = None
        self._number = 0
        self._isa_ends = 0

    def segments(self) -> Iterator[Segment]:
        """Yield the segments, whatever the bytes are."""
        while self._to_next():
            raw = self._cut()
            if raw is None:
                yield self._too_long()
                continue
            for each in self._broken(raw):
                self._number += 1
                marks = self._known()
                yield Segment(self._number, each.split(marks.element), marks.component)

    def _known(self) -> Marks:
        if self._marks is None:
            raise AssertionError("separators are read before segments are cut")
        return self._marks

    def _more(self) -> bool:
        """Put more text behind what is left; False at the end of the file."""
        if self._ended:
            return False
        raw = self._read(_CHUNK)
        self._ended = not raw
        self._text = self._text[self._at :] + self._decode(raw, self._ended)
        self._at = 0
        return not self._ended

    def _to_next(self) -> bool:
        """Go to the beginning of a segment, and read the separators if it is an ISA."""
        while True:
            found = _BLANK.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or not self._more():
                break
        if self._at >= len(self._text):
            return False
        while len(self._text) - self._at < len("ISA*") and self._more():
            pass
        if self._marks is None or begins_interchange(self._text, self._at):
            while len(self._text) - self._at < HEAD and self._more():
                pass
            self._marks = read_marks(self._text[self._at : self._at + HEAD])
            self._isa_ends = self._marks.isa_ends
            for element, reason in self._marks.problems:
                self._odd(self._number + 1, element, reason)
        return True

    def _cut(self) -> str | None:
        """Return the text of the next segment, or None if it is too long."""
        marks = self._known()
        # Only right after an ISA was met: all that it names stands in it.
        skip, self._isa_ends = self._isa_ends, 0
        while True:
            end = self._text.find(marks.segment, self._at + skip)
            if (end if end >= 0 else len(self._text)) - self._at > LONGEST:
                return self._line()
            if end >= 0:
                return self._take(end, end + 1)
            if not self._more():
                self._odd(self._number + 1, "", "has no terminator: the file ends here")
                return self._take(len(self._text), len(self._text))

    def _take(self, end: int, after: int) -> str:
        """Return the text up to `end`, or up to an ISA that nothing separates from it."""
        raw = self._text[self._at : end]
        found = _NEXT_ISA.search(raw)
        if found:
            self._odd(self._number + 1, "", "has no terminator: an ISA follows")
            raw, after = raw[: found.start()], self._at + found.end()
        self._at = after
        return raw

    def _line(self) -> str | None:
        """Return a segment that is too long for one but ends with its line, or None."""
        found = _AFTER_BREAK.search(self._text, self._at, self._at + LONGEST)
        if found is None:
            return None
        self._odd(self._number + 1, "", "has no terminator: its line ends here")
        return self._take(found.start(), found.end())

    def _too_long(self) -> Segment:
        """Return what stands for a segment that is too long, and pass it by."""
        marks = self._known()
        head = self._text[self._at : self._at + _KEPT]
        while (end := self._text.find(marks.segment, self._at)) < 0:
            self._at = len(self._text)
            if not self._more():
                break
        self._at = end + 1 if end >= 0 else len(self._text)
        self._number += 1
        problem = f"is longer than {LONGEST:,} characters"
        elements = head.split(marks.element)
        return Segment(self._number, elements[:1], marks.component, problem)

    def _broken(self, raw: str) -> list[str]:
        """Return the segments of `raw`: more than one where terminators are missing."""
        if "\n" not in raw and "\r" not in raw:
            return [raw]
        element = self._known().element
        found: list[str] = []
        for piece in _AFTER_BREAK.split(raw):
            if found and found[-1].endswith(element):
                found[-1] += piece  # a line that was broken at a width
            else:
                found.append(piece)
        for at in range(1, len(found)):
            self._odd(self._number + at, "", "has no terminator: its line ends here")
        return [each.replace("\r", "").replace("\n", "") for each in found]
