"""Evaluates terms on a claim: the definition that holds, its amount, its readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from whopays.amounts.formula import Calculated, Run
from whopays.amounts.units import Units
from whopays.model import formulas
from whopays.model.payments import Term
from whopays.model.values import UNKNOWN, Value
from whopays.model.worked import Worked, lacking
from whopays.terms.answers import (
    AMBIGUOUS,
    AMOUNT,
    BESIDE,
    NO,
    NOT_APPLICABLE,
    UNDEFINED,
    UNDETERMINED,
    YES,
    Answer,
    Read,
    value_of,
)
from whopays.terms.definitions import Found, Word, holding, levels_of
from whopays.terms.opened import opened
from whopays.terms.rows import CLAIM, LINE
from whopays.terms.seen import Seen

_MIXED = (
    "lines and reversed lines stand in one claim: give `reversal` on its lines so that "
    "all agree, or take the reversed lines as a claim of their own"
)
_IS = "is"
#: Terms that are worked out within each other.
_MOST_NESTED = 3


class _Later(Exception):
    """A term that is to be worked out before the one that is being worked out."""

    def __init__(self, formula: formulas.TermAmount, at: int | None) -> None:
        super().__init__(formula.text)
        self.formula = formula
        self.at = at


@dataclass
class Evaluation:
    """The words of `words` on one claim; `day` stands in place of the service date."""

    words: Mapping[tuple[str, str], Word]
    seen: Seen
    day: date | None = None
    _amounts: dict[tuple[str, str, int | None], Worked] = field(default_factory=dict)
    _nested: int = 0

    def answers(self, word: Word) -> tuple[Answer, ...]:
        """Return what `word` comes to: one answer a place where it says anything."""
        found = list(self._answers(word))
        told = [each for each in found if each.status != NOT_APPLICABLE]
        return tuple(told or found[:1])

    def _answers(self, word: Word) -> Iterator[Answer]:
        rows = range(len(self.seen.by_row.lines))
        levels = frozenset[str]().union(*map(levels_of, word.definitions))
        alone = len(rows) == 1 and len(levels) > 1
        for at in rows:
            if alone:
                yield self.at(word, at, "")
            elif LINE in levels:
                yield self.at(word, at, LINE)
        if CLAIM in levels and not alone:
            yield self.at(word, None, CLAIM)

    def at(self, word: Word, at: int | None, level: str) -> Answer:
        """Return what `word` comes to at the place `at`, by definitions of `level`."""
        run = self._run(at, {})
        found = holding(word, run, level, self.day)
        if found.term is None:
            return self._without(found, at)
        return self._answer(found.term, at, level)

    @staticmethod
    def _without(found: Found, at: int | None) -> Answer:
        if found.needs:
            return Answer(UNDETERMINED, at, None, needs=found.needs)
        if found.why.startswith("two"):
            return Answer(AMBIGUOUS, at, None, why=found.why)
        return Answer(NOT_APPLICABLE, at, None, why=found.why)

    # One definition at one place

    def _answer(self, term: Term, at: int | None, level: str) -> Answer:
        readings = tuple(
            self._read(term, each.name, each.value, at)
            for each in term.readings
            if not level or each.value.level == level
        )
        if term.undefined:
            return Answer(UNDEFINED, at, term, None, readings, why=term.undefined)
        if term.holds is not None:
            return self._yes_or_no(term, at, readings)
        if term.ambiguous:
            return self._ambiguous(term, at, readings)
        if term.value is None or (level and term.level != level):
            return Answer(BESIDE, at, term, None, readings)
        read = self._read(term, _IS, term.value, at)
        missing = read.calculated.missing
        status = UNDETERMINED if missing else AMOUNT
        why = _MIXED if self._is_mixed(term, term.value, at) else ""
        return Answer(status, at, term, read, readings, missing, why)

    def _yes_or_no(
        self, term: Term, at: int | None, readings: tuple[Read, ...]
    ) -> Answer:
        run = self._run(at, _lets(term))
        holds = None if term.holds is None else run.truth(term.holds)
        if holds is None and term.holds is not None:
            needs = frozenset(run.open_facts(term.holds))
            return Answer(UNDETERMINED, at, term, None, readings, needs)
        return Answer(YES if holds else NO, at, term, None, readings)

    def _ambiguous(
        self, term: Term, at: int | None, readings: tuple[Read, ...]
    ) -> Answer:
        """Return the amount on which all readings agree, if they can be compared."""
        missing = frozenset[str]().union(
            *(each.calculated.missing for each in readings)
        )
        all_here = len(readings) == len(term.readings)
        found = [r.calculated.exact if r.cents is None else r.cents for r in readings]
        amounts = {each for each in found if each is not None}
        if len(amounts) > 1 or not all_here:
            return Answer(AMBIGUOUS, at, term, None, readings, why=term.ambiguous)
        if missing:
            return Answer(
                UNDETERMINED, at, term, None, readings, missing, term.ambiguous
            )
        return Answer(AMOUNT, at, term, readings[0], readings)

    def _read(
        self, term: Term, name: str, value: formulas.Result, at: int | None
    ) -> Read:
        """Return what `value` comes to: of the claim where it is per claim."""
        place = None if value.level == CLAIM else at
        if self._is_mixed(term, value, at):
            open_ = lacking(value.value, "reversal")
            blank = Calculated(value, open_, (), None, None, open_.missing)
            return Read(name, value.level, blank)
        run = self._run(place, _lets(term))
        calculated = run.result(value)
        lets = tuple(
            run.worked[let.name] for let in term.lets if let.name in run.worked
        )
        unit, is_turned = self._unit(term, value), self._is_turned(place)
        opening = partial(opened, run, value)
        return Read(name, value.level, calculated, unit, is_turned, lets, opening)

    def _unit(self, term: Term, value: formulas.Result) -> str:
        units = {let.name: let.unit for let in term.lets}
        return Units(self.seen.by_row.facts, units).of(value.value)

    def _is_mixed(self, term: Term, value: formulas.Result, at: int | None) -> bool:
        """Tell whether signs can't be turned: some lines are reversed, and it compares."""
        of_claim = value.level == CLAIM or at is None
        return of_claim and self.seen.is_mixed and _compares(term, value)

    def _is_turned(self, at: int | None) -> bool:
        return self.seen.is_turned if at is None else self.seen.turned[at]

    # Runs, and terms that stand in formulas of others

    def _run(self, at: int | None, lets: Mapping[str, formulas.Let]) -> Run:
        sight = self.seen.as_whole if at is None else self.seen.by_row
        return Run(sight, at, lets, terms=self.amount)

    def amount(self, formula: formulas.TermAmount, at: int | None) -> Worked:
        """Return a term that stands in a formula: worked out once, and at no great depth."""
        key = (formula.name, formula.source, at)
        if key in self._amounts:
            return self._amounts[key]
        if self._nested >= _MOST_NESTED:
            raise _Later(formula, at)
        if self._nested:
            return self._work_term(formula, at)
        waiting = [(formula, at)]
        while waiting:
            try:
                self._work_term(*waiting[-1])
            except _Later as later:
                waiting.append((later.formula, later.at))
            else:
                waiting.pop()
        return self._amounts[key]

    def fact(
        self, term: formulas.TermAmount, at: int | None
    ) -> tuple[Value, frozenset[str]]:
        """Return `term` at a place as a condition asks for it, and what it lacks."""
        word = self.words.get((term.name, term.source))
        if word is None:
            return UNKNOWN, frozenset((term.text,))
        answer = self.at(word, at, CLAIM if at is None else LINE)
        return value_of(answer), answer.needs

    def _work_term(self, formula: formulas.TermAmount, at: int | None) -> Worked:
        self._nested += 1
        try:
            found = self._amount(formula, at)
        finally:
            self._nested -= 1
        self._amounts[formula.name, formula.source, at] = found
        return found

    def _amount(self, formula: formulas.TermAmount, at: int | None) -> Worked:
        word = self.words.get((formula.name, formula.source))
        if word is None:
            return lacking(formula, formula.text)
        answer = self.at(word, at, CLAIM if at is None else LINE)
        if answer.status == UNDETERMINED and answer.needs:
            return lacking(formula, *answer.needs)
        read = answer.read
        if answer.status != AMOUNT or read is None or read.calculated.exact is None:
            return lacking(formula, formula.text)
        exact = read.calculated.exact
        return Worked(formula, exact, parts=(read.calculated.worked,))


def _lets(term: Term) -> dict[str, formulas.Let]:
    return {let.name: let for let in term.lets}


def _compares(term: Term, value: formulas.Result) -> bool:
    """Tell whether `value` is more than a sum, so that signs matter."""
    if value.bounds:
        return True
    lets = _lets(term)
    waiting: list[formulas.Formula | formulas.Choice] = [value.value]
    done: set[str] = set()
    while waiting:
        match waiting.pop():
            case formulas.Choice() | formulas.Extreme() | formulas.TermAmount():
                return True
            case formulas.SumOf(part):
                waiting.append(part)
            case formulas.Times(left, right):
                waiting.extend((left, right))
            case formulas.Plus(parts=parts):
                waiting.extend(parts)
            case formulas.Read(name) if name in lets and name not in done:
                done.add(name)
                waiting.append(lets[name].value)
            case _:
                pass
    return False
