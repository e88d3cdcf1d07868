"""What the store keeps, as plain records, and their canonical text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PROFILE, CONTRACT = "profile", "contract"
EDIT, APPROVE, CALCULATE, MANAGE = "edit", "approve", "calculate", "manage"
RIGHTS = (EDIT, APPROVE, CALCULATE, MANAGE)


def canonical(value: Any) -> str:
    """Return plain data as text, always the same for the same data."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(body: bytes) -> str:
    """Return the SHA-256 of `body`, in hex."""
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What was found before something is kept: what was checked, and what differs.

    `difference` says it in words, a line each; empty where only comments or layout do.
    """

    checks: Mapping[str, int] = field(default_factory=dict)
    difference: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """A text that is to be kept, why, and what was found about it.

    `state` is what the store was when it was judged (`Store.state`); None: not compared.
    """

    body: bytes
    why: str
    verdict: Verdict
    state: str | None = None


@dataclass(frozen=True)
class Version:
    """One published version of an item; times are UTC as text."""

    number: int
    digest: str
    who: str
    at: str
    why: str
    approved_by: str | None
    verdict: Verdict

    def record(self) -> dict[str, Any]:
        """Return all of it as plain data: the trail keeps the digest of this."""
        return {
            "number": self.number,
            "digest": self.digest,
            "who": self.who,
            "at": self.at,
            "why": self.why,
            "approved_by": self.approved_by,
            "checks": dict(self.verdict.checks),
            "difference": list(self.verdict.difference),
        }


@dataclass(frozen=True)
class CheckOut:
    """The exclusive right to change one item, until `expires`.

    `base` is the version that the work began from. `draft` is the digest of a text that
    was sent back, which the work goes on from.
    """

    owner: str
    reason: str
    since: str
    expires: str
    base: int
    draft: str | None = None


@dataclass(frozen=True)
class Proposal:
    """A change that waits for a second person."""

    digest: str
    who: str
    at: str
    why: str
    base: int
    verdict: Verdict


@dataclass(frozen=True)
class Item:
    """A profile or a contract as it stands.

    `current` is the number of its published version, 0 where there is none yet.
    `check_out` is told past its end, too: `is_out` says whether it counts. `key` is its row's.
    """

    kind: str
    name: str
    current: int
    digest: str | None = None
    check_out: CheckOut | None = None
    proposal: Proposal | None = None
    key: int = field(default=0, compare=False, repr=False)

    def is_out(self, at: str) -> bool:
        """Tell whether it is checked out at the moment `at`."""
        return self.check_out is not None and self.check_out.expires > at


@dataclass(frozen=True)
class Entry:
    """One entry of the trail: what somebody did, and the digests that chain it."""

    number: int
    at: str
    who: str
    what: str
    item: str | None
    version: int | None
    more: Mapping[str, Any]
    before: str
    digest: str
