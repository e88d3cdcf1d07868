"""The columnar benchmark's contract as polars expressions, as somebody would write them.

Two-valued: an empty cell fails each condition that asks for it. No trace: the clause
that answers, and the cents.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from itertools import accumulate, chain, pairwise
from operator import and_, eq, ge, gt, lt, or_
from typing import Any

import polars as pl

from bench.columns_answers import Answer, clauses, divided, of_columns
from bench.columns_rules import PARTIES, STARTS, Versions, asked
from bench.generate import Clause

_COMPARED = {"is": eq, ">=": ge, ">": gt, "<": lt}


class Polars:
    """Decides a table by one chain of conditions a version."""

    def __init__(self, versions: Versions) -> None:
        self._clauses = clauses(versions.parts)
        counts = [len(clauses([made])) for made in versions.parts]
        self._first = list(accumulate(counts, initial=0))
        self._versions = versions
        codes = {
            code: at
            for at, listed in enumerate(versions.parts[0].categories)
            for code in listed
        }
        self._codes = pl.DataFrame(
            {"procedure_code": list(codes), "category": list(codes.values())}
        ).lazy()

    def decide(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return `clause` and the cents of each party, a row a line, in their order."""
        lines = (
            table.lazy()
            .with_row_index("at")
            .join(self._codes, on="procedure_code", how="left", maintain_order="left")
        )
        day = pl.col("service_date")
        every = [
            lines.filter((day >= first) & (day < last)).with_columns(
                clause=self._answer(at)
            )
            for at, (first, last) in enumerate(pairwise((*STARTS, date.max)))
        ]
        found = pl.concat(every).sort("at").with_columns(**self._shared())
        cents = (pl.col("allowed") * 100).cast(pl.Int64)
        one = (2 * cents * pl.col("part") + pl.col("whole")) // (2 * pl.col("whole"))
        return (
            found.with_columns(one=one)
            .with_columns(two=cents - pl.col("one"))
            .select(
                "clause",
                *(
                    pl.when(pl.col("first") == at)
                    .then("one")
                    .when(pl.col("second") == at)
                    .then("two")
                    .alias(party)
                    for at, party in enumerate(PARTIES)
                ),
            )
            .collect()
        )

    def answers(self, found: pl.DataFrame) -> list[Answer]:
        """Return a decided table in the form that all sides have."""
        return of_columns(found.to_dict(as_series=False), self._clauses)

    def _answer(self, version: int) -> pl.Expr:
        """Return the place of the clause that answers: exceptions first, the last first."""
        made = self._versions.parts[version]
        places = {
            id(each): at
            for at, each in enumerate(clauses([made]), self._first[version])
        }
        grouped = pl.col("category") % len(made.exceptions)
        chained: Any = pl
        for own in made.exceptions:
            for each in reversed(own):
                test = (grouped == each.place) & _held(each)
                chained = chained.when(test).then(places[id(each)])
        for row in chain(*made.rows):
            test = (pl.col("category") == row.place) & _held(row)
            chained = chained.when(test).then(places[id(row)])
        found: pl.Expr = chained.otherwise(None)
        return found

    def _shared(self) -> dict[str, pl.Expr]:
        columns = zip(*map(divided, self._clauses), strict=True)
        names = ("first", "second", "part", "whole")
        return {
            name: pl.lit(pl.Series(column)).gather(pl.col("clause"))
            for name, column in zip(names, columns, strict=True)
        }


def _held(clause: Clause) -> pl.Expr:
    return reduce(and_, map(_test, clause.tests), pl.lit(value=True))


def _test(test: Any) -> pl.Expr:
    ask = asked(test)
    column, value = pl.col(ask.fact), ask.values[0]
    if ask.how == "meets":
        found: pl.Expr = reduce(or_, map(column.list.contains, ask.values))
    elif ask.how == "in":
        found = column.is_in(list(ask.values))
    else:
        found = _COMPARED[ask.how](column, value)
    return found
