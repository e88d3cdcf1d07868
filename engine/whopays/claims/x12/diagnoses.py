"""The HI segments of a claim: diagnoses, DRG, and codes of other kinds."""

from __future__ import annotations

from whopays.claims.records import FieldProblem
from whopays.claims.x12.account import USED
from whopays.claims.x12.amounts import cents
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd, Sheet

_TEN, _NINE = "10", "9"
#: Qualifiers of diagnoses that lines may point at, and the version that they say.
_DIAGNOSES = {"ABK": _TEN, "ABF": _TEN, "BK": _NINE, "BF": _NINE}
_PRINCIPAL = frozenset({"ABK", "BK"})
_LISTS = {
    "ABJ": "admitting_diagnosis",
    "APR": "reason_for_visit",
    "ABN": "external_causes",
    "DR": "drg_code",
    "BBR": "inpatient_procedures",
    "BBQ": "inpatient_procedures",
    "BG": "condition_codes",
}
_OTHERS = frozenset({"BJ", "PR", "BN", "BR", "BQ", "BH", "BI", "TC", "BP", "BO"})
_OTAF = "44"
_MOST = 200  # codes of one claim; 5010 allows 25 diagnoses


class Diagnoses:
    """Codes by what they are.

    Where an element can't be read, or there are too many, nobody knows which code a
    line points at and what the claim has beside the others: then both are unknown.
    """

    def __init__(self, odd: Odd) -> None:
        self._odd = odd
        self._codes: list[tuple[str, str]] = []
        self._lists: dict[str, list[str]] = {}
        self._open = False
        self.number = 0
        self.principal = "", ""
        self.otaf: int | None = None
        self.otaf_open = False

    def take(self, segment: Segment) -> str:
        """Take in one HI."""
        self.number = self.number or segment.number
        for at in range(1, len(segment.elements)):
            parts = segment.parts(at)
            if parts != [""]:
                self._one(segment, at, [*parts, ""])
        return USED

    def _one(self, segment: Segment, at: int, parts: list[str]) -> None:
        qualifier, code = parts[0].upper(), parts[1]
        element = f"HI{at:02d}"
        if qualifier in _DIAGNOSES:
            if not code:
                self._odd(segment.number, element, "has no code")
            if code and len(self._codes) < _MOST:
                self._codes.append((code, _DIAGNOSES[qualifier]))
            else:
                self._open = True
            if qualifier in _PRINCIPAL and not self.principal[0]:
                self.principal = code, _DIAGNOSES[qualifier]
        elif qualifier in _LISTS:
            found = self._lists.setdefault(_LISTS[qualifier], [])
            if code and len(found) < _MOST:
                found.append(code)
        elif qualifier == "BE":
            self._value(segment, element, parts)
        elif qualifier not in _OTHERS:
            self._odd(segment.number, element, "has no qualifier of a code list")
            self._open = True

    def _value(self, segment: Segment, element: str, parts: list[str]) -> None:
        if parts[1] != _OTAF:
            return
        try:
            self.otaf = cents(parts[4] if len(parts) > 4 else "")  # noqa: PLR2004 - HI01-5
        except FieldProblem as problem:
            self._odd(segment.number, element, problem.reason)
        self.otaf_open = self.otaf is None

    def put(self, sheet: Sheet) -> None:
        """Write the columns of the claim into `sheet`."""
        code, version = self.principal
        sheet.put("principal_diagnosis", code, self.number)
        sheet.put("principal_version", version if code else "", self.number)
        if not self._open:
            codes, versions = _joined(self._codes)
            sheet.put("all_diagnoses", codes, self.number)
            sheet.put("all_diagnoses_version", versions, self.number)
        for column, found in self._lists.items():
            sheet.put(column, ";".join(found), self.number)

    def pointed(self, pointers: list[str]) -> tuple[str, str]:
        """Return the codes that a line points at, and their version; "" if it is open."""
        if self._open:
            return "", ""
        found = []
        for each in pointers:
            at = int(each) if each.isdecimal() and len(each) <= len("99") else 0
            if not 0 < at <= len(self._codes):
                return "", ""
            found.append(self._codes[at - 1])
        return _joined(found)


def _joined(codes: list[tuple[str, str]]) -> tuple[str, str]:
    """Return codes joined by semicolons, and their version, or "mixed"."""
    versions = {version for _, version in codes}
    # A semicolon in a code would make two of it.
    text = ";".join(code.replace(";", "?") for code, _ in codes)
    return text, versions.pop() if len(versions) == 1 else "mixed" if versions else ""
