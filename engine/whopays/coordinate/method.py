"""Runs a method: lets, gate, what is paid, owed by the patient and carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from whopays.coordinate.sight import Sight, amount
from whopays.decide.truth import truth_of
from whopays.model import conditions, formulas
from whopays.model.money import rounded, spread
from whopays.model.payments import Method
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.model.worked import Number, Worked, lacking, work

OWN_PAID = "own_paid"
LINE = "line"
#: What a payment is spread by where its method does not say.
_SPREAD_BY = ("own_allowed", "billed")


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


@dataclass(frozen=True)
class Step:
    """One run of the formulas: of a line, or of the claim (`line` None).

    `gate`: whether the method's `when` held, None where that is open. `lets` are those
    that were asked for, in the order written.
    """

    line: int | None
    gate: bool | None
    lets: tuple[Worked, ...]
    pay: Calculated | None
    patient: Calculated | None
    carries: tuple[Calculated, ...]


@dataclass(frozen=True)
class Paid:
    """What came of a method.

    `status`: calculated, gate (it pays $0.00), by_hand or undetermined. `cents` is what
    the plan pays, `lines` the same by line (None where it can't be divided), `patient`
    what the patient owes (None: the method does not say, or it is missing something).
    `balances` are what is left. `missing` are the names to be given.
    """

    method: Method
    status: str
    cents: int | None
    lines: tuple[int | None, ...]
    patient: int | None
    balances: dict[str, int | None]
    missing: frozenset[str]
    steps: tuple[Step, ...] = field(default=(), repr=False)

    @property
    def because(self) -> tuple[str, ...]:
        """The names of the amounts that won in `pay`, each once."""
        won = [
            name
            for step in self.steps
            if step.pay is not None and step.gate
            for name in _won(step)
        ]
        return tuple(dict.fromkeys(won))


def _won(step: Step) -> tuple[str, ...]:
    """Return the winners of `pay`, and of the lets by which they won."""
    if step.pay is None:
        return ()
    found = list(step.pay.worked.winners)
    by_name = {each.text: each for each in step.lets}
    for name in found:
        if name in by_name:
            found.extend(n for n in by_name[name].winners if n not in found)
    return tuple(found)


def run(method: Method, sight: Sight) -> Paid:
    """Return what `method` pays by what it sees; balances are used line after line."""
    if method.by_hand:
        blank = (None,) * len(sight.lines)
        return Paid(method, "by_hand", None, blank, None, {}, frozenset())
    places: Sequence[int | None] = (
        range(len(sight.lines)) if method.level == LINE else (None,)
    )
    now = replace(sight, balances=dict(sight.balances))
    steps = tuple(_step(method, now, at) for at in places)
    return _paid(method, now, steps)


def _step(method: Method, sight: Sight, at: int | None) -> Step:
    run_ = _Run(method, sight, at)
    gate = run_.truth(method.when) if method.when is not None else True
    pay = run_.result(method.pay, gate) if method.pay is not None else None
    if pay is not None:
        run_.own_paid = pay.cents
    patient = run_.result(method.patient) if method.patient is not None else None
    carries = tuple(run_.result(each) for each in method.carries)
    for each in carries:
        left = UNKNOWN if each.cents is None else each.cents
        sight.balances[each.result.name] = left
    lets = tuple(run_.lets[let.name] for let in method.lets if let.name in run_.lets)
    return Step(at, gate, lets, pay, patient, carries)


class _Run:
    """The formulas of a method on one line, or on the claim."""

    def __init__(self, method: Method, sight: Sight, at: int | None) -> None:
        self.sight = sight
        self.at = at
        self.half_even = method.rounding == "half even"
        self.lets: dict[str, Worked] = {}
        self.own_paid: int | None = None
        self._formulas = {let.name: let for let in method.lets}
        self._gate = method.when

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
            case _:
                return lacking(formula, formula.text)

    def _name(self, formula: formulas.Read, name: str) -> Worked:
        if name in self._formulas:
            let = self.let(name)
            return Worked(formula, let.value, let.missing)
        if name == OWN_PAID:
            if self.own_paid is None:
                return lacking(formula, OWN_PAID)
            return Worked(formula, self.own_paid)
        return self._counted(formula, name, self._value(name))

    def _counted(
        self, formula: formulas.Read | formulas.SumOf, name: str, value: Value
    ) -> Worked:
        found = amount(self.sight.facts.get(name), value)
        return lacking(formula, name) if found is None else Worked(formula, found)

    def let(self, name: str) -> Worked:
        """Return what the `let` comes to; it is worked out once."""
        found = self.lets.get(name)
        if found is None:
            value = self._formulas[name].value
            read = formulas.Read(name)
            inner = (
                self._choice(value)
                if isinstance(value, formulas.Choice)
                else work(value, self.look)
            )
            found = Worked(read, inner.value, inner.missing, (inner,))
            self.lets[name] = found
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
            case formulas.Read(name) if name in self._formulas:
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
            line = _Run.__new__(_Run)
            line.__dict__.update(self.__dict__, at=at, lets={})
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
            let = self.lets.get(name)
            found.extend(sorted(let.missing) if let is not None else [name])
        return found

    def _seen(self, name: str) -> Value:
        if name in self._formulas:
            value = self.let(name).value
            return UNKNOWN if value is None else value
        return self._value(name)

    def _value(self, name: str) -> Value:
        if self.at is not None:
            return self.sight.of_line(name, self.at)
        fact = self.sight.facts.get(name)
        if fact is not None and fact.kind.value == "money" and fact.per == LINE:
            return self.sight.total(name)
        return self.sight.of_claim(name)

    # Results

    def result(self, result: formulas.Result, gate: bool | None = True) -> Calculated:
        """Return `result`: formula, bounds in the order written, one rounding."""
        if not gate:
            missing = frozenset(
                self.open_facts(self._gate) if gate is None and self._gate else ()
            )
            zero = None if gate is None else 0
            blank = Worked(result.value, zero, missing)
            return Calculated(result, blank, (), zero, zero, missing)
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
    weights = sight.weights(method.spread_by or _SPREAD_BY)
    return blank if weights is None else spread(cents, weights)


def _cents(value: Value) -> int | None:
    if value is NONE or isinstance(value, bool | Fraction):
        return None
    return value if isinstance(value, int) else None
