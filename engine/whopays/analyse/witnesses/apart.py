"""Where two texts decide differently: entries in which one answers other than the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from whopays.analyse.coverage.demands import clauses_of
from whopays.analyse.coverage.hangs import seen_by_tests
from whopays.analyse.witnesses.drafts import Draft, Drafts, Tweak
from whopays.analyse.witnesses.grounds import Ground, grouped, landing
from whopays.analyse.witnesses.thin import thinned
from whopays.checks.entries import Entries, TooManyEntriesError
from whopays.checks.landed import governed, landed
from whopays.decide.settle import settle
from whopays.model import conditions as model
from whopays.model.contract import ExceptionClause, Row, Treat
from whopays.model.values import Value
from whopays.program.compile import VersionProgram
from whopays.program.piece import Clause, Piece
from whopays.program.table import Table

_MOST = 500_000


def claims_apart(
    drafts: Drafts, one: VersionProgram, other: VersionProgram | None, tweak: Tweak
) -> Iterator[Draft]:
    """Yield claims that `one` may decide other than `other`; None is no text.

    Raise `TooManyEntriesError` in the end if not all entries were looked at.
    """
    left: TooManyEntriesError | None = None
    for category in categories_apart(one, other):
        try:
            for ground, bits in apart(one, other, category, tweak.day):
                yield from drafts.on(ground, bits, tweak)
        except TooManyEntriesError as error:
            left = error
    if left is not None:
        raise left


def categories_apart(
    one: VersionProgram, other: VersionProgram | None
) -> Iterator[str | None]:
    """Yield the categories of which clauses differ, those named by them first."""
    answered = one.answered | (other.answered if other else frozenset())
    named = _changed(one, other) if other else set[str]()
    yield from sorted(each for each in named if each in answered)
    yield None
    yield from sorted(answered - named)


def _changed(one: VersionProgram, other: VersionProgram) -> set[str]:
    """Return the categories that clauses of only one of the two name."""
    left, right = ({id(c): c for c in clauses_of(each)} for each in (one, other))
    found: set[str] = set()
    for at, clause in (*left.items(), *right.items()):
        if at not in left or at not in right:
            found.update(_names(clause))
    return found


def _names(clause: Clause) -> Iterator[str]:
    if isinstance(clause, Row) and clause.category is not None:
        yield clause.category
    elif isinstance(clause, Treat):
        yield from (clause.source, clause.target)
    elif isinstance(clause, ExceptionClause):
        yield from (each.category for each in clause.targets if each.category)


def apart(
    one: VersionProgram,
    other: VersionProgram | None,
    category: str | None,
    day: date | None,
) -> Iterator[tuple[Ground, int]]:
    """Yield entries of lines landed on `category` that the two texts decide differently.

    Where `other` has no answer for the category, it is taken as if it had: the claim
    still has to be decided by both. Raise `TooManyEntriesError` in the end if not all
    entries were looked at.
    """
    piece = one.piece(category)
    theirs = other.piece(category) if other is not None else None
    if theirs is not None and alike(piece, theirs):
        return
    here = landing(one, piece) if day is None else _on_day(one, piece, day)
    sides = _Sides(one, piece, other, theirs)
    try:
        yield from _differing(sides, here, {})
    except TooManyEntriesError:
        few, base = sides.thinned()
        yield from _differing(few, here, base)
        raise


@dataclass(frozen=True)
class _Sides:
    """The pieces of one category in two texts; None is no text."""

    one: VersionProgram
    piece: Piece
    other: VersionProgram | None
    theirs: Piece | None

    def thinned(self) -> tuple[_Sides, dict[str, Value]]:
        """Return the pieces with the clauses that differ, and facts that silence others."""
        if self.other is None or self.theirs is None:
            few, base = thinned(self.one, self.piece, []) or (self.piece, {})
            return replace(self, piece=few), base
        ours, mine = list(self.piece.clauses), list(self.theirs.clauses)
        left = [at for at, each in enumerate(ours) if each not in mine]
        right = [at for at, each in enumerate(mine) if each not in ours]
        few, base = thinned(self.one, self.piece, left) or (self.piece, {})
        their_few, more = thinned(self.other, self.theirs, right) or (self.theirs, {})
        return replace(self, piece=few, theirs=their_few), {**more, **base}


def _differing(
    sides: _Sides, here: model.Condition, base: dict[str, Value]
) -> Iterator[tuple[Ground, int]]:
    """Yield the entries of both pieces together in which their outcomes differ."""
    one, piece, other, theirs = sides.one, sides.piece, sides.other, sides.theirs
    clauses = list(piece.table.clauses)
    first = len(clauses)
    if theirs is not None:
        clauses.extend((f"other {key}", when) for key, when in theirs.table.clauses)
    last = len(clauses)
    table = Table(
        (*clauses, ("landed", here)), one.program.contract.facts, one.program.parties
    )
    if table.size > _MOST:
        raise TooManyEntriesError(table.size)
    entries = Entries(table)
    groups, is_partial = grouped(entries, last)
    ground = Ground(one, piece, entries, groups, base=base)
    for held, bits in groups:
        ours = settle(one, piece, frozenset(at for at in held if at < first))
        if other is None or theirs is None:
            yield ground, bits
            continue
        own = frozenset(at - first for at in held if first <= at < last)
        if seen_by_tests(ours) != seen_by_tests(settle(other, theirs, own)):
            yield ground, bits
    if is_partial:
        raise TooManyEntriesError(table.size)


def alike(piece: Piece, theirs: Piece) -> bool:
    """Tell whether the two pieces have the same clauses."""
    return len(piece.clauses) == len(theirs.clauses) and all(
        left == right for left, right in zip(piece.clauses, theirs.clauses, strict=True)
    )


def _on_day(version: VersionProgram, piece: Piece, day: date) -> model.Condition:
    """Return what holds of lines that land there and that `day` governs.

    It need not be a day of `version`: what if it were is the question.
    """
    found = landed(version, piece, dated=False)
    asked = {fact for dim in piece.table.dims for fact in dim.facts}
    asked.update(model.facts_of(found))
    contract = version.program.contract
    if not asked.intersection(by.facts[0] for by in contract.decide_by):
        return found
    on = governed(contract, lambda fact: model.Is(fact, day, f"{fact} is {day}"))
    return model.both(found, on)
