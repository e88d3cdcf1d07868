"""The separators of an interchange: read from its ISA, or told from what follows.

ISA is the only segment of fixed width, and its separators are known by position. Files
in the wild have an ISA that is a blank too short, or none. So it is read by counting
separators, and without one the next segments say what the separators are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Characters from the beginning of an interchange that are looked at.
HEAD = 4_096
_ISA_LENGTH = 106
_ISA_ELEMENTS = 16
_ISA11 = 11
_BLANKS = " \t\r\n\v\f"  # not what Python calls a space: \x1c to \x1f are separators
_MARK = r"[^A-Za-z0-9 \t\r\n\v\f]"
_BEGINS = re.compile(
    rf"\s*(ISA(?P<a>{_MARK})..(?P=a)|GS(?P<b>{_MARK})H[A-Z](?P=b)|ST(?P<c>{_MARK})8\d\d(?P=c))",
    re.IGNORECASE | re.ASCII,
)
_LINE_ENDS = "\r\n"
_PLAIN = "*", ":", "~"


@dataclass(frozen=True)
class Marks:
    """Separators: `element` and `component` within a segment, `segment` after it.

    `problems` says what is odd about them, each as the end of a sentence that an
    element begins: (element, reason). `isa_ends` is where the terminator of the ISA
    stands, 0 without one: an ISA names all separators, so it may hold it before.
    """

    element: str
    component: str
    segment: str
    problems: tuple[tuple[str, str], ...] = ()
    isa_ends: int = 0


def is_x12(head: str) -> bool:
    """Tell whether a file that begins with `head` is X12, with or without ISA."""
    return _BEGINS.match(head.removeprefix("\ufeff")) is not None


def begins_interchange(text: str, at: int) -> bool:
    """Tell whether an ISA segment begins at `at`."""
    if text[at : at + 3].upper() != "ISA":
        return False
    return _is_mark(text[at + 3 : at + 4], "")


def read_marks(head: str) -> Marks:
    """Return the separators of the interchange that begins with `head`."""
    if begins_interchange(head, 0):
        return _of_isa(head)
    element = re.match(rf"[A-Za-z0-9]{{1,3}}({_MARK})", head)
    mark = element[1] if element else _PLAIN[0]
    problem = ("ISA", "is missing: the separators are told from what follows")
    return Marks(mark, _component(head, mark), _terminator(head, mark), (problem,))


def _of_isa(head: str) -> Marks:
    mark = head[3]
    fields = head.split(mark, _ISA_ELEMENTS)
    if fields[_ISA11 : _ISA11 + 2] == ["", ""]:  # ISA11 is the mark itself
        fields = head.split(mark, _ISA_ELEMENTS + 1)
    last = fields[-1]
    if len(fields) <= _ISA_ELEMENTS or "GS" in "".join(fields[1:-1]).upper().split():
        problem = ("ISA", "has not 16 elements: the separators are told from the rest")
        return Marks(mark, _component(head, mark), _terminator(head, mark), (problem,))
    component, ends = last[:1], last[1:2]
    if ends in _LINE_ENDS:
        after = last[1:].lstrip(" \t").removeprefix("\r")
        ends = "\n" if after.startswith("\n") else "\r"
    if not _is_mark(component, mark) or not (
        ends in _LINE_ENDS or _is_mark(ends, mark)
    ):
        problem = ("ISA16", "is no separator: the separators are told from the rest")
        return Marks(mark, _component(head, mark), _terminator(head, mark), (problem,))
    begins = len(head) - len(last)
    if ends in _LINE_ENDS and re.search(
        rf"{re.escape(component)}[ \t]*[\r\n]", last[1:]
    ):
        problem = ("ISA16", "is missing")
        return Marks(mark, _component(head, mark), component, (problem,), begins)
    used = _component(head, mark, component)
    if used != component:
        odd = ("ISA16", "is not the separator that is used: it is told from the claims")
        return Marks(mark, used, ends, (odd,), begins + 1)
    short = begins + 2 != _ISA_LENGTH
    odd = ("ISA", f"is not {_ISA_LENGTH} characters long: it is read by its separators")
    return Marks(mark, component, ends, (odd,) if short else (), begins + 1)


def _is_mark(text: str, element: str) -> bool:
    return bool(text) and not text.isalnum() and text not in _BLANKS and text != element


def _terminator(head: str, element: str) -> str:
    """Return what stands before the second segment: a mark, or the end of a line."""
    mark = re.escape(element)
    found = re.search(
        rf"({_MARK})?([ \t]*[\r\n]+\s*|(?<={_MARK}))(GS|ST|BHT|BPR){mark}",
        head[2:],
        re.IGNORECASE | re.ASCII,
    )
    if found is None:
        return _PLAIN[2]
    if found[1] and found[1] != element:
        return found[1]
    return "\n" if "\n" in found[2] else "\r" if "\r" in found[2] else _PLAIN[2]


def _component(head: str, element: str, said: str = "") -> str:
    """Return what stands after the qualifier of a procedure, a place or a diagnosis.

    That is `said` unless other separators stand in all such places.
    """
    mark = re.escape(element)
    found = re.findall(
        rf"\b(?:SV1{mark}[A-Z]{{2}}|SV2{mark}\d{{3,4}}{mark}[A-Z]{{2}}|SVC{mark}[A-Z]{{2}}"
        rf"|HI{mark}A?BK|CLM(?:{mark}[^{mark}]*){{4}}{mark}\d\d)({_MARK})",
        head,
        re.IGNORECASE | re.ASCII,
    )
    used = [str(each) for each in found if each != element]
    if not used or said in used:
        return said or _PLAIN[1]
    return used[0]
