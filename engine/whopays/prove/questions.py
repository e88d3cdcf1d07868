"""A promise of a method as a question: whether some account breaks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import z3

from whopays.model.facts import Fact
from whopays.model.payments import Method
from whopays.prove.assumed import Usual, usual
from whopays.prove.formulas import NO, YES, Product, most, of_parts
from whopays.prove.runs import Run, run
from whopays.prove.stands import NOBODY, Stand, of_stand
from whopays.prove.symbols import Symbol, Symbols, in_type

BILLED, PRIOR, ALLOWED = "billed", "prior_paid", "own_allowed"
#: What changes where more is paid before.
PAID = ("primary_paid", "prior_paid")


@dataclass(frozen=True)
class Question:
    """What holds of all accounts (`laws`), and of those that break the promise.

    `runs` are one, or two where two accounts are compared; `symbols` the facts of each.
    `products` are those that are not linear, `by_line` sums that are exact on one line,
    `opaque` conditions that no account can be made for.
    """

    laws: tuple[Any, ...]
    broken: Any
    usual: tuple[Usual, ...]
    runs: tuple[Run, ...]
    symbols: tuple[dict[str, Symbol], ...]
    products: tuple[Product, ...]
    by_line: tuple[str, ...]
    opaque: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """What is chosen where an account is sought: the numbers that multiply an amount.

    Amounts are multiples of `step` cents.
    """

    rates: Mapping[str, Fraction] = field(default_factory=dict)
    step: int = 1


def not_asked(method: Method, promise: str, facts: Mapping[str, Fact]) -> str:
    """Say why a promise is no question of `method`, or nothing where it is one."""
    if promise == "ceilings" and not _ceilings(method):
        return "it states no ceiling"
    if promise == "balance" and method.patient is None:
        return "it does not say what the patient owes"
    wanted = {
        "own_allowed": (ALLOWED,),
        "charge": (BILLED, PRIOR),
        "balance": (BILLED, PRIOR),
    }
    lacking = [name for name in wanted.get(promise, ()) if name not in facts]
    if lacking:
        return f"its facts have no {' and no '.join(lacking)}"
    return ""


def _ceilings(method: Method) -> bool:
    return method.pay is not None and any(b.kind == "above" for b in method.pay.bounds)


def question(
    method: Method,
    promise: str,
    facts: Mapping[str, Fact],
    stand: Stand,
    chosen: Chosen,
) -> Question:
    """Return the question about the accounts that are left by what is `chosen`."""
    symbols = Symbols(facts, rates=chosen.rates, step=chosen.step)
    first = run(method, symbols)
    if promise == "falling":
        return _falling(method, stand, symbols, first)
    broken = _broken(promise, stand, symbols, first)
    return _asked(stand, (symbols,), (first,), broken, ())


def _broken(promise: str, stand: Stand, symbols: Symbols, ran: Run) -> Any:
    pay = ran.pay.value
    match promise:
        case "floor":
            wrong = pay < 0
        case "ceilings":
            wrong = z3.Or([pay > most(c.value, z3.IntVal(0)) for c in ran.ceilings])
        case "own_allowed":
            allowed = symbols.of(ALLOWED)
            wrong = z3.And(allowed.given, pay > allowed.value)
        case _:
            billed, prior = symbols.of(BILLED), _prior(stand, symbols)
            given = z3.And(billed.given, prior.given)
            wrong = z3.And(given, _of_charge(promise, billed.value, prior.value, ran))
    return z3.And(ran.pay.known, wrong)


@dataclass(frozen=True)
class _Prior:
    value: Any
    given: Any


def _prior(stand: Stand, symbols: Symbols) -> Symbol | _Prior:
    if stand.ahead == NOBODY:
        return _Prior(z3.IntVal(0), YES)
    return symbols.of(PRIOR)


def _of_charge(promise: str, billed: Any, prior: Any, ran: Run) -> Any:
    pay, zero = ran.pay.value, z3.IntVal(0)
    if promise == "charge":
        return pay > most(billed - prior, zero)
    patient = ran.patient
    if patient is None:
        return NO
    write_off = billed - (prior + pay) - patient.value
    refund = most(-write_off, zero)
    balanced = billed + refund == prior + pay + patient.value + most(write_off, zero)
    wrong = [z3.Not(balanced), patient.value < 0]
    below = [z3.And(each.known, each.value < 0) for each in ran.carries.values()]
    return z3.And(patient.known, z3.Or([*wrong, *below]))


def _falling(method: Method, stand: Stand, symbols: Symbols, first: Run) -> Question:
    same = {name: each for name, each in symbols.read().items() if name not in PAID}
    later = Symbols(symbols.facts, " then", same, symbols.rates, symbols.step)
    second = run(method, later)
    before, after = symbols.read(), later.read()
    more = []
    for name in PAID:
        if name in before and name in after:
            one, other = before[name], after[name]
            more.append(z3.And(one.given == other.given, one.value <= other.value))
    known = z3.And(first.pay.known, second.pay.known)
    broken = z3.And(known, second.pay.value > first.pay.value)
    return _asked(stand, (symbols, later), (first, second), broken, tuple(more))


def _asked(
    stand: Stand,
    symbols: tuple[Symbols, ...],
    runs: tuple[Run, ...],
    broken: Any,
    more: tuple[Any, ...],
) -> Question:
    products = tuple(each for ran in runs for each in ran.formulas.products)
    laws = [*more, *of_parts(products)]
    assumed: dict[str, list[Any]] = {}
    for each, ran in zip(symbols, runs, strict=True):
        for symbol in each.read().values():
            laws.extend(in_type(symbol))
        laws.extend(of_stand(stand, each))
        laws.extend(ran.laws)
        for one in usual(stand, each):
            assumed.setdefault(one.text, []).append(one.law)
    return Question(
        tuple(laws),
        broken,
        tuple(Usual(text, z3.And(each)) for text, each in assumed.items()),
        runs,
        tuple({**each.shared, **each.read()} for each in symbols),
        products,
        tuple(dict.fromkeys(t for ran in runs for t in ran.formulas.by_line)),
        tuple(dict.fromkeys(t for ran in runs for t in ran.formulas.opaque)),
    )
