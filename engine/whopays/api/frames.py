"""Decisions of a table in memory: of pyarrow, polars or pandas, and back to them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whopays.api import load
from whopays.api.book import RuleBook
from whopays.columns.frames import DecidedFrame, decided_frame
from whopays.columns.reading import ROWS
from whopays.engines.filling import Shadowed, filler

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DecidedFrame", "decide_frame"]


def decide_frame(  # noqa: PLR0913 - as `load` and `decide_files` together
    table: Any,
    rules: RuleBook | str | Path,
    *,
    mapping: str | None = None,
    engine: str | None = None,
    known_on: date | None = None,
    contract: str | None = None,
    codes: Iterable[str | Path] = (),
    chunk: int = ROWS,
    shadow: Shadowed = "all",
    cache: Path | None = None,
) -> DecidedFrame:
    """Decide the lines of `table`, a row each.

    `table` is what exports `__arrow_c_stream__` or `__arrow_c_array__`, as tables of
    pyarrow and data frames of polars and pandas do; its columns are named as for a
    Parquet file, or by `mapping`. `rules` are a rule book, or the path of rules, which
    are loaded by `engine`, `known_on`, `contract` and `codes` as `load` has them.
    `chunk` rows are decided at a time; that changes nothing in the answer. `shadow` and
    `cache` are as `whopays decide` has them. Raise as `load`, TypeError if `table` is
    no table, DiagnosticError if a column is missing or is of a type that is not read.
    """
    codes = tuple(codes)
    if isinstance(rules, RuleBook):
        if (engine, known_on, contract, codes) != (None, None, None, ()):
            raise ValueError(
                "engine, known_on, contract and codes are those of the rule book: "
                "name them where it is loaded"
            )
        book = rules
    else:
        book = load(
            rules,
            engine=engine or "durable",
            known_on=known_on,
            contract=contract,
            codes=codes,
        )
    if chunk < 1:
        raise ValueError("a chunk has one row at least")
    named = book.mapping("", mapping)
    with filler(book.engine, shadow=shadow, cache=cache) as filling:
        with book.filled_by(filling):
            found = decided_frame(table, book.columnar(), book.facts, named, chunk)
        filling.keep()
        return found
