"""Methods side by side: what each that fits the place of a plan would come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whopays.coordinate.account import PRIMARY, Coordinator, Payer, Settled
from whopays.model.account import Account
from whopays.model.payments import Method


@dataclass(frozen=True)
class Compared:
    """What one method would come to for a plan, and the account with it."""

    method: Method
    payer: Payer
    settled: Settled


@dataclass(frozen=True)
class Comparison:
    """All methods that fit the place of `payer`, side by side; none for the first plan."""

    payer: Payer
    methods: tuple[Compared, ...]


def compare(
    coordinator: Coordinator, account: Account, plans: Iterable[str] | None = None
) -> tuple[Settled, tuple[Comparison, ...]]:
    """Return the account as it is, and a comparison for each of `plans`.

    None: for each plan behind the first. Nothing is compared where the order is
    undetermined. KeyError if the account has no such plan.
    """
    for plan in plans or ():
        account.coverage(plan)
    settled = coordinator.settle(account)
    found = []
    for payer in settled.payers:
        asked = payer.position != PRIMARY if plans is None else _in(payer, plans)
        if asked:
            found.append(Comparison(payer, _methods(coordinator, settled, payer)))
    return settled, tuple(found)


def _in(payer: Payer, plans: Iterable[str]) -> bool:
    return payer.coverage.plan in plans


def _methods(
    coordinator: Coordinator, settled: Settled, payer: Payer
) -> tuple[Compared, ...]:
    return tuple(
        _compared(coordinator, settled, payer.coverage.plan, method)
        for method in coordinator.methods.values()
        if payer.position in method.positions
    )


def _compared(
    coordinator: Coordinator, settled: Settled, plan: str, method: Method
) -> Compared:
    found = coordinator.with_method(settled, plan, method.id)
    payer = next(p for p in found.payers if p.coverage.plan == plan)
    return Compared(method, payer, found)
