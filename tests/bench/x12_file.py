"""A file of X12 claims of any size, written segment by segment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from x12_writer import Segment, above, claim, interchange, line, provider, subscriber

_EACH_SUBSCRIBER = 5  # claims
_EACH_PROVIDER = 500  # subscribers


def write(path: Path, claims: int) -> int:
    """Write `claims` professional claims of two lines; return how many segments."""
    segments = 0
    with path.open("w", encoding="ascii") as file:
        for text in interchange(_claims(claims)):
            file.write(text)
            segments += 1
    return segments


def _claims(claims: int) -> Iterator[Segment]:
    yield from above()[:4]
    level = billing = 0
    for number in range(claims):
        if number % (_EACH_SUBSCRIBER * _EACH_PROVIDER) == 0:
            level += 1
            billing = level
            yield from provider(billing)
        if number % _EACH_SUBSCRIBER == 0:
            level += 1
            member = f"M{level:08d}"
            yield from subscriber(level, billing, born="19730501", member=member)
        office = line(1, "99213:25", "120.00", day=f"202603{number % 28 + 1:02d}")
        yield from claim(f"C-{number}", "180.00", office, line(2, "87070", "60.00"))
