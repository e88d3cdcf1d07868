"""Routes and clocks that contradict each other, and those that never have a say.

Two that hold together must say the same, or one yields to the other. What is found is
made into a claim, which the reference decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from whopays.checks.asked import Asked, Scope
from whopays.checks.diagrams import NO, Node, TooLargeError
from whopays.checks.landing import Landing
from whopays.checks.space import Facts, Space
from whopays.checks.witness import completed, in_words, reading
from whopays.decide.duties import DutyProgram
from whopays.diagnostics import Diagnostic, Label, Severity
from whopays.model import conditions as model
from whopays.model.clocks import RECEIVED_BY
from whopays.model.duty import Clause
from whopays.program.compile import Program, VersionProgram
from whopays.reference.duties import clock_known, route_known

_STEPS = 600_000
_MOST_TRIED = 8  # cases of one way to reach a conflict that are made into claims
_MOST_PLACES = 12  # categories that are tried, to find one for which another pays
_KNOWN = {"routes": route_known, "clocks": clock_known}


def duties(program: Program) -> Iterator[Diagnostic]:
    """Yield what is wrong with the routes and clocks of all versions of `program`."""
    texts = [each.text for each in program.versions]
    if not any(text.routes or text.clocks for text in texts):
        return
    in_force = tuple(each.version for each in program.versions)
    of_duties = DutyProgram(program.contract, program.known_on, program, in_force)
    for part in ("routes", "clocks"):
        yield from _Part(of_duties, part).problems()


class _Part:
    """The routes, or the clocks, of one contract on their way."""

    def __init__(self, program: DutyProgram, part: str) -> None:
        self._program = program
        self._part = part
        self._space = Space(Asked(program), _STEPS)
        self._to = self._space.diagrams
        self._landing = Landing(self._space)
        self._acted: set[tuple[str, str]] = set()
        self._told: set[frozenset[str]] = set()
        contract = program.contract
        self._own = {
            contract.span.source,
            *(a.span.source for a in contract.amendments),
        }

    def problems(self) -> Iterator[Diagnostic]:
        """Yield conflicts, each once, and then what never has a say."""
        try:
            for at, version in enumerate(self._program.versions):
                yield from self._version(at, version)
        except TooLargeError:
            clauses = self._every()
            yield Diagnostic(
                "C007",
                f"whether the {self._part} contradict each other could not be looked "
                "at: there are too many cases",
                (Label(clauses[0].span),),
                "fewer facts in their conditions would help",
                severity=Severity.WARNING,
            )
            return
        yield from self._dead()

    def _every(self) -> list[Clause]:
        found: dict[tuple[str, str], Clause] = {}
        for version in self._program.versions:
            for clause in getattr(version.text, self._part):
                found[clause.id, clause.span.place] = clause
        return list(found.values())

    def _version(self, at: int, version: VersionProgram) -> Iterator[Diagnostic]:
        clauses: list[Clause] = list(getattr(version.text, self._part))
        scope = (at,)
        can = self._to.both(self._landing.gate, self._space.in_force(at, scope))
        if self._part == "routes" and RECEIVED_BY in self._program.contract.facts:
            given = self._program.receivers.clauses[-1][1]
            can = self._to.both(can, self._space.where(given, scope))
        holds = {
            clause.id: self._to.both(can, self._space.where(clause.condition, scope))
            for clause in clauses
        }
        acts = {clause.id: self._left(clause, holds) for clause in clauses}
        for clause in clauses:
            if self._space.domain(acts[clause.id]) != NO:
                self._acted.add((clause.id, clause.span.place))
        for one, other in combinations(clauses, 2):
            pair = frozenset({one.id, other.id})
            if one.answer == other.answer or pair in self._told:
                continue
            met = self._space.domain(self._to.both(acts[one.id], acts[other.id]))
            if met != NO:
                self._told.add(pair)
                facts = self._shown(version, scope, met, (one, other))
                yield self._contradiction(one, other, facts, met)

    def _left(self, clause: Clause, holds: dict[str, Node]) -> Node:
        """Return where `clause` holds and nothing that it yields to does."""
        found = holds[clause.id]
        for name in clause.yields_to:
            found = self._to.without(found, holds.get(name, NO))
        return found

    # A claim that shows it

    def _shown(
        self,
        version: VersionProgram,
        scope: Scope,
        met: Node,
        pair: tuple[Clause, Clause],
    ) -> Facts | None:
        names = {each.id for each in pair}
        for node in self._ways(version, scope, met):
            left = self._space.domain(node)
            for _ in range(_MOST_TRIED):
                if left == NO:
                    break
                case = self._to.one_case(left)
                facts = self._space.facts(case)
                if facts is not None:
                    claim = completed(self._program, version, facts)
                    if self._is_it(claim, names):
                        return claim
                left = self._to.without(left, self._space.like(case))
        return None

    def _is_it(self, claim: Facts, names: set[str]) -> bool:
        contract = self._program.contract
        in_force = (each.version for each in self._program.versions)
        read = reading(self._program, claim)
        duty = _KNOWN[self._part](contract, in_force, read, None)
        return duty.state == "conflict" and names <= set(duty.clauses)

    def _ways(self, version: VersionProgram, scope: Scope, met: Node) -> Iterator[Node]:
        """Yield parts of `met`: for routes, by who received the claim and where it lands."""
        if self._part == "clocks" or RECEIVED_BY not in self._program.contract.facts:
            yield met
            return
        nobody = model.All(tuple(model.Not(w) for _, w in self._receivers()))
        receivers = [self._space.where(w, scope) for _, w in self._receivers()]
        receivers.insert(0, self._space.where(nobody, scope))
        places = (None, *sorted(version.answered)[:_MOST_PLACES])
        for place in places:
            lands = self._landing.on(version, place, scope)
            for receiver in receivers:
                yield self._to.both(self._to.both(met, receiver), lands)

    def _receivers(self) -> tuple[tuple[str, model.Condition], ...]:
        return self._program.receivers.clauses[:-1]

    # What is told

    def _contradiction(
        self, one: Clause, other: Clause, facts: Facts | None, met: Node
    ) -> Diagnostic:
        what, known = self._part, self._program.contract.facts
        labels = (Label(one.span, one.text), Label(other.span, other.text))
        if facts is None:
            words = self._space.in_words(self._to.one_case(met))
            return Diagnostic(
                "C011",
                f"possible, no example found: {what} `{one.id}` and `{other.id}` may "
                "hold together and say different things",
                labels,
                "no claim could be made that shows it",
                (f"it would take: {words}",),
                Severity.WARNING,
            )
        return Diagnostic(
            "C014",
            f"{what} `{one.id}` and `{other.id}` hold together and say different things",
            labels,
            self._advice(one, other),
            (f"for example: {in_words(facts, known)}",),
        )

    def _advice(self, one: Clause, other: Clause) -> str:
        """Return what to do; the text of a regulation is not the author's to change."""
        mine, law = sorted(
            (one, other), key=lambda each: each.span.source not in self._own
        )
        if law.span.source in self._own:
            return (
                f"let one of them yield: `yields to {one.id}` in `{other.id}`, or the "
                "other way round; or make their conditions exclusive"
            )
        return (
            f"make their conditions exclusive, let `{mine.id}` yield to `{law.id}`, or "
            f"give it the id `{law.id}`: then it stands in the place of that one"
        )

    def _dead(self) -> Iterator[Diagnostic]:
        """Yield what acts in no case of any version, but for what regulations say."""
        for clause in self._every():
            is_own = clause.span.source in self._own
            if is_own and (clause.id, clause.span.place) not in self._acted:
                yield Diagnostic(
                    "C015",
                    f"{self._part[:-1]} `{clause.id}` never has a say",
                    (Label(clause.span),),
                    "its condition never holds for a claim of this contract, or it yields "
                    "wherever it holds; take it out or mend its condition",
                    severity=Severity.WARNING,
                )
