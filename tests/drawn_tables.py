"""Tables of drawn contracts, and entries of them: what an engine is asked to fill."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeAlias

from agree import contract_of
from bench.generate import generate
from generate import draft
from whopays.api import load
from whopays.engines.durable import evaluated, is_asked
from whopays.program.compile import Program
from whopays.program.table import Table

Cells: TypeAlias = tuple[int, ...]
Asked: TypeAlias = list[tuple[Table, Sequence[Cells]]]


def known_cells(table: Table, most: int = 100) -> list[Cells]:
    """Return the cells of entries of `table`, spread over all of them."""
    step = 1 + table.size // most
    return list(islice(product(*(range(len(d)) for d in table.dims)), 0, None, step))


def drawn_tables(seed: int) -> list[Table]:
    """Return the tables of one drawn contract, made anew."""
    chance = Random(seed)  # noqa: S311 - the same contract each time
    program = Program(contract_of(draft(chance).text()))
    found = [program.gate, program.dates, program.order]
    for version in program.versions:
        found.append(version.select(version.answered))
        found.extend(version.piece(name).table for name in sorted(version.answered))
    return [table for table in found if is_asked(table)]


def large_tables(count: int) -> list[Table]:
    """Return tables of hundreds of entries each, made anew."""
    size = max(count, 12)
    made = generate(rows=3 * size, exceptions=20, categories=size, codes=20 * size)
    with TemporaryDirectory() as folder:
        Path(folder, "made.rules").write_text(made.text, encoding="utf-8")
        (contract,) = load(Path(folder)).rules.contracts.values()
    version = Program(contract).versions[0]
    names = sorted(contract.catalog.categories)[:count]
    return [version.piece(name).table for name in names]


def expected(asked: Asked) -> list[list[frozenset[int]]]:
    """Return what the clauses themselves say of the entries `asked`."""
    return [[evaluated(table, each) for each in cells] for table, cells in asked]
