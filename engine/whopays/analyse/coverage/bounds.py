"""The days on which a text begins and ends to be in force, and the days around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from whopays.analyse.coverage.items import Item, Key
from whopays.diagnostics import Span
from whopays.model.contract import Amendment, Version
from whopays.program.compile import Program, VersionProgram

_DAY = timedelta(days=1)
_SAID = {
    "before": "the day before",
    "first": "the first day of",
    "last": "the last day of",
    "after": "the day after",
}


@dataclass(frozen=True)
class Bound:
    """A day beside which the contract, or an amendment, begins or ends.

    `governs` is the text of the day, `instead` the one that would be if the day lay on
    the other side; None is no text.
    """

    owner: str
    day: date
    side: str
    span: Span = field(repr=False)
    governs: VersionProgram | None = field(repr=False)
    instead: VersionProgram | None = field(repr=False)

    @property
    def key(self) -> Key:
        """The key of the item that the decision of a line hangs on this day."""
        return "day", self.owner, self.day, self.side

    @property
    def item(self) -> Item:
        """The item that the decision of a line hangs on this day."""
        said = f"{self.day}, {_SAID[self.side]} {self.owner}"
        return Item("day", self.owner, self.side, said, self.span, self.key)


def bounds(program: Program) -> Iterator[Bound]:
    """Yield both sides of each day on which a text of the contract begins or ends."""
    contract = program.contract
    for version in program.versions:
        period = version.version.period
        ends = [(period.first - _DAY, "before", period.first, "first")]
        if period.last is not None and period.last < date.max:
            ends.append((period.last + _DAY, "after", period.last, "last"))
        for outside, beyond, day, side in ends:
            if program.version_on(outside) is None:
                where = (contract.id, contract.span)
                yield Bound(where[0], outside, beyond, where[1], None, version)
                yield Bound(where[0], day, side, where[1], version, None)
    for amendment in contract.amendments:
        for period in amendment.in_force:
            yield from _around(program, amendment, period.first, "before", "first")
            if period.last is not None and period.last < date.max:
                after = period.last + _DAY
                yield from _around(program, amendment, after, "last", "after")


def _around(
    program: Program, amendment: Amendment, day: date, earlier: str, later: str
) -> Iterator[Bound]:
    """Yield the day before `day`, and `day`, on which an amendment begins or has ended."""
    for on, side in ((day - _DAY, earlier), (day, later)):
        version = program.version_on(on)
        if version is None:
            continue
        inside = side in {"first", "last"}
        if (amendment.number in version.version.amendments) is inside:
            owner = f"amendment {amendment.number}"
            instead = _turned(program, version, amendment)
            yield Bound(owner, on, side, amendment.span, version, instead)


def _turned(
    program: Program, version: VersionProgram, amendment: Amendment
) -> VersionProgram:
    """Return `version` with `amendment` if it is not in it, and without it if it is.

    It may ask what no text of the contract asks, so it is a version of its own program.
    """
    numbers = set(version.version.amendments) ^ {amendment.number}
    active = [each for each in program.contract.amendments if each.number in numbers]
    period = version.version.period
    text = program.texts.of(active, period)
    other = Version(period, tuple(each.number for each in active), text)
    (found,) = Program(program.contract, None, program, (other,)).versions
    return found
