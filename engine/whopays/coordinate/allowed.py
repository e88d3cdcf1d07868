"""What a payer ahead allowed: as it states, or what it paid and left to the patient.

By line where all lines are known, else of the claim as a whole: an amount of the one kind
is never mixed with one of the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from whopays.coordinate.determined import Determined, allowed
from whopays.coordinate.payments import Payment, cents_of, given
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
    return _by_line(coverage, payment, count) or _of_claim(coverage, payment, count)


def _by_line(coverage: Coverage, payment: Payment, count: int) -> Allowed | None:
    """Return the amounts of the lines, each stated or worked out; None if one is unknown."""
    stated = _lines(coverage, _ALLOWED, count)
    shares = _lines(coverage, _SHARE, count)
    lines = []
    worked_out = []
    for at, (amount, paid, share) in enumerate(
        zip(stated, payment.lines, shares, strict=True)
    ):
        if amount is None and paid is not None and share is not None:
            found = allowed(_name(coverage), paid, share, None if count == 1 else at)
            worked_out.append(found)
            amount = found.cents  # noqa: PLW2901 - stated, or else this
        if amount is None:
            return None
        lines.append(amount)
    return Allowed(sum(lines), tuple(lines), tuple(worked_out)) if lines else None


def _of_claim(coverage: Coverage, payment: Payment, count: int) -> Allowed | None:
    stated = given(coverage, _ALLOWED, count)
    if stated is not None:
        return Allowed(stated[0])
    shares = given(coverage, _SHARE, count)
    if shares is None or payment.cents is None:
        return None
    found = allowed(_name(coverage), payment.cents, shares[0])
    return Allowed(found.cents, (), (found,))


def _lines(coverage: Coverage, word: str, count: int) -> tuple[int | None, ...]:
    """Return what the plan says of each line; of a claim of one line, what it says of both.

    None for each where it has a part that belongs to no line.
    """
    whole = cents_of(coverage.of_claim(word))
    found = given(coverage, word, count)
    if found is not None:
        return found[1]
    said = tuple(cents_of(coverage.of_line(word, at)) for at in range(count))
    return said if not whole else (None,) * count


def _name(coverage: Coverage) -> str:
    return f"allowed by {coverage.plan}"
