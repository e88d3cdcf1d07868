"""The columnar benchmark's contract as one DuckDB statement, as somebody would write it.

Two-valued: an empty cell fails each condition that asks for it. No trace: the clause
that answers, and the cents.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import duckdb

from bench.columns_answers import Answer, clauses, divided, of_columns
from bench.columns_rules import PARTIES, STARTS, Versions, asked
from bench.generate import Clause
from bench.pools import Test


class DuckDB:
    """Decides an Arrow table by a case for each clause of each version."""

    def __init__(self, versions: Versions) -> None:
        self._clauses = clauses(versions.parts)
        self._versions = versions
        self._base = duckdb.connect()
        self._base.execute("SET threads = 1")
        self._base.execute("CREATE TABLE codes (procedure_code TEXT, category INT)")
        codes = {
            code: at
            for at, listed in enumerate(versions.parts[0].categories)
            for code in listed
        }
        self._base.executemany("INSERT INTO codes VALUES (?, ?)", list(codes.items()))
        self._base.execute(
            'CREATE TABLE shares (clause INT, "first" INT, "second" INT, part INT, "whole" INT)'
        )
        rows = [(at, *divided(each)) for at, each in enumerate(self._clauses)]
        self._base.executemany("INSERT INTO shares VALUES (?, ?, ?, ?, ?)", rows)
        self._text = self._statement()

    def decide(self, table: Any) -> Any:
        """Return `clause` and the cents of each party, a row a line, in their order."""
        self._base.register("lines", table)
        return self._base.sql(self._text).to_arrow_table()

    def answers(self, found: Any) -> list[Answer]:
        """Return a decided table in the form that all sides have."""
        return of_columns(found.to_pydict(), self._clauses)

    def _statement(self) -> str:
        cases = "\n".join(self._cases())
        parties = ", ".join(
            f'CASE WHEN "first" = {at} THEN one WHEN "second" = {at} '
            f"THEN cents - one END AS {party}"
            for at, party in enumerate(PARTIES)
        )
        return f"""
            WITH placed AS (
                SELECT lines.*, category, category % {len(self._groups)} AS grouped,
                    CAST(allowed * 100 AS BIGINT) AS cents
                FROM lines LEFT JOIN codes USING (procedure_code)
            ), decided AS (SELECT *, CASE {cases} END AS clause FROM placed
            ), shared AS (
                SELECT *, (2 * cents * part + "whole") // (2 * "whole") AS one
                FROM decided JOIN shares USING (clause)
            )
            SELECT clause, {parties} FROM shared ORDER BY claim_id, line
        """  # noqa: S608 - made of our own drawn rules

    @property
    def _groups(self) -> tuple[tuple[Clause, ...], ...]:
        return self._versions.parts[0].exceptions

    def _cases(self) -> Iterator[str]:
        """Yield a case a version and within it a case a clause, the last exception first."""
        at = 0
        days = [*(f"service_date < DATE '{day}'" for day in STARTS[1:]), "true"]
        for until, made in zip(days, self._versions.parts, strict=True):
            places = {id(each): at + nth for nth, each in enumerate(clauses([made]))}
            at += len(places)
            own = [row for each in made.exceptions for row in reversed(each)]
            yield f"WHEN {until} THEN CASE"
            for each in own:
                yield f"WHEN {_all('grouped', each)} THEN {places[id(each)]}"
            for row in chain(*made.rows):
                yield f"WHEN {_all('category', row)} THEN {places[id(row)]}"
            yield "END"


def _all(place: str, clause: Clause) -> str:
    return " AND ".join((f"{place} = {clause.place}", *map(_test, clause.tests)))


def _test(test: Test) -> str:
    ask = asked(test)
    listed = ", ".join(f"'{each}'" for each in ask.values)
    if ask.how == "meets":
        return f"list_has_any({ask.fact}, [{listed}])"
    if ask.how == "in":
        return f"{ask.fact} IN ({listed})"
    if ask.how == "is":
        return ask.fact if ask.values[0] else f"NOT {ask.fact}"
    return f"{ask.fact} {ask.how} {ask.values[0]}"
