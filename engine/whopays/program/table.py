"""Tables: which clauses hold, for each combination of cells.

A table's digest is of its content alone, so that two places with the same text share
one table, and an explanation's id never depends on the run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from whopays.model import conditions as model
from whopays.model.facts import Fact
from whopays.model.values import UNKNOWN, Value
from whopays.program.cells import Dim


@dataclass(eq=False)
class Table:
    """Clauses and the dimensions that their conditions span.

    `held[entry]` are the indexes of the clauses that hold there, filled by an engine.
    """

    clauses: tuple[tuple[str, model.Condition], ...]
    facts: Mapping[str, Fact]
    parties: tuple[str, ...]
    held: dict[int, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def atoms(self) -> tuple[model.Atom, ...]:
        """The atoms of all clauses, each once."""
        found = (atom for _, when in self.clauses for atom in model.atoms(when))
        return tuple(dict.fromkeys(found))

    @cached_property
    def dims(self) -> tuple[Dim, ...]:
        """The dimensions: facts that conditions compare share one."""
        groups = together([model.atom_facts(atom) for atom in self.atoms])
        found = []
        for names, own in zip(groups, of_groups(groups, self.atoms), strict=True):
            facts = tuple(self.facts[name] for name in names)
            found.append(Dim(facts, tuple(own), self.parties))
        return tuple(found)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """How far one step along each dimension goes."""
        found, size = [], 1
        for dim in self.dims:
            found.append(size)
            # A dimension of compared facts may grow: leave room.
            size *= len(dim) if len(dim.facts) == 1 else 2 ** (len(dim.atoms) + 1)
        return tuple(found)

    @cached_property
    def steps(self) -> tuple[tuple[Dim, int], ...]:
        """The dimensions with their strides."""
        return tuple(zip(self.dims, self.strides, strict=True))

    @cached_property
    def size(self) -> int:
        """The number of known entries."""
        size = 1
        for dim in self.dims:
            size *= len(dim)
        return size

    @cached_property
    def digest(self) -> str:
        """The digest of the clauses and of the types of their facts, in hex."""
        # Without the dimensions, which take long: most tables are never asked.
        names = sorted({name for atom in self.atoms for name in model.atom_facts(atom)})
        types = ";".join(f"{name}={self.facts[name]!r}" for name in names)
        text = "\n".join(f"{key}\t{canonical(when)}" for key, when in self.clauses)
        return hashlib.sha256(f"{types}\n{text}".encode()).hexdigest()

    def entry(self, cells: Iterable[int]) -> int:
        """Return the address of the entry with these cells."""
        return sum(c * s for c, s in zip(cells, self.strides, strict=True))

    def cells_at(self, entry: int) -> tuple[int, ...]:
        """Return the cells of the entry at this address."""
        found = []
        for stride in reversed(self.strides):
            cell, entry = divmod(entry, stride)
            found.append(cell)
        return tuple(reversed(found))

    def cells_of(self, facts: Mapping[str, Value]) -> list[int | None]:
        """Return the cell of `facts` in each dimension, None where one is unknown."""
        found: list[int | None] = []
        for dim in self.dims:
            values = tuple(facts.get(name, UNKNOWN) for name in dim.facts)
            found.append(None if UNKNOWN in values else dim.cell(values))
        return found

    def truth(self, cells: Iterable[int]) -> dict[model.Atom, bool]:
        """Return the truth of each atom in the entry with these cells."""
        found: dict[model.Atom, bool] = {}
        for dim, cell in zip(self.dims, cells, strict=True):
            found.update(zip(dim.atoms, dim.truth[cell], strict=True))
        return found


def together(groups: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the names in `groups`, joined where a group has several."""
    first: dict[str, str] = {}

    def leader(name: str) -> str:
        at = first.setdefault(name, name)
        while first[at] != at:
            first[at] = at = first[first[at]]
        return at

    for names in groups:
        for name in names:
            first[leader(name)] = leader(names[0])
    found: dict[str, list[str]] = {}
    for name in first:
        found.setdefault(leader(name), []).append(name)
    return sorted(tuple(sorted(each)) for each in found.values())


def of_groups(
    groups: Sequence[tuple[str, ...]], atoms: Iterable[model.Atom]
) -> list[list[model.Atom]]:
    """Return, for each of `groups`, the atoms on its facts, in order."""
    found: list[list[model.Atom]] = [[] for _ in groups]
    place = {name: at for at, names in enumerate(groups) for name in names}
    for atom in atoms:
        if atom.fact in place:
            found[place[atom.fact]].append(atom)
    return found


def canonical(condition: model.Condition) -> str:
    """Return `condition` as text in which names given by `define` are written out."""
    match condition:
        case model.Named(_, part):
            return canonical(part)
        case model.All(parts):
            return f"all({','.join(map(canonical, parts))})"
        case model.Any_(parts):
            return f"any({','.join(map(canonical, parts))})"
        case model.Not(part):
            return f"not({canonical(part)})"
        case _:
            return condition.text


def evaluate(condition: model.Condition, truth: Mapping[model.Atom, bool]) -> bool:
    """Return whether `condition` holds where its atoms have this `truth`."""
    match condition:
        case model.All(parts):
            return all(evaluate(part, truth) for part in parts)
        case model.Any_(parts):
            return any(evaluate(part, truth) for part in parts)
        case model.Not(part):
            return not evaluate(part, truth)
        case model.Named(_, part):
            return evaluate(part, truth)
        case _:
            return truth[condition]
