"""Segments to claims: which loop each segment belongs to, in whatever order it comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whopays.claims.x12.account import PASSED_BY, UNKNOWN_ID, USED, Account
from whopays.claims.x12.claimloop import ClaimLoop
from whopays.claims.x12.envelope import CLOSED_BY, CUT_OFF, ENVELOPES, Envelope
from whopays.claims.x12.hierarchy import Hierarchy
from whopays.claims.x12.lineloop import SERVICES
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd

CLAIMS = "837"
#: Segments that the loops above or of a claim know.
_KNOWN = frozenset(
    (
        *("BHT", "HL", "NM1", "N4", "PRV", "REF", "SBR", "PAT", "DMG", "DTP", "AMT"),
        *("CLM", "CL1", "HI", "CN1", "HCP", "OI", "MOA", "MIA", "CAS", "SVD"),
        *("LX", "SV1", "SV2", "SV3", "LIN", "CTP"),
    )
)
_OUTSIDE = "stands in no transaction set"
_OTHER_SET = "belongs to a transaction set that holds no claims"
_REMITTANCE = "835"
_NO_PLACE = "has no place in the loop that it stands in"
_LOST_LEVEL = "stands below a level whose HL is missing"
_LOST_CLAIM = "stands below a CLM that can't be read"
_CUT_CLAIM = "stands in a transaction set that no SE closes: its end may be missing"


@dataclass(frozen=True)
class Unreadable:
    """A segment that can't be read, by its number, the element at fault, and why."""

    number: int
    element: str
    reason: str


class Loops:
    """Puts segments into loops; claims come out when they are whole."""

    def __init__(self, account: Account, odd: Odd) -> None:
        self._account = account
        self._odd = odd
        self._envelope = Envelope(odd)
        self._above = Hierarchy(odd)
        self._claim: ClaimLoop | None = None
        self._broken = False
        self._last = 0

    @property
    def claim_id(self) -> str:
        """The number of the claim that is open, or ""."""
        return self._claim.id if self._claim else ""

    def read(self, segments: Iterator[Segment]) -> Iterator[ClaimLoop | Unreadable]:
        """Yield the claims, and what can't be read, in the order of the file."""
        for segment in segments:
            self._last = segment.number
            yield from self._take(segment)
        yield from self._unclosed(self._envelope.left_open(), self._last)
        self._envelope.end(self._last)

    def _take(self, segment: Segment) -> Iterator[ClaimLoop | Unreadable]:
        name = segment.id
        if name in ENVELOPES:
            left_open = self._envelope.left_open(name)
            yield from self._unclosed(left_open, segment.number)
            yield from self._enveloped(segment)
            return
        if not self._envelope.set_id and name in {"BHT", "HL", "CLM"}:
            self._envelope.implied(segment.number, CLAIMS)
            self._above.begin()
        self._envelope.count()
        if self._envelope.set_id != CLAIMS:
            reason = _OTHER_SET if self._envelope.set_id else _OUTSIDE
            known = name if name in _KNOWN or name in PASSED_BY else UNKNOWN_ID
            self._account.add(known, reason)
            if not self._envelope.set_id:
                yield Unreadable(segment.number, "", _OUTSIDE)
            return
        if segment.problem or not (name in _KNOWN or name in PASSED_BY):
            yield from self._unreadable(segment)
            return
        yield from self._placed(segment)

    def _unclosed(
        self, left_open: str, number: int
    ) -> Iterator[ClaimLoop | Unreadable]:
        """Give back the claim that is open at the end of its transaction set.

        Where an envelope is `left_open`, nobody knows what is missing before the segment
        `number`: an amount may be cut short, and more claims may have followed.
        """
        holds_claims = left_open != "ST" or self._envelope.set_id == CLAIMS
        if self._claim is not None and left_open == "ST":
            self._claim.doubt = self._claim.doubt or _CUT_CLAIM
        elif left_open and holds_claims:
            yield Unreadable(number, CLOSED_BY[left_open], CUT_OFF)
        yield from self._flush()

    def _enveloped(self, segment: Segment) -> Iterator[Unreadable]:
        self._envelope.take(segment)
        self._account.add(segment.id, USED)
        if segment.id != "ST":
            return
        self._above.begin()
        self._broken = False
        if self._envelope.set_id == _REMITTANCE:
            reason = "is 835, a remittance: `whopays remit` reads it"
            yield Unreadable(segment.number, "ST01", reason)
        elif self._envelope.set_id != CLAIMS:
            yield Unreadable(segment.number, "ST01", "is not 837: it holds no claims")

    def _unreadable(self, segment: Segment) -> Iterator[ClaimLoop | Unreadable]:
        known = segment.id in _KNOWN or segment.id in PASSED_BY
        reason = segment.problem or "is no segment of a claim"
        self._account.add(segment.id if known else UNKNOWN_ID, reason)
        self._broken = True
        if self._claim is not None:
            self._claim.damaged = True
        if segment.id in {"CLM", "HL"}:
            yield from self._flush()
        yield Unreadable(segment.number, segment.id if known else "", reason)
        if segment.id == "HL":
            self._above.lost(_LOST_LEVEL)
        elif segment.id == "CLM":
            self._begin(segment).doubt = _LOST_CLAIM

    def _placed(self, segment: Segment) -> Iterator[ClaimLoop | Unreadable]:
        name = segment.id
        if name == "CLM":
            yield from self._flush()
            claim = self._begin(segment)
            self._account.add(name, claim.take(segment) or _NO_PLACE)
            return
        if name == "HL" or self._lost_level(segment):
            yield from self._flush()
            if name != "HL":
                self._odd(segment.number, "HL", "is missing before this segment")
                self._above.lost(_LOST_LEVEL)
        elif self._lost_claim(segment):
            yield from self._flush()
            self._odd(segment.number, "CLM", "is missing before this segment")
            self._begin(segment).doubt = _LOST_CLAIM
        fate = PASSED_BY.get(name)
        if fate is None:
            taker = self._claim or self._above
            fate = taker.take(segment)
        if fate is None and name in SERVICES:
            yield Unreadable(segment.number, name, "stands in no claim")
        elif fate is None:
            self._odd(segment.number, name, _NO_PLACE)
        self._account.add(name, fate or _NO_PLACE)
        claimed = self._claim
        if claimed is not None and claimed.too_many and name in {"LX", "SV1", "SV2"}:
            yield from self._beyond(claimed)

    def _beyond(self, claim: ClaimLoop) -> Iterator[Unreadable]:
        """Give back lines that are too many, but for the one that is read now."""
        while len(claim.too_many) > 1:
            line = claim.too_many.pop(0)
            yield beyond(line.number)

    def _lost_level(self, segment: Segment) -> bool:
        """Tell whether the loop of another subscriber or provider begins without HL."""
        if self._claim is None or not self._claim.lines:
            return False
        if segment.id == "NM1":
            return segment.word(1) in {"85", "IL"}
        return segment.id == "SBR"

    def _lost_claim(self, segment: Segment) -> bool:
        """Tell whether another claim begins without its CLM.

        Lines are counted from 1 again after what can't be read, or the diagnoses of a
        claim come once more among its lines.
        """
        claim = self._claim
        if claim is None or not claim.lines:
            return False
        if segment.id == "LX":
            return self._broken and segment.get(1) == "1"
        return segment.id == "HI" and bool(self._broken or claim.diagnoses.number)

    def _begin(self, segment: Segment) -> ClaimLoop:
        above = self._above
        if not above.has_subscriber:
            self._odd(segment.number, "CLM", "stands below no subscriber")
        claim = ClaimLoop(
            segment.number, above.sheets(), self._envelope.kind, self._odd
        )
        claim.doubt = above.doubt
        claim.has_patient = above.has_patient
        self._claim, self._broken = claim, False
        return claim

    def _flush(self) -> Iterator[ClaimLoop | Unreadable]:
        if self._claim is not None:
            claim, self._claim = self._claim, None
            yield claim
            for line in claim.too_many:
                yield beyond(line.number)


def beyond(number: int) -> Unreadable:
    """Return what stands for a line that is one too many for its claim."""
    return Unreadable(number, "LX", "is one line more than a claim may have")
