"""The conditions of clauses, and which of their atoms would turn what holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from whopays.analyse.coverage.demands import atoms_of
from whopays.diagnostics import Span
from whopays.model import conditions as model
from whopays.model.contract import Row
from whopays.program.compile import VersionProgram
from whopays.program.piece import Piece
from whopays.program.table import Table, evaluate


@dataclass(frozen=True)
class Part:
    """A condition of something written at `span`, asked by clauses of a table.

    `clauses` are the indexes of these, each with what else it asks: the row of a grid
    asks the condition of the grid, too, and the two may mention one atom.
    """

    span: Span
    when: model.Condition
    clauses: Mapping[int, model.Condition | None]

    @property
    def atoms(self) -> Iterable[model.Atom]:
        """The atoms of the condition, each once."""
        return atoms_of(self.when)


#: A condition, the atom that is otherwise, and the clauses that then hold.
Turn: TypeAlias = tuple[Part, model.Atom, frozenset[int]]


def turning(
    table: Table, cells: tuple[int, ...], parts: Iterable[Part]
) -> Iterator[Turn]:
    """Yield the atoms that would turn a clause, with the clauses that would then hold."""
    truth = table.truth(cells)
    held = {at for at, (_, when) in enumerate(table.clauses) if evaluate(when, truth)}
    for part in parts:
        now = evaluate(part.when, truth)
        also = {at for at, rest in part.clauses.items() if _holds(rest, truth)}
        for atom in part.atoms:
            truth[atom] = not truth[atom]
            turns = evaluate(part.when, truth) is not now
            truth[atom] = not truth[atom]
            if turns and also:
                yield part, atom, frozenset(held - also if now else held | also)


def _holds(when: model.Condition | None, truth: Mapping[model.Atom, bool]) -> bool:
    return when is None or evaluate(when, truth)


def piece_parts(version: VersionProgram, piece: Piece) -> Iterator[Part]:
    """Yield the conditions of the clauses of `piece`, and those of its grids."""
    grids: dict[str, dict[int, model.Condition | None]] = {}
    for at, clause in enumerate(piece.clauses):
        of_grid = None
        if isinstance(clause, Row):
            grids.setdefault(clause.grid, {})[at] = clause.when
            grid = version.text.grid(clause.grid)
            of_grid = grid.when if grid is not None else None
        if clause.when is not None:
            yield Part(clause.span, clause.when, {at: of_grid})
    for name, clauses in grids.items():
        grid = version.text.grid(name)
        if grid is not None and grid.when is not None:
            yield Part(grid.span, grid.when, clauses)
