"""The three reports: favorable, unfavorable, exception. Together they are all accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whopays.coordinate.account import TERTIARY
from whopays.office.rows import Row
from whopays.office.states import REPORTS


@dataclass(frozen=True)
class Total:
    """How many accounts a report has, and what they are expected to pay, in cents.

    `cents` is None where no account has an amount. `by_hand` accounts have $0.00, because
    their method is to be calculated by hand.
    """

    accounts: int
    cents: int | None
    by_hand: int


@dataclass(frozen=True)
class Reports:
    """The rows of all accounts, for the three reports.

    `alone` accounts have one plan, so no second payer that a report could be about.
    `replaced` accounts were adjusted or reversed by later ones, and count no more.
    `rejected` ones can't be read.
    """

    rows: tuple[Row, ...]
    alone: int = 0
    replaced: int = 0
    rejected: int = 0

    def of(self, report: str, *, tertiary: bool = False) -> tuple[Row, ...]:
        """Return the rows of a report, of third payers too if that is asked for."""
        return tuple(
            row
            for row in self.rows
            if row.report == report
            and (row.is_second or (tertiary and row.position == TERTIARY))
        )

    @property
    def totals(self) -> dict[str, Total]:
        """Accounts and dollars of each report: second payers alone, each account once."""
        return {name: total(self.of(name)) for name in REPORTS}


def total(rows: Iterable[Row]) -> Total:
    """Return how many rows there are, and what is expected of them together."""
    listed = list(rows)
    known = [row.expected for row in listed if row.expected is not None]
    by_hand = sum(row.by_hand for row in listed)
    return Total(len(listed), sum(known) if known else None, by_hand)
