"""Runs a method: lets, gate, what is paid, owed by the patient and carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from whopays.amounts.formula import LINE, Calculated, Run
from whopays.amounts.sight import Sight
from whopays.coordinate.paid import OWN_PAID, Paid, Step
from whopays.coordinate.words import words_for
from whopays.model.conditions import Condition
from whopays.model.formulas import Result
from whopays.model.money import spread
from whopays.model.payments import Method
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.model.worked import Worked
from whopays.terms.evaluate import Evaluation

#: What a payment is spread by where its method does not say.
SPREAD_BY = ("own_allowed", "billed")


def run(method: Method, sight: Sight) -> Paid:
    """Return what `method` pays by what it sees; balances are used line after line."""
    if method.by_hand:
        blank = (None,) * len(sight.lines)
        return Paid(method, "by_hand", None, blank, None, {}, frozenset())
    places: Sequence[int | None] = (
        range(len(sight.lines)) if method.level == LINE else (None,)
    )
    now = replace(sight, balances=dict(sight.balances))
    words = words_for(method, sight)
    steps = tuple(_step(method, now, at, words) for at in places)
    return _paid(method, now, steps)


def _step(
    method: Method, sight: Sight, at: int | None, words: Evaluation | None
) -> Step:
    run_ = Run(
        sight,
        at,
        {let.name: let for let in method.lets},
        {OWN_PAID: None},
        half_even=method.rounding == "half even",
        terms=words.amount if words is not None else None,
        term_facts=words.fact if words is not None else None,
    )
    pay: Calculated | None = None
    when = method.when
    gate = True if when is None else run_.truth(when)
    if method.pay is not None:
        if when is None or gate:
            pay = run_.result(method.pay)
        else:
            pay = _behind(when, method.pay, run_, is_open=gate is None)
        run_.beside[OWN_PAID] = pay.cents
    patient = run_.result(method.patient) if method.patient is not None else None
    carries = tuple(run_.result(each) for each in method.carries)
    for each in carries:
        left = UNKNOWN if each.cents is None else each.cents
        sight.balances[each.result.name] = left
    worked = run_.worked
    lets = tuple(worked[let.name] for let in method.lets if let.name in worked)
    return Step(at, gate, lets, pay, patient, carries)


def _behind(when: Condition, pay: Result, run_: Run, *, is_open: bool) -> Calculated:
    """Return what is paid behind a gate that does not hold: $0.00, or open as it is."""
    missing = frozenset(run_.open_facts(when) if is_open else ())
    zero = None if is_open else 0
    blank = Worked(pay.value, zero, missing)
    return Calculated(pay, blank, (), zero, zero, missing)


def _paid(method: Method, sight: Sight, steps: tuple[Step, ...]) -> Paid:
    pays = [step.pay for step in steps if step.pay is not None]
    cents = [each.cents for each in pays if each.cents is not None]
    whole = sum(cents) if pays and len(cents) == len(pays) else None
    missing = frozenset[str]().union(*(each.missing for each in pays))
    gates = {step.gate for step in steps}
    status = "undetermined" if whole is None else "calculated"
    if gates == {False}:
        status = "gate"
    patients = [step.patient for step in steps if step.patient is not None]
    owed = [each.cents for each in patients if each.cents is not None]
    patient = sum(owed) if patients and len(owed) == len(patients) else None
    lines = (
        tuple(step.pay.cents if step.pay else None for step in steps)
        if method.level == LINE
        else _over_lines(method, sight, whole)
    )
    names = [each.name for each in method.carries]
    balances = {name: _cents(sight.balances.get(name, UNKNOWN)) for name in names}
    return Paid(method, status, whole, lines, patient, balances, missing, steps)


def _over_lines(
    method: Method, sight: Sight, cents: int | None
) -> tuple[int | None, ...]:
    blank = (None,) * len(sight.lines)
    if cents is None:
        return blank
    if len(sight.lines) == 1:
        return (cents,)
    weights = sight.weights(method.spread_by or SPREAD_BY)
    return blank if weights is None else spread(cents, weights)


def _cents(value: Value) -> int | None:
    if value is NONE or isinstance(value, bool | Fraction):
        return None
    return value if isinstance(value, int) else None
