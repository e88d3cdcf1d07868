"""What the segments of one loop say: columns with their values and places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from whopays.claims.x12.segments import Segment

#: Told (segment number, element, reason) of what is wrong and was read on.
Odd = Callable[[int, str, str], None]
NPI = "XX"


@dataclass(slots=True)
class Sheet:
    """Values by column, and the number of the segment that each stands in.

    The first segment that gives a column has it: what comes again is no correction.
    """

    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def put(self, column: str, value: str, number: int) -> None:
        """Take `value` for `column`, unless it is empty or the column has one."""
        if value and column not in self.values:
            self.values[column] = value
            self.places[column] = number


def npi(segment: Segment) -> str:
    """Return the national provider identifier that an NM1 gives, or ""."""
    return segment.get(9) if segment.word(8) == NPI else ""


def days(segment: Segment) -> tuple[str, str]:
    """Return the first and the last day of a DTP, as written; one day is both.

    The last is empty where the format is none of D8, RD8 and DT: the first is then the
    whole text, which is no date.
    """
    form, text = segment.word(2), segment.get(3)
    if form == "RD8" and text.count("-") == 1:
        first, last = text.split("-")
        return first.strip(), last.strip()
    if form == "DT" and text[:12].isdigit():
        return text[:8], text[:8]
    return (text, text) if form == "D8" else (text and f"{form} {text}", "")
