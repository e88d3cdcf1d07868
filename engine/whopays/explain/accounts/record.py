"""A settled account as a JSON record; money is integer cents."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from whopays.amounts.formula import Calculated
from whopays.amounts.units import Units
from whopays.coordinate.account import Payer, Settled
from whopays.coordinate.corrected import Change, Reversal
from whopays.coordinate.determined import Determined
from whopays.coordinate.paid import Step
from whopays.explain.accounts.because import pair_tests
from whopays.explain.accounts.sentence import (
    account_sentence,
    change_sentence,
    reversal_sentence,
)
from whopays.explain.filled import filled, shown, units_of, winner
from whopays.model.conditions import value_text
from whopays.model.facts import Fact
from whopays.model.payments import Method, Order
from whopays.model.worked import Worked


def account_record(
    settled: Settled,
    facts: Mapping[str, Fact],
    order: Order | None,
    change: Change | None = None,
) -> dict[str, Any]:
    """Return `settled` as plain data; `change` is against the account it adjusts."""
    found: dict[str, Any] = {
        "account_id": settled.account.id,
        "status": settled.status,
        "sentence": account_sentence(settled),
        "order": order_record(settled, order),
        "payers": [payer_record(each, settled, facts) for each in settled.payers],
        "billed_cents": settled.billed,
        "payments_cents": settled.payments,
        "patient_cents": settled.patient,
        "write_off_cents": settled.write_off,
        "refund_cents": settled.refund,
        "is_expected": settled.is_expected,
        "needs": list(settled.needs),
        "why": settled.why or None,
    }
    if change is not None:
        found["adjusts"] = change.of
        found["change"] = {
            "sentence": change_sentence(change),
            "payers": change.payers,
            **change.amounts,
        }
    return found


def reversed_record(reversal: Reversal) -> dict[str, Any]:
    """Return a reversal as plain data: the amounts with their signs turned."""
    return {
        "account_id": reversal.id,
        "status": "reversal",
        "sentence": reversal_sentence(reversal),
        "reverses": reversal.of,
        "payers": reversal.payers,
        "balances_given_back": reversal.balances,
        **reversal.amounts,
    }


def order_record(settled: Settled, order: Order | None) -> dict[str, Any]:
    """Return the order of the plans as plain data: places, and what decided each pair."""
    rules = {rule.id: rule for rule in order.rules} if order is not None else {}
    pairs = [
        {
            "this": pair.this,
            "other": pair.other,
            "ahead": pair.ahead.plan,
            "rules": [
                {
                    "id": name,
                    "title": rules[name].title,
                    "cites": list(rules[name].cites),
                }
                for name in pair.ahead.rules
                if name in rules
            ],
            "tests": list(pair_tests(pair, settled, order)) if order else [],
            "needs": list(pair.ahead.needs),
        }
        for pair in settled.order.pairs
    ]
    by = f"{order.id} {order.version}" if order is not None else None
    return {
        "by": by,
        "places": [list(each) for each in settled.order.places],
        "aside": [
            plan
            for plan in settled.account.aside
            if settled.order.places and (plan,) not in settled.order.places
        ],
        "pairs": pairs,
        "established": [
            {
                "name": each.name,
                "value": value_text(each.value),
                "how": each.how,
                "cites": list(each.cites),
                "is_believed": each.is_believed,
            }
            for each in settled.established
        ],
    }


def payer_record(
    payer: Payer, settled: Settled, facts: Mapping[str, Fact]
) -> dict[str, Any]:
    """Return what came of one coverage as plain data, with each step of its method."""
    paid = payer.paid
    numbers = settled.account.numbers
    lines = dict(zip(numbers, payer.payment.lines, strict=True))
    found: dict[str, Any] = {
        "plan": payer.coverage.plan,
        "place": payer.place,
        "position": payer.position,
        "basis": payer.payment.basis,
        "payment_cents": payer.payment.cents,
        "payment_cents_by_line": lines,
        "expected_cents": payer.expected,
        "variance_cents": payer.variance,
        **_method(payer.method),
        "status": paid.status if paid is not None else None,
        "because": list(paid.because) if paid is not None else [],
        "patient_cents": paid.patient if paid is not None else None,
        "balances_cents": payer.balances,
        "needs": sorted(paid.missing) if paid is not None else [],
        "problem": payer.problem or None,
        "determined": [_determined(each, numbers) for each in _worked_out(payer)],
        "steps": [],
    }
    if paid is not None:
        units = units_of(paid.method, facts)
        count = range(len(settled.account.lines))
        covered = [numbers[at] for at in count if payer.coverage.covers(at)]
        found["steps"] = [_step(each, units, covered) for each in paid.steps]
    return found


def _worked_out(payer: Payer) -> tuple[Determined, ...]:
    """Return how the amounts were determined that nobody states: paid, and read."""
    own = payer.payment.determined
    read = payer.paid.determined if payer.paid is not None else ()
    return read if own is None else (own, *read)


def _determined(each: Determined, numbers: tuple[str, ...]) -> dict[str, Any]:
    return {
        "name": each.name,
        "line": None if each.line is None else numbers[each.line],
        "how": each.how,
        "filled": each.filled,
        "cents": each.cents,
        "cites": list(each.cites),
    }


def _method(method: Method | None) -> dict[str, Any]:
    if method is None:
        blank = dict.fromkeys(("method", "title", "level", "rounding"))
        return {**blank, "cites": []}
    return {
        "method": method.id,
        "title": method.title,
        "level": method.level,
        "rounding": method.rounding,
        "cites": list(method.cites),
    }


def _step(step: Step, units: Units, covered: list[str]) -> dict[str, Any]:
    results = {"pay": step.pay, "patient_owes": step.patient}
    return {
        "line": None if step.line is None else covered[step.line],
        "gate": step.gate,
        "lets": [
            {"name": let.text, **_worked(let.parts[0], units)} for let in step.lets
        ],
        **{
            name: None if each is None else _result(each, units)
            for name, each in results.items()
        },
        "carry": [
            {"name": each.result.name, **_result(each, units)} for each in step.carries
        ],
    }


def _result(done: Calculated, units: Units) -> dict[str, Any]:
    return {
        **_worked(done.worked, units),
        "bounds": [
            {
                "bound": f"not {each.bound.kind} {each.bound.value.text}",
                "value": shown(each.worked.value, units.of(each.bound.value)),
                "acted": each.acted,
            }
            for each in done.bounds
        ],
        "exact_cents": None if done.exact is None else str(Fraction(done.exact)),
        "cents": done.cents,
        "missing": sorted(done.missing),
    }


def _worked(worked: Worked, units: Units) -> dict[str, Any]:
    return {
        "formula": worked.text,
        "filled": filled(worked, units),
        "value": shown(worked.value, units.of(worked.formula)),
        "won": winner(worked, units) or None,
    }
