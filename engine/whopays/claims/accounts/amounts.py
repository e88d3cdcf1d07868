"""Amounts of an account that can't be: below zero, or said twice.

A claim that takes another back is not calculated: the earlier result is, with its signs
turned. So charges and what a plan says of a line are never below zero. What a plan says
of the claim as a whole may be, where its lines make up for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from whopays.claims.accounts.words import Words
from whopays.model.account import Account
from whopays.model.facts import Kind
from whopays.model.values import Value

_BELOW = "is below zero: an earlier account is taken back with `reverses`"
_IN_ALL = "is below zero with its lines"
_TWICE = "is the sum of what the lines say, and the two would be added up: give it once"


def below_zero(account: Account, words: Words) -> tuple[str, str] | None:
    """Return the field that is below zero and a reason; None if there is none."""
    counted = words.counted
    for where, values in _plain(account):
        for name, value in values.items():
            if name in counted and _amount(value) < 0:
                return f"{where}{name}", _BELOW
    for at, coverage in enumerate(account.coverages):
        for name, value in coverage.amounts.items():
            lines = sum(_amount(line[name]) for line in coverage.lines if name in line)
            if name in counted and _amount(value) + lines < 0:
                return f"coverages[{at}].amounts.{name}", _IN_ALL
    return None


def said_twice(account: Account, words: Words) -> tuple[str, str] | None:
    """Return the amount that repeats the sum of its lines and a reason, or None.

    What a plan says of the claim as a whole stands beside its lines. A clerk who gives
    the total again means no second payment.
    """
    for at, coverage in enumerate(account.coverages):
        for name, value in coverage.amounts.items():
            fact = words.amounts.get(name)
            if fact is None or fact.kind is not Kind.MONEY or not _amount(value):
                continue
            lines = [_amount(line[name]) for line in coverage.lines if name in line]
            if sum(lines) == value:
                return f"coverages[{at}].amounts.{name}", _TWICE
    return None


def _plain(account: Account) -> Iterable[tuple[str, Mapping[str, Value]]]:
    yield "", account.claim
    for at, line in enumerate(account.lines):
        yield f"lines[{at}].", line
    for at, coverage in enumerate(account.coverages):
        yield f"coverages[{at}].balances.", coverage.balances
        # A plan's lines stand as the account's do: they are named by their numbers.
        for number, line in zip(account.numbers, coverage.lines, strict=False):
            yield f"coverages[{at}].lines[line {number}].", line


def _amount(value: Value) -> int | Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return 0
    return value
