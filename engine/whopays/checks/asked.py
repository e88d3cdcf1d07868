"""What the conditions of a whole contract ask for, fact by fact.

Worked out once for a contract; the diagrams that are made from it may be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from whopays.checks.diagrams import TooLargeError
from whopays.checks.shapes import Shape, shape_of
from whopays.model import conditions as model
from whopays.model.facts import Fact
from whopays.program.compile import Program
from whopays.program.table import together

#: Facts that are compared with each other, or one alone.
Group = tuple[str, ...]
#: The versions whose days can be told apart, by number.
Scope = tuple[int, ...]


class Asked:
    """The facts that a contract asks for, in groups, and the conditions on them.

    `also` are conditions that no decision asks and a check does.
    """

    def __init__(
        self, program: Program, also: tuple[model.Condition, ...] = ()
    ) -> None:
        self.program = program
        self._also = also
        self._shapes: dict[tuple[Group, Scope], Shape | None] = {}
        self._too_large: set[tuple[Group, Scope]] = set()
        self._listings: dict[str, dict[str, tuple[model.InCodes, ...]]] = {}

    def group(self, fact: str) -> Group:
        """Return the facts that `fact` is compared with, itself among them."""
        return self._groups.get(fact, (fact,))

    def facts(self, group: Group) -> list[Fact]:
        """Return the facts of `group`."""
        return [self.program.contract.facts[name] for name in group]

    def atoms(self, group: Group, scope: Scope) -> tuple[model.Atom, ...]:
        """Return all that is asked of `group`, the days of the versions included."""
        found = dict.fromkeys(self._atoms.get(group, ()))
        for by in self.program.contract.decide_by:
            if by.facts[0] in group:
                for at in scope:
                    found.update(dict.fromkeys(self.days(by.facts[0], at)))
        return tuple(found)

    def shape(self, group: Group, scope: Scope) -> Shape | None:
        """Return the cells of `group`, None where they have switches instead.

        Raise `TooLargeError` where there are too many.
        """
        key = (group, scope)
        if key in self._too_large:
            raise TooLargeError
        if key not in self._shapes:
            if scope and len(group) > 1 and self.shape(group, ()) is None:
                # Without the days of any version it is too much to look at already.
                self._shapes[key] = None
                return None
            atoms = self.atoms(group, scope)
            parties = self.program.parties
            try:
                self._shapes[key] = shape_of(self.facts(group), atoms, parties)
            except TooLargeError:
                self._too_large.add(key)
                raise
        return self._shapes[key]

    def days(self, fact: str, version: int) -> Iterator[model.Atom]:
        """Yield what it means for the date `fact` to be a day of `version`."""
        period = self.program.versions[version].version.period
        yield model.Compares(fact, ">=", period.first, f"{fact} >= {period.first}")
        if period.last is not None:
            yield model.Compares(fact, "<=", period.last, f"{fact} <= {period.last}")

    def listings(self, fact: str) -> dict[str, tuple[model.InCodes, ...]]:
        """Return, for each category, what it means that it lists a code of `fact`."""
        if fact not in self._listings:
            systems = self.program.contract.facts[fact].systems
            self._listings[fact] = {
                name: tuple(
                    model.InCodes(fact, codes, f"{fact} in {codes}")
                    for codes in category.codes
                    if codes.system in systems
                )
                for name, category in self.program.contract.catalog.categories.items()
            }
        return self._listings[fact]

    @cached_property
    def dated(self) -> frozenset[Group]:
        """The groups in which the days of versions are told apart."""
        by = self.program.contract.decide_by
        return frozenset(self.group(each.facts[0]) for each in by)

    @cached_property
    def days_asked(self) -> frozenset[Group]:
        """The groups on which it depends which version governs."""
        whens = (by.when for by in self.program.contract.decide_by)
        names = (n for when in whens if when is not None for n in model.facts_of(when))
        return self.dated.union(map(self.group, names))

    @cached_property
    def order(self) -> tuple[Group, ...]:
        """The groups in the order in which diagrams ask for them.

        First what places a line, then facts that stand beside each other in a
        condition: diagrams stay small where those are near each other.
        """
        contract = self.program.contract
        first = [by.when for by in (*contract.decide_by, *contract.catalog.match_by)]
        names = list(_all_facts([self.program.gate.clauses[0][1], *first]))
        names.extend(contract.catalog.code_facts())
        beside = {found for when in self._conditions for found in _beside(when)}
        several = (each for each in beside if len(each) > 1)
        names.extend(name for each in sorted(several, key=_narrow) for name in each)
        names.extend(_all_facts(self._conditions))
        return tuple(dict.fromkeys(map(self.group, names)))

    @cached_property
    def beside_by_code(self) -> dict[tuple[str, str], frozenset[str]]:
        """For a code fact and a category, the others that list a code of it, too."""
        found: dict[tuple[str, str], set[str]] = {}
        for fact in self.program.contract.catalog.code_facts():
            index = self.program.code_index(fact)
            for family in index.representatives:
                names = {str(name) for name in family}
                for name in names:
                    found.setdefault((fact, name), set()).update(names - {name})
        return {key: frozenset(names) for key, names in found.items()}

    @cached_property
    def _conditions(self) -> tuple[model.Condition, ...]:
        every = (*self.program.conditions(), *self._also)
        found = {id(condition): condition for condition in every}
        return tuple(found.values())

    @cached_property
    def _all_atoms(self) -> dict[model.Atom, None]:
        found: dict[model.Atom, None] = {}
        for condition in self._conditions:
            found.update(dict.fromkeys(model.atoms(condition)))
        for fact in self.program.contract.catalog.code_facts():
            for atoms in self.listings(fact).values():
                found.update(dict.fromkeys(atoms))
        return found

    @cached_property
    def _groups(self) -> dict[str, Group]:
        names = [model.atom_facts(atom) for atom in self._all_atoms]
        return {name: group for group in together(names) for name in group}

    @cached_property
    def _atoms(self) -> dict[Group, list[model.Atom]]:
        found: dict[Group, list[model.Atom]] = {}
        for atom in self._all_atoms:
            found.setdefault(self.group(atom.fact), []).append(atom)
        return found


def _all_facts(whens: Iterable[model.Condition | None]) -> Iterator[str]:
    for when in whens:
        if when is not None:
            yield from model.facts_of(when)


def _beside(condition: model.Condition) -> Iterator[tuple[str, ...]]:
    """Yield the facts of each innermost `and` or `or` of `condition`."""
    match condition:
        case model.All(parts) | model.Any_(parts):
            inner = [found for part in parts for found in _beside(part)]
            yield from inner or [model.facts_of(condition)]
        case model.Not(part) | model.Named(_, part):
            yield from _beside(part)
        case _:
            return


def _narrow(facts: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return len(facts), facts
