"""Loops of a remittance: 2100 and 2110, claims and lines as they were paid."""

from __future__ import annotations

from whopays.claims.x12.account import NO_QUALIFIER, USED
from whopays.claims.x12.amounts import Amounts, plain_amount, procedure
from whopays.claims.x12.leaves import components
from whopays.claims.x12.otherpayer import Heard
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd
from whopays.model.coordination import Adjustment, total
from whopays.model.remittance import RemittedClaim, RemittedLine

_REVENUE = "NU"
_MEMBER = "PR"
_MOST_ANSWERS = 30_000  # segments CAS of one claim


class LineOut:
    """One loop 2110."""

    def __init__(self, segment: Segment, odd: Odd) -> None:
        self._odd = odd
        self.number = segment.number
        self.heard = Heard()
        self._said: dict[str, str] = {}
        amounts = Amounts()
        self.charge, self.paid = amounts.read(segment, 2), amounts.read(segment, 3)
        self.problem = amounts.problem
        self._allowed: int | None = None
        qualifier, code, self._modifiers = procedure(segment, 1)
        self._said["revenue_code" if qualifier == _REVENUE else "procedure"] = code
        if qualifier != _REVENUE:
            self._said["revenue_code"] = segment.get(4)
        self._said["units"] = plain_amount(segment.get(5))

    @property
    def is_whole(self) -> bool:
        """Whether all its amounts can be read."""
        return self.problem is None and not self.heard.broken

    def take(self, segment: Segment) -> str | None:
        """Take in a segment and return its fate; None if it belongs to no line."""
        match segment.id:
            case "CAS":
                self.heard.cas(segment, self._odd)
            case "DTM" if segment.get(1) in {"472", "150", "151"}:
                names = {"150": ("service_from",), "151": ("service_to",)}
                both = ("service_from", "service_to")
                for name in names.get(segment.get(1), both):
                    self._said.setdefault(name, segment.get(2))
            case "REF" if segment.word(1) == "6R":
                self._said.setdefault("control_number", segment.get(2))
            case "AMT" if segment.word(1) == "B6":
                self._allowed = Amounts().read(segment, 2)
            case "DTM" | "REF" | "AMT":
                return NO_QUALIFIER
            case _:
                return None
        return USED

    def line(self) -> RemittedLine:
        """Return this as a line; what does not balance is told."""
        adjustments = tuple(self.heard.adjustments)
        balanced = not self.heard.broken and self.charge is not None
        if balanced and (self.charge or 0) - total(adjustments) != (self.paid or 0):
            reason = (
                "do not add up: the charge less its adjustments is not what was paid"
            )
            self._odd(self.number, "SVC, CAS", reason)
            balanced = False
        said = self._said
        return RemittedLine(
            self.number,
            procedure=said.get("procedure", ""),
            modifiers=tuple(self._modifiers),
            revenue_code=said.get("revenue_code", ""),
            units=said.get("units", ""),
            service_from=said.get("service_from", ""),
            service_to=said.get("service_to", ""),
            control_number=said.get("control_number", ""),
            charge=self.charge,
            paid=self.paid,
            allowed=self._allowed,
            adjustments=adjustments,
            components=components(adjustments, self.paid),
            balanced=balanced,
            without_amount=tuple(self.heard.without_amount),
        )


class ClaimOut:
    """One loop 2100 with its lines; `problem` says why it can't be read, or is None."""

    def __init__(self, segment: Segment, odd: Odd) -> None:
        self._odd = odd
        self.number = segment.number
        self.id = segment.get(1)
        self.heard = Heard()
        self.lines: list[LineOut] = []
        amounts = Amounts()
        self._charge, self.paid = amounts.read(segment, 3), amounts.read(segment, 4)
        self._patient = amounts.read(segment, 5)
        self.problem = amounts.problem
        for at, missing in ((1, not self.id), (3, self._charge is None)):
            if missing and self.problem is None:
                self.problem = (f"CLP{at:02d}", "is missing")
        self._said = {
            "status": segment.get(2),
            "filing_indicator": segment.word(6),
            "payer_claim_number": segment.get(7),
            "facility_code": segment.get(8),
            "frequency": segment.get(9),
        }
        self._amounts: dict[str, int | None] = {}
        self._answers = 0

    def take(self, segment: Segment) -> str | None:
        """Take in a segment and return its fate; None if it belongs to no claim."""
        if segment.id == "SVC":
            self.lines.append(LineOut(segment, self._odd))
            return USED
        if segment.id == "CAS":
            self._answers += 1
            if self._answers > _MOST_ANSWERS:
                self.heard.broken = True
                return "there are more adjustments here than any claim has"
        if self.lines:
            fate = self.lines[-1].take(segment)
            if fate is not None:
                return fate
        match segment.id:
            case "CAS":
                self.heard.cas(segment, self._odd)
            case "AMT" if segment.word(1) in {"AU", "I"}:
                name = "covered" if segment.word(1) == "AU" else "interest"
                self._amounts.setdefault(name, Amounts().read(segment, 2))
            case "DTM" if segment.get(1) == "232":
                self._said.setdefault("service_from", segment.get(2))
            case "AMT" | "REF" | "DTM" | "NM1" | "MIA" | "MOA":
                return NO_QUALIFIER
            case _:
                return None
        return USED

    def claim(self, lines: tuple[RemittedLine, ...]) -> RemittedClaim:
        """Return this as a claim of `lines`, those that could be read.

        What does not balance is told; a claim with a line that can't be read does not.
        """
        own = tuple(self.heard.adjustments)
        every = [*own, *(each for one in lines for each in one.adjustments)]
        charged = sum(each.charge or 0 for each in lines)
        paid = sum(each.paid or 0 for each in lines)
        charge = self._charge or 0
        whole = not self.heard.broken and all(each.is_whole for each in self.lines)
        balanced = whole
        if whole and charge - total(every) != (self.paid or 0):
            reason = (
                "do not add up: the charge less all adjustments is not what was paid"
            )
            self._odd(self.number, "CLP, CAS", reason)
            balanced = False
        if whole and lines and charged != charge:
            self._odd(
                self.number, "CLP03", "is not the sum of the charges of the lines"
            )
        if whole:
            self._member(every)
        said = self._said
        return RemittedClaim(
            self.number,
            self.id,
            said["status"],
            charge=self._charge,
            paid=self.paid,
            patient_responsibility=self._patient,
            adjustments=own,
            lines=lines,
            components=components(own, (self.paid or 0) - paid),
            balanced=balanced and all(each.balanced for each in lines),
            without_amount=tuple(self.heard.without_amount),
            filing_indicator=said["filing_indicator"],
            payer_claim_number=said["payer_claim_number"],
            facility_code=said["facility_code"],
            frequency=said["frequency"],
            service_from=said.get("service_from", ""),
            covered=self._amounts.get("covered"),
            interest=self._amounts.get("interest"),
        )

    def _member(self, every: list[Adjustment]) -> None:
        found = sum(each.cents for each in every if each.group == _MEMBER)
        if self._patient is not None and self._patient != found:
            reason = "is not the sum of the adjustments of the group PR"
            self._odd(self.number, "CLP05", reason)
