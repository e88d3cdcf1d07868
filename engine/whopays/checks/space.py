"""All the cases that a contract's conditions can tell apart, and sets of them.

A case is sought by diagrams, and can be made into the facts of a claim. The dates that
choose a version are seen as that version sees them: its own first and last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from whopays.checks.asked import Asked, Group, Scope
from whopays.checks.diagrams import NO, YES, Diagrams, Node
from whopays.checks.variables import Variable, variable
from whopays.model import conditions as model
from whopays.model.values import Value

Facts = dict[str, Value]


class Space:
    """The cases of one contract. A condition is asked for by the object that it is."""

    def __init__(self, asked: Asked, steps: int) -> None:
        self.asked = asked
        self.program = asked.program
        self.diagrams = Diagrams(steps)
        self._variables: dict[tuple[Group, Scope], Variable] = {}
        self._owner: dict[int, Variable] = {}
        self._nodes: dict[tuple[int, Scope], Node] = {}
        self._dated: dict[int, bool] = {}
        # Kept, or another condition could get the id of one that is gone.
        self._alive: list[model.Condition] = []

    def where(self, condition: model.Condition | None, scope: Scope) -> Node:
        """Return the cases in which `condition` holds; None always does."""
        if condition is None:
            return YES
        key = (id(condition), scope if self.is_dated(condition) else ())
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = self._where(condition, scope)
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

    def is_dated(self, condition: model.Condition) -> bool:
        """Tell whether `condition` asks for a fact by whose values versions differ."""
        found = self._dated.get(id(condition))
        if found is None:
            groups = map(self.asked.group, model.facts_of(condition))
            found = any(group in self.asked.dated for group in groups)
            self._dated[id(condition)] = found
            self._alive.append(condition)
        return found

    def asks_for_days(self, condition: model.Condition) -> bool:
        """Tell whether `condition` asks for a fact that decides on the version."""
        groups = map(self.asked.group, model.facts_of(condition))
        return any(group in self.asked.days_asked for group in groups)

    def variable(self, fact: str, scope: Scope) -> Variable:
        """Return what stands for `fact` where the versions of `scope` are told apart."""
        if not self._variables:
            for group in self.asked.order:
                if group not in self.asked.dated:
                    self._add(group, ())
        group = self.asked.group(fact)
        within = scope if group in self.asked.dated else ()
        return self._variables.get((group, within)) or self._add(group, within)

    def _add(self, group: Group, scope: Scope) -> Variable:
        facts, atoms = self.asked.facts(group), self.asked.atoms(group, scope)
        shape = self.asked.shape(group, scope)
        found = variable(self.diagrams, facts, atoms, shape)
        self._variables[group, scope] = found
        self._owner.update((level, found) for level in found.levels)
        return found

    def in_force(self, version: int, scope: Scope) -> Node:
        """Return the cases that a version, one of `scope`, governs."""
        diagrams = self.diagrams
        found, open_ = NO, YES
        for by in self.program.contract.decide_by:
            here = diagrams.both(open_, self.where(by.when, scope))
            open_ = diagrams.without(open_, here)
            days = YES
            for atom in self.asked.days(by.facts[0], version):
                test = self.variable(atom.fact, scope).test(atom)
                days = diagrams.both(days, test)
            found = diagrams.either(found, diagrams.both(here, days))
        return found

    def domain(self, node: Node, also: Iterable[int] = ()) -> Node:
        """Return `node` without the cases that no values have, so far as is known.

        `also` are levels that are looked at beside those that `node` depends on.
        """
        levels = self.diagrams.levels(node).union(also)
        for owner in self._owners(levels):
            node = self.diagrams.both(node, owner.domain(levels))
        return node

    def ask_alike(self, some: Iterable[int], others: Iterable[int]) -> bool:
        """Tell whether a fact is asked for at `some` levels and at `others` too."""
        return not set(self._owners(some)).isdisjoint(self._owners(others))

    def like(self, case: Mapping[int, int]) -> Node:
        """Return the cases that are no better than `case`, of which no claim came."""
        levels = [
            level
            for owner in self._owners(case)
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
        for owner in self._owners(case):
            said.extend(owner.words(case, self.program.contract.facts))
        return ", ".join(sorted(said))

    def facts(self, case: dict[int, int]) -> Facts | None:
        """Return facts of a claim that are in `case`, None where none were found."""
        found: Facts = {}
        levels = frozenset(case)
        for owner in self._owners(levels):
            values = owner.values(case, levels)
            if values is None:
                return None
            found.update(values)
        return found

    def _owners(self, levels: Iterable[int]) -> list[Variable]:
        return list(dict.fromkeys(self._owner[level] for level in sorted(levels)))
