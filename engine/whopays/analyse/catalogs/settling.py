"""Which single facts would settle where a line stands, read off its completions.

`analyse.changes` decides the line anew for each value that a fact could have. A stay has
thousands of completions, and all that is asked here is known from deciding it once.
"""

from __future__ import annotations

from collections.abc import Mapping

from whopays.analyse.changes.become import Decide, Teller
from whopays.analyse.changes.change import Changed
from whopays.decide.line import Decider
from whopays.decide.views import Partly, Splits
from whopays.model.changes import Changes
from whopays.model.outcome import Leaf
from whopays.model.values import Value
from whopays.program.cells import TooManyValuesError

Choices = dict[tuple[str, ...], list[tuple[Value, ...]]]
_MOST_LEAVES = 20_000


def completions(
    decider: Decider, facts: Mapping[str, Value]
) -> tuple[list[Leaf], Choices]:
    """Return every way to fill in the unknown facts, and the values that were tried.

    A leaf holds the values of each fact as bits, by their places. Nothing is returned
    where there are too many.
    """
    leaves: list[Leaf] = []
    choices: Choices = {}
    waiting: list[dict[tuple[str, ...], int]] = [{}]
    while waiting:
        sets = waiting.pop()
        view = Partly(decider.program, decider.engine, facts, sets, choices)
        try:
            found = decider.followed(view, None)
        except TooManyValuesError:
            return [], {}
        except Splits as split:
            waiting.extend({**sets, split.group: bits} for bits in split.sets)
            continue
        leaves.append((decider.bits(facts, sets), found.outcome))
        if len(leaves) > _MOST_LEAVES:
            return [], {}
    return leaves, choices


def settled_by_one(
    decider: Decider,
    facts: Mapping[str, Value],
    found: tuple[list[Leaf], Choices],
    decide: Decide,
) -> Changes:
    """Return the facts that alone would settle the line, and what they would have to be."""
    leaves, choices = found
    known = decider.program.contract.facts
    teller = Teller([decider], known, facts, decide)
    sets = []
    for group, values in choices.items():
        name = group[0]
        if len(group) > 1 or not any(name in bits for bits, _ in leaves):
            continue
        changes: list[Changed] = [
            ((name, value),)
            for at, (value,) in enumerate(values)
            if _settles(leaves, name, 1 << at)
        ]
        if changes:
            sets.append(teller.told(frozenset({name}), changes))
    sets.sort(key=lambda each: (-len(each.ways), each.facts))
    return Changes("settle it", True, tuple(sets), 1, True, ())


def _settles(leaves: list[Leaf], name: str, bit: int) -> bool:
    """Tell whether all leaves in which the fact has this value say the same."""
    keys = {outcome.key for bits, outcome in leaves if bits.get(name, bit) & bit}
    return len(keys) == 1
