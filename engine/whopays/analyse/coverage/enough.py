"""Few facts that make conditions what they are, whatever the other facts may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from whopays.model import conditions as model
from whopays.program.table import evaluate


def enough(
    conditions: Iterable[model.Condition],
    truth: Mapping[model.Atom, bool],
    known: set[str],
) -> set[str]:
    """Return `known` with facts that keep each of `conditions` as it is under `truth`."""
    found = set(known)
    for each in conditions:
        found |= _kept(each, truth, found, wanted=evaluate(each, truth))
    return found


def _kept(
    condition: model.Condition,
    truth: Mapping[model.Atom, bool],
    known: set[str],
    *,
    wanted: bool,
) -> set[str]:
    """Return facts that keep `condition` at `wanted`, of which as many are `known`."""
    match condition:
        case model.Named(_, part):
            return _kept(part, truth, known, wanted=wanted)
        case model.Not(part):
            return _kept(part, truth, known, wanted=not wanted)
        case model.All(parts) | model.Any_(parts):
            each = [
                _kept(part, truth, known, wanted=wanted)
                for part in parts
                if evaluate(part, truth) is wanted
            ]
            if isinstance(condition, model.All) is wanted:
                return set[str]().union(*each)
            return min(each, key=lambda facts: len(facts - known))
        case _:
            return set(model.atom_facts(condition))
