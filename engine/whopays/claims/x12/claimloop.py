"""One loop 2300: a claim as the file has it, with its lines and its other payers."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from whopays.claims.x12.account import KEPT, NO_ENTITY, NO_QUALIFIER, USED
from whopays.claims.x12.amounts import plain_amount
from whopays.claims.x12.diagnoses import Diagnoses
from whopays.claims.x12.lineloop import SERVICES, LineLoop
from whopays.claims.x12.obliged import Obliged
from whopays.claims.x12.otherpayer import PayerLoop
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd, Sheet, days, npi

MOST_LINES = 5_000  # of one claim, held at once; 5010 allows 50 and 999
_MOST_PAYERS = 100  # 5010 allows 10
_MOST_ANSWERS = 30_000  # segments of other payers in one claim
_TOO_MANY = "there are more answers here than any claim has"
_REFERENCES = {
    "F8": "original_claim",
    "G1": "prior_authorization",
    "9F": "referral_number",
    "EA": "medical_record",
    "D9": "clearinghouse_number",
}
_ENTITIES = {
    "82": "rendering",
    "77": "facility",
    "71": "attending",
    "72": "operating",
    "DN": "referring",
    "DQ": "supervising",
}
_DATES = {"472": "service", "434": "statement", "435": "admission", "096": "discharge"}
_ACCIDENTS = 3  # components of CLM11 that say what a claim is related to
#: These belong to the loop of the payer that is open, where there is one.
_OF_PAYER = frozenset(
    {"CAS", "AMT", "OI", "MOA", "MIA", "NM1", "N4", "REF", "DTP", "DMG"}
)


class ClaimLoop:
    """A claim that begins at the segment `number`, with what stood above it.

    `above` are the sheets of the levels. `doubt` says why the claim can't be told
    apart, or is empty. `too_many` holds lines beyond MOST_LINES. `damaged`: a segment
    of it can't be read, so that a payer or an adjustment may be missing.
    """

    def __init__(
        self, number: int, above: tuple[Sheet, ...], kind: str, odd: Odd
    ) -> None:
        self.number = number
        self.above = above
        self.kind = kind
        self.doubt = ""
        self.damaged = False
        self.has_patient = False
        self.sheet = Sheet()
        self.diagnoses = Diagnoses(odd)
        self.obliged = Obliged(odd)
        self.lines: list[LineLoop] = []
        self.payers: list[PayerLoop] = []
        self.too_many: list[LineLoop] = []
        self._odd = odd
        self._entity = ""
        self._answers = 0

    @property
    def id(self) -> str:
        """The claim's number as its provider counts, or ""."""
        return self.sheet.values.get("claim_number", "")

    def take(self, segment: Segment) -> str | None:
        """Take in a segment and return its fate; None if it belongs to no claim."""
        if segment.id in {"SVD", "CAS"}:
            self._answers += 1
            if self._answers > _MOST_ANSWERS:
                self.damaged = True
                return _TOO_MANY
        if segment.id == "LX":
            self._line(segment.number, segment.get(1))
            return USED
        lines = self.too_many or self.lines
        open_line = lines[-1] if lines else None
        if segment.id in SERVICES and (open_line is None or open_line.kind):
            self._odd(segment.number, segment.id, "has no LX before it")
            open_line = self._line(segment.number, "")
        if open_line is not None:
            fate = open_line.take(segment)
            if fate is not None:
                return fate
            if segment.id in self._TAKE:
                self._odd(segment.number, segment.id, "stands among the lines")
        elif segment.id == "SBR":
            return self._sbr(segment)
        elif self.payers and segment.id in _OF_PAYER:
            return self.payers[-1].take(segment)
        handler = self._TAKE.get(segment.id)
        return None if handler is None else handler(self, segment)

    def _line(self, number: int, assigned: str) -> LineLoop:
        line = LineLoop(number, assigned, self._odd)
        if len(self.lines) < MOST_LINES:
            self.lines.append(line)
        else:
            self.too_many.append(line)
        return line

    def _clm(self, segment: Segment) -> str:
        put, number = self.sheet.put, segment.number
        put("claim_number", segment.get(1), number)
        put("total_charge", plain_amount(segment.get(2)), number)
        place = [*segment.parts(5), "", ""]
        put("facility_code", place[0], number)
        put("facility_qualifier", place[1].upper(), number)
        put("frequency", place[2], number)
        accident = [each.upper() for each in segment.parts(11)[:_ACCIDENTS] if each]
        put("accident", ";".join(accident), number)
        put("special_program", segment.get(12), number)
        return USED

    def _cl1(self, segment: Segment) -> str:
        for at, column in (
            (1, "admission_type"),
            (2, "admission_source"),
            (3, "discharge_status"),
        ):
            self.sheet.put(column, segment.get(at), segment.number)
        return USED

    def _dtp(self, segment: Segment) -> str:
        name = _DATES.get(segment.get(1))
        if name is None or name == "discharge":
            return NO_QUALIFIER
        first, last = days(segment)
        if name == "admission":
            self.sheet.put("admission_date", first, segment.number)
        else:
            self.sheet.put(f"{name}_from", first, segment.number)
            self.sheet.put(f"{name}_to", last, segment.number)
        return USED

    def _ref(self, segment: Segment) -> str:
        column = _REFERENCES.get(segment.word(1))
        if column is None or self._entity:
            return NO_QUALIFIER
        self.sheet.put(column, segment.get(2), segment.number)
        return USED

    def _amt(self, segment: Segment) -> str:
        column = {"F5": "patient_paid", "F3": "patient_due"}.get(segment.word(1))
        if column is None:
            return NO_QUALIFIER
        self.sheet.put(column, plain_amount(segment.get(2)), segment.number)
        return USED

    def _nm1(self, segment: Segment) -> str:
        self._entity = segment.word(1)
        who = _ENTITIES.get(self._entity)
        if who is None:
            return NO_ENTITY
        if who == "rendering":
            self.sheet.put("rendering", "claim", segment.number)
        self.sheet.put(f"{who}_npi", npi(segment), segment.number)
        return USED

    def _prv(self, segment: Segment) -> str:
        who = {"82": "rendering", "71": "attending"}.get(self._entity)
        if who is None:
            return NO_ENTITY
        self.sheet.put(f"{who}_taxonomy", segment.get(3), segment.number)
        return USED

    def _n4(self, segment: Segment) -> str:
        if self._entity != "77":
            return NO_ENTITY
        self.sheet.put("facility_state", segment.get(2), segment.number)
        self.sheet.put("facility_zip", segment.get(3), segment.number)
        return USED

    def _cn1(self, segment: Segment) -> str:
        self.sheet.put("contract_type", segment.get(1), segment.number)
        self.obliged.take(segment)
        return USED

    def _hcp(self, segment: Segment) -> str:
        amount = plain_amount(segment.get(2))
        self.sheet.put("repriced_claim", amount, segment.number)
        return USED

    def _cas(self, segment: Segment) -> str:
        self._odd(segment.number, "CAS", "belongs to no other payer")
        return "no other payer is open"

    def _sbr(self, segment: Segment) -> str:
        if len(self.payers) >= _MOST_PAYERS:
            return "there are more payers here than any claim has"
        self.payers.append(PayerLoop(segment, self._odd))
        return KEPT

    #: One table for all: a loop has many lines, and each would make its own.
    _TAKE: ClassVar[dict[str, Callable[[ClaimLoop, Segment], str]]] = {
        "CLM": _clm,
        "CL1": _cl1,
        "DTP": _dtp,
        "REF": _ref,
        "AMT": _amt,
        "HI": lambda claim, segment: claim.diagnoses.take(segment),
        "NM1": _nm1,
        "PRV": _prv,
        "N4": _n4,
        "CN1": _cn1,
        "HCP": _hcp,
        "CAS": _cas,
        "OI": lambda *_: "no other payer is open",
        "MOA": lambda *_: "no other payer is open",
        "MIA": lambda *_: "no other payer is open",
        "DMG": lambda *_: NO_ENTITY,
    }
