"""Formulas and conditions of a method as the prover takes them.

Each amount is a value and whether it has one: a missing part makes the whole missing, as
for the engine (`model/worked.py`, `coordinate/method.py`). A condition holds, fails, or is
open. Only `lesser`, `greater`, choices and conditions are cases; all else is linear. A
number that is a fact, times an amount, is not: such a product is an unknown of its own, of
which only the little is known that a part of an amount is sure to have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Any

import z3

from whopays.model import conditions, formulas
from whopays.model.facts import Fact, Kind
from whopays.model.payments import Method
from whopays.model.values import Scalar
from whopays.prove.symbols import OutsideError, Symbol, Symbols

YES, NO = z3.BoolVal(val=True), z3.BoolVal(val=False)
OWN_PAID = "own_paid"


@dataclass(frozen=True)
class Amount:
    """A value, and whether there is one."""

    value: Any
    known: Any


@dataclass(frozen=True)
class Truth:
    """Whether a condition is sure to hold, and sure to fail; open if neither."""

    holds: Any
    fails: Any


@dataclass(frozen=True)
class Product:
    """The fact `name`, a number, times an amount: `value` stands for it."""

    text: str
    name: str
    rate: Any
    amount: Any
    value: Any


@dataclass
class Formulas:
    """The formulas of one method on one account.

    `own_paid` is set once it is calculated. `products` are those that are no linear
    amounts, `by_line` the sums that the engine works out line by line: on one line they
    are exact, on several they are not. `opaque` are conditions that are no matter of
    amounts: they may hold or fail, whatever else does.
    """

    method: Method
    symbols: Symbols
    own_paid: Amount | None = None
    products: list[Product] = field(default_factory=list)
    by_line: list[str] = field(default_factory=list)
    opaque: list[str] = field(default_factory=list)
    _lets: dict[str, Amount] = field(default_factory=dict)

    # Amounts

    def amount(self, formula: formulas.Formula | formulas.Choice) -> Amount:
        """Return `formula`; `OutsideError` where the prover can't take it."""
        match formula:
            case formulas.Number(value):
                return Amount(
                    z3.RealVal(str(value)) if _is_part(value) else z3.IntVal(value), YES
                )
            case formulas.Read(name):
                return self._name(name)
            case formulas.SumOf(part):
                return self._sum(formula, part)
            case formulas.Extreme(kind, given, parts):
                return self._extreme(kind, [self.amount(p) for p in parts], given=given)
            case formulas.Plus(signs, parts):
                return self._plus(signs, [self.amount(part) for part in parts])
            case formulas.Times(left, right):
                return self._times(formula, self.amount(left), self.amount(right))
            case formulas.Choice(cases, otherwise):
                return self._choice(cases, otherwise)
            case _:
                raise OutsideError(f"{formula.text} is a term")

    def _name(self, name: str) -> Amount:
        if name in {let.name for let in self.method.lets}:
            return self.let(name)
        if name == OWN_PAID:
            return self.own_paid or Amount(z3.IntVal(0), NO)
        symbol = self.symbols.of(name)
        if symbol.fact.none_is_zero:
            counted = z3.If(symbol.none, 0, symbol.value)
            return Amount(counted, z3.Or(symbol.given, symbol.none))
        return Amount(symbol.value, symbol.given)

    def let(self, name: str) -> Amount:
        """Return the `let` of the name; it is put together once."""
        if name not in self._lets:
            (found,) = (let for let in self.method.lets if let.name == name)
            self._lets[name] = self.amount(found.value)
        return self._lets[name]

    def _sum(self, whole: formulas.SumOf, part: formulas.Formula) -> Amount:
        """Return the claim's sum, split as the engine splits it."""
        match part:
            case formulas.Read(name) if name in {let.name for let in self.method.lets}:
                self.by_line.append(whole.text)
                return self.amount(part)
            case formulas.Read(name):
                fact = self.symbols.facts.get(name)
                if fact is None or fact.kind is not Kind.MONEY:
                    self.by_line.append(whole.text)
                return self.amount(part)
            case formulas.Times(formulas.Number() as rate, each):
                return self.amount(formulas.Times(rate, formulas.SumOf(each)))
            case formulas.Plus(signs, parts):
                return self._plus(
                    signs, [self.amount(formulas.SumOf(each)) for each in parts]
                )
            case _:
                self.by_line.append(whole.text)
                return self.amount(part)

    def _plus(self, signs: Sequence[str], parts: Sequence[Amount]) -> Amount:
        total: Any = z3.IntVal(0)
        for sign, part in zip(signs, parts, strict=True):
            total = total - part.value if sign == "-" else total + part.value
        return Amount(total, _all(part.known for part in parts))

    def _extreme(self, kind: str, parts: Sequence[Amount], *, given: bool) -> Amount:
        if not given:
            value = reduce(
                least if kind == "lesser" else most, (p.value for p in parts)
            )
            return Amount(value, _all(part.known for part in parts))
        found = parts[0]
        for part in parts[1:]:
            better = (least if kind == "lesser" else most)(found.value, part.value)
            one = z3.If(found.known, found.value, part.value)
            both = z3.And(found.known, part.known)
            found = Amount(z3.If(both, better, one), z3.Or(found.known, part.known))
        return found

    def _times(self, whole: formulas.Times, left: Amount, right: Amount) -> Amount:
        known = _all((left.known, right.known))
        if _constant(left.value) or _constant(right.value):
            return Amount(left.value * right.value, known)
        name, rate, amount = self._rate_first(whole, left, right)
        value = z3.Real(f"{whole.text}, {len(self.products)}{self.symbols.suffix}")
        self.products.append(Product(whole.text, name, rate, amount, value))
        return Amount(value, known)

    def _rate_first(
        self, whole: formulas.Times, left: Amount, right: Amount
    ) -> tuple[str, Any, Any]:
        """Return the fact that is a number, and the two sides, the fact's first."""
        for side, rate, other in (
            (whole.left, left, right),
            (whole.right, right, left),
        ):
            if isinstance(side, formulas.Read) and side.name in self.symbols.facts:
                fact = self.symbols.facts[side.name]
                if fact.kind in {Kind.PERCENT, Kind.NUMBER}:
                    return side.name, rate.value, other.value
        raise OutsideError(f"`{whole.text}` multiplies by a number that is calculated")

    def _choice(
        self,
        cases: Sequence[tuple[formulas.Formula, conditions.Condition]],
        otherwise: formulas.Formula,
    ) -> Amount:
        found = self.amount(otherwise)
        for value, when in reversed(cases):
            taken, truth = self.amount(value), self.truth(when)
            known = z3.Or(
                z3.And(truth.holds, taken.known), z3.And(truth.fails, found.known)
            )
            found = Amount(z3.If(truth.holds, taken.value, found.value), known)
        return found

    # Conditions

    def truth(self, when: conditions.Condition) -> Truth:
        """Return when `when` is sure to hold and when it is sure to fail."""
        match when:
            case conditions.Named(_, part):
                return self.truth(part)
            case conditions.Not(part):
                inner = self.truth(part)
                return Truth(inner.fails, inner.holds)
            case conditions.All(parts):
                found = [self.truth(part) for part in parts]
                fails = z3.Or([each.fails for each in found])
                return Truth(_all(each.holds for each in found), fails)
            case conditions.Any_(parts):
                found = [self.truth(part) for part in parts]
                holds = z3.Or([each.holds for each in found])
                return Truth(holds, _all(each.fails for each in found))
            case _:
                return self._atom(when)

    def _atom(self, atom: conditions.Atom) -> Truth:
        """Return an atom: a fact that is none fails it, an unknown one leaves it open."""
        try:
            sides = [self._asked(name) for name in conditions.atom_facts(atom)]
            holds = self._holds(atom, sides)
        except OutsideError:
            self.opaque.append(atom.text)
            told, holds = z3.Bool(f"{atom.text} is told"), z3.Bool(atom.text)
        else:
            told = _all(z3.Or(side.given, side.none) for side in sides)
        return Truth(z3.And(told, holds), z3.And(told, z3.Not(holds)))

    def _holds(self, atom: conditions.Atom, sides: Sequence[Symbol]) -> Any:
        """Return when `atom` holds; `OutsideError` where it is no matter of amounts."""
        given = _all(side.given for side in sides)
        match atom, sides:
            case conditions.IsGiven(), _:
                return given
            case conditions.Is(value=value), [side]:
                return z3.And(given, self._is(side, value, atom))
            case conditions.IsOneOf(values=values), [side]:
                equal = z3.Or([self._is(side, value, atom) for value in values])
                return z3.And(given, equal)
            case conditions.Compares(op=op, value=value), [side]:
                right = self._constant(side, value, atom)
                return z3.And(given, compared(side.as_asked, op, right))
            case conditions.ComparesFacts(op=op, shift=None), [left, right] if (
                op != "in month of"
            ):
                return z3.And(given, compared(left.as_asked, op, right.as_asked))
            case _:
                raise OutsideError(f"`{atom.text}` is no matter of amounts")

    def _asked(self, name: str) -> Symbol:
        """Return the fact of the name, or the `let`, as conditions see it."""
        lets = {let.name: let for let in self.method.lets}
        if name not in lets:
            return self.symbols.of(name)
        amount = self.let(name)
        fact = self.symbols.facts.get(name) or _as_fact(lets[name], self.method)
        return Symbol(fact, amount.value, amount.known, NO)

    def _is(self, side: Symbol, value: Scalar, atom: conditions.Atom) -> Any:
        return side.as_asked == self._constant(side, value, atom)

    def _constant(self, side: Symbol, value: Scalar, atom: conditions.Atom) -> Any:
        fact = side.fact
        if isinstance(value, bool):
            return z3.BoolVal(value)
        if isinstance(value, date):
            return z3.IntVal(value.toordinal())
        if isinstance(value, str) and fact.kind is Kind.ONE_OF:
            return z3.IntVal(fact.options.index(value))
        if isinstance(value, str | tuple):
            raise OutsideError(f"`{atom.text}` is no matter of amounts")
        return z3.RealVal(str(value)) if _is_part(value) else z3.IntVal(value)


def _as_fact(let: formulas.Let, method: Method) -> Fact:
    kind = Kind.MONEY if let.unit == "money" else Kind.NUMBER
    return Fact(let.name, kind, method.span)


def compared(left: Any, op: str, right: Any) -> Any:
    """Return `left op right`."""
    match op:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case _:
            return left == right


def least(one: Any, other: Any) -> Any:
    """Return the lesser of two values, the first of two that are equal."""
    return z3.If(one <= other, one, other)


def most(one: Any, other: Any) -> Any:
    """Return the greater of two values."""
    return z3.If(one >= other, one, other)


def of_parts(products: Iterable[Product]) -> list[Any]:
    """Return what holds of a number times an amount, though it is not linear.

    The number is not below zero (`in_type`). Where it is not above one, the product
    lies between zero and the amount. Of two amounts times the same number, the greater
    gives the greater product, and the products differ by no more than the amounts.
    """
    all_ = list(products)
    found = []
    for each in all_:
        is_part = each.rate <= 1
        up, down = each.amount >= 0, each.amount <= 0
        found.append(z3.Implies(up, each.value >= 0))
        found.append(z3.Implies(down, each.value <= 0))
        found.append(z3.Implies(z3.And(is_part, up), each.value <= each.amount))
        found.append(z3.Implies(z3.And(is_part, down), each.value >= each.amount))
    for at, one in enumerate(all_):
        for other in all_[at + 1 :]:
            same = one.rate == other.rate
            for low, high in ((one, other), (other, one)):
                ordered = z3.And(same, low.amount <= high.amount)
                found.append(z3.Implies(ordered, low.value <= high.value))
                near = high.value - low.value <= high.amount - low.amount
                found.append(z3.Implies(z3.And(ordered, one.rate <= 1), near))
    return found


def _all(parts: Iterable[Any]) -> Any:
    return z3.And(list(parts))


def _is_part(value: Any) -> bool:
    return getattr(value, "denominator", 1) != 1


def _constant(value: Any) -> bool:
    found = z3.simplify(value)
    return bool(z3.is_int_value(found) or z3.is_rational_value(found))
