"""Faults planted in the compiler: comparing with the reference must see each of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import pytest

from agree import Decided, completions, contract_of
from generate import draft, line_facts
from whopays.decide import line as deciding
from whopays.decide import views
from whopays.engines.durable import Durable
from whopays.engines.plan import Conjunct, Plan
from whopays.model.contract import Address, Contract, ExceptionClause
from whopays.model.outcome import Outcome
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program import cells
from whopays.program import compile as compiling
from whopays.program.ordinals import ordinal

Facts = dict[str, Value]
Patch = pytest.MonkeyPatch
_CONTRACTS, _LINES, _MOST = 40, 10, 100


@cache
def cases() -> tuple[tuple[Contract, tuple[tuple[Facts, Outcome], ...]], ...]:
    """Return contracts, and lines of each with what the reference says of them."""
    found = []
    for seed in range(_CONTRACTS):
        chance = Random(seed)  # noqa: S311 - the same contracts each time
        contract = contract_of(draft(chance).text())
        decided = Decided(contract)
        drawn = (line_facts(chance, (0.0, 0.1)[at % 2]) for at in range(_LINES))
        few = [facts for facts in drawn if completions(contract, facts) <= _MOST]
        found.append((contract, tuple((each, decided.reference(each)) for each in few)))
    return tuple(found)


def differences() -> int:
    """Count the lines whose answer by tables is not the one of the reference."""
    count = 0
    for contract, lines in cases():
        engine = Durable()
        decided = Decided(contract, engine)
        for facts, expected in lines:
            count += decided.outcome(facts).key != expected.key
        engine.close()
    return count


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


def lost_target(patch: Patch) -> None:
    """Forget the last target of every exception that has several."""

    def replaces(exception: ExceptionClause) -> frozenset[Address]:
        targets = exception.targets[:-1] or exception.targets
        return frozenset(target.address for target in targets)

    # The reference looks at the targets themselves.
    patch.setattr(ExceptionClause, "replaces", property(replaces))


def guessed_unknown(patch: Patch) -> None:
    """Take the first cell for a fact that is unknown."""

    def only(view: Any, names: tuple[str, ...], see: Callable[[Any], Any]) -> Any:
        wide = view.program.wide[names[0]]
        known = tuple(view.facts.get(name, UNKNOWN) for name in wide.names)
        first = wide.candidates(known)[0]
        return see(tuple(first[wide.names.index(name)] for name in names))

    patch.setattr(views.Partly, "_only", only)


def ignored_rank(patch: Patch) -> None:
    """Keep every category that holds, whatever goes before it."""

    def first_ranked(decider: Any, view: Any, version: Any, names: Any) -> list[str]:
        del decider
        table = version.select(names) if names else None
        return [table.clauses[at][0] for at in view.held(table)] if table else []

    patch.setattr(deciding.Decider, "_first_ranked", first_ranked)


def lost_otherwise(patch: Patch) -> None:
    """Forget that a grid has an answer for all other lines."""
    right = compiling.VersionProgram.rows

    def rows(version: Any, grid: Any, category: str | None) -> tuple[Any, ...]:
        return tuple(row for row in right(version, grid, category) if row.category)

    patch.setattr(compiling.VersionProgram, "rows", rows)


FAULTS = (
    shifted_boundary,
    swapped_side,
    swapped_keys,
    dropped_conjunct,
    lost_target,
    guessed_unknown,
    ignored_rank,
    lost_otherwise,
)


def test_without_a_fault_nothing_differs() -> None:
    assert sum(len(lines) for _, lines in cases()) > 200
    assert differences() == 0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_each_fault_is_seen(fault: Callable[[Patch], None], monkeypatch: Patch) -> None:
    fault(monkeypatch)
    assert differences() > 0
