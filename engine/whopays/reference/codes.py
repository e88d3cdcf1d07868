"""Which codes of a line are in force: the definition, by a plain scan of the packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from whopays.model.claim import Line
from whopays.model.codes import SHAPES
from whopays.model.facts import Fact, Kind
from whopays.model.validity import CodeDates
from whopays.model.values import UNKNOWN, Value


def codes_in_force(
    line: Line, facts: Mapping[str, Fact], packs: Iterable[CodeDates]
) -> dict[str, Value]:
    """Return the facts of `line`; one with a code that is not in force is unknown.

    A code is not in force if some pack says so and no pack says that it is. The day is
    that of `service_date`; where nobody gave it, a pack says no of a code that is not in
    force on every day.
    """
    packs = tuple(packs)
    day = line.read("service_date")
    found = dict(line.facts)
    for fact in facts.values():
        if fact.kind not in {Kind.CODE, Kind.CODES}:
            continue
        value = line.read(fact.name)
        codes = value if isinstance(value, tuple) else (value,)
        for code in codes:
            if not isinstance(code, str):
                continue
            system = next((s for s in fact.systems if SHAPES[s].fullmatch(code)), None)
            answers = {_in_force(pack, system, code, day) for pack in packs}
            if False in answers and True not in answers:
                found[fact.name] = UNKNOWN
    return found


def _in_force(
    pack: CodeDates, system: str | None, code: str, day: Value
) -> bool | None:
    """Return what one pack says of a code on a day; None if it says nothing of it."""
    if system not in pack.systems:
        return None
    listed = [
        period
        for (its_system, its_code), periods in pack.periods.items()
        if (its_system, its_code) == (system, code)
        for period in periods
    ]
    if not listed:
        is_edition = not isinstance(day, date) or day in pack.covers
        return False if pack.complete and is_edition else None
    edition_ends = pack.covers.last is not None
    if not isinstance(day, date):
        is_always = any(each.first == date.min and each.last is None for each in listed)
        return (None if edition_ends else True) if is_always else False
    now = [each for each in listed if day in each]
    if not now:
        return False
    is_later = pack.covers.last is not None and day > pack.covers.last
    return None if is_later and now[0].last is None else True
