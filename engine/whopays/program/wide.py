"""A fact as the whole contract sees it: the values to try where it is unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from whopays.model import conditions as model
from whopays.model.facts import Fact
from whopays.model.values import Value
from whopays.program.cells import Dim


@dataclass(eq=False)
class WideFact:
    """A fact, or facts that are compared, with the cells of the whole contract."""

    facts: tuple[Fact, ...]
    atoms: tuple[model.Atom, ...]
    parties: tuple[str, ...]
    _masks: dict[Dim, dict[int, int]] = field(default_factory=dict, repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the facts."""
        return tuple(fact.name for fact in self.facts)

    @cached_property
    def dim(self) -> Dim:
        """The cells."""
        return Dim(self.facts, self.atoms, self.parties)

    def candidates(self, known: tuple[Value, ...]) -> list[tuple[Value, ...]]:
        """Return values, at least one tuple a cell, that agree with the `known` ones.

        Raise `TooManyValuesError` where they are too many to list.
        """
        if len(self.facts) == 1 and self.dim.is_whole:
            return list(self.dim.values)
        return self.dim.completions(known)

    def masks(self, dim: Dim) -> dict[int, int] | None:
        """Return, for each cell of `dim`, the candidates that lie in it, as bits.

        Only for one fact, whose candidates are the same for all lines; else None.
        """
        if len(self.facts) != 1 or not self.dim.is_whole:
            return None
        found = self._masks.get(dim)
        if found is None:
            found = self._masks[dim] = {}
            for place, values in enumerate(self.dim.values):
                cell = dim.cell(values)
                found[cell] = found.get(cell, 0) | 1 << place
        return found
