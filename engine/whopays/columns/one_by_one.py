"""Claims in chunks, decided line by line: the slow way to the same columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from whopays.claims import Reject
from whopays.columns.from_decisions import Decided, decided
from whopays.decide.decision import Decision
from whopays.model.claim import Claim
from whopays.model.facts import Fact


@dataclass
class ClaimChunk:
    """Some claims, and the rejects and remarks met up to the end of them."""

    claims: list[Claim] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    remarks: list[Mapping[str, Any]] = field(default_factory=list)
    records: int = 0


def chunks(
    read: Iterable[Claim | Reject],
    remarks: Callable[[], Iterable[Mapping[str, Any]]],
    rows: int,
) -> Iterator[ClaimChunk]:
    """Yield what is read in chunks of `rows` records, or a claim more.

    `remarks` gives those made since it was last asked.
    """
    chunk = ClaimChunk()
    for each in read:
        chunk.remarks.extend(remarks())
        if isinstance(each, Claim):
            chunk.claims.append(each)
            chunk.records += len(each.lines)
        else:
            chunk.rejects.append(each)
            chunk.records += 1
        if chunk.records >= rows:
            yield chunk
            chunk = ClaimChunk()
    chunk.remarks.extend(remarks())
    if chunk.records or chunk.remarks:
        yield chunk


def decide(
    chunk: ClaimChunk,
    by: Callable[[Claim], Iterable[Decision]],
    schema: Any,
    facts: Mapping[str, Fact],
) -> Decided:
    """Return the decisions of the claims of `chunk`, each claim decided by `by`."""
    lines = (
        pair
        for claim in chunk.claims
        for pair in zip(claim.lines, by(claim), strict=True)
    )
    return decided(lines, schema, facts)
