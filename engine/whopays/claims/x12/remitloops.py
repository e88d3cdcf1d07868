"""Loops of a remittance: 2100 and 2110, and what stands around the claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from whopays.claims.records import FieldProblem
from whopays.claims.x12.account import USED
from whopays.claims.x12.amounts import cents, plain_amount, procedure
from whopays.claims.x12.leaves import components
from whopays.claims.x12.otherpayer import Heard
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd
from whopays.model.coordination import Adjustment, total
from whopays.model.remittance import (
    Payment,
    ProviderAdjustment,
    RemittedClaim,
    RemittedLine,
)

_NO_COLUMN = "no column has this qualifier"
_REVENUE = "NU"
_MEMBER = "PR"
_MOST_ADJUSTMENTS = 10_000  # of one payment


@dataclass(slots=True)
class _Amounts:
    """Amounts of a segment; `problem` is the first that is none: (element, reason)."""

    problem: tuple[str, str] | None = None

    def read(self, segment: Segment, at: int) -> int | None:
        """Return the cents of element `at`, None if it is empty or none."""
        try:
            return cents(segment.get(at))
        except FieldProblem as found:
            self.problem = self.problem or (f"{segment.id}{at:02d}", found.reason)
            return None


class LineOut:
    """One loop 2110."""

    def __init__(self, segment: Segment, odd: Odd) -> None:
        self._odd = odd
        self.number = segment.number
        self.heard = Heard()
        self._said: dict[str, str] = {}
        amounts = _Amounts()
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
                self._allowed = _Amounts().read(segment, 2)
            case "DTM" | "REF" | "AMT":
                return _NO_COLUMN
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
        )


class ClaimOut:
    """One loop 2100 with its lines; `problem` says why it can't be read, or is None."""

    def __init__(self, segment: Segment, odd: Odd) -> None:
        self._odd = odd
        self.number = segment.number
        self.id = segment.get(1)
        self.heard = Heard()
        self.lines: list[LineOut] = []
        amounts = _Amounts()
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

    def take(self, segment: Segment) -> str | None:
        """Take in a segment and return its fate; None if it belongs to no claim."""
        if segment.id == "SVC":
            self.lines.append(LineOut(segment, self._odd))
            return USED
        if self.lines:
            fate = self.lines[-1].take(segment)
            if fate is not None:
                return fate
        match segment.id:
            case "CAS":
                self.heard.cas(segment, self._odd)
            case "AMT" if segment.word(1) in {"AU", "I"}:
                name = "covered" if segment.word(1) == "AU" else "interest"
                self._amounts.setdefault(name, _Amounts().read(segment, 2))
            case "AMT" | "REF" | "DTM" | "NM1" | "MIA" | "MOA":
                return _NO_COLUMN
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
            filing_indicator=said["filing_indicator"],
            payer_claim_number=said["payer_claim_number"],
            facility_code=said["facility_code"],
            frequency=said["frequency"],
            covered=self._amounts.get("covered"),
            interest=self._amounts.get("interest"),
        )

    def _member(self, every: list[Adjustment]) -> None:
        found = sum(each.cents for each in every if each.group == _MEMBER)
        if self._patient is not None and self._patient != found:
            reason = "is not the sum of the adjustments of the group PR"
            self._odd(self.number, "CLP05", reason)


@dataclass(slots=True)
class PaymentOut:
    """What stands before and after the claims of one transaction set."""

    odd: Odd
    number: int = 0
    amount: int | None = None
    claims: int = 0
    whole: bool = True
    said: dict[str, str] = field(default_factory=dict)
    adjustments: list[ProviderAdjustment] = field(default_factory=list)

    def take(self, segment: Segment) -> str | None:
        """Take in a segment and return its fate; None if it does not belong here."""
        handlers: dict[str, Callable[[Segment], str]] = {
            "BPR": self._bpr,
            "TRN": lambda each: self._put("trace", each.get(2)),
            "N1": self._n1,
            "PLB": self._plb,
            "LX": lambda _: USED,
            "REF": lambda _: _NO_COLUMN,
            "DTM": lambda _: _NO_COLUMN,
        }
        handler = handlers.get(segment.id)
        return None if handler is None else handler(segment)

    def _put(self, name: str, value: str) -> str:
        self.said.setdefault(name, value)
        return USED

    def _bpr(self, segment: Segment) -> str:
        amounts = _Amounts()
        self.number, self.amount = segment.number, amounts.read(segment, 2)
        if amounts.problem:
            self.odd(segment.number, *amounts.problem)
        self._put("method", segment.word(4))
        return self._put("paid_on", segment.get(16))

    def _n1(self, segment: Segment) -> str:
        if segment.word(1) == "PR":
            return self._put("payer", segment.get(2))
        if segment.word(1) == "PE":
            return self._put("payee_id", segment.get(4))
        return _NO_COLUMN

    def _plb(self, segment: Segment) -> str:
        amounts = _Amounts()
        for at in range(3, 15, 2):
            reason, amount = segment.parts(at), amounts.read(segment, at + 1)
            if amount is not None and len(self.adjustments) < _MOST_ADJUSTMENTS:
                found = (reason[0].upper(), reason[1] if len(reason) > 1 else "")
                self.adjustments.append(
                    ProviderAdjustment(segment.get(1), *found, amount)
                )
        if amounts.problem:
            self.whole = False
            self.odd(segment.number, *amounts.problem)
        return USED

    def payment(self) -> Payment:
        """Return this as a payment; what does not balance is told."""
        less = sum(each.cents for each in self.adjustments)
        balanced = self.whole and self.amount is not None
        if balanced and self.amount != self.claims - less:
            reason = "do not add up: the claims less the PLB are not what was paid"
            self.odd(self.number, "BPR02, PLB", reason)
            balanced = False
        return Payment(
            self.number,
            self.amount,
            self.claims,
            tuple(self.adjustments),
            paid_on=self.said.get("paid_on", ""),
            method=self.said.get("method", ""),
            trace=self.said.get("trace", ""),
            payer=self.said.get("payer", ""),
            payee_id=self.said.get("payee_id", ""),
            balanced=balanced,
        )
