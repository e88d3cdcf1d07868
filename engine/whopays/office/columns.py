"""The columns of reports and worklists: the same for CSV and for a workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from whopays.office.rows import Row
from whopays.office.worklist import Line

TEXT, MONEY, COUNT = "text", "money", "count"
#: What a cell holds: money is integer cents, and None is nothing at all.
Cell = str | int | date | None
T = TypeVar("T")


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column: its name in files, its title for people, its kind, and its cell."""

    name: str
    title: str
    kind: str
    of: Callable[[T], Cell]


def yes(so: bool) -> str:
    """Return a flag as a cell."""
    return "yes" if so else ""


REPORT: tuple[Column[Row], ...] = (
    Column("account", "Account", TEXT, lambda r: r.account),
    Column("account_number", "Account number", TEXT, lambda r: r.number),
    Column("payer", "Payer", TEXT, lambda r: r.payer),
    Column("plan", "Plan", TEXT, lambda r: r.plan),
    Column("profile", "Profile", TEXT, lambda r: r.profile),
    Column("position", "Position", TEXT, lambda r: r.position),
    Column("service_date", "Service date", TEXT, lambda r: r.day),
    Column("method", "Method", TEXT, lambda r: r.method),
    Column("language_category", "Language category", TEXT, lambda r: r.category),
    Column("reprice", "Reprice", TEXT, lambda r: r.reprice),
    Column("billed", "Billed", MONEY, lambda r: r.billed),
    Column("expected", "Expected", MONEY, lambda r: r.expected),
    Column("by_hand", "By hand", TEXT, lambda r: yes(r.by_hand)),
    Column("basis", "Payers ahead", TEXT, lambda r: r.basis),
    Column("posted", "Posted", MONEY, lambda r: r.posted),
    Column("difference", "Posted less expected", MONEY, lambda r: r.difference),
    Column("because", "Because of", TEXT, lambda r: r.because),
    Column("reasons", "Reasons", TEXT, lambda r: " ".join(r.reasons)),
    Column("failure", "Why it failed", TEXT, lambda r: r.failure),
    Column("why", "In words", TEXT, lambda r: r.why),
    Column("working", "Working", TEXT, lambda r: r.working),
    Column("file", "File", TEXT, lambda r: r.where[0]),
    Column("record", "Record", COUNT, lambda r: r.where[1]),
)

WORKLIST: tuple[Column[Line], ...] = (
    Column("account", "Account (payers, accounts)", TEXT, lambda w: w.label),
    Column("payer", "Payer", TEXT, lambda w: w.main.payer),
    Column("plan", "Plan", TEXT, lambda w: w.main.plan),
    Column("profile", "Profile", TEXT, lambda w: w.main.profile),
    Column("position", "Position", TEXT, lambda w: w.main.position),
    Column("language_category", "Language category", TEXT, lambda w: w.main.category),
    Column("method", "Method", TEXT, lambda w: w.main.method),
    Column("service_date", "Service date", TEXT, lambda w: w.main.day),
    Column("age", "Age in days", COUNT, lambda w: w.age),
    Column("accounts", "Accounts", COUNT, lambda w: w.accounts),
    Column("billed", "Billed", MONEY, lambda w: w.billed),
    Column("expected", "Expected", MONEY, lambda w: w.expected),
    Column("posted", "Posted", MONEY, lambda w: w.posted),
    Column("left", "Left", MONEY, lambda w: w.left),
    Column("by_hand", "By hand", COUNT, lambda w: w.by_hand or None),
    Column("basis", "Payers ahead", TEXT, lambda w: w.main.basis),
    Column("because", "Because of", TEXT, lambda w: w.main.because),
    Column("account_id", "Of most", TEXT, lambda w: w.main.account),
)


def money(cents: int) -> str:
    """Return cents as a number of dollars, as files have it: `-12.50`."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02d}"


def cell_text(cell: Cell, kind: str) -> str:
    """Return a cell as the text that stands in a file."""
    if cell is None:
        return ""
    if kind == MONEY and isinstance(cell, int):
        return money(cell)
    return str(cell)
