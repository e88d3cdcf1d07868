"""What became of every segment: counted by id, so that nothing is passed over unseen."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import Any, Final

USED: Final = "used"
KEPT: Final = "kept"
UNKNOWN_ID: Final = "(unknown)"
NO_ENTITY: Final = "nothing is taken of this entity"
NO_QUALIFIER: Final = "nothing is taken of this qualifier"

_NAMES = "names, addresses and contacts decide nothing"
_TRANSPORT = "supplements for other uses decide nothing"
#: Segments that an 837 may have and that nothing is taken from, and why.
PASSED_BY: Final = MappingProxyType(
    {
        "N2": _NAMES,
        "N3": _NAMES,
        "PER": _NAMES,
        "CUR": "amounts are in dollars",
        "TA1": "acknowledgements are no claims",
        "PWK": "attachments are not read",
        "K3": "free text is not read",
        "NTE": "free text is not read",
        "CR1": _TRANSPORT,
        "CR2": _TRANSPORT,
        "CR3": _TRANSPORT,
        "CR5": _TRANSPORT,
        "CR6": _TRANSPORT,
        "CR7": _TRANSPORT,
        "CR8": _TRANSPORT,
        "CRC": _TRANSPORT,
        "HSD": _TRANSPORT,
        "MEA": _TRANSPORT,
        "QTY": _TRANSPORT,
        "SV4": _TRANSPORT,
        "SV5": _TRANSPORT,
        "SV6": _TRANSPORT,
        "SV7": _TRANSPORT,
        "IMM": _TRANSPORT,
        "PS1": "purchased services decide nothing",
        "LQ": "forms are not read",
        "FRM": "forms are not read",
        "DN1": "dental claims are not read",
        "DN2": "dental claims are not read",
        "TOO": "dental claims are not read",
    }
)


class Account:
    """Counts of segments by id: used, kept for coordination, skipped by reason."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self.segments = 0

    def add(self, segment_id: str, fate: str) -> None:
        """Count one segment; `fate` is USED, KEPT or why it was skipped.

        Ids come from the caller, which gives UNKNOWN_ID for what is no id: the account
        goes into a manifest, and must not repeat what a broken file holds.
        """
        self.segments += 1
        self._counts.setdefault(segment_id, Counter())[fate] += 1

    def record(self) -> dict[str, Any]:
        """Return the account as plain data; all its numbers add up to `segments`."""
        by_id = {}
        for name, counts in sorted(self._counts.items()):
            skipped = {
                reason: count
                for reason, count in sorted(counts.items())
                if reason not in {USED, KEPT}
            }
            by_id[name] = {
                "used": counts[USED],
                "kept": counts[KEPT],
                "skipped": skipped,
            }
        return {"segments": self.segments, "by_id": by_id}
