"""The shadow sees each fault that is planted in what compiles tables and fills them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from drawn_tables import Asked, drawn_tables, known_cells
from planted_faults import (
    dropped_conjunct,
    shifted_boundary,
    swapped_keys,
    swapped_side,
)
from whopays.engines.filling import filler
from whopays.engines.shadow import Shadow, ShadowError
from whopays.program.cells import Dim
from whopays.program.table import Table

Patch = pytest.MonkeyPatch
_SEEDS = 20


def asked_of(seed: int) -> Asked:
    """Return entries of the tables of one drawn contract."""
    return [(table, known_cells(table)) for table in drawn_tables(seed)]


def wrong_stride(patch: Patch) -> None:
    """Make one dimension shorter than it is, so that entries share addresses."""

    def strides(table: Table) -> tuple[int, ...]:
        found, size = [], 1
        for dim in table.dims:
            found.append(size)
            size *= max(1, len(dim) - 1)
        return tuple(found)

    made = cached_property(strides)
    made.__set_name__(Table, "strides")
    patch.setattr(Table, "strides", made)


def other_value(patch: Patch) -> None:
    """Let the last cell of a fact stand for the value of its first."""
    right = Dim._fill  # noqa: SLF001 - the fault is planted there

    def fill(dim: Dim) -> None:
        right(dim)
        if len(dim) > 1:
            dim.values[-1] = dim.values[0]

    patch.setattr(Dim, "_fill", fill)


FAULTS = (
    shifted_boundary,
    swapped_side,
    swapped_keys,
    dropped_conjunct,
    wrong_stride,
    other_value,
)


def differs() -> bool:
    """Tell whether the shadow stops one of the drawn contracts."""
    with filler() as made:
        for seed in range(_SEEDS):
            try:
                made.fill(asked_of(seed))
            except ShadowError:
                return True
        assert made.report()["entries"]["shadowed"] == made.filled > 1000
    return False


def test_without_a_fault_the_shadow_agrees() -> None:
    assert not differs()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_each_fault_stops_the_run(
    fault: Callable[[Patch], None], monkeypatch: Patch
) -> None:
    fault(monkeypatch)
    assert differs()


def first_large(seed: int) -> tuple[Table, list[Any]]:
    """Return the largest table of a drawn contract and entries of it."""
    table, cells = max(asked_of(seed), key=lambda pair: len(pair[1]))
    return table, list(cells)


def test_a_disagreement_names_clauses_and_the_entry() -> None:
    table, cells = first_large(3)
    entry = table.entry(cells[-1])
    with filler("reference", shadow="off") as made:
        right = made.held_many(table, cells)[-1]
    wrong = right ^ {0}

    with pytest.raises(ShadowError) as told:
        Shadow().check(table, {entry: cells[-1]}, {entry: wrong})

    text = str(told.value)
    assert f"entry {entry} of table {table.digest[:16]}" in text
    assert table.clauses[0][0].split(" gives ")[0].split(" to ")[0] in text
    assert "please report it" in text


def test_a_run_that_disagreed_keeps_nothing(tmp_path: Path, monkeypatch: Patch) -> None:
    dropped_conjunct(monkeypatch)
    asked = [each for seed in range(_SEEDS) for each in asked_of(seed)]
    with filler(cache=tmp_path) as made, pytest.raises(ShadowError):
        made.fill(asked)

    assert not list(tmp_path.iterdir())


def test_every_nth_entry_is_chosen_alike_in_each_run() -> None:
    counts = []
    for _ in range(2):
        with filler("reference", shadow=7) as made:
            for seed in range(6):
                made.fill(asked_of(seed))
        counts.append(made.report()["entries"]["shadowed"])
        share = counts[-1] / made.filled
        assert 1 / 10 < share < 1 / 5
    assert counts[0] == counts[1]
    with filler("reference", shadow="off") as made:
        made.fill(asked_of(1))
    assert made.report()["entries"]["shadowed"] == 0
    assert made.report()["shadow"] == "off"
