"""Works out one block of formulas: lets, sums over the claim, choices, results.

A method of coordination and a payment term are such blocks. Each is worked out on one
line, or on the claim; what is missing is named, never taken for zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from whopays.amounts.sight import Sight, amount
from whopays.model import conditions, formulas
from whopays.model.money import rounded
from whopays.model.truth import truth_of
from whopays.model.values import UNKNOWN, Value
from whopays.model.worked import Number, Worked, lacking, work

LINE = "line"
#: Lets that are worked out within each other.
_MOST_NESTED = 20
#: Returns what a term comes to at a place: a line, or the claim (None).
Terms: TypeAlias = Callable[[formulas.TermAmount, int | None], Worked]
#: The same as the value of a fact, as conditions ask for it, and what it lacks.
Facts: TypeAlias = Callable[
    [formulas.TermAmount, int | None], tuple[Value, frozenset[str]]
]


@dataclass(frozen=True)
class Bounded:
    """A bound, what it came to, and whether it changed the result."""

    bound: formulas.Bound
    worked: Worked
    acted: bool


@dataclass(frozen=True)
class Calculated:
    """One result with its working: the formula, the bounds, one rounding to the cent.

    `cents` None: undetermined, for want of `missing`.
    """

    result: formulas.Result
    worked: Worked
    bounds: tuple[Bounded, ...]
    exact: Number | None
    cents: int | None
    missing: frozenset[str]


class _Later(Exception):
    """A let that is to be worked out before the one that is being worked out."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass
class Run:
    """The formulas of one block on the line at the place `at`, or on the claim (None).

    `lets` are its named amounts, `beside` names that the block itself has worked out
    (`own_paid`), `terms` finds the terms that it names, `term_facts` those that stand in
    conditions.
    """

    sight: Sight
    at: int | None
    lets: Mapping[str, formulas.Let]
    beside: dict[str, int | None] = field(default_factory=dict)
    terms: Terms | None = None
    half_even: bool = False
    worked: dict[str, Worked] = field(default_factory=dict)
    nested: int = 0
    term_facts: Facts | None = None

    # Amounts

    def look(
        self, formula: formulas.Read | formulas.TermAmount | formulas.SumOf
    ) -> Worked:
        """Return what a name or a sum over the claim comes to."""
        match formula:
            case formulas.Read(name):
                return self._name(formula, name)
            case formulas.SumOf(part):
                return self._total(formula, part)
            case _ if self.terms is not None:
                return self.terms(formula, self.at)
            case _:
                return lacking(formula, formula.text)

    def _name(self, formula: formulas.Read, name: str) -> Worked:
        if name in self.lets:
            let = self.let(name)
            return Worked(formula, let.value, let.missing)
        if name in self.beside:
            said = self.beside[name]
            return lacking(formula, name) if said is None else Worked(formula, said)
        return self._counted(formula, name, self._value(name))

    def _counted(
        self, formula: formulas.Read | formulas.SumOf, name: str, value: Value
    ) -> Worked:
        found = amount(self.sight.facts.get(name), value)
        return lacking(formula, name) if found is None else Worked(formula, found)

    def let(self, name: str) -> Worked:
        """Return what the `let` comes to; it is worked out once.

        A long chain of lets costs no stack: where they lead too deep, the innermost is
        worked out first.
        """
        if name in self.worked:
            return self.worked[name]
        if self.nested >= _MOST_NESTED:
            raise _Later(name)
        if self.nested:
            return self._work_let(name)
        waiting = [name]
        while waiting:
            try:
                self._work_let(waiting[-1])
            except _Later as later:
                waiting.append(later.name)
            else:
                waiting.pop()
        return self.worked[name]

    def _work_let(self, name: str) -> Worked:
        self.nested += 1
        try:
            value = self.lets[name].value
            inner = (
                self._choice(value)
                if isinstance(value, formulas.Choice)
                else work(value, self.look)
            )
        finally:
            self.nested -= 1
        read = formulas.Read(name)
        found = self.worked[name] = Worked(read, inner.value, inner.missing, (inner,))
        return found

    def _choice(self, choice: formulas.Choice) -> Worked:
        """Take the first case that holds; what comes behind it is not read."""
        for at, (value, when) in enumerate(choice.cases):
            holds = self.truth(when)
            if holds is None:
                return Worked(choice, None, frozenset(self.open_facts(when)))
            if holds:
                return self._taken(choice, value, at)
        return self._taken(choice, choice.otherwise, len(choice.cases))

    def _taken(
        self, choice: formulas.Choice, value: formulas.Formula, at: int
    ) -> Worked:
        found = work(value, self.look)
        blank = [
            Worked(other, None)
            for other in (*(each for each, _ in choice.cases), choice.otherwise)
        ]
        blank[at] = found
        return Worked(choice, found.value, found.missing, tuple(blank), at)

    def _total(self, formula: formulas.SumOf, part: formulas.Formula) -> Worked:
        """Return the claim's sum: sums of sums, and of amounts times a rate, are split."""
        match part:
            case formulas.Read(name) if name in self.lets:
                return self._line_by_line(formula, part)
            case formulas.Read(name):
                return self._counted(formula, name, self.sight.total(name))
            case formulas.Times(formulas.Number() as rate, each):
                found = work(formulas.Times(rate, formulas.SumOf(each)), self.look)
                return Worked(formula, found.value, found.missing, (found,))
            case formulas.Plus(signs, parts):
                sums = tuple(formulas.SumOf(each) for each in parts)
                found = work(formulas.Plus(signs, sums), self.look)
                return Worked(formula, found.value, found.missing, (found,))
            case _:
                return self._line_by_line(formula, part)

    def _line_by_line(self, formula: formulas.SumOf, part: formulas.Formula) -> Worked:
        found = []
        for at in range(len(self.sight.lines)):
            line = replace(self, at=at, worked={}, nested=0)
            found.append(work(part, line.look))
        missing = frozenset[str]().union(*(each.missing for each in found))
        values = [each.value for each in found if each.value is not None]
        whole = sum(values) if len(values) == len(found) else None
        return Worked(formula, whole, missing, tuple(found))

    # Conditions

    def truth(self, when: conditions.Condition) -> bool | None:
        """Tell whether `when` holds; None where that hangs on what is missing."""
        return truth_of(when, self._seen)

    def open_facts(self, when: conditions.Condition) -> list[str]:
        """Return the names without which `when` stays open."""
        found: list[str] = []
        for name in conditions.facts_of(when):
            if self._seen(name) is not UNKNOWN:
                continue
            let = self.worked.get(name)
            lacks = self._term(name)[1] if let is None else let.missing
            found.extend(sorted(lacks) or [name])
        return found

    def _seen(self, name: str) -> Value:
        if name in self.lets:
            value = self.let(name).value
            return UNKNOWN if value is None else value
        if self.term_facts is not None and formulas.term_named(name) is not None:
            return self._term(name)[0]
        return self._value(name)

    def _term(self, name: str) -> tuple[Value, frozenset[str]]:
        """Return the value of the term `name` in a condition, and what it lacks."""
        term = formulas.term_named(name)
        if term is None or self.term_facts is None:
            return UNKNOWN, frozenset()
        return self.term_facts(term, self.at)

    def _value(self, name: str) -> Value:
        if self.at is not None:
            return self.sight.of_line(name, self.at)
        fact = self.sight.facts.get(name)
        if fact is not None and fact.kind.value == "money" and fact.per == LINE:
            return self.sight.total(name)
        return self.sight.of_claim(name)

    # Results

    def result(self, result: formulas.Result) -> Calculated:
        """Return `result`: formula, bounds in the order written, one rounding."""
        worked = work(result.value, self.look)
        missing = worked.missing if worked.value is None else frozenset()
        exact = worked.value
        bounds: list[Bounded] = []
        for bound in result.bounds:
            limit = work(bound.value, self.look)
            if limit.value is None:
                missing |= limit.missing
            before = exact
            if exact is not None and limit.value is not None:
                keep = max if bound.kind == "below" else min
                exact = keep(exact, limit.value)
            bounds.append(Bounded(bound, limit, exact != before))
        if missing:
            return Calculated(result, worked, tuple(bounds), None, None, missing)
        cents = None if exact is None else rounded(exact, half_even=self.half_even)
        return Calculated(result, worked, tuple(bounds), exact, cents, missing)
