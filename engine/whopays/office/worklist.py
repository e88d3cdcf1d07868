"""The worklist of payers: what is expected of each payer of each account, the most first.

A line is all accounts of one number with one payer. Dollars are added up; what can't be
(method, age) is that of the account of which most is expected, as the field does it. The
label `012345678 (2,3)` says that two payers and three accounts have the number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from whopays.coordinate.account import SECONDARY, TERTIARY
from whopays.office.rows import Row

#: Most lines of a worklist: the totals are of all.
MOST = 30_000


@dataclass(frozen=True)
class Asked:
    """Which payers a worklist is about; empty where nothing is asked.

    `payers` are names of payers, or ids of plans or profiles, in any case. `older_than`
    is in days, `at_least` in cents of a line. `not_posted`: nothing was paid yet.
    `each`: a line for each account, not one for each number and payer.
    """

    positions: tuple[str, ...] = (SECONDARY, TERTIARY)
    categories: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    older_than: int | None = None
    at_least: int | None = None
    not_posted: bool = False
    each: bool = False

    def wants(self, row: Row) -> bool:
        """Tell whether a payer of an account is asked for."""
        names = {name.casefold() for name in (row.payer, row.plan, row.profile)}
        return (
            row.position in self.positions
            and (not self.categories or row.category in self.categories)
            and (
                not self.payers or not names.isdisjoint(map(str.casefold, self.payers))
            )
            and not (self.not_posted and row.posted is not None)
        )


@dataclass(frozen=True)
class Line:
    """One line of the worklist: a payer, and the accounts that it stands for.

    Cents are sums over the accounts, None where none has the amount. `left` is expected
    less posted, `by_hand` the accounts to be calculated by hand. `age` is in days from the service date to the day of the worklist, None
    where the date is not known. `main` is the account of which most is expected.
    """

    label: str
    accounts: int
    main: Row
    age: int | None
    billed: int | None
    expected: int
    posted: int | None
    left: int | None
    by_hand: int


@dataclass(frozen=True)
class PayerTotal:
    """What is expected of one payer, over all lines of a worklist; in cents."""

    payer: str
    accounts: int
    expected: int
    posted: int
    left: int


@dataclass(frozen=True)
class Worklist:
    """The lines of a worklist, the most expected first, and the totals of all of them.

    `lines` are the first `MOST`; `count` is how many there are. `without` payers were
    asked for and have no amount: they are on the exception report.
    """

    lines: tuple[Line, ...]
    count: int
    totals: tuple[PayerTotal, ...]
    without: int


def worklist(rows: Iterable[Row], asked: Asked, on: date) -> Worklist:
    """Return the worklist of `rows` on a day."""
    listed = list(rows)
    wanted = [row for row in listed if asked.wants(row)]
    known = [row for row in wanted if row.expected is not None]
    grouped: dict[tuple[str, ...], list[Row]] = {}
    for at, row in enumerate(known):
        alone = (str(at),) if asked.each else ()
        grouped.setdefault((row.number, row.payer, *alone), []).append(row)
    labels = _labels(listed)
    lines = [_line(group, labels, on) for group in grouped.values()]
    kept = [line for line in lines if _is_kept(line, asked)]
    kept.sort(key=_rank)
    without = len(wanted) - len(known)
    return Worklist(tuple(kept[:MOST]), len(kept), _totals(kept), without)


def _labels(rows: Iterable[Row]) -> dict[str, str]:
    """Return for each account number how many payers and accounts have it."""
    payers: dict[str, set[str]] = {}
    accounts: dict[str, set[tuple[str, tuple[str, int]]]] = {}
    for row in rows:
        payers.setdefault(row.number, set()).add(row.payer)
        accounts.setdefault(row.number, set()).add((row.account, row.where))
    return {
        number: f"{number} ({len(payers[number])},{len(accounts[number])})"
        for number in payers
    }


def _line(rows: Sequence[Row], labels: dict[str, str], on: date) -> Line:
    main = max(rows, key=lambda row: row.expected or 0)
    return Line(
        labels[main.number],
        len(rows),
        main,
        (on - main.day).days if main.day is not None else None,
        _sum(row.billed for row in rows),
        _sum(row.expected for row in rows) or 0,
        _sum(row.posted for row in rows),
        _sum(_left(row) for row in rows),
        sum(row.by_hand for row in rows),
    )


def _left(row: Row) -> int | None:
    if row.expected is None or row.by_hand:
        return None
    return row.expected - (row.posted or 0)


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = [each for each in amounts if each is not None]
    return sum(known) if known else None


def _is_kept(line: Line, asked: Asked) -> bool:
    if asked.at_least is not None and line.expected < asked.at_least:
        return False
    if asked.older_than is None:
        return True
    return line.age is not None and line.age > asked.older_than


def _rank(line: Line) -> tuple[int, int, str, str]:
    return (-line.expected, -(line.age or 0), line.label, line.main.payer)


def _totals(lines: Iterable[Line]) -> tuple[PayerTotal, ...]:
    """Return the totals by payer, the most expected first."""
    found: dict[str, PayerTotal] = {}
    for line in lines:
        payer = line.main.payer
        before = found.get(payer, PayerTotal(payer, 0, 0, 0, 0))
        found[payer] = replace(
            before,
            accounts=before.accounts + line.accounts,
            expected=before.expected + line.expected,
            posted=before.posted + (line.posted or 0),
            left=before.left + (line.left or 0),
        )
    return tuple(sorted(found.values(), key=lambda t: (-t.expected, t.payer)))
