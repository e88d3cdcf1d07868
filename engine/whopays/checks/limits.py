"""Limits that can take the same line: an error until one of them yields to the other.

A limit takes a line where its `when` holds and the party has a share of the answer. Two
limits on the shares of one party would both divide that share, and nothing says which
of them first. What is found is shown by a claim that the reference has decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from whopays.checks.asked import Asked
from whopays.checks.diagrams import NO, Node, TooLargeError
from whopays.checks.landing import Landing
from whopays.checks.space import Space
from whopays.checks.standing import standing
from whopays.checks.witness import Shown, shown
from whopays.diagnostics import Diagnostic, Label, Severity
from whopays.model.contract import ExceptionClause, Limit, Row
from whopays.model.outcome import Outcome
from whopays.program.compile import Program
from whopays.program.piece import Piece

_STEPS = 1_000_000
_MOST_TRIED = 20
_MOST_PAIRS = 1_000
_MOST_TOLD = 20


def together(program: Program) -> Iterator[Diagnostic]:
    """Yield the pairs of limits that can take the same line and do not yield."""
    pairs = _pairs(program)
    if not pairs:
        return
    whens = [each.when for pair in pairs for each in pair if each.when is not None]
    search = _Search(Asked(program, tuple(whens)))
    told = 0
    for number, ((one, other), versions) in enumerate(pairs.items()):
        if number == _MOST_PAIRS or told == _MOST_TOLD:
            yield _not_all(one, told)
            return
        found = search.told(one, other, versions)
        if found is not None:
            told += 1
            yield found


def _pairs(program: Program) -> dict[tuple[Limit, Limit], list[int]]:
    """Return the pairs that do not yield, with the versions that have both."""
    found: dict[tuple[int, int], tuple[tuple[Limit, Limit], list[int]]] = {}
    for at, version in enumerate(program.versions):
        for one, other in combinations(version.text.limits, 2):
            if one.applies_to != other.applies_to:
                continue
            if other.id in one.yields_to or one.id in other.yields_to:
                continue
            pair = (id(one), id(other))
            found.setdefault(pair, ((one, other), []))[1].append(at)
    return dict(found.values())


class _Search:
    """The cases of one contract in which a party has a share."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._fresh()

    def _fresh(self) -> None:
        self._space = Space(self._asked, _STEPS)
        self._landing = Landing(self._space)
        self._borne: dict[tuple[int, str], Node] = {}

    def told(self, one: Limit, other: Limit, versions: list[int]) -> Diagnostic | None:
        """Return that both can take a line in one of `versions`, None if they can't."""
        open_ = None
        try:
            for at in versions:
                found = self._met(one, other, at)
                if found is not None and found.facts is not None:
                    return _problem(one, other, found)
                open_ = open_ or found
        except TooLargeError:
            self._fresh()
            return _unknown(one, other)
        return None if open_ is None else _problem(one, other, open_)

    def _met(self, one: Limit, other: Limit, at: int) -> Shown | None:
        space, diagrams = self._space, self._space.diagrams
        diagrams.steps = _STEPS
        scope = (at,)
        node = diagrams.both(
            space.where(one.when, scope), space.where(other.when, scope)
        )
        if node != NO:
            node = diagrams.both(node, self._lines(at, one.applies_to))
        node = space.domain(node)
        if node == NO:
            return None
        version = self._asked.program.versions[at]

        def is_it(outcome: Outcome) -> bool:
            if outcome.status != "decided" or outcome.answer is None:
                return False
            return _bears(outcome.answer.shares, one.applies_to)

        return shown(space, version, node, is_it, _MOST_TRIED)

    def _lines(self, at: int, bearer: str) -> Node:
        """Return the cases of the lines of which `bearer` has a share in a version."""
        found = self._borne.get((at, bearer))
        if found is not None:
            return found
        to, scope, found = self._space.diagrams, (at,), NO
        version = self._asked.program.versions[at]
        for category in (*sorted(version.answered), None):
            piece = version.piece(category)
            own = _places(piece, bearer)
            if not own:
                continue
            stands = standing(self._space, version, piece, scope).stands
            node = NO
            for place in own:
                node = to.either(node, stands.get(place, NO))
            if node != NO:
                lands = self._landing.on(version, category, scope)
                found = to.either(found, to.both(node, lands))
        for part in (self._landing.gate, self._space.in_force(at, scope)):
            found = to.both(found, part)
        self._borne[at, bearer] = found
        return found


def _places(piece: Piece, bearer: str) -> list[int]:
    """Return where the clauses of `piece` stand that give `bearer` a share."""
    return [
        at
        for at, clause in enumerate(piece.clauses)
        if isinstance(clause, Row | ExceptionClause)
        and _bears(clause.answer.shares, bearer)
    ]


def _bears(shares: tuple[tuple[str, object], ...], bearer: str) -> bool:
    return any(who == bearer for who, _ in shares)


def _problem(one: Limit, other: Limit, found: Shown) -> Diagnostic:
    what = f"limits `{one.id}` and `{other.id}` can both take one line of `{one.applies_to}`"
    remedy = (
        f"say which goes first, as `yields to {other.id}` in `{one.id}`, or make their "
        "conditions exclusive"
    )
    labels = (Label(one.span), Label(other.span))
    if found.facts is not None:
        notes = (f"for example: {found.words}",) if found.words else ()
        return Diagnostic("C013", what, labels, remedy, notes)
    return Diagnostic(
        "C011",
        f"possible, no example found: {what}",
        labels,
        f"no claim could be made that shows it; to be sure, {remedy}",
        (f"it would take: {found.words}",),
        Severity.WARNING,
    )


def _unknown(one: Limit, other: Limit) -> Diagnostic:
    return Diagnostic(
        "C007",
        f"whether limits `{one.id}` and `{other.id}` can take one line could not be "
        "looked at: there are too many cases",
        (Label(one.span), Label(other.span)),
        f"`yields to {other.id}` in `{one.id}` says which goes first",
        severity=Severity.WARNING,
    )


def _not_all(one: Limit, told: int) -> Diagnostic:
    return Diagnostic(
        "C007",
        f"after {told} pairs of limits that do not yield the others were not looked at",
        (Label(one.span),),
        "`yields to` says which of two limits goes first",
        severity=Severity.WARNING,
    )
