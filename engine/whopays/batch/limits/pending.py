"""What the first pass writes beside a decision that waits for its turn, and the second.

It stands in the column `limits` of the parts of a run, as text, until the line has had
its turn; then what came of it stands there.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whopays.accumulate.narrow import plain_entry
from whopays.batch.folder import write_record
from whopays.batch.limits.state import (
    BALANCES,
    CHANGED,
    COUNTED,
    RECOVERIES,
    balance_record,
    read_opening,
)
from whopays.batch.limits.turns import Turns
from whopays.batch.work import Amend, Placed
from whopays.columns.from_decisions import Decided, json_text
from whopays.columns.lines import Lines
from whopays.columns.schema import CENTS
from whopays.decide.turns import Waiting, Went
from whopays.model.claim import Line
from whopays.model.contract import Contract
from whopays.program.compile import Program

_BILL_TYPE = "bill_type"
#: The last place of a type of bill where the claim replaces an earlier one, or voids it.
_FREQUENCIES = ("7", "8")


def with_pending(
    found: Decided,
    lines: Iterable[Lines],
    waiting: Callable[[Line, Went | None], Waiting],
) -> Decided:
    """Return what was decided of `lines`, with what limits have to know of each line.

    `waiting` says that of one line, by the way that it went where that is told.
    """
    waits = list(found.waits or ())
    texts: list[str | None] = [None] * found.table.num_rows
    at = 0
    for some in lines:
        bills = some.facts.get(_BILL_TYPE)
        for place in range(len(some)):
            bill = bills.value(place) if bills is not None else None
            frequency = bill[-1:] if isinstance(bill, str) else ""
            if waits[at] or frequency in _FREQUENCIES:
                kept = waiting(some.line(place), waits[at])
                texts[at] = json_text(_pending(kept, frequency))
            at += 1
    if not any(texts):
        return found
    return Decided(_with(found.table, "limits", texts), found.explanations)


def _pending(kept: Waiting, frequency: str) -> dict[str, Any]:
    """Return what has to be kept of a line, as plain data."""
    return {
        "turn": kept.turn,
        "line": kept.line,
        "contract": kept.contract,
        "frequency": frequency if frequency in _FREQUENCIES else "",
        "entries": [plain_entry(each) for each in kept.entries],
        "cents": kept.cents,
        "payers": _payers(kept),
    }


def _payers(kept: Waiting) -> dict[str, str]:
    """Return who pays for each bearer that a limit may let bear something."""
    program = kept.program
    bearers = {
        bearer
        for entry in kept.entries
        for tier in entry.limit.tiers
        for bearer, _ in tier.shares.shares
    }
    payers = program.contract.text.payers if program is not None else {}
    return {name: payers.get(name, name) for name in sorted(bearers)}


def _with(table: Any, name: str, texts: list[str | None]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here

    column = pa.array(texts, pa.string()).dictionary_encode()
    return table.set_column(table.schema.get_field_index(name), name, column)


@contextmanager
def amending(  # noqa: PLR0913 - where, what, by which rules, and what came before
    aside: Path,
    whole: Path,
    tables: Placed,
    *,
    program: Callable[[str], Program],
    contracts: dict[str, Contract],
    opening: Path | None,
    rules: str,
) -> Iterator[Amend]:
    """Give all lines of `tables` their turns; give what puts that into a table.

    Works in the folder `aside`, and writes what a later run needs into `whole`.
    """
    path = aside / "limits.db"
    path.unlink(missing_ok=True)
    with _told_as_of_the_disk(path), Turns(path, program) as turns:
        if opening is not None:
            read_opening(opening, turns, contracts)
        for first, table in tables:
            turns.given(*(table.column(n).to_pylist() for n in ("claim_id", "line")))
            for place, text in enumerate(table.column("limits").to_pylist(), first):
                if text is not None:
                    turns.take(json.loads(text), place)
        _settle(turns, whole, rules)
        yield lambda first, table: _amended(turns, first, table)


@contextmanager
def _told_as_of_the_disk(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a disk, full or damaged, into what the system says of it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(errno.ENOSPC, str(error), str(path)) from error


def _settle(turns: Turns, whole: Path, rules: str) -> None:
    with (
        (whole / COUNTED).open("w", encoding="utf-8") as counted,
        (whole / CHANGED).open("w", encoding="utf-8") as changed,
        (whole / RECOVERIES).open("w", encoding="utf-8") as recoveries,
    ):
        for record in turns.openings():
            write_record(counted, record)
        turns.settle(
            lambda text: counted.write(f"{text}\n"),
            lambda record: write_record(changed, record),
            lambda record: write_record(recoveries, record),
        )
    with (whole / BALANCES).open("w", encoding="utf-8") as balances:
        for key, balance in turns.balances.closing():
            write_record(balances, balance_record(key, balance, rules))


def _amended(turns: Turns, first: int, table: Any) -> Any:
    """Return `table` with what came of its lines in place of what was kept of them."""
    pending = table.column("limits").to_pylist()
    if not any(pending):
        return table
    rows: dict[int, tuple[dict[str, Any], str]] = {}
    for place, came, limits in turns.settled(first, table.num_rows):
        rows[place - first] = came, limits
    names = ["limits", "shares", "because", "amounts_note"]
    names += [name for name in table.column_names if name.startswith(CENTS)]
    columns = {name: table.column(name).to_pylist() for name in names}
    for at, text in enumerate(pending):
        if text is not None:
            columns["limits"][at] = None
            if at in rows:
                came, columns["limits"][at] = rows[at]
                _put(columns, at, json.loads(text), came)
    for name in names:
        table = _set(table, name, columns[name])
    return table


def _put(
    columns: Mapping[str, list[Any]],
    at: int,
    kept: Mapping[str, Any],
    came: Mapping[str, Any],
) -> None:
    """Put what came of the line at `at` into its cells."""
    if came["because"]:
        because = [*json.loads(columns["because"][at]), *came["because"]]
        columns["because"][at] = json_text(because)
    cents = kept["cents"]
    if not cents or None in cents.values():
        return  # there is no amount, whatever limits count
    columns["amounts_note"][at] = came["note"] or None
    if came["note"]:
        return
    more = [
        {"bearer": each, "share": "0%", "payer": kept["payers"].get(each, each)}
        for each in came["moved"]
        if each not in cents
    ]
    if more:
        shares = [*json.loads(columns["shares"][at]), *more]
        columns["shares"][at] = json_text(shares)
    for bearer, moved in came["moved"].items():
        cents[bearer] = cents.get(bearer, 0) + moved
    for bearer, some in cents.items():
        columns[f"{CENTS}{bearer}"][at] = some


def _set(table: Any, name: str, values: list[Any]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    field = table.schema.field(name)
    if pa.types.is_dictionary(field.type):
        column = pa.array(values, pa.string()).dictionary_encode()
    else:
        column = pa.array(values, field.type)
    return table.set_column(table.schema.get_field_index(name), field, column)
