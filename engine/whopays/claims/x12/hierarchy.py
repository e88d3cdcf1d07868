"""Who sent it, who bills, who is insured, who is the patient: the loops above claims.

Levels follow from HL03 and their order. HL04, which says whether a level has children,
is so often wrong that nothing is made of it.
"""

from __future__ import annotations

from collections.abc import Callable

from whopays.claims.x12.account import NO_ENTITY, NO_QUALIFIER, USED
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd, Sheet, npi

_BILLING, _SUBSCRIBER, _PATIENT = "20", "22", "23"


class Hierarchy:
    """The levels above the claim that is read next.

    `doubt` says why it can't be told whose claims follow, or is empty.
    """

    def __init__(self, odd: Odd) -> None:
        self._odd = odd
        self._take: dict[str, Callable[[Segment], str]] = {
            "BHT": self._bht,
            "HL": self._hl,
            "NM1": self._nm1,
            "N4": self._n4,
            "PRV": self._prv,
            "REF": self._ref,
            "SBR": self._sbr,
            "PAT": self._pat,
            "DMG": self._dmg,
            "AMT": lambda _: "amounts above the claim decide nothing",
        }
        self.begin()

    def begin(self) -> None:
        """Begin a transaction set."""
        self._header = Sheet()
        self._levels: dict[str, Sheet] = {}
        self._ids: dict[str, str] = {}
        self._entity = ""
        self._level = ""
        self.doubt = ""

    def sheets(self) -> tuple[Sheet, ...]:
        """Return what is known above the claim, outermost first."""
        levels = (self._levels.get(each) for each in (_BILLING, _SUBSCRIBER, _PATIENT))
        return (self._header, *(each for each in levels if each is not None))

    @property
    def has_subscriber(self) -> bool:
        """Whether there is a level of a subscriber, even one whose HL was lost."""
        return _SUBSCRIBER in self._levels

    @property
    def has_patient(self) -> bool:
        """Whether the patient has a level of their own."""
        return _PATIENT in self._levels

    def take(self, segment: Segment) -> str | None:
        """Take in a segment and return its fate; None if it does not belong here."""
        handler = self._take.get(segment.id)
        return None if handler is None else handler(segment)

    def lost(self, reason: str) -> None:
        """Begin a level whose HL is missing: nobody can say whose claims follow."""
        self._levels.pop(_PATIENT, None)
        self._levels[_SUBSCRIBER] = Sheet()
        self._level, self._entity = _SUBSCRIBER, ""
        self.doubt = reason

    def _sheet(self) -> Sheet:
        return self._levels.get(self._level, self._header)

    def _bht(self, segment: Segment) -> str:
        for at, column in (
            (2, "purpose"),
            (4, "created_date"),
            (6, "claim_or_encounter"),
        ):
            self._header.put(column, segment.get(at), segment.number)
        return USED

    def _hl(self, segment: Segment) -> str:
        level = segment.get(3)
        if level not in {_BILLING, _SUBSCRIBER, _PATIENT}:
            self._odd(segment.number, "HL03", "is no level of a claim")
            self.lost("stands below an HL of no known level")
            return USED
        outer = {_BILLING: "", _SUBSCRIBER: _BILLING, _PATIENT: _SUBSCRIBER}[level]
        if outer and outer not in self._levels:
            reason = f"is {level}, and no level {outer} is before it"
            self._odd(segment.number, "HL03", reason)
        elif outer and segment.get(2) != self._ids.get(outer, ""):
            reason = "does not name the level that it stands below: read by position"
            self._odd(segment.number, "HL02", reason)
        for inner in (_BILLING, _SUBSCRIBER, _PATIENT):
            if inner >= level:
                self._levels.pop(inner, None)
        self._levels[level] = Sheet()
        self._ids[level] = segment.get(1)
        self._level, self._entity, self.doubt = level, "", ""
        return USED

    def _nm1(self, segment: Segment) -> str:
        self._entity = segment.word(1)
        number, sheet = segment.number, self._sheet()
        match self._entity:
            case "41":
                self._header.put("submitter_id", segment.get(9), number)
            case "40":
                self._header.put("receiver_id", segment.get(9), number)
            case "85":
                sheet.put("billing_npi", npi(segment), number)
                sheet.put("billing_name", segment.get(3), number)
            case "IL":
                sheet.put("subscriber_id", segment.get(9), number)
            case "PR":
                sheet.put("payer_name", segment.get(3), number)
                sheet.put("payer_id", segment.get(9), number)
            case "QC":
                sheet.put("patient_id", segment.get(9), number)
            case _:
                return NO_ENTITY
        return USED

    def _n4(self, segment: Segment) -> str:
        who = {"85": "billing", "IL": "subscriber", "QC": "patient"}.get(self._entity)
        if who is None:
            return NO_ENTITY
        self._sheet().put(f"{who}_state", segment.get(2), segment.number)
        self._sheet().put(f"{who}_zip", segment.get(3), segment.number)
        return USED

    def _prv(self, segment: Segment) -> str:
        if segment.word(1) not in {"BI", "PT"}:
            return NO_QUALIFIER
        self._sheet().put("billing_taxonomy", segment.get(3), segment.number)
        return USED

    def _ref(self, segment: Segment) -> str:
        if self._entity != "85" or segment.word(1) not in {"EI", "SY"}:
            return NO_QUALIFIER
        self._sheet().put("billing_tax_id", segment.get(2), segment.number)
        return USED

    def _sbr(self, segment: Segment) -> str:
        for at, column in (
            (1, "payer_position"),
            (2, "relationship"),
            (3, "group_number"),
            (4, "group_name"),
            (9, "filing_indicator"),
        ):
            said = segment.get(at)
            coded = said if column.startswith("group") else said.upper()
            self._sheet().put(column, coded, segment.number)
        return USED

    def _pat(self, segment: Segment) -> str:
        self._sheet().put("patient_relationship", segment.get(1), segment.number)
        if segment.word(5) == "D8":
            self._sheet().put("patient_death_date", segment.get(6), segment.number)
        return USED

    def _dmg(self, segment: Segment) -> str:
        who = "patient" if self._level == _PATIENT else "subscriber"
        self._sheet().put(f"{who}_birth_date", segment.get(2), segment.number)
        self._sheet().put(f"{who}_sex", segment.word(3), segment.number)
        return USED
