"""What other payers have said of a claim: paid, adjusted, left to the patient.

Kept as it was sent, for the methods that coordinate benefits. Money is integer cents,
None where nothing was said: a payment of zero is another thing than no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

#: Payers in the order in which they pay; what is not in it has no place.
POSITIONS = "PSTABCDEFGH"


@dataclass(frozen=True)
class Adjustment:
    """Why a payer did not pay `cents`: group CO, PR, OA or PI, and a reason code."""

    group: str
    reason: str
    cents: int
    quantity: str = ""


@dataclass(frozen=True)
class Adjudication:
    """What one payer said of one line (837 loop 2430).

    `line` is the line's number in the claim, `procedure` what the payer decided on,
    `bundled_into` the number of the line that this one went into, or empty.
    `without_amount` are (group, reason) of adjustments whose amount can't be told.
    """

    line: str
    paid: int | None
    adjustments: tuple[Adjustment, ...] = ()
    procedure: str = ""
    units: str = ""
    bundled_into: str = ""
    paid_on: str = ""
    remaining: int | None = None
    without_amount: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class OtherPayer:
    """One other payer of a claim (837 loops 2320 and 2330).

    `position` is P, S, T or A to H. `relationship` and `filing_indicator` are codes of
    X12. `paid`, `remaining` (patient liability) and `noncovered` are of the claim.
    `balanced`: whether what it paid and adjusted adds up to the charge; None where
    there is nothing to add up.
    """

    position: str
    id: str = ""
    name: str = ""
    relationship: str = ""
    group: str = ""
    filing_indicator: str = ""
    claim_number: str = ""
    paid_on: str = ""
    paid: int | None = None
    remaining: int | None = None
    noncovered: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[Adjudication, ...] = ()
    remarks: tuple[str, ...] = ()
    balanced: bool | None = None
    without_amount: tuple[tuple[str, str], ...] = ()

    def of_line(self, number: str) -> tuple[Adjudication, ...]:
        """Return what this payer said of the line `number`."""
        return tuple(each for each in self.lines if each.line == number)


@dataclass(frozen=True)
class Coordination:
    """The payers of a claim beside the one that it was sent to.

    `position` is that of the payer that it was sent to. `charge` is the total charge,
    `otaf` what the provider is obligated to accept from the primary payer (value code
    44, or CN1 of the type 09), `otaf_by_line` the same of lines by their numbers, and
    `otaf_open` says that there is one which can't be read. `payers` stand in the order
    of the file.
    """

    position: str
    charge: int | None
    payers: tuple[OtherPayer, ...]
    otaf: int | None = None
    patient_paid: int | None = None
    otaf_by_line: tuple[tuple[str, int], ...] = ()
    otaf_open: bool = False

    def ahead(self) -> tuple[OtherPayer, ...] | None:
        """Return the payers that come before this one, in order; None if open.

        It is open where the position of this payer or of another is not known, or
        where two have the same.
        """
        places = [each.position for each in self.payers]
        known = [self.position, *places]
        if any(len(each) != 1 or each not in POSITIONS for each in known):
            return None
        if len(set(known)) != len(known):
            return None
        before = POSITIONS.index(self.position)
        found = [
            each for each in self.payers if POSITIONS.index(each.position) < before
        ]
        return tuple(sorted(found, key=lambda each: POSITIONS.index(each.position)))

    def record(self) -> dict[str, Any]:
        """Return this as plain data, ready for JSON."""
        return asdict(self)


def total(adjustments: Iterable[Adjustment]) -> int:
    """Return the sum of `adjustments`, in cents."""
    return sum(each.cents for each in adjustments)
