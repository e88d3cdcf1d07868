"""Makes a claim of a case that shows a problem, and lets the reference decide it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from whopays.checks.diagrams import NO, Node
from whopays.checks.space import Space
from whopays.model.conditions import Read
from whopays.model.facts import Fact, Kind, as_counted
from whopays.model.outcome import Outcome
from whopays.model.values import NONE, Value
from whopays.program.cells import Dim
from whopays.program.compile import Program, VersionProgram
from whopays.reference import decide_known

Facts = dict[str, Value]


@dataclass(frozen=True)
class Shown:
    """A claim that shows a problem, or what would have to be true for it.

    `facts` is None where no claim was found; `words` says either.
    """

    facts: Facts | None
    words: str


def shown(
    space: Space,
    version: VersionProgram,
    node: Node,
    is_it: Callable[[Outcome], bool],
    most: int,
) -> Shown:
    """Return a claim in a case of `node`, which has some, that `is_it`.

    A case of which no claim can be made is left out and another one tried, `most` times.
    """
    first = ""
    for _ in range(most):
        case = space.diagrams.one_case(node)
        facts = space.facts(case)
        if facts is not None and can_be_written(facts):
            claim = completed(space.program, version, facts)
            if is_it(decided(space.program, {**claim})):
                return Shown(claim, in_words(claim, space.program.contract.facts))
        first = first or space.in_words(case)
        node = space.diagrams.without(node, space.like(case))
        if node == NO:
            break
    return Shown(None, first)


def can_be_written(facts: Facts) -> bool:
    """Tell whether a test can give all these values: numbers have six decimals at most."""
    return all(
        not isinstance(value, Fraction) or (value * 10**6).denominator == 1
        for value in facts.values()
    )


def completed(program: Program, version: VersionProgram, facts: Facts) -> Facts:
    """Return `facts` with a day of `version`, where nothing depends on which."""
    decided_by = program.contract.decide_by
    days = {by.facts[0]: version.version.period.first for by in decided_by}
    return {**days, **facts}


def decided(program: Program, facts: Facts) -> Outcome:
    """Return what the reference says of a claim with these facts, whatever the others."""
    in_force = (each.version for each in program.versions)
    return decide_known(program.contract, in_force, reading(program, facts))


def reading(program: Program, facts: Facts) -> Read:
    """Return what reads `facts`; one that is read and not there gets some value."""

    def known(name: str) -> Value:
        if name not in facts:
            facts[name] = _any_value(program, name)
        return facts[name]

    return known


def _any_value(program: Program, name: str) -> Value:
    fact = program.contract.facts[name]
    if fact.or_none:
        return as_counted(fact, NONE)
    if fact.kind is Kind.DATE:
        return program.versions[0].version.period.first
    values = Dim((fact,), (), program.parties).values
    return values[0][0] if values else NONE


def in_words(facts: Facts, known: dict[str, Fact]) -> str:
    """Return the claim as a test would give it."""
    said = []
    for name, value in sorted(facts.items()):
        fact = known.get(name)
        if fact is None or value is NONE:
            continue
        said.append(f"{name} {fact.written(value)}")
    return ", ".join(said)
