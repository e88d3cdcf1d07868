"""Faults planted in the compiler: comparing with the reference must see each of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import pytest

from agree import Decided, completions, contract_of
from generate import draft, line_facts
from planted_faults import (
    dropped_conjunct,
    shifted_boundary,
    swapped_keys,
    swapped_side,
)
from whopays.decide import line as deciding
from whopays.decide import views
from whopays.engines.durable import Durable
from whopays.model.contract import Address, Contract, ExceptionClause
from whopays.model.outcome import Outcome
from whopays.model.values import UNKNOWN, Value
from whopays.program import compile as compiling

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
