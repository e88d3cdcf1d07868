"""Which facts a method looks for, so that nobody looks for the others in an account."""

from __future__ import annotations

from collections.abc import Mapping

from whopays.coordinate.method import SPREAD_BY
from whopays.model.facts import Fact
from whopays.model.payments import Method


def facts_read(method: Method, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return those of `facts` that `method` looks for, in the order of `facts`.

    Beside those that it mentions: balances that it carries, what amounts of the claim are
    spread over its lines by, and the components of shared amounts. A method that names
    a term looks for all: which definition holds is seen by the claim.
    """
    if method.names_terms:
        return dict(facts)
    names = {*method.reads, *(method.spread_by or SPREAD_BY)}
    names.update(each.name for each in method.carries)
    waiting = list(names)
    while waiting:
        fact = facts.get(waiting.pop())
        more = () if fact is None else (*fact.spread_by, *fact.computed)
        waiting.extend(name for name in more if name not in names)
        names.update(more)
    return {name: fact for name, fact in facts.items() if name in names}
