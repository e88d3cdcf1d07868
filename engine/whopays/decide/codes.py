"""Codes that are not in force on the service date: their facts count as unknown.

A code that was retired, or is not valid yet, says nothing that can be relied on. So it
is taken away before anything is decided, and the decision says so. Where no pack is used
nothing here is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from whopays.model.catalog import Period
from whopays.model.claim import Line
from whopays.model.codes import system_of
from whopays.model.facts import Fact, Kind
from whopays.model.validity import (
    EARLY,
    RETIRED,
    UNDATED,
    UNLISTED,
    CodeDates,
    CodeNote,
)
from whopays.model.values import UNKNOWN, Value

#: The fact on whose day a code has to be in force.
DAY = "service_date"
_MOST_REMEMBERED = 100_000
_Said = tuple[str, date | None, str]


@dataclass(frozen=True)
class _Asked:
    name: str
    systems: tuple[str, ...]


class CodeGate:
    """Takes away the codes of lines that `packs` say are not in force."""

    def __init__(self, facts: Mapping[str, Fact], packs: tuple[CodeDates, ...]) -> None:
        self.packs = packs
        self.digests = tuple(sorted({pack.digest for pack in packs}))
        spoken_of = {system for pack in packs for system in pack.systems}
        self._facts = tuple(
            _Asked(fact.name, fact.systems)
            for fact in facts.values()
            if fact.kind in {Kind.CODE, Kind.CODES}
            and spoken_of.intersection(fact.systems)
        )
        self._known: dict[tuple[str, str, date | None], _Said | None] = {}

    @property
    def asked(self) -> tuple[str, ...]:
        """The facts whose codes are asked about, in the order of notes."""
        return tuple(each.name for each in self._facts)

    def passed(self, line: Line) -> tuple[Line, tuple[CodeNote, ...]]:
        """Return `line` with the facts unknown whose codes are not in force, and why."""
        day = line.facts.get(DAY, UNKNOWN)
        on = day if isinstance(day, date) else None
        notes: list[CodeNote] = []
        for fact in self._facts:
            value = line.facts.get(fact.name, UNKNOWN)
            if isinstance(value, str | tuple):
                notes.extend(self._notes(fact, value, on))
        if not notes:
            return line, ()
        gone: dict[str, Value] = {note.fact: UNKNOWN for note in notes}
        return replace(line, facts={**line.facts, **gone}), tuple(notes)

    def _notes(self, fact: _Asked, value: Value, on: date | None) -> Iterator[CodeNote]:
        codes = value if isinstance(value, tuple) else (value,)
        for code in codes:
            system = system_of(str(code), fact.systems)
            if system is None:
                continue
            key = (system, str(code), on)
            if key not in self._known:
                if len(self._known) >= _MOST_REMEMBERED:
                    self._known.clear()
                self._known[key] = against(self.packs, *key)
            said = self._known[key]
            if said is not None:
                standing, bound, pack = said
                yield CodeNote(fact.name, system, key[1], standing, on, bound, pack)


def against(
    packs: tuple[CodeDates, ...], system: str, code: str, day: date | None
) -> _Said | None:
    """Return what is to be said against `code` on `day`; None if nothing is.

    That is its standing, the day that goes with it, and the pack. What one pack has in
    force is in force: the edition of another year may not know it.
    """
    found: _Said | None = None
    for pack in packs:
        if system not in pack.systems:
            continue
        said = _of_pack(pack, (system, code), day)
        if said is _IN_FORCE:
            return None
        if found is None and isinstance(said, tuple):
            found = said
    return found


_IN_FORCE = True


def _of_pack(
    pack: CodeDates, key: tuple[str, str], day: date | None
) -> _Said | bool | None:
    """Return what is against a code, True if it is in force, None if `pack` is silent."""
    periods = pack.periods.get(key)
    if periods is None:
        if not pack.complete or (day is not None and day not in pack.covers):
            return None
        return (UNLISTED if day is not None else UNDATED), None, pack.title
    last = pack.covers.last
    if day is None:
        if periods[0] != Period(date.min):
            return UNDATED, None, pack.title
        return _IN_FORCE if last is None else None
    for at, period in enumerate(periods):
        if day < period.first:
            if at:
                return RETIRED, periods[at - 1].last, pack.title
            return EARLY, period.first, pack.title
        if day in period:
            # An edition can't know what the next one retires.
            beyond = period.last is None and last is not None and day > last
            return None if beyond else _IN_FORCE
    return RETIRED, periods[-1].last, pack.title
