"""Balances outside memory: a table on disk, the ones in use kept at hand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from whopays.accumulate.balances import Balance, Balances, Key
from whopays.accumulate.narrow import number_of, plain_number

#: Balances that are kept at hand, some hundred bytes each.
_AT_HAND = 50_000


class StoredBalances(Balances):
    """Balances in the table `counts` of a database that this run alone uses."""

    def __init__(self, database: sqlite3.Connection) -> None:
        super().__init__()
        self._database = database
        database.execute(
            "CREATE TABLE counts (key TEXT PRIMARY KEY, least TEXT, most TEXT) "
            "WITHOUT ROWID"
        )

    def get(self, key: Key) -> Balance:
        """Return what stands counted under `key`."""
        found = self.counts.get(key)
        if found is not None:
            return found
        row = self._database.execute(
            "SELECT least, most FROM counts WHERE key = ?", (_text(key),)
        ).fetchone()
        if row is None:
            return Balance()
        return Balance(number_of(row[0], "least"), number_of(row[1], "most"))

    def add(self, key: Key, counted: Balance) -> tuple[Balance, Balance]:
        """Count `counted`; return what stood there before and what stands there now."""
        found = super().add(key, counted)
        if len(self.counts) > _AT_HAND:
            self._put_away()
        return found

    def open(self, key: Key, balance: Balance) -> None:
        """Let `balance` stand under `key`."""
        self.counts[key] = balance
        if len(self.counts) > _AT_HAND:
            self._put_away()

    def closing(self) -> Iterator[tuple[Key, Balance]]:
        """Yield the counts in the order of their keys."""
        self._put_away()
        rows = self._database.execute(
            "SELECT key, least, most FROM counts ORDER BY key"
        )
        for key, least, most in rows:
            balance = Balance(number_of(least, "least"), number_of(most, "most"))
            yield Key(*json.loads(key)), balance

    def _put_away(self) -> None:
        self._database.executemany(
            "INSERT OR REPLACE INTO counts VALUES (?, ?, ?)",
            (
                (_text(key), plain_number(each.least), plain_number(each.most))
                for key, each in self.counts.items()
            ),
        )
        self.counts.clear()


def _text(key: Key) -> str:
    return json.dumps(key, ensure_ascii=False)
