"""Methods side by side: what each that fits the place of a plan would come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
            found.append(Comparison(payer, _methods(coordinator, account, payer)))
    return settled, tuple(found)


def _in(payer: Payer, plans: Iterable[str]) -> bool:
    return payer.coverage.plan in plans


def _methods(
    coordinator: Coordinator, account: Account, payer: Payer
) -> tuple[Compared, ...]:
    return tuple(
        _compared(coordinator, account, payer.coverage.plan, method)
        for method in coordinator.methods.values()
        if payer.position in method.positions
    )


def _compared(
    coordinator: Coordinator, account: Account, plan: str, method: Method
) -> Compared:
    coverages = tuple(
        replace(each, method=method.id) if each.plan == plan else each
        for each in account.coverages
    )
    settled = coordinator.settle(replace(account, coverages=coverages))
    payer = next(p for p in settled.payers if p.coverage.plan == plan)
    return Compared(method, payer, settled)
