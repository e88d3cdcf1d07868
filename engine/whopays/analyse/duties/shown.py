"""What the tests of a contract show of its routes and clocks, and what they could show.

Only the contract's own clauses are asked for: what a regulation says is tested once,
with the regulation. As for who pays, a condition is shown where the duty would be
another were it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from whopays.analyse.coverage.demands import EDGES, SIDES, Mark, atoms_of, mark
from whopays.analyse.coverage.edges import edge_of, edges
from whopays.analyse.coverage.items import Item, Key
from whopays.decide.decision import Decision, decision_of
from whopays.decide.line import Decider
from whopays.engines.durable import Plain
from whopays.model import conditions as model
from whopays.model.claim import Line
from whopays.model.duty import Clause, said_by, without_yielding
from whopays.model.truth import Told, truth_by, truth_of
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import Program

Facts = Mapping[str, Value]
#: The parts of a text, and the word that begins their blocks.
PARTS = {"route": "routes", "clock": "clocks"}
#: What begins the key of an item of a route or a clock.
DUTY = "duty"


@dataclass(frozen=True)
class Owned:
    """A route or a clock of the contract itself, `kind` says which."""

    kind: str
    clause: Clause


def owned(program: Program) -> Iterator[Owned]:
    """Yield the routes and clocks of the contract and its amendments, each once."""
    contract = program.contract
    sources = {contract.span.source, *(a.span.source for a in contract.amendments)}
    seen: set[Mark] = set()
    for version in program.versions:
        for kind, part in PARTS.items():
            for clause in getattr(version.text, part):
                place = mark(clause.span)
                if clause.span.source in sources and place not in seen:
                    seen.add(place)
                    yield Owned(kind, clause)


def duty_items(program: Program) -> Iterator[Item]:
    """Yield what tests can show of each route and clock."""
    facts = program.contract.facts
    for each in owned(program):
        clause, span = each.clause, each.clause.span
        key = clause_key(clause)
        yield Item(each.kind, clause.id, "answers", "says what to do", span, key)
        for atom, named in atoms_of(clause.condition).items():
            where = f"`{atom.text}`" + (f" (in {named})" if named else "")
            for side, word in SIDES.items():
                text = f"where {where} {word}"
                key = side_key(clause, atom, side)
                yield Item("condition", clause.id, side, text, span, key)
            for edge in edges(atom, facts):
                text = f"{EDGES[edge.side]} `{atom.text}`"
                key = side_key(clause, atom, edge.side)
                yield Item("threshold", clause.id, edge.side, text, span, key)


def clause_key(clause: Clause) -> Key:
    """Return the key of the item that `clause` says what to do."""
    return DUTY, mark(clause.span)


def side_key(clause: Clause, atom: model.Atom, side: str) -> Key:
    """Return the key of the item that an atom of `clause` is on `side`."""
    return DUTY, mark(clause.span), atom, side


class Shown:
    """Says which items of routes and clocks the duties of a line show."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._deciders: dict[date | None, Decider] = {}

    def decision(
        self,
        given: Facts,
        category: str | None = None,
        known_on: date | None = None,
    ) -> Decision:
        """Return the decision of a line with the facts `given`, as known on a day."""
        decider = self._deciders.get(known_on)
        if decider is None:
            program = self.program
            if known_on is not None:
                program = Program(program.contract, known_on, program)
            decider = self._deciders[known_on] = Decider(program, Plain())
        return decision_of(decider, Line("test", "1", given), category)

    def of(
        self,
        kind: str,
        given: Facts,
        category: str | None = None,
        known_on: date | None = None,
    ) -> frozenset[Key]:
        """Return the keys of the items that a test of a route or clock shows."""
        decision = self.decision(given, category, known_on)
        facts, version = decision.facts, decision.found.version
        found = decision.route if kind == "route" else decision.clock
        if version is None:
            return frozenset()
        clauses: list[Clause] = list(getattr(version.text, PARTS[kind]))
        if found.duty.state == "undetermined":
            needs = frozenset(found.duty.needs)
            return frozenset(self._unknown(clauses, facts, needs))
        if kind == "route" and not found.duty.to:
            return frozenset()  # nothing is to be sent, whatever a route says
        return frozenset(self._hung(clauses, facts, found.duty.to))

    def _unknown(
        self, clauses: list[Clause], facts: Facts, needs: frozenset[str]
    ) -> Iterator[Key]:
        for clause in clauses:
            for atom in atoms_of(clause.condition):
                open_ = {
                    name
                    for name in model.atom_facts(atom)
                    if facts.get(name, UNKNOWN) is UNKNOWN
                }
                if open_ & needs:
                    yield side_key(clause, atom, "unknown")

    def _hung(
        self, clauses: list[Clause], facts: Facts, to: tuple[str, ...]
    ) -> Iterator[Key]:
        """Yield what the duty hangs on: the atoms whose other truth gives another.

        An unknown fact may be asked for, as long as it leaves no clause open. Where the
        other truth of an atom would open one, the duty would not be told: another, too.
        """

        def read(name: str) -> Value:
            return facts.get(name, UNKNOWN)

        truths = [truth_of(each.condition, read) for each in clauses]
        if None in truths:
            return
        held = [each for each, holds in zip(clauses, truths, strict=True) if holds]
        now = _told(held, to)
        for clause in without_yielding(held):
            yield clause_key(clause)
        for clause in clauses:
            others = [each for each in held if each is not clause]
            for atom in atoms_of(clause.condition):
                truth = truth_of(atom, read)
                if truth is None:
                    continue
                holds = truth_by(clause.condition, _turned(atom, read))
                ways = (True, False) if holds is None else (holds,)
                found = [[*others, *([clause] if way else [])] for way in ways]
                if all(_told(each, to) == now for each in found):
                    continue
                yield side_key(clause, atom, "true" if truth else "false")
                for edge in edge_of(atom, self.program.contract.facts, read):
                    yield side_key(clause, atom, edge)


def _turned(turned: model.Atom, read: model.Read) -> Told:
    """Return how atoms are told where the truth of `turned` is the other one."""

    def told(atom: model.Atom) -> bool | None:
        truth = truth_of(atom, read)
        return not truth if atom == turned and truth is not None else truth

    return told


def _told(held: list[Clause], to: tuple[str, ...]) -> object:
    """Return what a test can tell of the duty of `held`, whatever their order."""
    duty = said_by(without_yielding(held), (), to)
    return duty.key, duty.clauses
