"""Money is integer cents. This is the only module that divides any.

Reversals are the same amounts with the sign turned, so a split works on the absolute
amount and puts the sign back: a payment and its reversal cancel party by party.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

_MONEY = re.compile(r"-?\d{1,15}(\.\d{1,2})?")


def parse_cents(text: str) -> int:
    """Return the cents of `text` ("1234.5" is 123450); ValueError if it is no amount.

    At most two decimals: a third would have to be rounded, and nobody said how.
    """
    clean = text.strip()
    if not _MONEY.fullmatch(clean):
        raise ValueError("not an amount in dollars and cents")
    sign = -1 if clean.startswith("-") else 1
    whole, _, part = clean.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int(part.ljust(2, "0") or "0"))


def dollars(cents: int) -> str:
    """Return `cents` as the language writes money: `-$1,234.56`."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{part:02d}"


def split(cents: int, shares: Sequence[Fraction]) -> tuple[int, ...]:
    """Split `cents` by `shares`, which add up to 1, so that the parts add up to it.

    Largest remainder over the absolute amount, ties to the earlier share, then the
    sign: `split(-101, (1/2, 1/2)) == (-51, -50)`.
    """
    if len(shares) == 1:
        return (cents,)
    size = abs(cents)
    # By whole numbers over one denominator: it is asked of millions of lines.
    whole = lcm(*(share.denominator for share in shares))
    exact = [
        divmod(size * s.numerator * (whole // s.denominator), whole) for s in shares
    ]
    parts = [part for part, _ in exact]
    by_remainder = sorted(range(len(parts)), key=lambda at: (-exact[at][1], at))
    for at in by_remainder[: size - sum(parts)]:
        parts[at] += 1
    return tuple(-part for part in parts) if cents < 0 else tuple(parts)


def spread(cents: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """Split `cents` in proportion to `weights`: none negative, and not all zero."""
    if len(weights) == 1:
        return (cents,)
    total = sum(weights)
    size = abs(cents)
    exact = [divmod(size * weight, total) for weight in weights]
    parts = [int(whole) for whole, _ in exact]
    by_remainder = sorted(range(len(parts)), key=lambda at: (-exact[at][1], at))
    for at in by_remainder[: size - sum(parts)]:
        parts[at] += 1
    return tuple(-part for part in parts) if cents < 0 else tuple(parts)


def rounded(amount: int | Fraction, *, half_even: bool = False) -> int:
    """Return `amount` in whole cents; a half cent goes away from zero, or to the even."""
    if isinstance(amount, int):
        return amount
    if half_even:
        return round(amount)
    cents = int(abs(amount) + Fraction(1, 2))
    return -cents if amount < 0 else cents
