"""What is settled of a whole claim before its lines are read: kind, numbers, its id."""

from __future__ import annotations

from whopays.claims.records import FieldProblem, identity
from whopays.claims.x12.claimloop import ClaimLoop
from whopays.claims.x12.sheet import Odd

_KINDS = {"A": "institutional", "B": "professional"}
_READ = frozenset(_KINDS.values())
_REPLACES = frozenset({"7", "8"})  # frequencies of claims that replace or void another


def unreadable(claim: ClaimLoop, odd: Odd) -> tuple[str, str] | None:
    """Return the element at fault and why all of `claim` is unreadable, or None.

    The kind of the claim is settled here: that of its lines, if they agree, else what
    its guide says.
    """
    if claim.doubt:
        return "CLM", claim.doubt
    try:
        identity(claim.id or None)
    except FieldProblem as problem:
        return "CLM01", problem.reason
    kinds = {line.kind for line in claim.lines if line.kind}
    said = claim.kind or _KINDS.get(
        claim.sheet.values.get("facility_qualifier", ""), ""
    )
    if len(kinds) == 1:
        (claim.kind,) = kinds
        if claim.kind != said and said:
            odd(claim.number, "ST03", "is the guide of another kind of claim")
    else:
        claim.kind = said
    if claim.kind and claim.kind not in _READ:
        return "SV3", f"is of a {claim.kind} claim, which is not read"
    return None


def names_original(claim: ClaimLoop, odd: Odd) -> None:
    """Tell where a claim replaces or voids one that it does not name."""
    said = claim.sheet.values
    if said.get("frequency") in _REPLACES and "original_claim" not in said:
        reason = "is missing: the claim replaces or voids one that it does not name"
        odd(claim.number, "REF02 (F8)", reason)


def numbers_of(claim: ClaimLoop, odd: Odd) -> list[str]:
    """Return the numbers of the lines: as sent, if each has one of its own."""
    try:
        found = [identity(line.assigned or None) for line in claim.lines]
    except FieldProblem:
        found = []
    if len(set(found)) == len(claim.lines):
        return found
    odd(claim.number, "LX01", "does not number the lines of the claim: counted anew")
    return [str(at) for at in range(1, len(claim.lines) + 1)]
