"""What stands around the claims of a remittance: the payment, and money of no claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from whopays.claims.x12.account import NO_QUALIFIER, USED
from whopays.claims.x12.amounts import Amounts
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd
from whopays.model.remittance import Payment, ProviderAdjustment

_MOST_ADJUSTMENTS = 10_000  # of one payment


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
            "REF": lambda _: NO_QUALIFIER,
            "DTM": lambda _: NO_QUALIFIER,
        }
        handler = handlers.get(segment.id)
        return None if handler is None else handler(segment)

    def _put(self, name: str, value: str) -> str:
        self.said.setdefault(name, value)
        return USED

    def _bpr(self, segment: Segment) -> str:
        amounts = Amounts()
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
        return NO_QUALIFIER

    def _plb(self, segment: Segment) -> str:
        amounts = Amounts()
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
