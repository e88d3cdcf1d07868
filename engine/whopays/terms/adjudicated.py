"""Rows that say they were adjudicated: what they do not give of a charge is $0.00.

It is one thing whether a document is silent, has a null, or a table an empty cell: none
of them gives a component. Where the row says `adjudicated`, it is $0.00, and written so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from whopays.model.values import UNKNOWN, Value
from whopays.terms.rows import ADJUDICATED, COMPONENTS, OF_WHICH, ComponentClaim


def known(claim: ComponentClaim, given: Mapping[str, Value]) -> ComponentClaim:
    """Return `claim` with the facts `given` where a row does not say them itself.

    What is `adjudicated` has a component of $0.00 for each that it does not give.
    """
    rows = tuple(replace(row, facts=_completed(row.facts, given)) for row in claim.rows)
    return replace(claim, rows=rows)


def _completed(
    facts: Mapping[str, Value], given: Mapping[str, Value]
) -> dict[str, Value]:
    found = dict(facts)
    for name, value in given.items():
        if found.get(name, UNKNOWN) is UNKNOWN:
            found[name] = value
    if found.get(ADJUDICATED) is True:
        for name in (*COMPONENTS, *OF_WHICH):
            if found.get(name, UNKNOWN) is UNKNOWN:
                found[name] = 0
    return found
