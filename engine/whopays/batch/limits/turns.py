"""Lines take their turns in the limits: a first pass keeps what is narrow, a second counts.

The first pass decides, and puts aside what limits have to know of each line. SQLite
sorts that by governing date, claim and line, on disk where it is much; then each line
has its turn, and what comes of it goes back to its decision, in the order of decisions.
Lines that an earlier run counted take part, so that a late line finds its place.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from whopays.accumulate.balances import Balance, Key
from whopays.accumulate.counting import PAID, Entry, Taken, count
from whopays.accumulate.narrow import entry_of, plain_balance, plain_key
from whopays.batch.limits.counts import StoredBalances
from whopays.decide.turns import note_of
from whopays.explain.limits import limit_records
from whopays.model.contract import Limit
from whopays.program.compile import Program

#: Pages of 4 KiB that SQLite keeps in memory; what is more goes to disk.
_PAGES = 8_000
#: As all outputs write JSON: keys in order, letters as they are.
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_REPLACES, _VOIDS = "7", "8"
_REPLACED = "a later claim takes its place, so that it is not counted"
_TAKES_BACK = "it takes an earlier claim back, and is not counted itself"


class Turns:
    """The limited lines of one run. Use as a context; its database is left with it."""

    def __init__(self, path: Path, program: Callable[[str], Program]) -> None:
        self._path = path
        self._program = program
        self._database = sqlite3.connect(path, isolation_level=None)
        for pragma in (
            *("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE"),
            *(f"cache_size = {_PAGES}", "locking_mode = EXCLUSIVE"),
        ):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.executescript(
            "BEGIN;"
            "CREATE TABLE turns (day TEXT, claim TEXT, number TEXT, place INTEGER, "
            "line TEXT, contract TEXT, entries TEXT, was TEXT);"
            "CREATE TABLE openings (record TEXT);"
            "CREATE TABLE settled "
            "(place INTEGER PRIMARY KEY, came TEXT, limits TEXT);"
            "CREATE TABLE given (claim TEXT, line TEXT, PRIMARY KEY (claim, line)) "
            "WITHOUT ROWID;"
            "CREATE TABLE replaced (claim TEXT PRIMARY KEY, place INTEGER) "
            "WITHOUT ROWID;"
        )
        self.balances = StoredBalances(self._database)
        self.lines = 0
        self.earlier = 0
        self.without_key = 0

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the database, and take its file away."""
        self._database.close()
        with suppress(OSError):
            self._path.unlink()

    def opened(self, key: Key, balance: Balance) -> None:
        """Begin with `balance` under `key`."""
        self.balances.open(key, balance)
        self._database.execute(
            "INSERT INTO openings VALUES (?)",
            (_text({**plain_key(key), **plain_balance(balance)}),),
        )

    def openings(self) -> Iterator[dict[str, Any]]:
        """Yield the balances that the run began with, as plain data."""
        for (text,) in self._database.execute("SELECT record FROM openings"):
            found: dict[str, Any] = json.loads(text)
            yield found

    # The first pass

    def take(self, pending: dict[str, Any], place: int) -> None:
        """Keep the line whose decision stands at `place`; see `pending.pending_of`."""
        entries, frequency = pending["entries"], pending["frequency"]
        day, claim, number = pending["turn"]
        if frequency in {_REPLACES, _VOIDS}:
            # The lines of the claim itself stand at or after the first of them.
            self._database.execute(
                "INSERT INTO replaced VALUES (?, ?) ON CONFLICT (claim) DO NOTHING",
                (claim, place),
            )
        if not entries:
            return
        contract = pending["contract"]
        if frequency == _VOIDS:
            found = tuple(self._entries(contract, day, entries))
            self._settle(place, _not_counted(found, _TAKES_BACK))
            return
        self.lines += 1
        self.without_key += any(each["key"] is None for each in entries)
        where = (day, claim, number, place, pending["line"], contract)
        self._put((*where, _text(entries), None))

    def given(self, claims: Iterable[str], lines: Iterable[str]) -> None:
        """Note that this run has these lines: those of an earlier run make room for them."""
        if self.earlier:
            self._database.executemany(
                "INSERT OR IGNORE INTO given VALUES (?, ?)",
                zip(claims, lines, strict=True),
            )

    def take_earlier(self, row: dict[str, Any], number: str) -> None:
        """Keep a line that an earlier run counted, in the form of `counted`."""
        self.earlier += 1
        place = -self.earlier
        where = (row["day"], row["claim_id"], number, place, row["line"])
        was = _text(row["came"])
        self._put((*where, row["contract"], _text(row["entries"]), was))

    def _put(self, row: tuple[Any, ...]) -> None:
        self._database.execute("INSERT INTO turns VALUES (?,?,?,?,?,?,?,?)", row)

    # The second

    def settle(
        self,
        counted: Callable[[str], object],
        changed: Callable[[dict[str, Any]], None],
        recoverable: Callable[[dict[str, Any]], None],
    ) -> None:
        """Give every line its turn.

        `counted` gets each line that is in a count, as JSON text, for a later run;
        `changed` each line of an earlier run of which another thing comes now; `recoverable` each limit that
        pays from a line of this run.
        """
        self._leave_out(changed)
        turns = self._database.execute(
            "SELECT day, claim, place, line, contract, entries, was FROM turns "
            "ORDER BY day, claim, number, place"
        )
        for day, claim, place, line, contract, text, was in turns:
            records = json.loads(text)
            entries = list(self._entries(contract, day, records))
            taken = self._count(contract, entries)
            came = _text(_came(taken))
            if place >= 0:
                self._settle(place, taken, came)
                where = {"claim_id": claim, "line": line, "contract": contract}
                for each in taken:
                    if each.state == PAID:
                        recoverable({**where, "day": day, **_recovery(each)})
            row = {"claim_id": claim, "line": line, "contract": contract, "day": day}
            if any(each["key"] is not None for each in records):
                counted(_counted(row, text, came))
            if was is not None and was != came:
                changed({**row, "was": json.loads(was), "is": json.loads(came)})

    def _count(self, contract: str, entries: list[Entry]) -> tuple[Taken, ...]:
        order = tuple(self._program(contract).contract.text.payers)
        return count(entries, self.balances, order)

    def _leave_out(self, changed: Callable[[dict[str, Any]], None]) -> None:
        """Take out lines in whose place later ones have come."""
        gone = (
            "SELECT rowid, place, claim, line, contract, day, entries, was FROM turns "
            "WHERE (place < 0 AND EXISTS (SELECT 1 FROM given "
            "WHERE given.claim = turns.claim AND given.line = turns.line)) "
            "OR EXISTS (SELECT 1 FROM replaced WHERE replaced.claim = turns.claim "
            "AND replaced.place > turns.place)"
        )
        self._database.execute("CREATE TABLE gone (rowid_ INTEGER PRIMARY KEY)")
        for row in self._database.execute(gone):
            rowid, place, claim, line, contract, day, entries, was = row
            self._database.execute("INSERT INTO gone VALUES (?)", (rowid,))
            if place >= 0:
                found = list(self._entries(contract, day, json.loads(entries)))
                self._settle(place, _not_counted(tuple(found), _REPLACED))
            else:
                where = {"claim_id": claim, "line": line, "contract": contract}
                changed({**where, "day": day, "was": json.loads(was), "is": None})
        self._database.execute(
            "DELETE FROM turns WHERE rowid IN (SELECT rowid_ FROM gone)"
        )

    def _entries(
        self, contract: str, day: str, records: list[dict[str, Any]]
    ) -> Iterator[Entry]:
        for record in records:
            limit = self.limit(contract, day, record["limit"])
            if limit is not None:
                yield entry_of(record, limit)

    def limit(self, contract: str, day: str, name: str) -> Limit | None:
        """Return a limit as it stands on a day; of a day that is open, as it last stood."""
        texts = self._program(contract).versions
        found = None
        for version in texts:
            period = version.version.period
            here = next((each for each in version.text.limits if each.id == name), None)
            if here is None:
                continue
            found = here
            last = period.last.isoformat() if period.last else "~"
            if period.first.isoformat() <= day <= last:
                return here
        return found if day.startswith("~") else None

    def _settle(self, place: int, taken: tuple[Taken, ...], came: str = "") -> None:
        came = came or _text(_came(taken))
        self._database.execute(
            "INSERT INTO settled VALUES (?, ?, ?)",
            (place, came, _text(limit_records(taken))),
        )

    def settled(
        self, first: int, rows: int
    ) -> Iterator[tuple[int, dict[str, Any], str]]:
        """Yield what came of the lines whose decisions stand at `first` and after.

        The records of their limits are JSON text, as outputs write it.
        """
        found = self._database.execute(
            "SELECT place, came, limits FROM settled WHERE place >= ? AND place < ? "
            "ORDER BY place",
            (first, first + rows),
        )
        for place, came, limits in found:
            yield place, json.loads(came), limits


def _recovery(taken: Taken) -> dict[str, Any]:
    """Return what a limit pays from a line, and by when it is to be claimed back."""
    (record,) = limit_records((taken,))
    names = ("whom", "period", "counted", "before", "after", "moved_cents", "file_by")
    return {"limit": record["id"], **{name: record[name] for name in names}}


def _not_counted(entries: tuple[Entry, ...], why: str) -> tuple[Taken, ...]:
    return tuple(Taken(each, "open", note=why) for each in entries)


def _came(taken: tuple[Taken, ...]) -> dict[str, Any]:
    """Return what came of a line's turn: who bears more or less, by which limits."""
    moved: dict[str, int] = {}
    for each in taken:
        for bearer, cents in each.moved.items():
            moved[bearer] = moved.get(bearer, 0) + cents
    because = [each.entry.limit.id for each in taken if each.state == PAID]
    return {
        "moved": dict(sorted(moved.items())),
        "because": because,
        "note": note_of(taken),
    }


def _counted(row: dict[str, str], entries: str, came: str) -> str:
    """Return the record of a line counted; `entries` and `came` are JSON text already."""
    names = ("claim_id", "contract", "day", "line")
    claim, contract, day, line = (_text(row[name]) for name in names)
    return (
        f'{{"came": {came}, "claim_id": {claim}, "contract": {contract}, '
        f'"day": {day}, "entries": {entries}, "line": {line}}}'
    )


def _text(value: object) -> str:
    return _JSON.encode(value)
