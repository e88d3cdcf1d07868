"""Whether an exception really holds `regardless of` the facts that it names.

It does if changing such a fact alone, to any other value, never takes a line away from
it: where the exception is among the clauses that answer, it still is. The fact may also
have a part in the category, the version, a treat or another exception, so all cases of
the whole decision are looked at. What is found is shown by two claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from whopays.checks.asked import Asked, Scope
from whopays.checks.compared import Fibre
from whopays.checks.diagrams import NO, YES, Node, TooLargeError
from whopays.checks.landing import Landing
from whopays.checks.space import Facts, Space
from whopays.checks.standing import standing
from whopays.checks.witness import can_be_written, completed, decided, in_words
from whopays.diagnostics import Diagnostic, Label, Severity
from whopays.model.contract import ExceptionClause
from whopays.model.outcome import Outcome

_STEPS = 600_000
_MOST_TRIED = 20


@dataclass(frozen=True)
class _Taken:
    """Two cases that differ in one fact: the clause answers in the first alone.

    `facts` is None where no claims in them were found, and `words` says what is true.
    """

    facts: tuple[Facts, Facts] | None
    words: str


def regardless(asked: Asked) -> Iterator[Diagnostic]:
    """Yield the exceptions that lose a line by a fact regardless of which they hold."""
    for exception, versions in _promising(asked):
        searches: dict[Scope, _Search] = {}
        for fact in dict.fromkeys(exception.regardless):
            yield from _checked(asked, exception, fact, versions, searches)


def _promising(asked: Asked) -> list[tuple[ExceptionClause, Scope]]:
    """Return the exceptions that name such facts, with the versions that have them."""
    found: dict[int, tuple[ExceptionClause, list[int]]] = {}
    for at, version in enumerate(asked.program.versions):
        for each in version.text.exceptions:
            if each.regardless:
                found.setdefault(id(each), (each, []))[1].append(at)
    return [(each, tuple(versions)) for each, versions in found.values()]


def _checked(
    asked: Asked,
    exception: ExceptionClause,
    fact: str,
    versions: Scope,
    searches: dict[Scope, _Search],
) -> Iterator[Diagnostic]:
    if not asked.atoms(asked.group(fact), versions):
        return  # no condition asks for it
    together = asked.group(fact) in asked.days_asked
    try:
        for scope in [versions] if together else [(at,) for at in versions]:
            if scope not in searches:
                searches[scope] = _Search(asked, exception, scope)
            taken = searches[scope].taken(fact)
            if taken is not None:
                yield _told(asked, exception, fact, taken)
                return
    except TooLargeError:
        searches.clear()
        yield Diagnostic(
            "C007",
            f"whether `{exception.id}` holds regardless of `{fact}` could not be looked "
            "at: there are too many cases",
            (Label(exception.span),),
            "narrower targets, or fewer facts in its condition, would help",
            severity=Severity.WARNING,
        )


class _Search:
    """One exception, and versions between which the days of a line may choose."""

    def __init__(self, asked: Asked, exception: ExceptionClause, scope: Scope) -> None:
        self._asked = asked
        self._exception = exception
        self._scope = scope
        self._space = Space(asked, _STEPS)
        self._to = self._space.diagrams

    def taken(self, fact: str) -> _Taken | None:
        """Return two cases that show that `fact` takes a line away, None without any."""
        self._to.steps = _STEPS
        here = self._answers
        levels = self._to.levels(here)
        there = self._space.domain(self._to.complement(here), levels)
        here = self._space.domain(here)
        variable = self._space.variable(fact, self._scope)
        own = [level for level in variable.levels_of(fact) if level in levels]
        first: _Taken | None = None
        for fibre, within in self._fibres(fact):
            sides = self._to.both(here, within), self._to.both(there, within)
            met = self._to.both(*(self._without(side, own) for side in sides))
            for _ in range(_MOST_TRIED):
                if met == NO:
                    break
                case = self._to.one_case(met)
                taken = self._pair(fact, case, sides, fibre)
                if taken.facts is not None:
                    return taken
                first = first or taken
                met = self._to.without(met, self._space.like(case) if case else YES)
        return first

    @cached_property
    def _answers(self) -> Node:
        """Return the cases in which the exception is among the clauses that answer."""
        landing = Landing(self._space)
        found = NO
        for at in self._scope:
            version = self._asked.program.versions[at]
            days = self._space.in_force(at, self._scope)
            for category in (*sorted(version.answered), None):
                piece = version.piece(category)
                places = [
                    place
                    for place, clause in enumerate(piece.clauses)
                    if clause is self._exception
                ]
                if not places:
                    continue
                stands = standing(self._space, version, piece, self._scope).stands
                node = stands.get(places[0], NO)
                if node == NO:
                    continue
                lands = landing.on(version, category, self._scope)
                for part in (landing.gate, days, lands):
                    node = self._to.both(node, part)
                found = self._to.either(found, node)
        return found

    def _fibres(self, fact: str) -> Iterator[tuple[Fibre | None, Node]]:
        """Yield between which values of its facts the one fact alone can choose."""
        group = self._asked.group(fact)
        scope = self._scope if group in self._asked.dated else ()
        shape = self._asked.shape(group, scope)
        if shape is None or shape.joint is None:
            yield None, YES
            return
        (level,) = self._space.variable(fact, self._scope).levels
        for fibre in shape.joint.fibres(fact):
            yield fibre, self._to.test(level, fibre.cells)

    def _without(self, node: Node, levels: list[int]) -> Node:
        for level in levels:
            node = self._to.some(node, level, self._to.every(level))
        return node

    def _pair(
        self,
        fact: str,
        case: dict[int, int],
        sides: tuple[Node, Node],
        fibre: Fibre | None,
    ) -> _Taken:
        """Return the two claims of a case that has all but the fact itself."""
        rest = YES
        for level, cell in case.items():
            rest = self._to.both(rest, self._to.test(level, 1 << cell))
        claims = []
        for side in sides:
            found = {**case, **self._to.one_case(self._to.both(side, rest))}
            facts = self._facts(fact, found, fibre)
            if facts is None:
                return _Taken(None, self._space.in_words(found))
            claims.append(facts)
        one = self._claim(claims[0])
        if not all(map(can_be_written, claims)):
            return _Taken(None, in_words(one, self._asked.program.contract.facts))
        other = {**one, fact: claims[1][fact]}
        if self._stands(one) and not self._stands(other):
            # What either answer hangs on is told with both.
            other = {**one, **other}
            self._stands(other)
            return _Taken(({**other, fact: one[fact]}, other), "")
        return _Taken(None, in_words(one, self._asked.program.contract.facts))

    def _facts(
        self, fact: str, case: dict[int, int], fibre: Fibre | None
    ) -> Facts | None:
        facts = self._space.facts(case)
        if facts is None or fibre is None:
            return facts
        (level,) = self._space.variable(fact, self._scope).levels
        values = fibre.values[case[level]]
        group = self._asked.group(fact)
        return {**facts, **dict(zip(group, values, strict=True))}

    def _claim(self, facts: Facts) -> Facts:
        program = self._asked.program
        return completed(program, program.versions[self._scope[0]], facts)

    def _stands(self, facts: Facts) -> bool:
        outcome = decided(self._asked.program, facts)
        return self._exception.id in outcome.clauses


def _told(
    asked: Asked, exception: ExceptionClause, fact: str, taken: _Taken
) -> Diagnostic:
    known = asked.program.contract.facts
    if taken.facts is None:
        return Diagnostic(
            "C011",
            f"possible, no example found: `{exception.id}` may lose a line by `{fact}`, "
            "regardless of which it is to hold",
            (Label(exception.span),),
            "no claim could be made that shows it",
            (f"it would take: {taken.words}",),
            Severity.WARNING,
        )
    one, other = taken.facts
    before, after = (decided(asked.program, {**each}) for each in taken.facts)
    value = known[fact].written(other[fact])
    return Diagnostic(
        "C012",
        f"`{exception.id}` does not hold regardless of `{fact}`",
        (Label(exception.span),),
        f"take `regardless of {fact}` out, or mend the clauses so that "
        f"`{exception.id}` answers whatever `{fact}` is",
        (
            f"for example: {in_words(one, known)}: `{exception.id}` answers",
            f"with {fact} {value} instead: {_instead(before, after)}",
        ),
    )


def _instead(before: Outcome, after: Outcome) -> str:
    if after.status == "no_contract":
        return "the contract does not answer for the line"
    moved = "".join(f"`{each}` moves it, and " for each in after.moved)
    names = " and ".join(f"`{each}`" for each in after.clauses)
    verb = "answers" if len(after.clauses) == 1 else "answer"
    answers = moved + (f"{names} {verb}" if names else "nothing answers")
    if after.landed != before.landed:
        where = f"`{after.landed}`" if after.landed else "no category"
        return f"the line lands on {where}, and {answers}"
    return answers
