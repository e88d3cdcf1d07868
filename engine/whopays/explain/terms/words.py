"""What a term comes to, in words: the amount, or why there is none, and the formula."""

from __future__ import annotations

from collections.abc import Mapping

from whopays.amounts.units import MONEY, Units
from whopays.explain.filled import equation, filled, shown
from whopays.model.facts import Fact
from whopays.model.money import dollars
from whopays.model.payments import Term
from whopays.terms.answers import (
    AMBIGUOUS,
    AMOUNT,
    NOT_APPLICABLE,
    UNDEFINED,
    UNDETERMINED,
    Answer,
    Read,
    needed,
)
from whopays.terms.definitions import Word
from whopays.terms.rows import ComponentClaim


def units_of(term: Term, facts: Mapping[str, Fact]) -> Units:
    """Return the units of what `term` calculates with."""
    return Units(facts, {let.name: let.unit for let in term.lets})


def place_text(claim: ComponentClaim, at: int | None) -> str:
    """Return where an answer is: `line 2`, or `the claim`."""
    return "the claim" if at is None else claim.rows[at].label


def amount_text(read: Read, units: Units) -> str:
    """Return the amount of a reading: dollars, or a percent; `?` where it is missing."""
    unit = units.of(read.calculated.result.value)
    if unit == MONEY:
        return "?" if read.cents is None else dollars(read.cents)
    # A number without a unit is a rate: that is what a term can be beside an amount.
    return shown(read.calculated.exact, "percent")


def working_text(read: Read, units: Units) -> str:
    """Return the formula and the same with numbers: `plan_paid + withhold = $1.00 + …`.

    A shared amount that it reads is opened into its components behind it.
    """
    worked = read.calculated.worked
    if worked.value is None:
        is_name = {worked.text} == read.calculated.missing
        return "" if is_name else worked.text
    steps = dict.fromkeys((worked.text, filled(worked, units)))
    text = " = ".join(steps)
    for each in read.calculated.bounds:
        if each.acted:
            limit = filled(each.worked, units)
            text += f", not {each.bound.kind} {limit}"
    inner = {
        each.text: f"{each.text} = {equation(each.parts[0], units)}"
        for each in (*read.lets, *read.opening())
    }
    # A term that is nothing but a shared amount is that amount's own equation.
    alone = inner.pop(worked.text, "")
    if alone:
        text = alone + text.removeprefix(" = ".join(steps))
    text = "; ".join((text, *inner.values()))
    if read.is_turned:
        text += ", with the signs of a reversal turned and turned back"
    return text


def answer_text(answer: Answer, facts: Mapping[str, Fact]) -> str:
    """Return what a term comes to at one place, in a word or an amount."""
    if answer.status == AMOUNT and answer.read is not None and answer.term is not None:
        return amount_text(answer.read, units_of(answer.term, facts))
    return answer.status


def reason_text(answer: Answer, word: Word, facts: Mapping[str, Fact]) -> str:
    """Return the formula filled in, or why there is no amount."""
    term, read = answer.term, answer.read
    if answer.status == UNDETERMINED:
        named = [_needed(name, facts) for name in sorted(answer.needs)]
        needs = f"needs {', '.join(named)}" if named else ""
        formula = ""
        if read is not None and term is not None:
            formula = working_text(read, units_of(term, facts))
        return "; ".join(each for each in (needs, answer.why, formula) if each)
    if answer.status in {AMBIGUOUS, UNDEFINED}:
        return answer.why
    if answer.status == NOT_APPLICABLE:
        return answer.why or _whens(word)
    if read is not None and term is not None:
        agreed = " (all readings agree)" if term.ambiguous else ""
        return working_text(read, units_of(term, facts)) + agreed
    return f"when {term.holds.text}" if term is not None and term.holds else ""


def _needed(name: str, facts: Mapping[str, Fact]) -> str:
    """Return a name, and what it can be computed from instead of being given."""
    fact = facts.get(name)
    if fact is None or fact.formula is None:
        return needed(name, facts)
    return f"{name} (or all of {fact.formula.text})"


def _whens(word: Word) -> str:
    """Return when a word that does not apply would do so."""
    found = [term.when.text for term in word.definitions if term.when is not None]
    return f"applies when {'; or when '.join(dict.fromkeys(found))}" if found else ""
