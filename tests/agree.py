"""Deciding one line in two ways, and saying where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import product

from whopays.decide.duties import Duties
from whopays.decide.line import Decider
from whopays.decide.views import Fills
from whopays.diagnostics import render_all
from whopays.engines.durable import Durable, Plain
from whopays.model.claim import Line
from whopays.model.conditions import ComparesFacts
from whopays.model.contract import Contract
from whopays.model.duty import Duty
from whopays.model.facts import as_counted
from whopays.model.outcome import Outcome
from whopays.model.values import UNKNOWN, Value
from whopays.program.compile import Program
from whopays.program.table import Table
from whopays.reference import decide, decide_known, duties
from whopays.reference.values import all_atoms, possible_values
from whopays.resolve import resolve, versions
from whopays.syntax import parse

_MOST_ENTRIES = 64


def contract_of(text: str) -> Contract:
    """Return the one contract of `text`, which must be without errors."""
    file, problems = parse("drawn.rules", text)
    rules, more = resolve([file], lambda *_: None)
    errors = [each for each in (*problems, *more) if each.is_error]
    if errors:
        raise AssertionError(f"{render_all(errors)}\n{text}")
    return next(iter(rules.contracts.values()))


def line_of(facts: Mapping[str, Value]) -> Line:
    """Return a line with these facts."""
    return Line("claim", "1", facts)


class Decided:
    """A contract ready to decide, by tables that `engine` fills."""

    def __init__(
        self,
        contract: Contract,
        engine: Fills | None = None,
        known_on: date | None = None,
    ) -> None:
        self.contract = contract
        self.known_on = known_on
        self.program = Program(contract, known_on)
        self.decider = Decider(self.program, engine or Plain())

    def outcome(self, facts: Mapping[str, Value]) -> Outcome:
        """Return the outcome by tables."""
        return self.decider.decide(self.program.facts_of(line_of(facts))).outcome

    @cached_property
    def _duties(self) -> Duties:
        return Duties(self.decider)

    def duty(self, kind: str, facts: Mapping[str, Value]) -> Duty:
        """Return the route or the clock (`kind`) of a line, by tables."""
        counted = self.program.facts_of(line_of(facts))
        found = self.decider.decide(counted)
        if kind == "route":
            return self._duties.route(counted, None, found)
        return self._duties.clock(counted, found)

    def reference_duty(self, kind: str, facts: Mapping[str, Value]) -> Duty:
        """Return the route or the clock of a line, by the reference."""
        told = duties.route if kind == "route" else duties.clock
        return told(self.contract, line_of(facts), known_on=self.known_on)

    def reference(self, facts: Mapping[str, Value]) -> Outcome:
        """Return the outcome by the reference."""
        return decide(self.contract, line_of(facts), known_on=self.known_on)

    def difference(self, facts: Mapping[str, Value]) -> str:
        """Say how the two outcomes differ; empty where they agree."""
        ours, theirs = self.outcome(facts), self.reference(facts)
        if both_unknown(self.contract, facts) or not (
            ours.minimised and theirs.minimised
        ):
            ours = replace(ours, needs=(), minimised=True)
            theirs = replace(theirs, needs=(), minimised=True)
        return (
            "" if ours == theirs else f"{facts}\n tables    {ours}\n reference {theirs}"
        )


def both_unknown(contract: Contract, facts: Mapping[str, Value]) -> bool:
    """Tell whether two facts that a condition compares are both unknown."""
    return any(
        atom.fact not in facts and atom.other not in facts
        for atom in all_atoms(contract)
        if isinstance(atom, ComparesFacts)
    )


def read_facts(contract: Contract) -> set[str]:
    """Return the facts that some clause of `contract` mentions."""
    found = set(contract.catalog.code_facts())
    found.update(fact for by in contract.decide_by for fact in by.facts)
    for atom in all_atoms(contract):
        found.add(atom.fact)
        if isinstance(atom, ComparesFacts):
            found.add(atom.other)
    found.update(["product"] * bool(contract.products))
    found.update(["payer"] * (contract.payer is not None))
    return found


def choices(contract: Contract, facts: Mapping[str, Value]) -> dict[str, list[Value]]:
    """Return, for each unknown fact that matters, values that stand for all others."""
    known = {
        name: as_counted(fact, facts.get(name, UNKNOWN))
        for name, fact in contract.facts.items()
    }
    return {
        name: possible_values(contract, name, known)
        for name in sorted(read_facts(contract))
        if name not in facts
    }


def completions(contract: Contract, facts: Mapping[str, Value]) -> int:
    """Return how many ways there are to fill in the unknown facts."""
    count = 1
    for values in choices(contract, facts).values():
        count *= len(values)
    return count


def entries(table: Table) -> Iterator[tuple[int, ...]]:
    """Yield the known entries of a table that has few."""
    if table.size <= _MOST_ENTRIES:
        yield from product(*(range(len(dim)) for dim in table.dims))


def wrong_entries(program: Program) -> list[str]:
    """Fill the small tables of `program` by durable-rules; return what is wrong."""
    engine, found = Durable(), []
    for version in program.versions:
        for category in (None, *program.contract.catalog.categories):
            table = version.piece(category).table
            for cells in entries(table):
                table.held.clear()
                fired = engine.held(table, cells)
                table.held.clear()
                if fired != Plain().held(table, cells):
                    found.append(f"{category} {cells}")
    engine.close()
    return found


def really_needed(contract: Contract, facts: Mapping[str, Value]) -> set[str]:
    """Return the facts that alone can change the answer, by trying all of them."""
    values = choices(contract, facts)
    names = list(values)
    in_force, _ = versions(contract, None)
    known = {
        name: as_counted(fact, facts.get(name, UNKNOWN))
        for name, fact in contract.facts.items()
    }
    keys = {
        filled: decide_known(
            contract,
            in_force,
            {**known, **dict(zip(names, filled, strict=True))}.__getitem__,
        ).key
        for filled in product(*values.values())
    }
    found = set()
    for at, name in enumerate(names):
        groups: dict[tuple[Value, ...], set[object]] = {}
        for filled, key in keys.items():
            groups.setdefault(filled[:at] + filled[at + 1 :], set()).add(key)
        if any(len(group) > 1 for group in groups.values()):
            found.add(name)
    return found
