"""Mutants: contracts that differ from the true one in one small thing.

A mutant shows what a slip would do. Of clauses it is made in the texts in force, so
that an amendment still finds what it changes; of amendments, in the contract itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeAlias

from whopays.analyse.coverage.demands import Mark, mark
from whopays.diagnostics import Span
from whopays.model.contract import (
    Contract,
    Grid,
    Text,
    Version,
)
from whopays.program.compile import Program
from whopays.program.piece import Clause

Written: TypeAlias = Clause | Grid
#: What makes another clause of one, or of a grid; None takes it out.
Edit: TypeAlias = Callable[[Any], Any]
_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Mutant:
    """One changed contract: the `kind` of change, what it is made to, and in words.

    `edit` changes a clause or a grid (None: takes it out) that stands at `span`;
    without it, `contract` is changed. `amendment` is the one that brings less.
    """

    kind: str
    clause: str
    text: str
    span: Span
    contract: Contract
    edit: Edit | None = field(default=None, repr=False)
    amendment: int = 0
    _made: dict[int, Any] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> Mark:
        """Where the change is made."""
        return mark(self.span)

    def program(self, base: Program) -> Program:
        """Return the program of the mutant as known when `base`, the true one, is."""
        heads = [
            (each.amendments, each.in_force, each.signed)
            for each in (self.contract, base.contract)
        ]
        if any(one is not two for one, two in zip(*heads, strict=True)):
            return Program(self.contract, base.known_on, base)
        in_force = tuple(self._changed(each.version) for each in base.versions)
        return Program(self.contract, base.known_on, base, in_force)

    def _changed(self, version: Version) -> Version:
        if self.edit is None:
            return version
        text = edited(version.text, self.place, self._once)
        return version if text is version.text else replace(version, text=text)

    def _once(self, written: Any) -> Any:
        """Change what stands in several texts once: what is the same stays the same."""
        if id(written) not in self._made and self.edit is not None:
            self._made[id(written)] = self.edit(written)
        return self._made[id(written)]


def edited(text: Text, place: Mark, edit: Edit) -> Text:
    """Return `text` with the clause or the grid at `place` as `edit` makes it."""
    grids = _edited(text.grids, place, edit)
    if grids is text.grids:
        grids = _same(text.grids, [_in_grid(grid, place, edit) for grid in grids])
    exceptions = _edited(text.exceptions, place, edit)
    treats = _edited(text.treats, place, edit)
    routes = _edited(text.routes, place, edit)
    clocks = _edited(text.clocks, place, edit)
    if routes is not text.routes or clocks is not text.clocks:
        return replace(text, routes=routes, clocks=clocks)
    if (grids, exceptions, treats) == (text.grids, text.exceptions, text.treats) and (
        grids is text.grids and exceptions is text.exceptions and treats is text.treats
    ):
        return text
    return replace(text, grids=grids, exceptions=exceptions, treats=treats)


def _in_grid(grid: Grid, place: Mark, edit: Edit) -> Grid:
    rows = _edited(grid.rows, place, edit)
    otherwise = _edited(grid.otherwise, place, edit)
    if rows is grid.rows and otherwise is grid.otherwise:
        return grid
    return replace(grid, rows=rows, otherwise=otherwise)


def _edited(written: tuple[Any, ...], place: Mark, edit: Edit) -> tuple[Any, ...]:
    """Return `written` with what stands at `place` changed; itself if nothing does."""
    if all(mark(each.span) != place for each in written):
        return written
    found = (edit(each) if mark(each.span) == place else each for each in written)
    return tuple(each for each in found if each is not None)


def _same(before: tuple[Any, ...], after: list[Any]) -> tuple[Any, ...]:
    pairs = zip(before, after, strict=True)
    return before if all(old is new for old, new in pairs) else tuple(after)
