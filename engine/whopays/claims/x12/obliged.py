"""What the provider is obligated to accept as payment in full (OTAF): CN1 of the type 09.

A professional claim says it so, of the claim and of lines; an institutional one by the
value code 44. An amount that is said and can't be read is open, which is not none.
"""

from __future__ import annotations

from whopays.claims.records import FieldProblem
from whopays.claims.x12.amounts import cents
from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd

_TYPE = "09"


class Obliged:
    """The amount of one claim or one line: integer cents, None where nothing is said."""

    def __init__(self, odd: Odd) -> None:
        self._odd = odd
        self.cents: int | None = None
        self.is_open = False

    def take(self, segment: Segment) -> None:
        """Take in one CN1; of another type it says nothing of this."""
        if segment.get(1) != _TYPE:
            return
        try:
            self.cents = cents(segment.get(2))
        except FieldProblem as problem:
            self._odd(segment.number, "CN102", problem.reason)
        self.is_open = self.cents is None
