"""The shadow: what an engine says of an entry is also decided by the reference.

A claim is built of the values that the cells of the entry stand for, and the conditions
are read on it. Before the first entry of a table, its cells are compared with the
conditions at every threshold, and its addresses with one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from whopays.engines.rulesets import EngineError
from whopays.model import conditions as model
from whopays.model.values import Value
from whopays.program.cells import Dim
from whopays.program.table import Table
from whopays.reference.edges import edges

Cells: TypeAlias = tuple[int, ...]
Held: TypeAlias = frozenset[int]

_TRIED = 20_000  # readings of conditions, a dimension
_KEPT = 100_000  # answers, a group of clauses
_ODD, _BITS = 0x9E3779B97F4A7C15, (1 << 64) - 1


class ShadowError(EngineError):
    """The engine and the reference disagree. The text names clauses, and no claim."""


@dataclass
class Shadow:
    """Compares answers with the reference: every Nth, 1 for all of them.

    `count` is how many were compared.
    """

    every: int = 1
    count: int = 0
    _tables: dict[Table, _Claims] = field(default_factory=dict)

    def is_due(self, table: Table, entry: int) -> bool:
        """Tell whether the entry is compared; it does not depend on the run."""
        if self.every == 1:
            return True
        mixed = (int(table.digest[:16], 16) ^ entry * _ODD) & _BITS
        return ((mixed * _ODD & _BITS) >> 32) % self.every == 0

    def check(
        self, table: Table, cells: Mapping[int, Cells], held: Mapping[int, Held]
    ) -> None:
        """Raise `ShadowError` if the reference says otherwise of an entry in `cells`."""
        claims = self._tables.get(table)
        if claims is None:
            check_table(table)
            claims = self._tables[table] = _Claims(table)
        for entry, each in cells.items():
            if self.every == 1 or self.is_due(table, entry):
                self.count += 1
                expected = claims.held(each)
                if expected != held[entry]:
                    raise ShadowError(
                        _disagreement(table, entry, held[entry], expected)
                    )


class _Claims:
    """The reference on claims built for the entries of one table.

    Clauses that read the same dimensions are read together, once for their cells.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        place = {name: at for at, dim in enumerate(table.dims) for name in dim.facts}
        groups: dict[tuple[int, ...], list[int]] = {}
        for at, (_, when) in enumerate(table.clauses):
            dims = tuple(sorted({place[name] for name in model.facts_of(when)}))
            groups.setdefault(dims, []).append(at)
        self._groups = list(groups.items())
        self._known: list[dict[Cells, Held]] = [{} for _ in self._groups]

    def held(self, cells: Cells) -> Held:
        """Return the clauses that hold, by their own conditions on a claim."""
        found = []
        for (dims, clauses), known in zip(self._groups, self._known, strict=True):
            some = tuple([cells[dim] for dim in dims])
            held = known.get(some)
            if held is None:
                if len(known) >= _KEPT:
                    known.clear()
                held = known[some] = self._read(dims, some, clauses)
            found.append(held)
        return frozenset().union(*found)

    def _read(self, dims: Cells, cells: Cells, clauses: list[int]) -> Held:
        claim: dict[str, Value] = {}
        for at, cell in zip(dims, cells, strict=True):
            dim = self._table.dims[at]
            claim.update(zip(dim.facts, dim.values[cell], strict=True))
        read = claim.__getitem__
        return frozenset(at for at in clauses if self._table.clauses[at][1].holds(read))


def check_table(table: Table) -> None:
    """Raise `ShadowError` where two entries have one address, or a cell is wrong."""
    room = 1
    for dim, stride in sorted(table.steps, key=lambda step: step[1]):
        if stride < room:
            raise ShadowError(
                f"two entries of table {table.digest[:16]} have one address"
            )
        room = stride * len(dim)
    for dim in table.dims:
        if len(dim.facts) == 1 and dim.is_whole:
            _check_cells(table, dim)


def _check_cells(table: Table, dim: Dim) -> None:
    """Compare the cells of one fact with the conditions, at each threshold."""
    (name,) = dim.facts
    tried = edges(table.facts[name], dim.atoms)
    step = 1 + len(tried) * len(dim.atoms) // _TRIED
    for value in tried[::step]:
        said = dim.truth[dim.cell((value,))]
        for atom, truth in zip(dim.atoms, said, strict=True):
            if atom.holds(lambda _, value=value: value) is not truth:  # type: ignore[misc]
                raise ShadowError(
                    f"a cell of table {table.digest[:16]} is wrong: it says that "
                    f"`{atom.text}` is {str(truth).lower()} where the reference says "
                    f"that it is not.\n{_WHAT_NOW}"
                )


_WHAT_NOW = (
    "Nothing was decided by it. This is a bug in whopays or durable-rules: please report "
    "it; --engine reference decides without durable-rules."
)


def _disagreement(table: Table, entry: int, held: Held, expected: Held) -> str:
    sides = (
        (_named(table, held - expected), "by the engine"),
        (_named(table, expected - held), "by the reference"),
    )
    said = "; ".join(f"{names} holds only {who}" for names, who in sides if names)
    return (
        f"the engine and the reference disagree about entry {entry} of "
        f"table {table.digest[:16]}: {said}.\n{_WHAT_NOW}"
    )


def _named(table: Table, clauses: Held) -> str:
    """Return the ids of `clauses`, without what they answer and what they replace."""
    found = []
    for at in sorted(clauses):
        name, gives, _ = table.clauses[at][0].partition(" gives ")
        found.append(name.partition(" to ")[0] if gives else name)
    return ", ".join(found)
