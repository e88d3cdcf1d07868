"""X12 835 files: claims as they were paid, their components, and the payments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from whopays.claims.records import ReadReport, Reject, Remark
from whopays.claims.x12.account import PASSED_BY, UNKNOWN_ID, USED, Account
from whopays.claims.x12.envelope import CLOSED_BY, CUT_OFF, ENVELOPES, Envelope
from whopays.claims.x12.remitloops import ClaimOut
from whopays.claims.x12.remitpayment import PaymentOut
from whopays.claims.x12.segments import Cutter, Segment
from whopays.model.remittance import Payment, RemittedClaim

REMITTANCE = "835"
_CLAIMS = "837"
_KNOWN = frozenset(
    (
        *("BPR", "TRN", "REF", "DTM", "N1", "N4", "LX", "CLP", "CAS", "NM1", "MIA"),
        *("MOA", "AMT", "SVC", "PLB"),
    )
)
_PASSED_BY = {
    **PASSED_BY,
    "N4": PASSED_BY["N3"],
    "RDM": "how a remittance is delivered decides nothing",
    "TS2": "sums over claims are made anew",
    "TS3": "sums over claims are made anew",
}
_MOST_LINES = 5_000
_OUTSIDE = "stands in no transaction set"
_OTHER_SET = "belongs to a transaction set that is no remittance"
_CUT = "stands in a transaction set that no SE closes: its end may be missing"
_NO_PLACE = "has no place in the loop that it stands in"


def read_remittance(
    path: str | Path, report: ReadReport | None = None
) -> Iterator[RemittedClaim | Payment | Reject]:
    """Return the claims of an 835 file, each payment after its claims, and rejects.

    Each CLP is in exactly one claim or one reject, each SVC in one line, or in a reject
    of its own or of its claim. What does not balance, and what else is wrong and was
    read on, is remarked in `report`; its `account` says what became of every segment.
    OSError at once if the file can't be opened.
    """
    Path(path).open("rb").close()
    return _Reader(str(path), report or ReadReport()).read()


class _Reader:
    def __init__(self, file: str, report: ReadReport) -> None:
        self._file = file
        self._report = report
        self._account = Account()
        report.account.update(self._account.record())
        self._envelope = Envelope(self._odd)
        self._payment = PaymentOut(self._odd)
        self._claim: ClaimOut | None = None

    def _odd(self, number: int, element: str, reason: str) -> None:
        claim_id = self._claim.id if self._claim else ""
        self._report.remark(Remark(self._file, number, element, reason, claim_id))

    def _reject(self, number: int, element: str, reason: str) -> Reject:
        self._report.rejects += 1
        claim_id = self._claim.id if self._claim else ""
        return Reject(self._file, number, element, reason, claim_id)

    def read(self) -> Iterator[RemittedClaim | Payment | Reject]:
        number = 0
        with Path(self._file).open("rb") as file:
            for segment in Cutter(file.read, self._odd).segments():
                number = segment.number
                yield from self._take(segment)
        yield from self._end(self._envelope.left_open(), number)
        self._envelope.end(number)
        self._report.account.update(self._account.record())

    def _take(self, segment: Segment) -> Iterator[RemittedClaim | Payment | Reject]:
        name = segment.id
        if name in ENVELOPES:
            yield from self._end(self._envelope.left_open(name), segment.number)
            self._envelope.take(segment)
            self._account.add(name, USED)
            if name == "ST" and self._envelope.set_id != REMITTANCE:
                yield self._reject(segment.number, "ST01", self._other())
            return
        if not self._envelope.set_id and name in {"BPR", "CLP"}:
            self._envelope.implied(segment.number, REMITTANCE)
        self._envelope.count()
        known = name in _KNOWN or name in _PASSED_BY
        counted = name if known else UNKNOWN_ID
        if self._envelope.set_id != REMITTANCE:
            reason = _OTHER_SET if self._envelope.set_id else _OUTSIDE
            self._account.add(counted, reason)
            if not self._envelope.set_id:
                yield self._reject(segment.number, "", reason)
            return
        if segment.problem or not known:
            reason = segment.problem or "is no segment of a remittance"
            self._account.add(counted, reason)
            yield self._reject(segment.number, name if known else "", reason)
            if name == "CLP":
                yield from self._flush()
            return
        yield from self._placed(segment)

    def _other(self) -> str:
        if self._envelope.set_id == _CLAIMS:
            return "is 837, claims: `whopays decide` reads them"
        return "is not 835: it is no remittance"

    def _placed(self, segment: Segment) -> Iterator[RemittedClaim | Payment | Reject]:
        name = segment.id
        if name in {"CLP", "LX", "PLB"}:
            yield from self._flush()
        elif self._lost_claim(segment):
            yield from self._flush()
            self._odd(segment.number, "CLP", "is missing before this segment")
            self._payment.whole = False
        if name == "CLP":
            self._claim = ClaimOut(segment, self._odd)
            self._account.add(name, USED)
            return
        if name == "SVC" and self._claim and len(self._claim.lines) >= _MOST_LINES:
            reason = "is one line more than a claim may have"
            self._account.add(name, reason)
            yield self._reject(segment.number, name, reason)
            return
        fate = _PASSED_BY.get(name)
        if fate is None:
            fate = (self._claim or self._payment).take(segment)
        if fate is None:
            if name == "SVC":
                yield self._reject(segment.number, name, "stands in no claim")
            else:
                self._odd(segment.number, name, _NO_PLACE)
        self._account.add(name, fate or _NO_PLACE)

    def _lost_claim(self, segment: Segment) -> bool:
        """Tell whether another patient begins among the lines: a CLP is lost."""
        if self._claim is None or not self._claim.lines:
            return False
        return segment.id == "NM1" and segment.word(1) == "QC"

    def _flush(self) -> Iterator[RemittedClaim | Reject]:
        claim = self._claim
        if claim is None:
            return
        if claim.problem is not None:
            yield self._reject(claim.number, *claim.problem)
            for line in claim.lines:
                yield self._reject(line.number, *claim.problem)
            self._payment.whole = False
            self._claim = None
            return
        bad = [line for line in claim.lines if line.problem is not None]
        for line in bad:
            yield self._reject(line.number, *(line.problem or ("", "")))
        lines = tuple(each.line() for each in claim.lines if each.problem is None)
        self._report.lines += len(lines)
        self._payment.claims += claim.paid or 0
        found = claim.claim(lines)
        self._claim = None
        yield found

    def _end(
        self, left_open: str, number: int
    ) -> Iterator[RemittedClaim | Payment | Reject]:
        """Give back what is open before the segment `number`, believed if it is whole.

        Where an envelope is `left_open` an amount may be cut short, that of the last
        claim as well as that of the payment, and more claims may have followed.
        """
        is_cut = left_open == "ST" and self._envelope.set_id == REMITTANCE
        if self._claim is not None and is_cut:
            self._claim.problem = self._claim.problem or ("CLP", _CUT)
        yield from self._flush()
        if is_cut:
            at = self._payment.number or number
            problem = ("BPR", _CUT) if self._payment.number else ("SE", CUT_OFF)
            yield self._reject(at, *problem)
        elif left_open and left_open != "ST":
            yield self._reject(number, CLOSED_BY[left_open], CUT_OFF)
        elif self._payment.number:
            yield self._payment.payment()
        self._payment = PaymentOut(self._odd)
