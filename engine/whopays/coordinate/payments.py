"""What each payer of an account has paid, posted or expected, told apart from missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from whopays.coordinate.determined import Determined, compromise_share
from whopays.coordinate.paid import Paid
from whopays.model.account import CAPITATED, PAID, Coverage
from whopays.model.values import Value

POSTED, EXPECTED, MISSING = "posted", "expected", "missing"
_CASH = "cash_value"
#: A claim that was compromised for a lump sum, as `compromise_share` takes it.
_SETTLEMENT = (
    "settlement",
    "settlement_costs",
    "settlement_in_full",
    "settlement_medical",
)
#: What the first payer is expected to pay, the better known first.
_ALONE = ("expected", "benefit")


@dataclass(frozen=True)
class Payment:
    """What a payer pays: integer cents of the claim, and of each line where known.

    `basis`: posted, expected or missing. A posted $0.00 is a payment. `is_partial`: it
    has posted on some of the lines, and so what it pays in all is missing. `determined`
    says how it was worked out, where the payer settled a claim for a lump sum.
    """

    basis: str
    cents: int | None
    lines: tuple[int | None, ...]
    is_partial: bool = False
    determined: Determined | None = None

    @property
    def has_lines(self) -> bool:
        """Whether the payment is known line by line."""
        return bool(self.lines) and None not in self.lines


def payment_of(coverage: Coverage, count: int, paid: Paid | None) -> Payment:
    """Return the payment of `coverage` on a claim of `count` lines.

    `paid` is what its method calculated; None for the first payer, which pays what it
    would pay alone. A capitated payer's posted payment is the value of the service: what
    it paid in cash says nothing (NAIC model regulation 120).
    """
    missing = Payment(MISSING, None, (None,) * count)
    if _is_said(coverage, PAID, count):
        capitated = coverage.is_said(CAPITATED)
        posted = given(coverage, _CASH if capitated else PAID, count)
        if posted is None:
            return missing if capitated else replace(missing, is_partial=True)
        return Payment(POSTED, *posted)
    settled = _settlement(coverage)
    if settled is not None:
        one = (settled.cents,) if count == 1 else missing.lines
        return Payment(POSTED, settled.cents, one, determined=settled)
    if paid is not None:
        if paid.cents is None:
            return missing
        return Payment(EXPECTED, paid.cents, paid.lines)
    for word in _ALONE:
        alone = given(coverage, word, count)
        if alone is not None:
            return Payment(EXPECTED, *alone)
    return missing


def _is_said(coverage: Coverage, word: str, count: int) -> bool:
    """Tell whether a coverage says `word` of the claim or of any of its lines."""
    said = [
        coverage.of_claim(word),
        *(coverage.of_line(word, at) for at in range(count)),
    ]
    return any(cents_of(each) is not None for each in said)


def _settlement(coverage: Coverage) -> Determined | None:
    """Return the part of a compromise that is for the medical expenses; None for none."""
    amounts = [cents_of(coverage.of_claim(word)) for word in _SETTLEMENT]
    known = [each for each in amounts if each is not None]
    if len(known) < len(amounts) or known[2] <= 0:
        return None
    settlement, costs, in_full, medical = known
    return compromise_share(settlement, costs, in_full, medical)


def given(
    coverage: Coverage, word: str, count: int
) -> tuple[int, tuple[int | None, ...]] | None:
    """Return what a coverage says of the claim and of its lines.

    The first is the total; the lines are None where they are not all of it. None if it
    says nothing, or of some of the lines alone. A line that it does not cover counts as
    $0.00.
    """
    lines = [cents_of(coverage.of_line(word, at)) for at in range(count)]
    whole = cents_of(coverage.of_claim(word))
    if any(each is not None for each in lines):
        lines = [
            0 if each is None and not coverage.covers(at) else each
            for at, each in enumerate(lines)
        ]
    known = [each for each in lines if each is not None]
    if len(known) == count and count and whole is None:
        return sum(known), tuple(lines)
    if whole is not None and not known:
        one = (whole,) if count == 1 else (None,) * count
        return whole, one
    if whole is not None and len(known) == count:
        # The lines, and a part that belongs to none of them.
        total = whole + sum(known)
        return total, tuple(lines) if whole == 0 else (None,) * count
    return None


def cents_of(value: Value) -> int | None:
    """Return `value` as cents, or None where it is no amount."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return None
