"""Accounts in tables: a row for each line, each plan, and each plan's word on a line.

The rows of an account stand together. Each is made part of an account document, which
the reader of documents reads, so a table says the same as a document does. A row with the
columns `from` and `to` gives the facts that change over time on these days. An empty cell
says nothing; the word `none` says that there is none, of facts that may be none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from whopays.claims.accounts.document import (
    ADJUSTS,
    NUMBER,
    REVERSES,
    AccountReader,
    Filed,
)
from whopays.claims.csv_files import csv_rows, header_of
from whopays.claims.records import FieldProblem, Reject, identity
from whopays.claims.rows import Row
from whopays.claims.tables import parquet_rows
from whopays.diagnostics import Diagnostic, DiagnosticError

#: Columns that say what a row is of; `method` is the plan's, the days those of dated facts,
#: the others the account's.
FROM, TO = "from", "to"
KEYS = ("account_id", "line", "plan", "method", NUMBER, ADJUSTS, REVERSES, FROM, TO)
_APART = "has its rows in several places: the rows of an account stand together"
_MOST_ROWS = 25_000  # of one account
_SAID = frozenset({"account_id", "line", "plan", FROM, TO})


def read_rows(path: Path, reader: AccountReader) -> Iterator[Filed | Reject]:
    """Return the accounts and rejects of a table; DiagnosticError if it has no ids."""
    if path.suffix.lower() == ".parquet":
        columns, _ = parquet_rows(path)

        def rows() -> Iterator[Row]:
            return parquet_rows(path)[1]

    else:
        columns, delimiter = header_of(path)

        def rows() -> Iterator[Row]:
            return csv_rows(path, delimiter, len(columns))

    twice = len(set(columns)) < len(columns)
    if "account_id" not in columns or twice:
        fault = "gives a column twice" if twice else "has no column `account_id`"
        raise DiagnosticError(
            [
                Diagnostic(
                    "M012",
                    f"the header of the file {path} {fault}",
                    (),
                    help=f"the columns are {', '.join(KEYS)} and the words of accounts",
                )
            ]
        )
    for name in columns:
        if not _is_known(name, reader):
            reader.report.ignore(name)
    return _accounts(columns, rows, reader)


def _is_known(name: str, reader: AccountReader) -> bool:
    words = reader.words
    plain = (KEYS, words.claim, words.line, words.amounts, words.balances)
    if any(name in each for each in plain):
        return True
    side, _, rest = name.partition(".")
    return rest in {"plan": words.plan, "patient": words.patient}.get(side, {})


def _accounts(
    columns: Sequence[str], rows: Callable[[], Iterator[Row]], reader: AccountReader
) -> Iterator[Filed | Reject]:
    at = list(columns).index("account_id")
    told: set[str] = set()

    def name(row: Row) -> tuple[str, int]:
        account = "" if row.problem else _readable(row.cells[at])
        return account, 0 if account else row.record  # of no account: stands alone

    apart = _apart(account for (account, _), _ in groupby(rows(), key=name))
    for (account, _), group in groupby(rows(), key=name):
        first = next(group)
        if account in apart:
            if account not in told:
                yield reader.reject(first.record, "account_id", _APART, account)
            told.add(account)
            continue
        if first.problem:
            yield reader.reject(first.record, "", first.problem)
            continue
        document = _Document(first.cells[at], columns)
        problem = document.add(first, reader)
        for count, row in enumerate(group, 2):
            if count > _MOST_ROWS:
                problem = problem or ("", f"has more than {_MOST_ROWS} rows")
            problem = problem or document.add(row, reader)
        if problem:
            yield reader.reject(first.record, *problem, account)
        else:
            yield from reader.read(document.made(), first.record)


def _readable(cell: object) -> str:
    """Return the id of an account; empty if it can't be read."""
    try:
        return identity(cell)
    except FieldProblem:
        return ""


def _apart(accounts: Iterator[str]) -> set[str]:
    """Return the accounts whose rows do not stand together: a part would be wrong."""
    seen: set[str] = set()
    found: set[str] = set()
    for account in accounts:
        if account in seen and account:
            found.add(account)
        seen.add(account)
    return found


def _says_none(name: str, cell: object, reader: AccountReader) -> bool:
    """Tell whether a cell is the word `none`, of a fact that may be none."""
    if not isinstance(cell, str) or cell.strip().lower() != "none":
        return False
    words = reader.words
    side, _, rest = name.partition(".")
    known = {"plan": words.plan, "patient": words.patient}.get(side, {})
    places = (known, words.claim, words.line, words.amounts, words.balances)
    fact = known.get(rest) or next(
        (each[name] for each in places if name in each), None
    )
    return fact is not None and fact.or_none


def _is_dated(name: str, reader: AccountReader) -> bool:
    """Tell whether `name` is a fact of plan or patient that changes over time."""
    side, _, rest = name.partition(".")
    known = {"plan": reader.words.plan, "patient": reader.words.patient}.get(side, {})
    return rest in known and bool(known[rest].as_of)


def _add_spell(place: dict[str, object], word: str, spell: dict[str, object]) -> str:
    """Add a value with its days; return what is wrong, if the word has none with days."""
    spells = place.setdefault(word, [])
    if not isinstance(spells, list):
        return "has one value with days and one without"
    if spell not in spells:
        spells.append(spell)
    return ""


def _put(place: dict[str, object], word: str, cell: object) -> str:
    """Put a cell in its place; return what is wrong, if another is there."""
    if place.setdefault(word, cell) != cell:
        return "is not the same in all rows that say it"
    return ""


class _Document:
    """An account document that grows row by row."""

    def __init__(self, account: object, columns: Sequence[str]) -> None:
        self._columns = columns
        self._top: dict[str, object] = {"account_id": account}
        self._patient: dict[str, object] = {}
        self._lines: dict[str, dict[str, object]] = {}
        self._coverages: dict[str, dict[str, dict[str, object]]] = {}

    def add(self, row: Row, reader: AccountReader) -> tuple[str, str] | None:
        """Take a row; return the column and the reason where it contradicts others."""
        given = {
            name: cell
            for name, cell in zip(self._columns, row.cells, strict=True)
            if cell is not None and str(cell).strip()
        }
        line, plan = (str(given.get(name, "")).strip() for name in ("line", "plan"))
        if line:
            self._lines.setdefault(line, {"line": line})
        if plan:
            blank: dict[str, dict[str, object]] = {
                "own": {"plan": plan},
                "facts": {},
                "amounts": {},
                "balances": {},
                "lines": {},
            }
            self._coverages.setdefault(plan, blank)
        days = {name: given[name] for name in (FROM, TO) if name in given}
        if days and not any(_is_dated(name, reader) for name in given):
            return next(iter(days)), "is given, and the row has no fact that changes"
        for name, cell in given.items():
            if name in _SAID or not _is_known(name, reader):
                continue
            where = self._place(name, line, plan, reader)
            if where is None:
                return name, "is of a plan, and the row names none"
            said = None if _says_none(name, cell, reader) else cell
            if days and _is_dated(name, reader):
                problem = _add_spell(*where, {**days, "value": said})
            else:
                problem = _put(*where, said)
            if problem:
                return name, problem
        return None

    def _place(
        self, name: str, line: str, plan: str, reader: AccountReader
    ) -> tuple[dict[str, object], str] | None:
        """Return what a cell is part of, and its word there."""
        words = reader.words
        side, _, rest = name.partition(".")
        if name in {NUMBER, ADJUSTS, REVERSES}:
            return self._top, name
        if name in words.claim and not (plan and words.is_of_plan(name)):
            return self._top, name
        if side == "patient" and rest:
            return self._patient, rest
        if name in words.line and not (plan and words.is_of_plan(name)):
            return (self._lines[line] if line else self._top), name
        if not plan:
            return None
        coverage = self._coverages[plan]
        if name == "method":
            return coverage["own"], name
        if side == "plan" and rest:
            return coverage["facts"], rest
        if name in words.balances:
            return coverage["balances"], name
        if not line:
            return coverage["amounts"], name
        of_line = coverage["lines"].setdefault(line, {"line": line})
        return (of_line, name) if isinstance(of_line, dict) else None

    def made(self) -> dict[str, object]:
        """Return the account document."""
        if REVERSES in self._top:
            return self._top
        coverages = [
            {**each, **each["own"], "lines": list(each["lines"].values())}
            for each in self._coverages.values()
        ]
        for each in coverages:
            each.pop("own", None)
        return {
            **self._top,
            "patient": self._patient,
            "lines": list(self._lines.values()),
            "coverages": coverages,
        }
