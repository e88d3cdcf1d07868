"""What the facts of a set would have to become, and the answer that there is then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from whopays.analyse.changes.change import Changed, Facts
from whopays.analyse.changes.ranges import by_codes, listed, ordered
from whopays.decide.decision import Decision
from whopays.decide.line import Decider
from whopays.model import conditions as model
from whopays.model.changes import Becomes, ChangeSet, Way
from whopays.model.facts import Fact, Kind
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.cells import Dim

_NAMES = 4
#: The values of the facts of a set, in the order of their names.
Taken: TypeAlias = tuple[Value, ...]
Box: TypeAlias = tuple[frozenset[Value], ...]
#: Decides a line of other facts by all contracts.
Decide: TypeAlias = Callable[[Facts], Decision]


@dataclass
class Teller:
    """Says what the facts of a set would have to become."""

    deciders: Sequence[Decider]
    known: Mapping[str, Fact]
    facts: Facts
    decide: Decide

    def told(self, names: frozenset[str], found: Sequence[Changed]) -> ChangeSet:
        """Return a set with its ways, those with one answer together."""
        facts = tuple(sorted(names))
        decisions: dict[Taken, Decision] = {}
        answers: dict[tuple[str, str, tuple[str, ...]], set[Taken]] = {}
        for changed in found:
            values = dict(changed)
            taken = tuple(values[name] for name in facts)
            decision = self.decide({**self.facts, **values})
            decisions[taken] = decision
            key = (decision.status, _answer(decision), decision.needs)
            answers.setdefault(key, set()).add(taken)
        ways = [
            Way(
                tuple(self._become(facts, box, decisions)),
                *answer,
                dict(zip(facts, _first(box, all_taken), strict=True)),
            )
            for answer, all_taken in answers.items()
            for box in _boxes(all_taken)
        ]
        ways.sort(key=lambda way: (way.status != "decided", way.answer))
        return ChangeSet(facts, tuple(ways))

    def _become(
        self, facts: tuple[str, ...], box: Box, decisions: Mapping[Taken, Decision]
    ) -> Iterator[Becomes]:
        for at, name in enumerate(facts):
            fact = self.known[name]
            now = self.facts.get(name, UNKNOWN)
            services = {
                taken[at]: _services(decision, name, taken[at])
                for taken, decision in decisions.items()
                if all(value in own for value, own in zip(taken, box, strict=True))
            }
            condition = self._condition(fact, box[at], services, set(facts) - {name})
            text = "not known" if now is UNKNOWN else fact.written(now)
            yield Becomes(name, text, condition)

    def _condition(
        self,
        fact: Fact,
        good: frozenset[Value],
        services: Mapping[Value, tuple[str, ...]],
        beside: set[str],
    ) -> str:
        program = next(d.program for d in self.deciders if fact.name in d.program.wide)
        dim = program.wide[fact.name].dim
        if beside & set(dim.facts):
            # What it has to be hangs on another fact that changes as well.
            return f"{fact.name} is {fact.written(_least(good))}, for example"
        if fact.name in program.contract.catalog.code_facts():
            return _of_services(fact, good, services)
        if fact.kind.is_ordered:
            return self._range(dim, fact, good)
        if fact.kind in {Kind.CODE, Kind.CODES}:
            return _codes(dim, fact, good)
        options = [each for (each,) in dim.values if each not in good]
        return listed(fact, _in_order(good, dim), options)

    def _range(self, dim: Dim, fact: Fact, good: frozenset[Value]) -> str:
        beside = {
            name: self.facts.get(name, UNKNOWN)
            for name in dim.facts
            if name != fact.name
        }
        marks = [*_thresholds(dim, fact), *(v for v in beside.values() if _is_value(v))]
        if UNKNOWN in beside.values():
            return ordered(fact, [*good, *self._now(fact)], good.__contains__, marks)

        def cell(value: Value) -> int:
            here = {**beside, fact.name: value}
            return dim.cell(tuple(here[name] for name in dim.facts))

        fitting = {cell(value) for value in good}
        samples = [*dim.samples(fact.name, beside), *good]
        return ordered(fact, samples, lambda value: cell(value) in fitting, marks)

    def _now(self, fact: Fact) -> Iterator[Value]:
        now = self.facts.get(fact.name, UNKNOWN)
        if _is_value(now):
            yield now


def _is_value(value: Value) -> bool:
    return value is not NONE and value is not UNKNOWN


def _thresholds(dim: Dim, fact: Fact) -> Iterator[Value]:
    for atom in dim.atoms:
        if atom.fact != fact.name:
            continue
        if isinstance(atom, model.Compares | model.Is):
            yield atom.value
        elif isinstance(atom, model.IsOneOf):
            yield from atom.values


def _codes(dim: Dim, fact: Fact, good: frozenset[Value]) -> str:
    """Return the condition on a code, or on a list of codes, by what the rules mention."""
    cells = {value: at for at, (value,) in enumerate(dim.values)}
    bits = sum(1 << cells[value] for value in good)
    every = (1 << len(dim.values)) - 1
    holds = [
        (atom, sum(1 << cell for cell, truth in enumerate(dim.truth) if truth[at]))
        for at, atom in enumerate(dim.atoms)
    ]
    found = by_codes(fact, bits, every, holds)
    if found:
        return found
    if good == {NONE}:
        return f"{fact.name} is not given"
    least = _least(good)
    word = "include" if fact.kind is Kind.CODES else "is"
    return f"{fact.name} {word} {fact.written(least)}, for example"


def _services(decision: Decision, fact: str, code: Value) -> tuple[str, ...]:
    """Return of which services a line would be by this code; several where it is open."""
    found = decision.found
    if found.code_fact == fact and found.outcome.landed is not None:
        return (found.outcome.landed,)
    if decision.status != "undetermined" or decision.program is None:
        return ()
    version = found.version or decision.program.versions[-1]
    if not isinstance(code, str):
        return ()
    return tuple(sorted(version.candidates(fact, code) & found.candidates))


def _of_services(
    fact: Fact, good: Iterable[Value], services: Mapping[Value, tuple[str, ...]]
) -> str:
    """Return of which services a code would have to be."""
    given = [value for value in good if value is not NONE]
    names = sorted({name for value in given for name in services[value]})
    said = [f'"{name}"' for name in names]
    if not all(services[value] for value in given):
        said.append("no service of the contract")
    parts = []
    if said:
        more = f" and {len(said) - _NAMES} more" if len(said) > _NAMES else ""
        parts.append(f"{fact.name} of {', '.join(said[:_NAMES])}{more}")
    if len(given) < len(list(good)):
        parts.append(f"{fact.name} is not given")
    return " or ".join(parts)


def _in_order(good: Iterable[Value], dim: Dim) -> list[Value]:
    own = set(good)
    return [each for (each,) in dim.values if each in own]


def _least(values: Iterable[Value]) -> Value:
    given = [value for value in values if value is not NONE]
    return min(given, key=_plain) if given else NONE


def _plain(value: Value) -> tuple[int, str]:
    size = len(value) if isinstance(value, tuple) else 0
    return size, str(value)


def _first(box: Box, all_taken: set[Taken]) -> Taken:
    inside = (
        taken
        for taken in all_taken
        if all(value in own for value, own in zip(taken, box, strict=True))
    )
    return min(inside, key=str)


def _boxes(taken: set[Taken]) -> list[Box]:
    """Return sets of values, fact by fact, that together are just `taken`."""
    if not next(iter(taken)):
        return [()]
    rests: dict[Value, set[Taken]] = {}
    for first, *rest in taken:
        rests.setdefault(first, set()).add(tuple(rest))
    alike: dict[frozenset[Taken], set[Value]] = {}
    for value, own in rests.items():
        alike.setdefault(frozenset(own), set()).add(value)
    return [
        (frozenset(values), *box)
        for own, values in alike.items()
        for box in _boxes(set(own))
    ]


_WORDS = {
    "not_covered": "not covered",
    "no_contract": "no contract",
    "by_hand": "by hand",
}


def _answer(decision: Decision) -> str:
    if decision.status == "decided":
        return ", ".join(f"{part.bearer} {part.share}" for part in decision.parts)
    return _WORDS.get(decision.status, decision.status)
