"""Methods side by side, as data and as the words of a table: what each pays, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whopays.coordinate.account import Settled
from whopays.coordinate.compared import Compared, Comparison
from whopays.coordinate.paid import Paid
from whopays.explain.accounts.record import order_record, payer_record
from whopays.explain.accounts.tree import payer_lines
from whopays.explain.filled import filled, units_of
from whopays.model.facts import Fact
from whopays.model.money import dollars
from whopays.model.payments import Order


def comparison_record(
    settled: Settled,
    found: Sequence[Comparison],
    facts: Mapping[str, Fact],
    order: Order | None,
) -> dict[str, Any]:
    """Return the methods of each plan as plain data; money is integer cents.

    `why` says why nothing can be compared, and `needs` what would settle that.
    """
    why = settled.why if not settled.payers else None
    plans = [
        {
            "plan": each.payer.coverage.plan,
            "position": each.payer.position,
            "method": each.payer.coverage.method,
            "methods": [_method(one, facts) for one in each.methods],
        }
        for each in found
    ]
    return {
        "account_id": settled.account.id,
        "order": order_record(settled, order),
        "why": why,
        "needs": list(settled.needs) if why else [],
        "plans": plans,
    }


def _method(compared: Compared, facts: Mapping[str, Fact]) -> dict[str, Any]:
    settled = compared.settled
    account = {
        "status": settled.status,
        "patient_cents": settled.patient,
        "write_off_cents": settled.write_off,
        "refund_cents": settled.refund,
    }
    return {**payer_record(compared.payer, settled, facts), "account": account}


@dataclass(frozen=True)
class MethodRow:
    """One method of a comparison in words; `lines` are its steps.

    `pays` and `owes` are `?` or empty where nothing is known or said; `is_own`: the
    account names this method for the plan.
    """

    id: str
    title: str
    is_own: bool
    pays: str
    owes: str
    because: str
    lines: tuple[str, ...]


def method_rows(found: Comparison, facts: Mapping[str, Fact]) -> Iterator[MethodRow]:
    """Yield the methods of `found` as rows of a table, in the order of the rules."""
    for each in found.methods:
        pays, owes, because = _cells(each, facts)
        lines = tuple(payer_lines(each.payer, each.settled, facts))
        own = each.method.id == found.payer.coverage.method
        method = each.method
        yield MethodRow(method.id, method.title, own, pays, owes, because, lines)


def _cells(compared: Compared, facts: Mapping[str, Fact]) -> tuple[str, str, str]:
    paid = compared.payer.paid
    if paid is None:
        return "?", "", compared.payer.problem
    if paid.status == "by_hand":
        return "by hand", "", ""
    owes = _owes(compared, paid)
    if paid.cents is None:
        return "?", owes, f"needs {', '.join(sorted(paid.missing))}"
    if paid.status == "gate":
        when = compared.method.when
        return dollars(paid.cents), owes, f"not so: {when.text}" if when else ""
    return dollars(paid.cents), owes, _because(paid, facts)


def _owes(compared: Compared, paid: Paid) -> str:
    if compared.method.patient is None:
        return "not said"
    return "?" if paid.patient is None else dollars(paid.patient)


def _because(paid: Paid, facts: Mapping[str, Fact]) -> str:
    """Return in short why it is this amount: the bounds that acted, else what won."""
    pays = [step.pay for step in paid.steps if step.pay is not None]
    acted = [
        f"not {bound.bound.kind} {bound.bound.value.text}"
        for pay in pays
        for bound in pay.bounds
        if bound.acted
    ]
    if acted:
        return ", ".join(dict.fromkeys(acted))
    if paid.because:
        return ", ".join(paid.because)
    if len(pays) != 1:
        return ""
    return filled(pays[0].worked, units_of(paid.method, facts))
