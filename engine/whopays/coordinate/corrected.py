"""Corrections and reversals: what changes against an earlier result, and what is taken back.

Each plan's balances are given back: what the account used of them, with its sign turned.
"""

from __future__ import annotations

from dataclasses import dataclass

from whopays.coordinate.account import Settled
from whopays.coordinate.payments import cents_of
from whopays.model.values import UNKNOWN

Amounts = dict[str, int | None]
_PAYER = ("payment_cents", "expected_cents")


@dataclass(frozen=True)
class Result:
    """The amounts of a settled account that a later account may change or take back.

    `payers` are by plan, `used` what the account took of each plan's balances: before
    less after. Integer cents, None where an amount is not known.
    """

    id: str
    amounts: Amounts
    payers: dict[str, Amounts]
    used: dict[str, Amounts]


@dataclass(frozen=True)
class Change:
    """What a corrected account changes against the account `of`: after less before."""

    of: str
    amounts: Amounts
    payers: dict[str, Amounts]


@dataclass(frozen=True)
class Reversal:
    """The account `of` taken back: its amounts with their signs turned.

    `balances` are what is given back to the member's balances, by plan.
    """

    id: str
    of: str
    amounts: Amounts
    payers: dict[str, Amounts]
    balances: dict[str, Amounts]


def result_of(settled: Settled) -> Result:
    """Return the amounts of `settled`, without their working."""
    amounts: Amounts = {
        "billed_cents": settled.billed,
        "payments_cents": settled.payments,
        "patient_cents": settled.patient,
        "write_off_cents": settled.write_off,
    }
    payers: dict[str, Amounts] = {}
    used: dict[str, Amounts] = {}
    for payer in settled.payers:
        plan = payer.coverage.plan
        both = (payer.payment.cents, payer.expected)
        payers[plan] = dict(zip(_PAYER, both, strict=True))
        for name, left in payer.balances.items():
            before = cents_of(payer.coverage.balances.get(name, UNKNOWN))
            used.setdefault(plan, {})[name] = _less(before, left)
    return Result(settled.account.id, amounts, payers, used)


def change(before: Result, after: Result) -> Change:
    """Return what `after` changes; a plan that stands in one alone counts as nothing there."""
    plans = sorted({*before.payers, *after.payers})
    nothing: Amounts = dict.fromkeys(_PAYER, 0)
    payers = {
        plan: _change(before.payers.get(plan, nothing), after.payers.get(plan, nothing))
        for plan in plans
    }
    return Change(before.id, _change(before.amounts, after.amounts), payers)


def reversal(before: Result, name: str) -> Reversal:
    """Return the account `name`, which takes `before` back."""
    payers = {plan: _negated(each) for plan, each in before.payers.items()}
    return Reversal(name, before.id, _negated(before.amounts), payers, before.used)


def _change(before: Amounts, after: Amounts) -> Amounts:
    return {name: _less(after.get(name), before.get(name)) for name in after}


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other


def _negated(amounts: Amounts) -> Amounts:
    return {name: None if c is None else -c for name, c in amounts.items()}
