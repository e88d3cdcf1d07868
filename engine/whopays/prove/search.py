"""Asks the prover: a proof with what it assumes, or the amounts of an account.

Amounts are sought that are easy on the eye: tens of dollars before dollars before cents,
a charge of $100.00 or more, and of all those the smallest. So the same account is found
each time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice, product
from typing import Any

import z3

from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.prove.assumed import Usual, needed
from whopays.prove.questions import BILLED, Chosen, Question
from whopays.prove.stands import (
    FIRST_ALLOWED,
    SECOND_ALLOWED,
    SEVERAL,
    Stand,
    of_sums,
    of_two,
)
from whopays.prove.symbols import Symbol, Symbols

#: Values that are tried for numbers by which an amount is multiplied.
_PERCENTS = (Fraction(4, 5), Fraction(1), Fraction(1, 2), Fraction(0))
_SHARES = (Fraction(1, 2), Fraction(1, 3))
_NUMBERS = (Fraction(2), Fraction(1), Fraction(1, 2), Fraction(0))
_MOST_TRIED = 32
_MEGABYTES = 1000  # that the prover may take for a question
_EARLIEST = date(2026, 1, 1).toordinal()
_CHARGE, _SMALL = 10_000, 100_000  # cents
#: The steps of amounts and the highest, in cents, and whether all facts are given.
_TRIES = (
    (1000, _SMALL, True),
    (100, _SMALL, True),
    (1, _SMALL, True),
    (100, 100_000_000, True),
    (1, 10**11, True),
    (100, _SMALL, False),
    (1, 10**11, False),
)


class TooLongError(Exception):
    """The prover did not come to an end within the time that it has."""


@dataclass(frozen=True)
class Found:
    """The facts of an account, or of two, and what the prover says the method pays.

    `allowed` is what each of two payers ahead allowed, where the facts leave that open;
    `pays`, `patients` and `carries` are in cents, one for each account; None where there
    is no such amount.
    """

    facts: tuple[dict[str, Value], ...]
    allowed: tuple[int, ...]
    pays: tuple[int | None, ...]
    patients: tuple[int | None, ...]
    carries: tuple[dict[str, int | None], ...]


class _Clock:
    """The time that is left for a proof, or for the search of an account."""

    def __init__(self, seconds: int) -> None:
        self._ends = time.monotonic_ns() + seconds * 10**9

    def check(self, solver: Any) -> Any:
        """Return the answer of `solver`, unknown where the time was not enough."""
        left = (self._ends - time.monotonic_ns()) // 10**6
        if left <= 0:
            raise TooLongError
        solver.set("timeout", left)
        return solver.check()


def _solver(question: Question) -> Any:
    solver = z3.Solver()
    solver.set("max_memory", _MEGABYTES)
    solver.add(*question.laws, question.broken)
    return solver


@dataclass(frozen=True)
class Prover:
    """Answers questions: `seconds` for a proof, and as long to find an account.

    Both raise `TooLongError` where that is not enough.
    """

    seconds: int

    def proved(self, question: Question, *, usual: bool) -> list[Usual] | None:
        """Return what has to be assumed so that no account breaks the promise.

        None where some account may break it whatever is assumed. `usual`: what is usual
        of amounts may be assumed, else nothing.
        """
        solver, clock = _solver(question), _Clock(self.seconds)
        amounts = [s.value for each in question.symbols for s in _money(each)]
        small = [value <= _SMALL for value in amounts]

        def holds(assumed: list[Usual]) -> bool:
            laws = [each.law for each in assumed]
            # Without a bound the prover may look for whole numbers for a long time.
            if _answer(solver, laws + small, clock) == z3.sat:
                return False
            answer = _answer(solver, laws, clock)
            if answer == z3.unknown:
                raise TooLongError
            return bool(answer == z3.unsat)

        return needed(list(question.usual) if usual else [], holds)

    def found(
        self, ask: Callable[[Chosen], Question], stand: Stand, *, usual: bool
    ) -> Found | None:
        """Return an account that breaks the promise, or two; None if none is found.

        `usual`: only among those whose amounts are as is usual.
        """
        plain, clock = ask(Chosen()), _Clock(self.seconds)
        names = dict.fromkeys(each.name for each in plain.products)
        facts = {name: plain.symbols[0][name].fact for name in names}
        choices = list(islice(_choices(facts), _MOST_TRIED))
        for step, most, given in _TRIES:
            for rates in choices:
                question = ask(Chosen(rates, step))
                smallest = _Smallest(question, clock)
                smallest.limit(stand, usual=usual)
                smallest.round_to(step, most, given=given)
                model = smallest.model()
                if model is not None:
                    return _read(question, model, rates)
        return None


def _answer(solver: Any, laws: list[Any], clock: _Clock) -> Any:
    solver.push()
    solver.add(*laws)
    answer = clock.check(solver)
    solver.pop()
    return answer


def _money(symbols: Mapping[str, Symbol]) -> Iterator[Symbol]:
    return (each for each in symbols.values() if each.fact.kind is Kind.MONEY)


class _Smallest:
    """Finds the smallest account that answers a question, by halving what it may be."""

    def __init__(self, question: Question, clock: _Clock) -> None:
        self.question = question
        self.clock = clock
        self.solver = _solver(question)
        first, *more = question.symbols
        self.symbols = dict(first)
        for each in more:  # what differs in the second account
            changed = {n: s for n, s in each.items() if s is not first.get(n)}
            self.symbols.update((f"{n} then", s) for n, s in changed.items())

    def limit(self, stand: Stand, *, usual: bool) -> None:
        """Keep to accounts that can be built: two payers ahead where there are several."""
        if usual:
            self.solver.add(*(each.law for each in self.question.usual))
        for each in self.question.symbols:
            known = Symbols({}, known=dict(each))
            self.solver.add(*of_sums(known))
            if stand.ahead == SEVERAL:
                charge = each[BILLED].value if usual and BILLED in each else None
                self.solver.add(*of_two(known, charge))

    def round_to(self, step: int, most: int, *, given: bool) -> None:
        """Keep to amounts that are easy to read, and not above `most`."""
        for symbol in self.symbols.values():
            self.solver.add(*_nice(symbol, step, most, given=given))

    def model(self) -> Any:
        """Return the smallest, by the sum of its amounts, then each in turn; or None."""
        if self.clock.check(self.solver) != z3.sat:
            return None
        ordered = [self.symbols[name] for name in sorted(self.symbols)]
        amounts = [each.value for each in ordered if z3.is_int(each.value)]
        lacking = [z3.If(each.given, 0, 1) for each in ordered]
        said = [z3.If(e.value, 1, 0) for e in ordered if z3.is_bool(e.value)]
        for goal in (z3.Sum([*lacking, 0]), z3.Sum([*amounts, 0]), *amounts, *said):
            self._lower(goal)
        answer = self.clock.check(self.solver)
        return self.solver.model() if answer == z3.sat else None

    def _lower(self, goal: Any) -> None:
        """Bring `goal` down as far as it goes, and keep it there."""
        best = self._at_most(None, goal)
        low = 0
        while best is not None and low < best:
            middle = (low + best) // 2
            lower = self._at_most(middle, goal)
            if lower is None:
                low = middle + 1
            else:
                best = lower
        if best is not None:
            self.solver.add(goal == best)

    def _at_most(self, most: int | None, goal: Any) -> int | None:
        self.solver.push()
        if most is not None:
            self.solver.add(goal <= most)
        found = None
        if self.clock.check(self.solver) == z3.sat:
            found = self.solver.model().eval(goal, model_completion=True).as_long()
        self.solver.pop()
        return found


def _choices(facts: Mapping[str, Fact]) -> Iterator[dict[str, Fraction]]:
    tried = [
        _SHARES
        if fact.name == "equal_share"
        else _PERCENTS
        if fact.kind is Kind.PERCENT
        else _NUMBERS
        for fact in facts.values()
    ]
    for values in product(*tried):
        yield dict(zip(facts, values, strict=True))


def _nice(symbol: Symbol, step: int, most: int, *, given: bool) -> Iterator[Any]:
    fact, value = symbol.fact, symbol.value
    if given:
        yield z3.Or(symbol.given, symbol.none)
    if fact.kind is Kind.MONEY:
        yield value <= most
        if fact.name.endswith("_allowed") and step > 1:
            yield value > 0
        if fact.name == BILLED and step > 1:
            yield value >= _CHARGE
    elif fact.kind is Kind.DATE:
        yield value >= _EARLIEST


def _read(question: Question, model: Any, rates: Mapping[str, Fraction]) -> Found:
    facts = tuple(
        {name: _value(symbol, model, rates) for name, symbol in each.items()}
        for each in question.symbols
    )
    allowed = (
        model.eval(z3.Int(name), model_completion=True).as_long()
        for name in (FIRST_ALLOWED, SECOND_ALLOWED)
    )
    runs = question.runs
    return Found(
        facts,
        tuple(allowed),
        tuple(_cents(ran.pay, model) for ran in runs),
        tuple(_cents(ran.patient, model) if ran.patient else None for ran in runs),
        tuple(
            {name: _cents(each, model) for name, each in ran.carries.items()}
            for ran in runs
        ),
    )


def _value(symbol: Symbol, model: Any, rates: Mapping[str, Fraction]) -> Value:
    if z3.is_true(model.eval(symbol.none, model_completion=True)):
        return NONE
    if not z3.is_true(model.eval(symbol.given, model_completion=True)):
        return UNKNOWN
    fact = symbol.fact
    found = model.eval(symbol.value, model_completion=True)
    if fact.kind is Kind.YES_NO:
        return bool(z3.is_true(found))
    if fact.kind is Kind.ONE_OF:
        return str(fact.options[found.as_long()])
    if fact.kind is Kind.DATE:
        return date.fromordinal(found.as_long())
    if fact.kind is Kind.MONEY:
        return int(found.as_long())
    number = rates.get(fact.name, Fraction(str(found)))
    whole = number * 100 if fact.kind is Kind.PERCENT else number
    return int(whole) if whole.denominator == 1 else whole


def _cents(amount: Any, model: Any) -> int | None:
    if not z3.is_true(model.eval(amount.known, model_completion=True)):
        return None
    return int(model.eval(amount.value, model_completion=True).as_long())
