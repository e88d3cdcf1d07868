"""The envelopes: interchange, group, transaction set; what they count is compared.

A count or a control number that is wrong is reported, and reading goes on: claims are
not lost because a sender can't count, and a count does not say which claim it misses.
An envelope that nothing closes is another matter: the file may have been cut off.
"""

from __future__ import annotations

from dataclasses import dataclass

from whopays.claims.x12.segments import Segment
from whopays.claims.x12.sheet import Odd

#: Segments of envelopes; TA1 acknowledges an interchange.
ENVELOPES = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"})
_CLOSES = {"SE": "ST", "GE": "GS", "IEA": "ISA"}
#: The segment that closes each envelope.
CLOSED_BY = {begin: end for end, begin in _CLOSES.items()}
#: What is said of the segment that would have closed an envelope.
CUT_OFF = "is missing: the file may have been cut off, and what followed is not here"
_CONTROL = {"ST": 2, "GS": 6, "ISA": 13}
_HOLDS = {"ISA": "groups", "GS": "transaction sets", "ST": "segments"}
_ORDER = ("ISA", "GS", "ST")
_VERSION = "00501"
#: Implementation guides of claims, by the number that ST03 and GS08 have in them.
GUIDES = {
    "X222": "professional",
    "X223": "institutional",
    "X224": "dental",
    "X221": "remittance",
}


@dataclass
class _Open:
    control: str
    count: int = 0


class Envelope:
    """Follows the envelopes. `kind` is that of the transaction set: see GUIDES.

    `set_id` is what ST01 says ("837"), or empty outside a transaction set.
    """

    def __init__(self, odd: Odd) -> None:
        self._odd = odd
        self._open: dict[str, _Open] = {}
        self._group_guide = ""
        self.set_id = ""
        self.kind = ""

    def take(self, segment: Segment) -> None:
        """Take in a segment of ENVELOPES."""
        name = segment.id
        if name in _CLOSES:
            self._close(_CLOSES[name], segment)
        elif name in _CONTROL:
            self._begin(name, segment)

    def left_open(self, name: str = "") -> str:
        """Return the envelope that the segment `name` should not find open, or "".

        That is the transaction set, unless it is closed by its SE, or the interchange,
        or what there is of it, where another begins or the file ends (`name` is empty).
        Groups within one are told apart by their GS, closed or not.
        """
        if name in {"SE", "TA1"}:
            return ""
        within = _ORDER if name in {"", "ISA"} else ("ST",)
        return next((each for each in reversed(within) if each in self._open), "")

    def count(self) -> None:
        """Count one segment within a transaction set."""
        if "ST" in self._open:
            self._open["ST"].count += 1

    def implied(self, number: int, set_id: str) -> None:
        """Begin a transaction set whose ST is missing before the segment `number`."""
        self._odd(number, "ST", "is missing before this segment")
        self.set_id, self.kind = set_id, _guide(self._group_guide)
        self._open["ST"] = _Open("", 1)
        if "GS" in self._open:
            self._open["GS"].count += 1

    def end(self, number: int) -> None:
        """Take in the end of the file, after segment `number`."""
        for name in reversed(_ORDER):
            self._missing(name, number)

    def _begin(self, name: str, segment: Segment) -> None:
        at = _ORDER.index(name)
        for inner in reversed(_ORDER[at:]):
            self._missing(inner, segment.number)
        if at and _ORDER[at - 1] in self._open:
            self._open[_ORDER[at - 1]].count += 1
        self._open[name] = _Open(segment.get(_CONTROL[name]), 0)
        if name == "ISA" and segment.get(12) not in {"", _VERSION}:
            self._odd(segment.number, "ISA12", f"is not the version {_VERSION}")
        elif name == "GS":
            self._group_guide = segment.word(8)
        elif name == "ST":
            self._open[name].count = 1
            self.set_id = segment.get(1)
            self.kind = _guide(segment.word(3)) or _guide(self._group_guide)

    def _missing(self, name: str, number: int) -> None:
        if self._open.pop(name, None) is not None:
            ends = CLOSED_BY[name]
            self._odd(number, ends, f"is missing: the {name} before was not closed")
        if name == "ST":
            self.set_id = self.kind = ""

    def _close(self, name: str, segment: Segment) -> None:
        for inner in reversed(_ORDER[_ORDER.index(name) + 1 :]):
            self._missing(inner, segment.number)
        opened = self._open.pop(name, None)
        if name == "ST":
            self.set_id = self.kind = ""
        if opened is None:
            self._odd(segment.number, segment.id, f"closes no {name}")
            return
        found = opened.count + (name == "ST")
        said = segment.get(1)
        if not said.isdecimal() or int(said[:12]) != found:
            reason = f"does not say how many {_HOLDS[name]} there are"
            self._odd(segment.number, f"{segment.id}01", reason)
        if segment.get(2) != opened.control and opened.control:
            reason = f"is not the control number of its {name}"
            self._odd(segment.number, f"{segment.id}02", reason)


def _guide(said: str) -> str:
    return next((kind for mark, kind in GUIDES.items() if mark in said), "")
