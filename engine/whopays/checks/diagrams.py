"""Decision diagrams: sets of cases, small where a list of the cases would be long.

A case gives each variable one of its cells. A diagram asks one variable after the
other, in the order of their levels, and each answer (a set of cells, as bits of a
number) leads on, to YES or to NO. Equal diagrams are the same number, so that a set is
empty where its number is NO.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Node: TypeAlias = int
#: The child that an answer leads to, and the answer: cells as bits.
Edge: TypeAlias = tuple[Node, int]
NO, YES = 0, 1
_NO_EDGES: tuple[Edge, ...] = ()
_BELOW_ALL = 1 << 30
_MOST_LEVELS = 500  # each is a call deeper


class TooLargeError(Exception):
    """The diagrams would take more steps than they were given."""


class Diagrams:
    """Diagrams over the variables that are added; `steps` bounds time and memory."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self._cells: list[int] = []
        self._level = [_BELOW_ALL, _BELOW_ALL]
        self._edges: list[tuple[Edge, ...]] = [_NO_EDGES, _NO_EDGES]
        self._known: dict[tuple[int, tuple[Edge, ...]], Node] = {}
        self._met: tuple[dict[tuple[Node, Node], Node], ...] = ({}, {})
        self._turned: dict[Node, Node] = {NO: YES, YES: NO}
        self._open: dict[tuple[Node, int, int], Node] = {}
        self._levels: dict[Node, frozenset[int]] = {NO: frozenset(), YES: frozenset()}

    def variable(self, cells: int) -> int:
        """Add a variable of that many cells; return its level, below all others."""
        if len(self._cells) >= _MOST_LEVELS:
            raise TooLargeError
        self._cells.append((1 << cells) - 1)
        return len(self._cells) - 1

    def every(self, level: int) -> int:
        """Return all cells of a variable."""
        return self._cells[level]

    def test(self, level: int, cells: int) -> Node:
        """Return the cases in which the variable has one of `cells`."""
        rest = self._cells[level] & ~cells
        return self._node(level, {YES: cells, NO: rest})

    def both(self, one: Node, other: Node) -> Node:
        """Return the cases that are in both."""
        return self._meet(one, other, NO)

    def either(self, one: Node, other: Node) -> Node:
        """Return the cases that are in one of the two, or in both."""
        return self._meet(one, other, YES)

    def without(self, one: Node, other: Node) -> Node:
        """Return the cases of `one` that are not in `other`."""
        return NO if one == NO else self._meet(one, self.complement(other), NO)

    def complement(self, one: Node) -> Node:
        """Return all other cases."""
        found = self._turned.get(one)
        if found is None:
            self._step()
            parts: dict[Node, int] = {}
            for child, cells in self._edges[one]:
                parts[self.complement(child)] = cells
            found = self._turned[one] = self._node(self._level[one], parts)
            self._turned[found] = one
        return found

    def some(self, one: Node, level: int, cells: int) -> Node:
        """Return the cases that are in `one` with some cell of `cells` at `level`."""
        if self._level[one] > level:
            return one if cells else NO
        key = (one, level, cells)
        found = self._open.get(key)
        if found is None:
            self._step()
            if self._level[one] == level:
                found = self._any(one, cells)
            else:
                parts: dict[Node, int] = {}
                for child, own in self._edges[one]:
                    to = self.some(child, level, cells)
                    parts[to] = parts.get(to, 0) | own
                found = self._node(self._level[one], parts)
            self._open[key] = found
        return found

    def levels(self, one: Node) -> frozenset[int]:
        """Return the levels of the variables on which `one` depends."""
        found = self._levels.get(one)
        if found is None:
            below = (self.levels(child) for child, _ in self._edges[one])
            found = frozenset((self._level[one],)).union(*below)
            self._levels[one] = found
        return found

    # Looking into a diagram

    def count(self, one: Node, classes: Mapping[int, Sequence[int]]) -> int:
        """Return how many cases `one` has, as `classes` of cells can tell them apart.

        `classes` has, for a level, sets of cells that together are all; variables
        without any are not counted.
        """
        order = sorted(classes)
        memo: dict[tuple[Node, int], int] = {}

        def counted(node: Node, at: int) -> int:
            if node == NO or at == len(order):
                return int(node != NO)
            upto = order[at]
            while self._level[node] < upto:
                node = self._any(node, self._cells[self._level[node]])
            found = memo.get((node, at))
            if found is None:
                found = memo[node, at] = sum(
                    counted(self.some(node, upto, cells), at + 1)
                    for cells in classes[upto]
                )
            return found

        return counted(one, 0)

    def one_case(self, one: Node) -> dict[int, int]:
        """Return a case of `one`, which has some: a cell for each level it asks for."""
        found: dict[int, int] = {}
        node = one
        while node != YES:
            child, cells = next(edge for edge in self._edges[node] if edge[0] != NO)
            found[self._level[node]] = _lowest(cells)
            node = child
        for level in self.levels(one):
            found.setdefault(level, 0)
        return found

    def cells_at(self, one: Node, level: int, case: Mapping[int, int]) -> int:
        """Return the cells at `level` with which `case` is in `one`."""
        if self._level[one] > level:
            return self._cells[level] if self._holds(one, case) else 0
        if self._level[one] == level:
            edges = self._edges[one]
            return sum(cells for child, cells in edges if self._holds(child, case))
        return self.cells_at(self._child(one, case), level, case)

    def _holds(self, one: Node, case: Mapping[int, int]) -> bool:
        while one not in {NO, YES}:
            one = self._child(one, case)
        return one == YES

    def _child(self, one: Node, case: Mapping[int, int]) -> Node:
        bit = 1 << case.get(self._level[one], 0)
        return next(child for child, cells in self._edges[one] if cells & bit)

    # Making nodes

    def _meet(self, one: Node, other: Node, absorbs: Node) -> Node:
        if absorbs in {one, other} or one == other:
            return absorbs if absorbs in {one, other} else one
        neutral = YES - absorbs
        if one == neutral:
            return other
        if other == neutral:
            return one
        key = (one, other) if one < other else (other, one)
        memo = self._met[absorbs]
        found = memo.get(key)
        if found is None:
            found = memo[key] = self._met_below(one, other, absorbs)
        return found

    def _met_below(self, one: Node, other: Node, absorbs: Node) -> Node:
        self._step()
        if self._level[one] > self._level[other]:
            one, other = other, one
        level = self._level[one]
        parts: dict[Node, int] = {}
        if level < self._level[other]:
            for child, cells in self._edges[one]:
                to = self._meet(child, other, absorbs)
                parts[to] = parts.get(to, 0) | cells
            return self._node(level, parts)
        theirs = self._edges[other]
        for child, cells in self._edges[one]:
            for their, others in theirs:
                shared = cells & others
                if shared:
                    to = self._meet(child, their, absorbs)
                    parts[to] = parts.get(to, 0) | shared
        return self._node(level, parts)

    def _any(self, one: Node, cells: int) -> Node:
        found = NO
        for child, own in self._edges[one]:
            if own & cells:
                found = self.either(found, child)
        return found

    def _node(self, level: int, parts: Mapping[Node, int]) -> Node:
        edges = tuple(sorted((child, cells) for child, cells in parts.items() if cells))
        if len(edges) == 1:
            return edges[0][0]
        key = (level, edges)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self._level)
            self._level.append(level)
            self._edges.append(edges)
            self._step()
        return found

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise TooLargeError


def _lowest(cells: int) -> int:
    return (cells & -cells).bit_length() - 1
