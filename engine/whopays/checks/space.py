"""All the cases that a contract's conditions can tell apart, and sets of them.

A case is sought by diagrams, and can be made into the facts of a claim. The dates that
choose a version are seen as that version sees them: its own first and last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from whopays.checks.diagrams import NO, YES, Diagrams, Node
from whopays.checks.variables import Variable, variable
from whopays.model import conditions as model
from whopays.model.values import Value
from whopays.program.compile import Program
from whopays.program.table import together

#: The versions whose days can be told apart, by number.
Scope = tuple[int, ...]
Facts = dict[str, Value]


class Space:
    """The cases of one contract. A condition is asked for by the object that it is."""

    def __init__(self, program: Program, steps: int) -> None:
        self.program = program
        self.diagrams = Diagrams(steps)
        self._variables: dict[tuple[tuple[str, ...], Scope], Variable] = {}
        self._owner: dict[int, tuple[tuple[str, ...], Variable]] = {}
        self._nodes: dict[tuple[int, Scope], Node] = {}
        self._dated: dict[int, bool] = {}
        self._alive: list[model.Condition] = []  # or an id could come back

    def where(self, condition: model.Condition | None, scope: Scope) -> Node:
        """Return the cases in which `condition` holds; None always does."""
        if condition is None:
            return YES
        key = (id(condition), scope if self.is_dated(condition) else ())
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = self._where(condition, scope)
            self._alive.append(condition)
        return found

    def _where(self, condition: model.Condition, scope: Scope) -> Node:
        diagrams = self.diagrams
        match condition:
            case model.All(parts):
                found = YES
                for part in parts:
                    found = diagrams.both(found, self.where(part, scope))
                return found
            case model.Any_(parts):
                found = NO
                for part in parts:
                    found = diagrams.either(found, self.where(part, scope))
                return found
            case model.Not(part):
                return diagrams.complement(self.where(part, scope))
            case model.Named(_, part):
                return self.where(part, scope)
            case _:
                return self.variable(condition.fact, scope).test(condition)

    def asks_for_days(self, condition: model.Condition) -> bool:
        """Tell whether `condition` asks for a fact that decides on the version."""
        return any(
            self._group(n) in self._day_groups for n in model.facts_of(condition)
        )

    def is_dated(self, condition: model.Condition) -> bool:
        """Tell whether `condition` asks for a fact by whose values versions differ."""
        found = self._dated.get(id(condition))
        if found is None:
            asked = model.facts_of(condition)
            found = any(self._group(name) in self._dated_groups for name in asked)
            self._dated[id(condition)] = found
            self._alive.append(condition)
        return found

    def variable(self, fact: str, scope: Scope) -> Variable:
        """Return what stands for `fact` where the versions of `scope` are told apart."""
        group = self._group(fact)
        key = (group, scope if group in self._dated_groups else ())
        found = self._variables.get(key)
        if found is None:
            facts = [self.program.contract.facts[name] for name in group]
            atoms = dict.fromkeys(self._atoms.get(group, ()))
            atoms.update(dict.fromkeys(self._edges(group, key[1])))
            parties = self.program.parties
            found = variable(self.diagrams, facts, tuple(atoms), parties)
            self._variables[key] = found
            self._owner.update((level, (group, found)) for level in found.levels)
        return found

    def _edges(self, group: tuple[str, ...], scope: Scope) -> Iterator[model.Atom]:
        for by in self.program.contract.decide_by:
            if by.facts[0] in group:
                for at in scope:
                    yield from self.edges(by.facts[0], at)

    def edges(self, fact: str, version: int) -> Iterator[model.Atom]:
        """Yield what it means for the date `fact` to be a day of `version`."""
        period = self.program.versions[version].version.period
        yield model.Compares(fact, ">=", period.first, f"{fact} >= {period.first}")
        if period.last is not None:
            yield model.Compares(fact, "<=", period.last, f"{fact} <= {period.last}")

    def in_force(self, scope: Scope) -> Node:
        """Return the cases that a version of `scope` governs."""
        diagrams = self.diagrams
        found, open_ = NO, YES
        for by in self.program.contract.decide_by:
            here = diagrams.both(open_, self.where(by.when, scope))
            open_ = diagrams.without(open_, here)
            days = NO
            for at in scope:
                edges = YES
                for atom in self.edges(by.facts[0], at):
                    test = self.variable(atom.fact, scope).test(atom)
                    edges = diagrams.both(edges, test)
                days = diagrams.either(days, edges)
            found = diagrams.either(found, diagrams.both(here, days))
        return found

    def domain(self, node: Node, also: Iterable[int] = ()) -> Node:
        """Return `node` without the cases that no values have, so far as is known.

        `also` are levels that are looked at beside those that `node` depends on.
        """
        levels = self.diagrams.levels(node).union(also)
        for _, owner in self._owners(levels):
            node = self.diagrams.both(node, owner.domain(levels))
        return node

    def like(self, case: Mapping[int, int]) -> Node:
        """Return the cases that are no better than `case`, of which no claim came."""
        levels = [
            level
            for group, owner in self._owners(case)
            if not owner.is_exact
            for level in owner.levels
            if level in case
        ]
        found = YES
        for level in levels or case:
            test = self.diagrams.test(level, 1 << case[level])
            found = self.diagrams.both(found, test)
        return found

    def in_words(self, case: Mapping[int, int]) -> str:
        """Return what is true in `case`."""
        said = []
        for _, owner in self._owners(case):
            said.extend(owner.words(case, self.program.contract.facts))
        return ", ".join(sorted(said))

    def facts(self, case: dict[int, int]) -> Facts | None:
        """Return facts of a claim that are in `case`, None where none were found."""
        found: Facts = {}
        levels = frozenset(case)
        for _, owner in self._owners(levels):
            values = owner.values(case, levels)
            if values is None:
                return None
            found.update(values)
        return found

    def names(self, levels: Iterable[int]) -> set[str]:
        """Return the facts that stand at `levels`."""
        return {name for group, _ in self._owners(levels) for name in group}

    def _owners(self, levels: Iterable[int]) -> list[tuple[tuple[str, ...], Variable]]:
        return list(dict.fromkeys(self._owner[level] for level in levels))

    # What the whole contract asks

    def _group(self, fact: str) -> tuple[str, ...]:
        return self._groups.get(fact, (fact,))

    @cached_property
    def _groups(self) -> dict[str, tuple[str, ...]]:
        names = [model.atom_facts(atom) for atom in self._all_atoms]
        return {name: group for group in together(names) for name in group}

    @cached_property
    def _dated_groups(self) -> frozenset[tuple[str, ...]]:
        days = (by.facts[0] for by in self.program.contract.decide_by)
        return frozenset(map(self._group, days))

    @cached_property
    def _day_groups(self) -> frozenset[tuple[str, ...]]:
        whens = (by.when for by in self.program.contract.decide_by)
        asked = (n for when in whens if when is not None for n in model.facts_of(when))
        return self._dated_groups.union(map(self._group, asked))

    @cached_property
    def _atoms(self) -> dict[tuple[str, ...], list[model.Atom]]:
        found: dict[tuple[str, ...], list[model.Atom]] = {}
        for atom in self._all_atoms:
            found.setdefault(self._group(atom.fact), []).append(atom)
        return found

    @cached_property
    def _all_atoms(self) -> dict[model.Atom, None]:
        found: dict[model.Atom, None] = {}
        seen: dict[int, model.Condition] = {}
        for condition in self.program.conditions():
            if id(condition) not in seen:
                seen[id(condition)] = condition
                found.update(dict.fromkeys(model.atoms(condition)))
        for fact in self.program.contract.catalog.code_facts():
            for atoms in self.listings(fact).values():
                found.update(dict.fromkeys(atoms))
        return found

    def listings(self, fact: str) -> dict[str, tuple[model.InCodes, ...]]:
        """Return, for each category, what it means that it lists a code of `fact`."""
        if fact not in self._listed:
            systems = self.program.contract.facts[fact].systems
            self._listed[fact] = {
                name: tuple(
                    model.InCodes(fact, codes, f"{fact} in {codes}")
                    for codes in category.codes
                    if codes.system in systems
                )
                for name, category in self.program.contract.catalog.categories.items()
            }
        return self._listed[fact]

    @cached_property
    def _listed(self) -> dict[str, dict[str, tuple[model.InCodes, ...]]]:
        return {}
