"""Writes X12 as a sender would, with right counts: for tests and for the benchmark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

#: A segment: its id and elements; a composite element is a tuple.
Segment = Sequence["str | tuple[str, ...]"]
GUIDES = {
    "837P": ("HC", "837", "005010X222A1"),
    "837I": ("HC", "837", "005010X223A2"),
    "835": ("HP", "835", "005010X221A1"),
}


@dataclass(frozen=True)
class Style:
    """How a sender writes: separators, and what stands behind each terminator."""

    element: str = "*"
    component: str = ":"
    segment: str = "~"
    after: str = "\n"

    def text(self, segment: Segment) -> str:
        """Return one segment, trailing empty elements left out."""
        elements = [
            each if isinstance(each, str) else self.component.join(each)
            for each in segment
        ]
        while elements and not elements[-1]:
            elements.pop()
        return f"{self.element.join(elements)}{self.segment}{self.after}"


PLAIN = Style()


def isa(style: Style = PLAIN, control: str = "000000905") -> str:
    """Return the header of an interchange: each element has its width."""
    fields = (
        *("00", " " * 10, "00", " " * 10, "ZZ", "SENDER".ljust(15)),
        *("ZZ", "RECEIVER".ljust(15), "260304", "1253", "^", "00501", control),
        *("0", "T", style.component),
    )
    return f"ISA{style.element}{style.element.join(fields)}{style.segment}{style.after}"


def interchange(
    segments: Iterable[Segment], kind: str = "837P", style: Style = PLAIN
) -> Iterator[str]:
    """Yield an interchange of one group and one transaction set, segment by segment."""
    functional, set_id, guide = GUIDES[kind]
    yield isa(style)
    group = ("GS", functional, "S", "R", "20260304", "1253", "1", "X", guide)
    yield style.text(group)
    yield style.text(("ST", set_id, "0001", guide))
    count = 2
    for segment in segments:
        yield style.text(segment)
        count += 1
    yield style.text(("SE", str(count), "0001"))
    yield style.text(("GE", "1", "1"))
    yield style.text(("IEA", "1", "000000905"))


def above(
    *,
    payer: str = "Riverbend Health Plan",
    filing: str = "HM",
    position: str = "P",
    born: str = "19730501",
) -> list[Segment]:
    """Return the loops above a claim: who sent it, who bills, who is insured."""
    return [
        ("BHT", "0019", "00", "0123", "20260304", "1023", "CH"),
        ("NM1", "41", "2", "SENDER", "", "", "", "", "46", "S1"),
        ("PER", "IC", "JERRY", "TE", "3055552222"),
        ("NM1", "40", "2", "RECEIVER", "", "", "", "", "46", "R1"),
        *provider(1),
        *subscriber(2, 1, payer=payer, filing=filing, position=position, born=born),
    ]


def provider(number: int) -> list[Segment]:
    """Return the loop 2000A of a provider that bills."""
    return [
        ("HL", str(number), "", "20", "1"),
        ("PRV", "BI", "PXC", "207Q00000X"),
        ("NM1", "85", "2", "CLINIC", "", "", "", "", "XX", "1234567893"),
        ("N3", "1 MAIN ST"),
        ("N4", "RIVERBEND", "CA", "900010000"),
        ("REF", "EI", "123456789"),
    ]


def subscriber(  # noqa: PLR0913 - one for each thing that tests change
    number: int,
    parent: int,
    *,
    payer: str = "Riverbend Health Plan",
    filing: str = "HM",
    position: str = "P",
    born: str = "19730501",
    member: str = "JS0011",
) -> list[Segment]:
    """Return the loop 2000B of a subscriber who is the patient."""
    return [
        ("HL", str(number), str(parent), "22", "0"),
        ("SBR", position, "18", "G-77", "", "", "", "", "", filing),
        ("NM1", "IL", "1", "SMITH", "JANE", "", "", "", "MI", member),
        ("DMG", "D8", born, "F"),
        ("NM1", "PR", "2", payer, "", "", "", "", "PI", "P1"),
    ]


def claim(number: str, charge: str, *lines: list[Segment]) -> list[Segment]:
    """Return a professional claim of `lines`, see `line`."""
    return [
        ("CLM", number, charge, "", "", ("11", "B", "1"), "Y", "A", "Y", "Y"),
        ("HI", ("ABK", "J020"), ("ABF", "Z1159")),
        *(segment for each in lines for segment in each),
    ]


def line(
    number: int, procedure: str, charge: str, *more: Segment, day: str = "20260304"
) -> list[Segment]:
    """Return a professional line; `more` comes after it (2410, 2420, 2430)."""
    service = ("HC", *procedure.split(":"))
    return [
        ("LX", str(number)),
        ("SV1", service, charge, "UN", "1", "", "", ("1",)),
        ("DTP", "472", "D8", day),
        *more,
    ]


def stay(number: str, charge: str, *lines: list[Segment]) -> list[Segment]:
    """Return an institutional claim of a hospital stay; see `room`."""
    return [
        ("CLM", number, charge, "", "", ("11", "A", "1"), "", "A", "Y", "Y"),
        ("DTP", "434", "RD8", "20260304-20260307"),
        ("DTP", "435", "DT", "202603041200"),
        ("CL1", "1", "7", "01"),
        ("HI", ("ABK", "M1711")),
        ("HI", ("DR", "470")),
        *(segment for each in lines for segment in each),
    ]


def room(number: int, revenue: str, charge: str, *more: Segment) -> list[Segment]:
    """Return an institutional line by its revenue code."""
    return [
        ("LX", str(number)),
        ("SV2", revenue, "", charge, "DA", "3"),
        *more,
    ]


def written(
    segments: Iterable[Segment], kind: str = "837P", style: Style = PLAIN
) -> str:
    """Return an interchange as one text."""
    return "".join(interchange(segments, kind, style))
