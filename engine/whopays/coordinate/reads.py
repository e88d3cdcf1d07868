"""Which facts a method reads, so that nobody looks for the others in an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whopays.coordinate.method import SPREAD_BY
from whopays.model import conditions, formulas
from whopays.model.facts import Fact
from whopays.model.payments import Method


def facts_read(method: Method, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return those of `facts` that `method` reads, in the order of `facts`.

    Among them are those by which an amount of the claim is spread over its lines, and
    the components of shared amounts. A term may read any fact.
    """
    parts = [part for each in _formulas(method) for part in formulas.parts_of(each)]
    if any(isinstance(part, formulas.TermAmount) for part in parts):
        return dict(facts)
    names = {part.name for part in parts if isinstance(part, formulas.Read)}
    names.update(method.spread_by or SPREAD_BY)
    for when in _conditions(method):
        names.update(conditions.facts_of(when))
    names.update(each.name for each in method.carries)
    waiting = list(names)
    while waiting:
        fact = facts.get(waiting.pop())
        more = () if fact is None else (*fact.spread_by, *fact.computed)
        waiting.extend(name for name in more if name not in names)
        names.update(more)
    return {name: fact for name, fact in facts.items() if name in names}


def _formulas(method: Method) -> Iterator[formulas.Formula | formulas.Choice]:
    yield from (let.value for let in method.lets)
    for result in (method.pay, method.patient, *method.carries):
        if result is not None:
            yield result.value
            yield from (bound.value for bound in result.bounds)


def _conditions(method: Method) -> Iterator[conditions.Condition]:
    if method.when is not None:
        yield method.when
    for let in method.lets:
        if isinstance(let.value, formulas.Choice):
            yield from (when for _, when in let.value.cases)
