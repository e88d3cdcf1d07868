"""One run of a method on one account of unknowns: what is paid, owed and carried.

As `coordinate/method.py` runs it: the gate, formulas, bounds in the order written, one
rounding to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import z3

from whopays.model.conditions import facts_of
from whopays.model.formulas import Choice, Formula, Read, Result, parts_of
from whopays.model.graphs import in_order
from whopays.model.payments import Method
from whopays.prove.formulas import NO, YES, Amount, Formulas, Truth, least, most
from whopays.prove.symbols import Symbols


@dataclass
class Run:
    """The results of a method, in whole cents, and what makes them so.

    `ceilings` are those that the payment states. `laws` are what holds by definition of
    the unknowns that were made on the way.
    """

    formulas: Formulas
    gate: Truth
    pay: Amount
    ceilings: list[Amount]
    patient: Amount | None
    carries: dict[str, Amount]
    laws: list[Any] = field(default_factory=list)


def run(method: Method, symbols: Symbols) -> Run:
    """Return the run of `method` on `symbols`; `OutsideError` where that can't be."""
    found = Formulas(method, symbols)
    for name in _lets(method):
        found.let(name)
    laws: list[Any] = []
    gate = found.truth(method.when) if method.when is not None else Truth(YES, NO)
    pay, ceilings = Amount(z3.IntVal(0), NO), []
    if method.pay is not None:
        full = _result(found, method.pay, laws)
        pay = Amount(
            z3.If(gate.holds, full.value, 0),
            z3.Or(gate.fails, z3.And(gate.holds, full.known)),
        )
        ceilings = [
            _rounded(found, found.amount(bound.value), laws)
            for bound in method.pay.bounds
            if bound.kind == "above"
        ]
    found.own_paid = pay
    patient = _result(found, method.patient, laws) if method.patient else None
    carries = {each.name: _result(found, each, laws) for each in method.carries}
    return Run(found, gate, pay, ceilings, patient, carries, laws)


def _lets(method: Method) -> list[str]:
    """Return the lets that are used, each after those that it reads: depth costs no stack."""
    edges = {let.name: _reads(let.value) for let in method.lets}
    results = [each for each in (method.pay, method.patient) if each is not None]
    results.extend(method.carries)
    values = [each.value for each in results]
    values.extend(bound.value for each in results for bound in each.bounds)
    first = [name for value in values for name in _reads(value)]
    first.extend(facts_of(method.when) if method.when is not None else ())
    found: dict[str, None] = {}
    for name in first:
        if name in edges:
            found.update(dict.fromkeys(in_order(name, edges, found)))
    return [name for name in found if name in edges]


def _reads(value: Formula | Choice) -> list[str]:
    conditions = value.cases if isinstance(value, Choice) else ()
    asked = [name for _, when in conditions for name in facts_of(when)]
    return [*asked, *(p.name for p in parts_of(value) if isinstance(p, Read))]


def _result(found: Formulas, result: Result, laws: list[Any]) -> Amount:
    amount = found.amount(result.value)
    value, known = amount.value, amount.known
    for bound in result.bounds:
        limit = found.amount(bound.value)
        value = (most if bound.kind == "below" else least)(value, limit.value)
        known = z3.And(known, limit.known)
    return _rounded(found, Amount(value, known), laws)


def _rounded(found: Formulas, amount: Amount, laws: list[Any]) -> Amount:
    """Return `amount` in whole cents, by the rounding of the method.

    Half a cent goes away from zero, or to the even cent.
    """
    exact = amount.value
    if exact.is_int():
        return amount
    if found.method.rounding == "half even":
        cents = z3.FreshInt("cents")
        half = cents + z3.RealVal("1/2")
        tie = z3.Or(exact == half, exact == cents - z3.RealVal("1/2"))
        laws.append(z3.And(exact <= half, exact >= cents - z3.RealVal("1/2")))
        laws.append(z3.Implies(tie, cents % 2 == 0))
        return Amount(cents, amount.known)
    cents = z3.FreshInt("cents")
    half = z3.RealVal("1/2")
    up = z3.And(cents <= exact + half, exact + half < cents + 1)
    down = z3.And(-cents <= half - exact, half - exact < 1 - cents)
    laws.append(z3.If(exact >= 0, up, down))
    return Amount(cents, amount.known)
