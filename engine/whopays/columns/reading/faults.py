"""Why rows are refused, as whole numbers: a column of them says it of many rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from whopays.claims.records import Reject

FINE = 0
BROKEN_TEXT = 1  # the code of a row that has text which is not UTF-8


class Known(IntEnum):
    """What was read of a row before it was refused."""

    NOTHING = 0
    CLAIM = 1
    LINE = 2


@dataclass(frozen=True)
class Fault:
    """The field and the reason of a reject, and what is known of its row."""

    field: str
    reason: str
    known: Known


class Faults:
    """The faults met in a file; the code of one is its place, from 1."""

    def __init__(self) -> None:
        broken = Fault("", "has text that is not UTF-8", Known.NOTHING)
        self._met: list[Fault] = [broken]
        self._codes: dict[Fault, int] = {broken: BROKEN_TEXT}

    def code(self, field: str, reason: str, known: Known) -> int:
        """Return the code of a fault."""
        fault = Fault(field, reason, known)
        if fault not in self._codes:
            self._met.append(fault)
            self._codes[fault] = len(self._met)
        return self._codes[fault]

    def places_row(self, code: int) -> bool:
        """Return whether the claim of a row with this fault can be told."""
        return code == FINE or self._met[code - 1].known > Known.NOTHING

    def reject(
        self, code: int, file: str, record: int, claim_id: str, line: str
    ) -> Reject:
        """Return the reject of one row."""
        fault = self._met[code - 1]
        return Reject(
            file,
            record,
            fault.field,
            fault.reason,
            claim_id if fault.known >= Known.CLAIM else "",
            line if fault.known >= Known.LINE else "",
        )
