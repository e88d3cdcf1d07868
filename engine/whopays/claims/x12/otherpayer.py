"""The loops 2320, 2330 and 2430: what other payers said, as the file has it."""

from __future__ import annotations

from dataclasses import dataclass, field

from whopays.claims.records import FieldProblem
from whopays.claims.x12.account import KEPT
from whopays.claims.x12.amounts import cents
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd, days
from whopays.model.coordination import Adjudication, Adjustment, OtherPayer

_NO_PLACE = "says nothing about what the other payer paid"
_TRIPLETS = range(2, 20, 3)
_MOST_ADJUSTMENTS = 600  # in one loop; 5010 has at most 30
_AMOUNTS = {"D": "paid", "EAF": "remaining", "A8": "noncovered"}
_REMARKS = {"MOA": range(3, 8), "MIA": (5, 20, 21, 22, 23)}
GROUPS = frozenset({"CO", "PR", "OA", "PI", "CR"})


@dataclass(slots=True)
class Heard:
    """What one payer said of a claim or a line; `broken` if a part can't be read."""

    said: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    adjustments: list[Adjustment] = field(default_factory=list)
    without_amount: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    broken: bool = False

    def amount(self, name: str, segment: Segment, at: int, odd: Odd) -> None:
        """Take in the amount at element `at`; what is none breaks the whole."""
        try:
            found = cents(segment.get(at))
        except FieldProblem as problem:
            odd(segment.number, f"{segment.id}{at:02d}", problem.reason)
            self.broken = True
            return
        if found is not None and name in self.amounts:
            self.again(segment, odd)
        elif found is not None:
            self.amounts[name] = found

    def again(self, segment: Segment, odd: Odd) -> None:
        """Take in that something comes twice: the loop may be of two payers."""
        odd(segment.number, segment.id, "comes twice for this payer")
        self.broken = True

    def cas(self, segment: Segment, odd: Odd) -> str:
        """Take in the adjustments of a CAS."""
        group = segment.word(1)
        if group not in GROUPS:
            odd(segment.number, "CAS01", "is no group of adjustments")
            self.broken = True
        for at in _TRIPLETS:
            reason, amount = segment.word(at), segment.get(at + 1)
            if not reason and not amount:
                continue
            try:
                found = cents(amount)
            except FieldProblem as problem:
                odd(segment.number, f"CAS{at + 1:02d}", problem.reason)
                self.broken = True
                self._lacks(group, reason)
                continue
            if found is None or not reason:
                missing = at + 1 if reason else at
                odd(segment.number, f"CAS{missing:02d}", "is missing")
                self.broken = True
                self._lacks(group, reason)
            elif len(self.adjustments) >= _MOST_ADJUSTMENTS:
                self.broken = True
                return "there are more adjustments here than any payer has"
            else:
                self.adjustments.append(
                    Adjustment(group, reason, found, segment.get(at + 2))
                )
        return KEPT

    def _lacks(self, group: str, reason: str) -> None:
        """Keep for which reason something was adjusted that can't be told."""
        if len(self.without_amount) < _MOST_ADJUSTMENTS:
            self.without_amount.append((group, reason))


class LineAnswer:
    """One loop 2430: what the payer with the id SVD01 said of a line."""

    def __init__(self, segment: Segment, procedure: str, odd: Odd) -> None:
        self.number = segment.number
        self.payer_id = segment.get(1)
        self._procedure = procedure
        self._units, self._bundled = segment.get(5), segment.get(6)
        self._odd = odd
        self.heard = Heard()
        self.heard.amount("paid", segment, 2, odd)

    def take(self, segment: Segment) -> str | None:
        """Take in a segment of the loop; None if it does not belong here."""
        if segment.id == "CAS":
            return self.heard.cas(segment, self._odd)
        if segment.id == "DTP" and segment.get(1) == "573":
            self.heard.said.setdefault("paid_on", days(segment)[0])
            return KEPT
        if segment.id == "AMT" and segment.word(1) == "EAF":
            self.heard.amount("remaining", segment, 2, self._odd)
            return KEPT
        return None

    def adjudication(self, line: str) -> Adjudication:
        """Return this as an answer about the line of that number."""
        return Adjudication(
            line,
            self.heard.amounts.get("paid"),
            tuple(self.heard.adjustments),
            self._procedure,
            self._units,
            self._bundled,
            self.heard.said.get("paid_on", ""),
            self.heard.amounts.get("remaining"),
            tuple(self.heard.without_amount),
        )


class PayerLoop:
    """One loop 2320 with its 2330: another payer of the claim."""

    def __init__(self, segment: Segment, odd: Odd) -> None:
        self._odd = odd
        self._entity = ""
        self.number = segment.number
        self.heard = Heard()
        said = self.heard.said
        said["position"], said["relationship"] = segment.word(1), segment.word(2)
        said["group"] = segment.get(3) or segment.get(4)
        said["filing_indicator"] = segment.word(9)

    @property
    def payer_id(self) -> str:
        """The id by which lines name this payer."""
        return self.heard.said.get("id", "")

    def take(self, segment: Segment) -> str:
        """Take in a segment of the loop, and return its fate."""
        said = self.heard.said
        match segment.id:
            case "CAS":
                return self.heard.cas(segment, self._odd)
            case "AMT" if segment.word(1) in _AMOUNTS:
                name = _AMOUNTS[segment.word(1)]
                self.heard.amount(name, segment, 2, self._odd)
            case "NM1":
                self._entity = segment.word(1)
                if self._entity != "PR":
                    return _NO_PLACE
                if "id" in said:
                    self.heard.again(segment, self._odd)
                said.setdefault("name", segment.get(3))
                said.setdefault("id", segment.get(9))
            case "DTP" if segment.get(1) == "573":
                said.setdefault("paid_on", days(segment)[0])
            case "REF" if segment.word(1) == "F8" and self._entity == "PR":
                said.setdefault("claim_number", segment.get(2))
            case "MOA" | "MIA":
                codes = (segment.word(at) for at in _REMARKS[segment.id])
                self.heard.remarks.extend(code for code in codes if code)
                del self.heard.remarks[_MOST_ADJUSTMENTS:]
            case _:
                return _NO_PLACE
        return KEPT

    def payer(
        self, lines: tuple[Adjudication, ...], *, balanced: bool | None
    ) -> OtherPayer:
        """Return this as a payer, with what it said of lines."""
        said = self.heard.said
        return OtherPayer(
            position=said["position"],
            id=said.get("id", ""),
            name=said.get("name", ""),
            relationship=said["relationship"],
            group=said["group"],
            filing_indicator=said["filing_indicator"],
            claim_number=said.get("claim_number", ""),
            paid_on=said.get("paid_on", ""),
            paid=self.heard.amounts.get("paid"),
            remaining=self.heard.amounts.get("remaining"),
            noncovered=self.heard.amounts.get("noncovered"),
            adjustments=tuple(self.heard.adjustments),
            lines=lines,
            remarks=tuple(self.heard.remarks),
            balanced=balanced,
            without_amount=tuple(self.heard.without_amount),
        )
