"""What a payer ahead allowed: as it states, or what it paid and left to the patient.

By line where all lines are known, else of the claim as a whole: an amount of the one kind
is never mixed with one of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whopays.coordinate.determined import Determined, allowed
from whopays.coordinate.payments import Payment, given
from whopays.model.account import Coverage

_ALLOWED, _SHARE = "allowed", "patient_share"


@dataclass(frozen=True)
class Allowed:
    """Integer cents of the whole claim, and of each line where they are known by line.

    `determined` is how they were worked out, where the payer does not state them.
    """

    total: int
    lines: tuple[int, ...] = ()
    determined: tuple[Determined, ...] = ()


def allowed_by(coverage: Coverage, payment: Payment, count: int) -> Allowed | None:
    """Return what the plan of `coverage` allowed on a claim of `count` lines; None: unknown.

    It covers its deductible, coinsurance and copay, whoever pays them.
    """
    stated = given(coverage, _ALLOWED, count)
    if stated is not None:
        return Allowed(stated[0], _all(stated[1]))
    shares = given(coverage, _SHARE, count)
    if shares is None or payment.cents is None:
        return None
    name = f"allowed by {coverage.plan}"
    by_line = _all(shares[1])
    paid = _all(payment.lines)
    if not by_line or not paid:
        whole = allowed(name, payment.cents, shares[0])
        return Allowed(whole.cents, (), (whole,))
    parts = tuple(
        allowed(name, cents, share, None if count == 1 else at)
        for at, (cents, share) in enumerate(zip(paid, by_line, strict=True))
    )
    lines = tuple(each.cents for each in parts)
    return Allowed(sum(lines), lines, parts)


def _all(lines: Sequence[int | None]) -> tuple[int, ...]:
    """Return `lines` where each is known, else nothing."""
    known = tuple(each for each in lines if each is not None)
    return known if len(known) == len(lines) else ()
