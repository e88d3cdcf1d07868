"""The facts of lines as the conditions of one contract see them, column by column.

As `Program.facts_of` has it for one line: what counts as zero where there is none, the
shared amounts, and parties of other contracts, which are unknown here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whopays.columns.lines import ABSENT, GIVEN, OPEN, Coded, FactColumn, Numbered
from whopays.model.facts import Fact, as_counted
from whopays.model.shared import with_shared
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.compile import Program


@dataclass(frozen=True)
class Strange:
    """A fact that is a party, and the parties of other contracts that it may name."""

    fact: str
    parties: frozenset[Value]


@dataclass(frozen=True)
class Seen:
    """Columns of facts; `apart` are lines whose divided amount is not that of its parts.

    `strange` says for each fact on which lines it names a party of another contract.
    """

    columns: dict[str, FactColumn]
    apart: NDArray[np.bool_] | None
    strange: dict[str, NDArray[np.bool_]]

    def facts_at(self, place: int) -> dict[str, Value]:
        """Return the facts of the line at `place`."""
        return {name: column.value(place) for name, column in self.columns.items()}


class Sees:
    """Makes of the facts that are read those that a contract sees; `chosen` are set by hand."""

    def __init__(
        self,
        program: Program,
        names: Iterable[str],
        chosen: Mapping[str, Value],
        strange: Iterable[Strange],
    ) -> None:
        self.facts = program.contract.facts
        self.divides = program.contract.divides
        self._chosen = chosen
        self._strange = tuple(strange)
        asked = {*names, self.divides, *(each.fact for each in self._strange)}
        #: Shared amounts that are asked for; each may stand for others.
        self._shared = program.shared if asked & set(program.shared) else ()
        parts = {part for name in self._shared for part in self.facts[name].computed}
        self._names = sorted({*asked, *parts, *self._shared} & set(self.facts))

    def seen(self, given: Mapping[str, FactColumn], count: int) -> Seen:
        """Return the columns of `count` lines as the contract sees them."""
        found: dict[str, FactColumn] = {}
        strange: dict[str, NDArray[np.bool_]] = {}
        for name in self._names:
            if name in self._chosen:
                at = np.zeros(count, np.int32)
                found[name] = Coded(at, [self._chosen[name]])
            elif name in given:
                found[name] = self._counted(self.facts[name], given[name])
        for each in self._strange:
            column = found.get(each.fact)
            if isinstance(column, Coded) and not each.parties.isdisjoint(column.values):
                away = np.array([v in each.parties for v in column.values], np.bool_)
                strange[each.fact] = away[column.at]
                values = [UNKNOWN if v in each.parties else v for v in column.values]
                found[each.fact] = replace(column, values=values)
        apart = self._share(found, count) if self._shared else None
        return Seen(found, apart, strange)

    def _counted(self, fact: Fact, column: FactColumn) -> FactColumn:
        if not fact.none_is_zero:
            return column
        if isinstance(column, Numbered):
            state = np.where(column.state == ABSENT, np.uint8(GIVEN), column.state)
            return replace(column, state=state)
        return replace(column, values=[as_counted(fact, v) for v in column.values])

    def _share(
        self, columns: dict[str, FactColumn], count: int
    ) -> NDArray[np.bool_] | None:
        """Put the shared amounts into `columns`; return where the divided one is apart."""
        places = self._computed(columns, count)
        if not len(places):
            return None
        amounts = {name: _amounts(columns.get(name), count) for name in self._shared}
        apart = np.zeros(count, np.bool_)
        for place in places.tolist():
            values = {name: column.value(place) for name, column in columns.items()}
            apart[place] = self.divides in with_shared(self.facts, values, self._shared)
            for name, (numbers, state) in amounts.items():
                value = values.get(name, UNKNOWN)
                cents = value if isinstance(value, int) else None
                numbers[place] = cents or 0
                missing = ABSENT if value is NONE else OPEN
                state[place] = missing if cents is None else GIVEN
        for name, (numbers, state) in amounts.items():
            columns[name] = Numbered(numbers, state)
        return apart

    def _computed(self, columns: dict[str, FactColumn], count: int) -> Any:
        """Return the lines on which some shared amount has all its plain parts."""
        found = np.zeros(count, np.bool_)
        for name in self._shared:
            plain = [p for p in self.facts[name].computed if p in self.facts]
            plain = [p for p in plain if self.facts[p].formula is None]
            if all(part in columns for part in plain):
                every = np.ones(count, np.bool_)
                for part in plain:
                    every &= ~_is_open(columns[part])
                found |= every
        return np.flatnonzero(found)


def _is_open(column: FactColumn) -> NDArray[np.bool_]:
    if isinstance(column, Numbered):
        return np.equal(column.state, OPEN)
    unknown = np.array([value is UNKNOWN for value in column.values], np.bool_)
    found: NDArray[np.bool_] = unknown[column.at]
    return found


def _amounts(
    column: FactColumn | None, count: int
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the cents and the states of a column of money, to be written into."""
    if isinstance(column, Numbered):
        return column.numbers.copy(), column.state.copy()
    numbers, state = np.zeros(count, np.int64), np.full(count, OPEN, np.uint8)
    if column is not None:
        values = column.values
        cents = [v if isinstance(v, int) else 0 for v in values]
        states = [
            OPEN if v is UNKNOWN else ABSENT if v is NONE else GIVEN for v in values
        ]
        numbers = np.array(cents, np.int64)[column.at]
        state = np.array(states, np.uint8)[column.at]
    return numbers, state


def mixed(columns: Sequence[FactColumn | None], which: NDArray[np.int32]) -> FactColumn:
    """Return the column that has, on each line, what that of its number in `which` has."""
    if all(isinstance(each, Numbered) for each in columns):
        numbers = [each.numbers for each in columns if isinstance(each, Numbered)]
        states = [each.state for each in columns if isinstance(each, Numbered)]
        is_date = any(isinstance(each, Numbered) and each.is_date for each in columns)
        return Numbered(np.choose(which, numbers), np.choose(which, states), is_date)
    values: list[Value] = []
    at = np.zeros(len(which), np.int32)
    for number, column in enumerate(columns):
        lines = np.flatnonzero(which == number)
        own = _coded(column.take(lines) if column is not None else None, len(lines))
        at[lines] = own.at + len(values)
        values.extend(own.values)
    return Coded(at, values)


def _coded(column: FactColumn | None, count: int) -> Coded:
    """Return `column` with its values in a list."""
    if column is None:
        return Coded(np.zeros(count, np.int32), [UNKNOWN])
    if isinstance(column, Coded):
        return column
    values = [column.value(place) for place in range(count)]
    several = list(dict.fromkeys(values))
    places = {value: at for at, value in enumerate(several)}
    return Coded(np.array([places[value] for value in values], np.int32), several)
