"""Faults planted in what makes tables and in what fills them, for tests that see them."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import pytest

from whopays.engines.plan import Conjunct, Plan
from whopays.model.values import NONE, Value
from whopays.program import cells
from whopays.program.ordinals import ordinal

Patch = pytest.MonkeyPatch


def shifted_boundary(patch: Patch) -> None:
    """Put what lies exactly at a threshold below it."""

    def interval(view: cells.View, value: Value) -> object:
        if value is NONE:
            return NONE
        return bisect_left(view.cuts, (ordinal(value), 0))

    patch.setattr(cells.View, "_interval", interval)


def swapped_side(patch: Patch) -> None:
    """Cut after a threshold where it has to be cut before it."""
    right = cells._cuts  # noqa: SLF001 - the fault is planted there

    def cuts(atoms: Any) -> list[tuple[Any, int]]:
        return sorted((mark, 2 - side) for mark, side in right(atoms))

    patch.setattr(cells, "_cuts", cuts)


def swapped_keys(patch: Patch) -> None:
    """Let the message say one literal where another is true."""
    right = Plan.data

    def data(plan: Plan) -> dict[str, Any]:
        found = right(plan)
        if len(found["keys"]) > 1:
            first, second, *_ = found["keys"]
            first[0], second[0] = second[0], first[0]
        return found

    patch.setattr(Plan, "data", data)


def dropped_conjunct(patch: Patch) -> None:
    """Forget one literal of every conjunction."""
    right = Plan._conjuncts  # noqa: SLF001 - the fault is planted there

    def conjuncts(plan: Plan, when: Any) -> list[Conjunct]:
        found = right(plan, when)
        return [
            frozenset(sorted(each)[1:]) if len(each) > 1 else each for each in found
        ]

    patch.setattr(Plan, "_conjuncts", conjuncts)
