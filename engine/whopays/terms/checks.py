"""A check of an identity on a row or a claim: whether it holds, with its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whopays.model.money import dollars


@dataclass(frozen=True)
class Check:
    """One identity at one place.

    `holds` is None where amounts are missing: silence is no proof. `text` has the
    numbers, `difference` in cents where there is one. `is_hard`: an error, not a warning.
    """

    identity: str
    place: str
    holds: bool | None
    text: str = ""
    is_hard: bool = True
    difference: int | None = None


def equal(
    identity: str,
    place: str,
    sides: tuple[str, int | None, str, int | None],
    *,
    is_hard: bool = True,
) -> Check:
    """Return the check that two amounts are the same: (name, cents, name, cents)."""
    left_name, left, right_name, right = sides
    if left is None or right is None:
        return Check(identity, place, None, is_hard=is_hard)
    gap = left - right
    text = (
        f"{left_name} {dollars(left)} is not {right_name} {dollars(right)}: "
        f"they differ by {dollars(abs(gap))}"
    )
    return Check(identity, place, not gap, "" if not gap else text, is_hard, gap)


def at_most(
    identity: str,
    place: str,
    sides: tuple[str, int | None, str, int | None],
    *,
    is_hard: bool = True,
    is_turned: bool = False,
) -> Check:
    """Return the check that the first amount is not more than the second.

    `is_turned`: the amounts are those of a reversal with their signs turned.
    """
    left_name, left, right_name, right = sides
    if left is None or right is None:
        return Check(identity, place, None, is_hard=is_hard)
    gap = left - right
    text = f"{left_name} {dollars(left)} is more than {right_name} {dollars(right)}"
    if is_turned:
        text += " (it is a reversal: its signs are turned here)"
    holds = gap <= 0
    return Check(identity, place, holds, "" if holds else text, is_hard, gap)


def added(parts: Iterable[int | None]) -> int | None:
    """Return the sum of `parts`; None where one is missing."""
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def written(parts: Iterable[tuple[str, int]]) -> str:
    """Return amounts by name as a sum, those of zero left out."""
    shown = [f"{name} {dollars(cents)}" for name, cents in parts if cents]
    return " + ".join(shown) or "nothing"
