"""One loop 2400: a service line as the file has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from whopays.claims.x12.account import KEPT, NO_ENTITY, NO_QUALIFIER, USED
from whopays.claims.x12.amounts import plain_amount, procedure
from whopays.claims.x12.obliged import Obliged
from whopays.claims.x12.otherpayer import LineAnswer
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd, Sheet, days, npi

#: The segment that says what was done, and the kind of claim that it belongs to.
SERVICES = {"SV1": "professional", "SV2": "institutional", "SV3": "dental"}
_MOST_ANSWERS = 200
_MOST_POINTERS = 12  # 5010 allows 4
_REFERENCES = {
    "6R": "line_control_number",
    "G1": "prior_authorization",
    "9F": "referral_number",
}


class LineLoop:
    """A line that begins at the segment `number`; `kind` is that of its service."""

    def __init__(self, number: int, assigned: str, odd: Odd) -> None:
        self.number = number
        self.assigned = assigned
        self.kind = ""
        self.sheet = Sheet()
        self.answers: list[LineAnswer] = []
        self.pointers: list[str] = []
        self.obliged = Obliged(odd)
        self._odd = odd
        self._entity = ""

    def take(self, segment: Segment) -> str | None:
        """Take in a segment and return its fate; None if it does not belong here."""
        if self.answers and segment.id in {"CAS", "DTP", "AMT"}:
            fate = self.answers[-1].take(segment)
            if fate is not None:
                return fate
        handler = self._TAKE.get(segment.id)
        return None if handler is None else handler(self, segment)

    def _service(self, segment: Segment, at: int, amounts: dict[str, int]) -> None:
        self.kind = SERVICES[segment.id]
        put, number = self.sheet.put, segment.number
        qualifier, code, modifiers = procedure(segment, at)
        put("procedure_qualifier", qualifier, number)
        put("procedure", code, number)
        for which, modifier in enumerate(modifiers, 1):
            put(f"modifier_{which}", modifier, number)
        for column, place in amounts.items():
            put(column, plain_amount(segment.get(place)), number)

    def _sv1(self, segment: Segment) -> str:
        self._service(segment, 1, {"charge": 2, "units": 4})
        self.sheet.put("unit_of_measure", segment.word(3), segment.number)
        self.sheet.put("place_of_service", segment.get(5), segment.number)
        self.sheet.put("emergency_indicator", segment.word(9), segment.number)
        self.pointers = [each for each in segment.parts(7) if each][:_MOST_POINTERS]
        return USED

    def _sv2(self, segment: Segment) -> str:
        amounts = {"charge": 3, "units": 5, "noncovered_charge": 7}
        self._service(segment, 2, amounts)
        self.sheet.put("revenue_code", segment.get(1), segment.number)
        self.sheet.put("unit_of_measure", segment.word(4), segment.number)
        return USED

    def _sv3(self, segment: Segment) -> str:
        self._service(segment, 1, {"charge": 2, "units": 6})
        return USED

    def _dtp(self, segment: Segment) -> str | None:
        if segment.get(1) != "472":
            # Dates of the claim that stand among its lines are given back to it.
            return None if segment.get(1) in {"434", "435"} else NO_QUALIFIER
        first, last = days(segment)
        self.sheet.put("service_from", first, segment.number)
        self.sheet.put("service_to", last, segment.number)
        return USED

    def _ref(self, segment: Segment) -> str:
        column = _REFERENCES.get(segment.word(1))
        if column is None:
            return NO_QUALIFIER
        self.sheet.put(column, segment.get(2), segment.number)
        return USED

    def _nm1(self, segment: Segment) -> str:
        self._entity = segment.word(1)
        if self._entity != "82":
            return NO_ENTITY
        self.sheet.put("rendering", "line", segment.number)
        self.sheet.put("rendering_npi", npi(segment), segment.number)
        return USED

    def _prv(self, segment: Segment) -> str:
        if self._entity != "82":
            return NO_ENTITY
        self.sheet.put("rendering_taxonomy", segment.get(3), segment.number)
        return USED

    def _lin(self, segment: Segment) -> str:
        if segment.word(2) != "N4":
            return NO_QUALIFIER
        self.sheet.put("ndc", segment.get(3), segment.number)
        return USED

    def _ctp(self, segment: Segment) -> str:
        self.sheet.put("drug_quantity", plain_amount(segment.get(4)), segment.number)
        self.sheet.put("drug_unit", segment.parts(5)[0].upper(), segment.number)
        return USED

    def _hcp(self, segment: Segment) -> str:
        amount = plain_amount(segment.get(2))
        self.sheet.put("repriced_allowed", amount, segment.number)
        return USED

    def _cn1(self, segment: Segment) -> str:
        self.sheet.put("contract_type", segment.get(1), segment.number)
        self.obliged.take(segment)
        return USED

    def _svd(self, segment: Segment) -> str:
        if len(self.answers) >= _MOST_ANSWERS:
            return "there are more answers here than any line has"
        self.answers.append(LineAnswer(segment, procedure(segment, 3)[1], self._odd))
        return KEPT

    def _cas(self, segment: Segment) -> str:
        self._odd(segment.number, "CAS", "stands before the SVD that it belongs to")
        return "stands before the SVD that it belongs to"

    #: One table for all: a loop has many lines, and each would make its own.
    _TAKE: ClassVar[dict[str, Callable[[LineLoop, Segment], str | None]]] = {
        "SV1": _sv1,
        "SV2": _sv2,
        "SV3": _sv3,
        "DTP": _dtp,
        "REF": _ref,
        "AMT": lambda *_: NO_QUALIFIER,
        "NM1": _nm1,
        "PRV": _prv,
        "N4": lambda *_: NO_ENTITY,
        "LIN": _lin,
        "CTP": _ctp,
        "HCP": _hcp,
        "CN1": _cn1,
        "SVD": _svd,
        "CAS": _cas,
    }
