"""Which items the decision of one line touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from whopays.analyse.coverage.bounds import Bound, bounds
from whopays.analyse.coverage.demands import (
    clause_key,
    known_key,
    signings,
    withdrawal_key,
    withdrawals,
)
from whopays.analyse.coverage.hangs import (
    Facts,
    Followed,
    Hanging,
    TooManyWaysError,
    differ,
)
from whopays.analyse.coverage.items import Key
from whopays.decide.line import Decider, Found
from whopays.decide.views import Fills
from whopays.model.claim import Line
from whopays.model.contract import Amendment, Change, Contract
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import Program, VersionProgram
from whopays.program.piece import Piece
from whopays.program.table import Table

_DAY = timedelta(days=1)


class AsItIs:
    """Looks on, and supposes nothing."""

    def held(
        self, table: Table, cells: tuple[int, ...], held: frozenset[int]
    ) -> frozenset[int]:
        """Return what holds."""
        del table, cells
        return held

    def version(self, version: VersionProgram | None) -> VersionProgram | None:
        """Return the text in force."""
        return version


@dataclass(frozen=True)
class _InForce(AsItIs):
    """Supposes that another text, or none, is in force."""

    instead: VersionProgram | None

    def version(self, version: VersionProgram | None) -> VersionProgram | None:
        del version
        return self.instead


class Touches:
    """Says which items a line touches, decided by one contract with one engine."""

    def __init__(
        self, contract: Contract, engine: Fills, like: Program | None = None
    ) -> None:
        self.contract = contract
        self.engine = engine
        self.program = Program(contract, None, like)
        self._hangings: dict[date | None, Hanging] = {}
        self._bounds: dict[Value, list[Bound]] = {}
        for bound in bounds(self.program):
            self._bounds.setdefault(bound.day, []).append(bound)
        self._signed = frozenset(signings(self.program))
        self._withdrawals = tuple(withdrawals(self.program))
        self._without: dict[tuple[int, date | None], Decider] = {}
        self._answers: dict[Piece, dict[str, Key]] = {}

    def hanging(self, known_on: date | None = None) -> Hanging:
        """Return what decides as known on a day, and says what decisions hang on."""
        if known_on not in self._hangings:
            program = self._program(known_on)
            self._hangings[known_on] = Hanging(Decider(program, self.engine))
        return self._hangings[known_on]

    def _program(self, known_on: date | None) -> Program:
        if known_on is None:
            return self.program
        return Program(self.contract, known_on, self.program)

    def of(
        self, given: Facts, category: str | None = None, known_on: date | None = None
    ) -> frozenset[Key]:
        """Return the keys of the items that the line with the facts `given` touches."""
        hanging = self.hanging(known_on)
        facts = hanging.program.facts_of(Line("test", "1", given))
        try:
            line = hanging.follow(facts, category)
        except TooManyWaysError:
            return frozenset()
        found = {*self._clauses(line), *hanging.conditions(line)}
        if line.found.outcome.answer is not None:
            found.update(key for way in line.ways for key in hanging.targets(way))
        found.update(self._boundaries(hanging, line))
        found.update(self._signings(line, known_on))
        found.update(self._withdrawn(line, known_on))
        return frozenset(found)

    def _clauses(self, line: Followed) -> Iterator[Key]:
        """Yield the keys of the clauses that the decision names as its reasons."""
        outcome = line.found.outcome
        if outcome.answer is None:
            return
        names = {*outcome.clauses, *outcome.moved}
        for way in line.ways:
            if way.version is not None and way.held is not None:
                piece = way.version.piece(way.outcome.landed)
                if piece not in self._answers:
                    self._answers[piece] = {
                        each.id: clause_key(each) for each in piece.clauses
                    }
                keys = self._answers[piece]
                yield from (keys[name] for name in sorted(names) if name in keys)

    def _boundaries(self, hanging: Hanging, line: Followed) -> Iterator[Key]:
        """Yield the keys of the day on which the text changes, where that matters."""
        day = line.facts.get(line.found.date_fact, UNKNOWN)
        if hanging.program is not self.program:
            return  # as known on another day the texts have other bounds
        for bound in self._bounds.get(day, ()):
            if bound.instead is None:
                differs = line.found.outcome.status != "no_contract"
            else:
                found = self._in_force(hanging, line, bound.instead)
                differs = differ(found.outcome, line.found.outcome)
            if differs:
                yield bound.key

    def _in_force(
        self, hanging: Hanging, line: Followed, other: VersionProgram | None
    ) -> Found:
        decider = hanging.decider
        if other is not None and other.program is not hanging.program:
            decider = Decider(other.program, self.engine)
        return decider.watched(line.facts, line.category, _InForce(other))[0]

    def _signings(self, line: Followed, known_on: date | None) -> Iterator[Key]:
        """Yield the keys of the day of signing, where what was signed matters."""
        if known_on is None:
            return
        for day, side, other in (
            (known_on, "first", known_on - _DAY),
            (known_on + _DAY, "before", known_on + _DAY),
        ):
            if day in self._signed and self._differs(self.hanging(other).decider, line):
                yield known_key(day, side)

    def _withdrawn(self, line: Followed, known_on: date | None) -> Iterator[Key]:
        """Yield the keys of the withdrawals without which the decision were another."""
        versions = {way.version for way in line.ways if way.version is not None}
        numbers = {n for each in versions for n in each.version.amendments}
        for at, (amendment, change) in enumerate(self._withdrawals):
            if amendment.number not in numbers:
                continue
            decider = self._kept(at, amendment, change, known_on)
            if self._differs(decider, line):
                yield withdrawal_key(change)

    def _differs(self, decider: Decider, line: Followed) -> bool:
        """Tell whether `decider` decides the line otherwise."""
        found, _ = decider.watched(line.facts, line.category, AsItIs())
        return differ(found.outcome, line.found.outcome)

    def _kept(
        self, at: int, amendment: Amendment, change: Change, known_on: date | None
    ) -> Decider:
        """Return what decides as if `change` had not withdrawn anything."""
        if (at, known_on) not in self._without:
            if known_on is None:
                contract, like = without(self.contract, amendment, change), self.program
            else:
                like = self._kept(at, amendment, change, None).program
                contract = like.contract
            program = Program(contract, known_on, like)
            self._without[at, known_on] = Decider(program, self.engine)
        return self._without[at, known_on]


def without(contract: Contract, amendment: Amendment, change: Change) -> Contract:
    """Return `contract` as if `amendment` did not make `change`."""
    changes = tuple(each for each in amendment.changes if each is not change)
    fewer = replace(amendment, changes=changes)
    amendments = tuple(
        fewer if each is amendment else each for each in contract.amendments
    )
    return replace(contract, amendments=amendments)
