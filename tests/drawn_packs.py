"""Code packs drawn by chance: of codes that lines of a drawn contract may have."""

from __future__ import annotations

from datetime import date
from random import Random

from generate import values_of
from whopays.model.catalog import Period
from whopays.model.codes import system_of
from whopays.model.contract import Contract
from whopays.model.facts import Kind
from whopays.model.validity import CodeDates

_BOUNDS = (
    *(date(2025, 12, 31), date(2026, 1, 15), date(2026, 2, 28)),
    *(date(2026, 3, 31), date(2026, 7, 1)),
)


def _periods(chance: Random) -> tuple[Period, ...]:
    days = sorted(chance.sample(_BOUNDS, chance.randint(1, 4)))
    if chance.random() < 0.2:
        return (Period(date.min),)
    found = [
        Period(first, last) for first, last in zip(days[::2], days[1::2], strict=False)
    ]
    if len(days) % 2:
        found.append(Period(days[-1]))
    if chance.random() < 0.3:
        found[0] = Period(date.min, found[0].last)
    return tuple(found)


def drawn_packs(chance: Random, contract: Contract) -> tuple[CodeDates, ...]:
    """Draw packs of the codes that lines of `contract` may have."""
    listed: dict[str, set[str]] = {}
    for fact in contract.facts.values():
        for value in (
            values_of(fact.name) if fact.kind in {Kind.CODE, Kind.CODES} else ()
        ):
            for code in value if isinstance(value, tuple) else (value,):
                system = system_of(str(code), fact.systems) if code else None
                if system is not None:
                    listed.setdefault(system, set()).add(str(code))
    found = []
    for number in range(chance.randint(1, 3)):
        systems = tuple(chance.sample(sorted(listed), chance.randint(1, 3)))
        codes = [(each, code) for each in systems for code in sorted(listed[each])]
        chosen = chance.sample(codes, chance.randint(0, len(codes)))
        last = chance.choice((None, *_BOUNDS))
        first = chance.choice((date.min, date(2025, 12, 1)))
        found.append(
            CodeDates(
                f"Pack {number}",
                "2026",
                f"{number:064x}",
                systems,
                Period(first, last),
                chance.random() < 0.5,
                {key: _periods(chance) for key in chosen},
            )
        )
    return tuple(found)
