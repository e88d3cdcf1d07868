"""By when claims go to another or are paid, and the interest on what is late.

What is to be done is a matter of the way; by when, of a date of the line. Interest is
worked out line by line, for it hangs on the lines of the claim that stand together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whopays.columns.answers import Grown, Texts, text_column, validity
from whopays.columns.from_decisions import json_text
from whopays.columns.interned import Interned
from whopays.columns.own import Gone, days_of, occurring
from whopays.columns.told import FIRST_DAY
from whopays.decide.deadline import Due, Late, Owed, late, owed
from whopays.decide.decision import Decision
from whopays.explain.duties import told_clock, told_route
from whopays.model.clocks import PAID_ON, Clock
from whopays.model.duty import NOTHING, Duty
from whopays.model.values import UNKNOWN, Value
from whopays.model.workdays import last_day
from whopays.program.compile import Program

Days = NDArray[np.int64]
_BEARS = {"decided": True, "not_covered": False}
_SOME_DAY = date(2000, 1, 1)  # stands for one that is known, and is not told


@dataclass(frozen=True)
class _Said:
    """A duty of a way: what `Duty` leaves out when it compares goes with it."""

    contract: int
    duty: Duty
    clause: str


@dataclass(frozen=True)
class _Owes:
    """What interest hangs on, beside the line's own: who bears, and what is not given."""

    bears: bool | None
    needs: tuple[str, ...]


class Deadlines:
    """Keeps the duties of ways, and makes columns of them."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._programs = programs
        self._said: dict[str, list[_Said]] = {"route": [], "clock": []}
        self._numbers: dict[str, Interned[Any]] = {
            "route": Interned(),
            "clock": Interned(),
        }
        self._of_way = {"route": Grown(), "clock": Grown()}
        self._owes: Interned[_Owes] = Interned()
        self._owes_of_way = Grown()
        self._texts = {"route": Texts(), "clock": Texts()}
        self._known: dict[tuple[str, int, int], int] = {}

    @staticmethod
    def names(program: Program) -> Iterator[str]:
        """Yield the facts that deadlines and interest hang on."""
        for version in program.versions:
            text = version.text
            yield from (clause.days.fact for clause in (*text.routes, *text.clocks))
            for clock in text.clocks:
                yield PAID_ON
                if clock.interest is not None:
                    yield from (
                        r.amount
                        for r in clock.interest.rates
                        if isinstance(r.amount, str)
                    )
                    if clock.interest.on:
                        yield clock.interest.on

    def add(self, decision: Decision, contract: int) -> None:
        """Keep what is to be done on the way of `decision`."""
        for part in ("route", "clock"):
            duty = NOTHING
            if decision.duties is not None:
                duty = decision.route.duty if part == "route" else decision.clock.duty
            clause = duty.clause.id if duty.clause is not None else ""
            # Clauses with one id differ from version to version.
            key = (contract, duty, clause, id(duty.clause))
            number = self._numbers[part].place(key)
            if number == len(self._said[part]):
                self._said[part].append(_Said(contract, duty, clause))
            self._of_way[part].append(number)
        owes = _Owes(_BEARS.get(decision.status), decision.needs)
        self._owes_of_way.append(self._owes.place(owes))

    def columns(self, gone: Gone, claims: Days) -> dict[str, Any]:
        """Return the columns by name; `claims` numbers the claims that lines stand in."""
        found: dict[str, Any] = {}
        by = {part: self._by(part, gone) for part in ("route", "clock")}
        cents, given, lates = self._interest(gone, by["clock"], claims)
        found["route"] = self._told("route", gone, by["route"], {})
        found["clock"] = self._told("clock", gone, by["clock"], lates)
        found["route_by"] = _dates(by["route"])
        found["pay_by"] = _dates(by["clock"])
        found["interest_cents"] = _cents(cents, given)
        return found

    def _by(self, part: str, gone: Gone) -> Days:
        """Return the last day of each line, 0 where none is known."""
        found = np.zeros(len(gone.ways), np.int64)
        said = self._of_way[part].all[gone.ways]
        for number in np.unique(self._of_way[part].all[gone.used]).tolist():
            each = self._said[part][number]
            clause = each.duty.clause
            if each.duty.state != "due" or clause is None:
                continue
            days = days_of(gone.columns.get(clause.days.fact))
            if days is None:
                continue
            lines = np.flatnonzero(said == number)
            own, at = np.unique(days[lines], return_inverse=True)
            last = [self._last(part, number, day) for day in own.tolist()]
            found[lines] = np.array(last, np.int64)[at]
        return found

    def _last(self, part: str, number: int, day: int) -> int:
        if not day:
            return 0
        key = part, number, day
        if key not in self._known:
            each = self._said[part][number]
            calendar = self._programs[each.contract].contract.calendar
            clause = each.duty.clause
            start = date.fromordinal(day)
            last = (
                last_day(clause.days, start, calendar) if clause is not None else None
            )
            self._known[key] = last.toordinal() if last is not None else 0
        return self._known[key]

    def _told(self, part: str, gone: Gone, by: Days, lates: dict[int, Late]) -> Any:
        """Return the column of documents, without the days that stand beside them."""
        texts = self._texts[part]
        numbers = [
            texts.place(self._text(part, Due(each.duty, day), None))
            for each in self._said[part]
            for day in (None, _SOME_DAY)
        ]
        at = self._of_way[part].all[gone.ways] * np.int32(2) + (by > 0)
        of_line = np.array(numbers, np.int32)[at]
        for line, interest in lates.items():
            each = self._said[part][int(at[line]) // 2]
            due = Due(each.duty, _SOME_DAY)
            of_line[line] = texts.place(self._text(part, due, interest))
        used = np.flatnonzero(occurring(of_line, int(of_line.max(initial=0)) + 1))
        every = np.arange(int(of_line.max(initial=0)) + 1, dtype=np.int32)
        return text_column(texts, every, of_line, used.astype(np.int32))

    @staticmethod
    def _text(part: str, due: Due, interest: Late | None) -> str | None:
        if due.duty.state == "none":
            return None
        told = told_route(due) if part == "route" else told_clock(due, interest)
        del told["by"]
        if told.get("interest"):
            told["interest"] = {
                k: v for k, v in told["interest"].items() if k != "cents"
            }
        return json_text(told)

    def _interest(
        self, gone: Gone, by: Days, claims: Days
    ) -> tuple[Days, NDArray[np.bool_], dict[int, Late]]:
        """Return cents, where there are any, and all that is told of interest, by line."""
        cents = np.zeros(len(by), np.int64)
        given = np.zeros(len(by), np.bool_)
        found: dict[int, Late] = {}
        bearing = [
            isinstance(each.duty.clause, Clock)
            and each.duty.clause.interest is not None
            for each in self._said["clock"]
        ]
        said = self._of_way["clock"].all[gone.ways]
        lines = np.flatnonzero(np.array(bearing, np.bool_)[said] & (by > 0))
        groups: dict[tuple[object, ...], list[tuple[int, Owed]]] = {}
        for line in lines.tolist():
            each = self._said["clock"][int(said[line])]
            facts = _facts(gone, line)
            owes = self._owes.things[int(self._owes_of_way.all[gone.ways[line]])]
            due = Due(each.duty, date.fromordinal(int(by[line])))
            divides = self._programs[each.contract].contract.divides
            own = owed(due, facts, divides, owes.bears, owes.needs)
            if own is not None:
                key = int(claims[line]), each.contract, own.clock.id, own.by, own.paid
                groups.setdefault(key, []).append((line, own))
        for group in groups.values():
            facts = _facts(gone, group[0][0])
            for (line, _), each_ in zip(
                group, late([own for _, own in group], facts), strict=True
            ):
                found[line] = each_
                given[line] = each_.cents is not None
                cents[line] = each_.cents or 0
        return cents, given, found


def _facts(gone: Gone, line: int) -> dict[str, Value]:
    return {
        name: column.value(line) if column is not None else UNKNOWN
        for name, column in gone.columns.items()
    }


def _dates(days: Days) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    data = np.where(days > 0, days - FIRST_DAY, 0).astype(np.int32)
    valid = validity(days > 0)
    return pa.Array.from_buffers(pa.date32(), len(data), [valid, pa.py_buffer(data)])


def _cents(cents: Days, given: NDArray[np.bool_]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    buffers = [validity(given), pa.py_buffer(cents)]
    return pa.Array.from_buffers(pa.int64(), len(cents), buffers)
