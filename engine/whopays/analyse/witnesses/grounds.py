"""All entries in which a line can land on a category, grouped by the clauses that hold.

A search for a claim begins here: it knows every combination of cells, and which of them
would be decided otherwise if one condition were otherwise.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace

from whopays.analyse.coverage.hangs import seen_by_tests
from whopays.analyse.coverage.parts import Part, piece_parts
from whopays.analyse.witnesses.landings import Landings
from whopays.analyse.witnesses.thin import thinned
from whopays.checks.entries import Entries, TooManyEntriesError
from whopays.checks.landed import landed, on_its_days
from whopays.decide.settle import settle
from whopays.model import conditions as model
from whopays.model.contract import ExceptionClause
from whopays.model.outcome import Outcome
from whopays.model.values import Value
from whopays.program.compile import VersionProgram
from whopays.program.piece import Clause, Piece

_MOST = 500_000  # entries of a table that is searched
_MOST_GROUPS = 2_000
Held = frozenset[int]


@dataclass(eq=False)
class Ground:
    """The entries of one piece in which a line lands there."""

    version: VersionProgram
    piece: Piece
    entries: Entries
    groups: tuple[tuple[Held, int], ...]
    #: Whether clauses hold together in so many ways that some were left out.
    is_partial: bool = False
    #: Facts by which clauses that are left out do not hold.
    base: dict[str, Value] = field(default_factory=dict)
    _outcomes: dict[Held, Outcome] = field(default_factory=dict)

    def outcome(self, held: Held) -> Outcome:
        """Return the outcome where the clauses `held` hold."""
        if held not in self._outcomes:
            self._outcomes[held] = settle(self.version, self.piece, held)
        return self._outcomes[held]

    def _told(self, held: Held) -> Hashable:
        return seen_by_tests(self.outcome(held))

    def parts(self) -> Iterator[Part]:
        """Yield the conditions that the clauses of the piece ask."""
        return piece_parts(self.version, self.piece)

    # Entries, as bits

    def named(self, clause: str) -> Iterator[int]:
        """Yield the entries in which `clause` answers, or moves the line."""
        for held, bits in self.groups:
            outcome = self.outcome(held)
            if outcome.answer is not None and clause in (
                *outcome.clauses,
                *outcome.moved,
            ):
                yield bits

    def replaced(self, exception: ExceptionClause, target: str) -> Iterator[int]:
        """Yield the entries whose answer needs `target` among the targets."""
        at = self.piece.clauses.index(exception)
        kept = tuple(each for each in exception.targets if each.text != target)
        fewer = replace(exception, targets=kept)
        clauses = (*self.piece.clauses[:at], fewer, *self.piece.clauses[at + 1 :])
        without = replace(self.piece, clauses=clauses)
        for held, bits in self.groups:
            if at in held and self.outcome(held).answer is not None:
                other = settle(self.version, without, held)
                if seen_by_tests(other) != self._told(held):
                    yield bits

    def varied(self, fact: str) -> Iterator[int]:
        """Yield the entries whose answer varies with `fact` alone, then whose reasons do.

        If the fact is left out there, that makes a difference.
        """
        dims = self.entries.table.dims
        at = next((n for n, dim in enumerate(dims) if fact in dim.facts), None)
        if at is None:
            return
        for seen in (lambda held: self.outcome(held).key, self._told):
            alike: dict[Hashable, int] = {}
            for held, bits in self.groups:
                told = seen(held)
                alike[told] = alike.get(told, 0) | bits
            once = twice = 0
            for bits in alike.values():
                along = self.entries.along(at, bits)
                twice |= once & along
                once |= along
            yield twice

    def hung(self, part: Part, atom: model.Atom, *, truth: bool) -> Iterator[int]:
        """Yield the entries where `atom` has this `truth` and the answer hangs on it."""
        where = self.entries.where
        side = where(atom) if truth else ~where(atom)
        without = where(supposed(part.when, atom, truth=not truth))
        turned = {
            at: without if rest is None else without & where(rest)
            for at, rest in part.clauses.items()
        }
        for held, bits in self.groups:
            for other, inside in divided(held, bits & side, turned):
                if other != held and self._told(other) != self._told(held):
                    yield inside


def divided(
    held: Held, bits: int, turned: dict[int, int]
) -> Iterator[tuple[Held, int]]:
    """Yield the parts of `bits`, each with what would hold where `turned` says it."""
    found = [(held - frozenset(turned), bits)] if bits else []
    for at, where in turned.items():
        both = []
        for each, every in found:
            if every & where:
                both.append((each | {at}, every & where))
            if every & ~where:
                both.append((each, every & ~where))
        found = both
    yield from found


def supposed(
    when: model.Condition, atom: model.Atom, *, truth: bool
) -> model.Condition:
    """Return `when` with the truth of `atom` in its place."""
    match when:
        case model.All(parts):
            return model.All(tuple(supposed(p, atom, truth=truth) for p in parts))
        case model.Any_(parts):
            return model.Any_(tuple(supposed(p, atom, truth=truth) for p in parts))
        case model.Not(part):
            return model.Not(supposed(part, atom, truth=truth))
        case model.Named(name, part):
            return model.Named(name, supposed(part, atom, truth=truth))
        case _ if when == atom:
            return model.ALWAYS if truth else model.Not(model.ALWAYS)
        case _:
            return when


def grouped(entries: Entries, landed: int) -> tuple[tuple[tuple[Held, int], ...], bool]:
    """Return the clauses that hold together where clause `landed` does, and where.

    Past a bound those of many clauses are left out; then the second is True.
    """
    clauses = entries.table.clauses
    here = entries.where(clauses[landed][1])
    found: list[tuple[Held, int]] = [(frozenset(), here)] if here else []
    is_partial = False
    for at, (_, when) in enumerate(clauses[:landed]):
        bits = entries.where(when)
        inside = [(held | {at}, each & bits) for held, each in found if each & bits]
        found = [(held, each & ~bits) for held, each in found if each & ~bits]
        found.extend(inside)
        if len(found) > _MOST_GROUPS:
            is_partial = True
            found.sort(key=lambda group: len(group[0]))
            del found[_MOST_GROUPS:]
    return tuple(found), is_partial


class Grounds:
    """The grounds of all pieces, made as they are asked for."""

    def __init__(self, landings: Landings) -> None:
        self._landings = landings
        self._found: dict[tuple[int, str | None], Ground | None] = {}

    def of(self, version: VersionProgram, category: str | None) -> Ground | None:
        """Return the ground of lines that land on `category`; None if it is too large."""
        key = (id(version), category)
        if key not in self._found:
            ground = _ground(version, version.piece(category))
            if ground is not None and not self._landings.is_reachable(
                version, category
            ):
                ground = replace(ground, groups=())
            self._found[key] = ground
        return self._found[key]

    def thin(
        self, version: VersionProgram, category: str | None, wanted: list[Clause]
    ) -> Ground | None:
        """Return the ground of a piece that is too large, with what `wanted` needs."""
        piece = version.piece(category)
        at = [n for n, each in enumerate(piece.clauses) if each in wanted]
        found = thinned(version, piece, at)
        if found is None or not self._landings.is_reachable(version, category):
            return None
        few, base = found
        ground = _ground(version, few)
        return ground and replace(ground, base=base, is_partial=True)


def landing(version: VersionProgram, piece: Piece) -> model.Condition:
    """Return what holds of lines that land on the category of `piece`, on its days."""
    found = landed(version, piece)
    contract = version.program.contract
    dates = {by.facts[0] for by in contract.decide_by}
    asked = {fact for dim in piece.table.dims for fact in dim.facts}
    if dates.intersection(model.facts_of(found)) and not dates & asked:
        found = model.both(on_its_days(version), found)
    return found


def _ground(version: VersionProgram, piece: Piece) -> Ground | None:
    last = len(piece.clauses)
    clauses = (*piece.table.clauses, ("landed", landing(version, piece)))
    table = version.program.table(clauses)
    try:
        if table.size > _MOST:
            return None
        entries = Entries(table)
    except TooManyEntriesError:
        return None
    return Ground(version, piece, entries, *grouped(entries, last))
