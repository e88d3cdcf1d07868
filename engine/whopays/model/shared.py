"""Shared amounts: given by a claim, computed from its components, or both and alike.

`amount allowed per line = …` in a facts block. Where a claim gives the amount and its
components too, they agree to the cent, or neither is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from whopays.model.facts import Fact, as_counted
from whopays.model.formulas import Read, SumOf, TermAmount
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.model.worked import Worked, lacking, work


def shared_names(known: Mapping[str, Fact]) -> tuple[str, ...]:
    """Return the names of the shared amounts."""
    return tuple(name for name, fact in known.items() if fact.formula is not None)


def seen_by_conditions(
    known: Mapping[str, Fact], read: Callable[[str], Value]
) -> dict[str, Value]:
    """Return all facts as conditions see them: absent components and shared amounts."""
    found = {name: as_counted(fact, read(name)) for name, fact in known.items()}
    with_shared(known, found, shared_names(known))
    return found


def with_shared(
    known: Mapping[str, Fact], values: dict[str, Value], names: Iterable[str]
) -> tuple[str, ...]:
    """Put the shared amounts `names` into `values`; return those that disagree.

    One that is given and computed and not the same is unknown: which of the two is
    wrong can't be told.
    """
    given = dict(values)
    apart = []
    for name in names:
        computed = _computed(known, given, name)
        if computed is None:
            continue
        said = given.get(name, UNKNOWN)
        if said in {UNKNOWN, NONE}:
            values[name] = computed
        elif said != computed:
            values[name] = UNKNOWN
            apart.append(name)
    return tuple(apart)


def _computed(
    known: Mapping[str, Fact], given: Mapping[str, Value], name: str
) -> int | None:
    """Return the cents of a shared amount by its formula; None where a part is missing."""
    formula = known[name].formula
    if formula is None or not _has_parts(known, given, name):
        return None

    def look(part: Read | TermAmount | SumOf) -> Worked:
        if not isinstance(part, Read) or part.name not in known:
            return lacking(part, part.text)
        fact = known[part.name]
        said = as_counted(fact, given.get(part.name, UNKNOWN))
        if said in {UNKNOWN, NONE} and fact.formula is not None:
            inner = _computed(known, given, part.name)
            said = UNKNOWN if inner is None else inner
        if isinstance(said, bool) or not isinstance(said, int | Fraction):
            return lacking(part, part.name)
        return Worked(part, said)

    value = work(formula, look).value
    # A rate of an amount can be a fraction of a cent: no claim gives one.
    return int(value) if value is not None and value == int(value) else None


def _has_parts(
    known: Mapping[str, Fact], given: Mapping[str, Value], name: str
) -> bool:
    """Tell at once that a plain component is unknown, as most often all are."""
    return all(
        part in given and given[part] is not UNKNOWN
        for part in known[name].computed
        if part in known and known[part].formula is None
    )
