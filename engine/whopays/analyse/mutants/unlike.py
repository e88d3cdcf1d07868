"""Whether a mutant decides any claim otherwise: a claim that shows it, or that none can.

All entries of the pieces that changed are compared. Where none differs, the mutant is
the same contract in other words; where some do, a claim is built and decided by both.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from whopays.analyse.coverage.demands import Mark, atoms_of, mark
from whopays.analyse.coverage.hangs import seen_by_tests
from whopays.analyse.coverage.touches import AsItIs
from whopays.analyse.mutants.mutants import Mutant
from whopays.analyse.witnesses.apart import apart, categories_apart, claims_apart
from whopays.analyse.witnesses.builds import Builder
from whopays.analyse.witnesses.drafts import AS_IT_IS, Draft, Drafts, Tweak
from whopays.analyse.witnesses.landings import Landings
from whopays.checks.entries import TooManyEntriesError
from whopays.decide.line import Decider
from whopays.model.claim import Line
from whopays.model.contract import Row
from whopays.program.compile import Program, VersionProgram
from whopays.program.piece import Piece
from whopays.resolve.tests import complete

_DAY = timedelta(days=1)
_TRIES = 40


def marks_of(version: VersionProgram, piece: Piece) -> frozenset[Mark]:
    """Return the places of the clauses of `piece`, and of the grids of its rows."""
    found = {mark(clause.span) for clause in piece.clauses}
    for name in {clause.grid for clause in piece.clauses if isinstance(clause, Row)}:
        grid = version.text.grid(name)
        if grid is not None:
            found.add(mark(grid.span))
    return frozenset(found)


class Unlike:
    """Finds claims that a mutant decides otherwise than the true contract."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.base = builder.program
        self.engine = builder.touches.engine

    def claim(self, mutant: Mutant) -> Draft | bool:
        """Return a claim that `mutant` decides otherwise.

        False if no entry differs; True if some do, and no claim was found for them.
        """
        program = mutant.program(self.base)
        tried = False
        try:
            for draft in islice(self._drafts(mutant, program), _TRIES):
                tried = True
                if self._differs(mutant, draft):
                    return self._slim(mutant, draft)
        except TooManyEntriesError:
            return True
        return tried

    def _slim(self, mutant: Mutant, draft: Draft) -> Draft:
        """Return `draft` without the facts that it can do without."""
        wanted = self._told(mutant, draft)
        for name in draft.given:
            fewer = {n: value for n, value in draft.given.items() if n != name}
            tried = replace(draft, given=fewer)
            if self._told(mutant, tried) == wanted:
                draft = tried
        return draft

    def _differs(self, mutant: Mutant, draft: Draft) -> bool:
        true, other = self._told(mutant, draft)
        return true != other

    def _told(self, mutant: Mutant, draft: Draft) -> tuple[Hashable, Hashable]:
        """Return what a test sees of `draft`, by the true contract and the mutant."""
        true = self.builder.touches.hanging(draft.known_on).program
        facts = complete(self.builder.contract, dict(draft.given))
        told: list[Hashable] = []
        for program in (true, mutant.program(true)):
            read = program.facts_of(Line("test", "1", facts))
            decider = Decider(program, self.engine)
            found, _ = decider.watched(read, draft.category, AsItIs())
            told.append(seen_by_tests(found.outcome))
        return told[0], told[1]

    def _drafts(self, mutant: Mutant, program: Program) -> Iterator[Draft]:
        if mutant.edit is not None:
            yield from self._of_pieces(mutant, program)
        elif mutant.kind == "signing":
            yield from self._of_signing(mutant)
        elif (
            program.versions
            and mutant.contract.decide_by is self.base.contract.decide_by
        ):
            yield from self._of_days(program)
        else:
            yield from self._of_lines(mutant)

    def _of_pieces(self, mutant: Mutant, program: Program) -> Iterator[Draft]:
        """Yield claims in the entries of pieces that have the changed clause."""
        seen: set[int] = set()
        for one, other in zip(self.base.versions, program.versions, strict=True):
            if one.version is other.version:
                continue
            for category in categories_apart(one, other):
                piece = one.piece(category)
                if id(piece) in seen:
                    continue
                seen.add(id(piece))
                if mutant.place in marks_of(one, piece):
                    for ground, bits in apart(one, other, category, None):
                        drafts = self.builder.drafts.on(ground, bits, AS_IT_IS)
                        yield from islice(drafts, _TRIES // 4)

    def _of_days(self, program: Program) -> Iterator[Draft]:
        """Yield claims of days on which another text is in force."""
        days: set[date] = set()
        for each in (*self.base.versions, *program.versions):
            period = each.version.period
            days |= {period.first - _DAY, period.first}
            if period.last is not None and period.last < date.max:
                days |= {period.last, period.last + _DAY}
        for day in sorted(days):
            one, other = self.base.version_on(day), program.version_on(day)
            if one is not None and (other is None or one.version != other.version):
                yield from self._some(one, other, Tweak(day=day))
            elif one is None and other is not None:
                drafts = Drafts(Landings(program))
                claims = claims_apart(drafts, other, None, Tweak(day=day))
                yield from islice(claims, _TRIES // 4)

    def _of_signing(self, mutant: Mutant) -> Iterator[Draft]:
        """Yield claims as known on days on which a signing makes the difference."""
        days: set[date] = set()
        for old, new in zip(
            *(
                (each.signed, *(amendment.signed for amendment in each.amendments))
                for each in (self.base.contract, mutant.contract)
            ),
            strict=True,
        ):
            if old is not None and new is not None and old != new:
                days |= {old, new}
        for known_on in sorted(days):
            true = self.builder.touches.hanging(known_on).program
            program = mutant.program(true)
            if not true.versions:
                yield from self._only_other(program, known_on)
            for one in true.versions:
                first = one.version.period.first
                other = program.version_on(first)
                if other is None or one.version.amendments != other.version.amendments:
                    tweak = Tweak(day=first, known_on=known_on)
                    yield from self._some(one, other, tweak)

    def _only_other(self, program: Program, known_on: date) -> Iterator[Draft]:
        """Yield claims of a contract that is known to the mutant alone."""
        drafts = Drafts(Landings(program))
        for one in program.versions[:1]:
            tweak = Tweak(day=one.version.period.first, known_on=known_on)
            yield from islice(claims_apart(drafts, one, None, tweak), _TRIES // 4)

    def _of_lines(self, mutant: Mutant) -> Iterator[Draft]:
        """Yield claims on which a `decide by` may hang."""
        for by in self.base.contract.decide_by:
            if mark(by.span) == mutant.place and by.when is not None:
                for atom in atoms_of(by.when):
                    claims = self.builder.upstream.claims(
                        mutant.place, atom, (True, False), AS_IT_IS
                    )
                    yield from islice(claims, _TRIES // 2)

    def _some(
        self, one: VersionProgram, other: VersionProgram | None, tweak: Tweak
    ) -> Iterator[Draft]:
        claims = claims_apart(self.builder.drafts, one, other, tweak)
        yield from islice(claims, _TRIES // 4)
