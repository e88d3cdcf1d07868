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
from whopays.decide.decision import Decision
from whopays.decide.limits import number_in_order
from whopays.decide.turns import uncounted
from whopays.model.claim import Line
from whopays.model.contract import Contract
from whopays.program.compile import Program

_BILL_TYPE = "bill_type"
#: The last place of a type of bill where the claim replaces an earlier one, or voids it.
_FREQUENCIES = ("7", "8")


def with_pending(
    found: Decided, lines: Iterable[Lines], decide: Callable[[Line], Decision]
) -> Decided:
    """Return what was decided of `lines`, with what limits have to know of each line.

    `decide` decides one line alone: a line that waits is decided so once more.
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
                decision = uncounted(decide(some.line(place)))
                texts[at] = json_text(_pending(decision, frequency))
            at += 1
    if not any(texts):
        return found
    return Decided(_with(found.table, "limits", texts), found.explanations)


def _pending(decision: Decision, frequency: str) -> dict[str, Any]:
    """Return what has to be kept of a line; `cents` are those before any limit."""
    return {
        "turn": decision.turn if decision.entries else _no_turn(decision),
        "line": decision.line,
        "contract": decision.contract,
        "frequency": frequency if frequency in _FREQUENCIES else "",
        "entries": [plain_entry(each) for each in decision.entries],
        "cents": {part.bearer: part.cents for part in decision.parts},
        "payers": _payers(decision),
    }


def _no_turn(decision: Decision) -> tuple[str, str, str]:
    return "~", decision.claim_id, number_in_order(decision.line)


def _payers(decision: Decision) -> dict[str, str]:
    """Return who pays for each bearer that a limit may let bear something."""
    program = decision.program
    bearers = {
        bearer
        for entry in decision.entries
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
            lambda record: write_record(counted, record),
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
    rows: dict[int, dict[str, Any]] = {}
    for place, came in turns.settled(first, table.num_rows):
        rows[place - first] = came
    names = ["limits", "shares", "because", "amounts_note"]
    names += [name for name in table.column_names if name.startswith(CENTS)]
    columns = {name: table.column(name).to_pylist() for name in names}
    for at, text in enumerate(pending):
        if text is not None:
            columns["limits"][at] = None
            if at in rows:
                _put(columns, at, json.loads(text), rows[at])
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
    columns["limits"][at] = json_text(came["limits"])
    if came["because"]:
        because = [*json.loads(columns["because"][at]), *came["because"]]
        columns["because"][at] = json_text(because)
    cents = kept["cents"]
    if not cents or None in cents.values():
        return  # there is no amount, whatever limits count
    columns["amounts_note"][at] = came["note"] or None
    if came["note"]:
        return
    shares = json.loads(columns["shares"][at])
    for bearer, moved in came["moved"].items():
        if bearer not in cents:
            payer = kept["payers"].get(bearer, bearer)
            shares.append({"bearer": bearer, "share": "0%", "payer": payer})
        cents[bearer] = cents.get(bearer, 0) + moved
    columns["shares"][at] = json_text(shares)
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
