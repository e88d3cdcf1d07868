"""What a run over limits leaves behind for the next one: balances, and lines counted.

`balances.jsonl` has a record a count. `counted.jsonl` has the balances that the first
run began with, then every line that was counted, in its order: with it a later run puts
a late line, or a corrected one, in its place and tells which decisions become others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from whopays.accumulate.balances import Balance, Key
from whopays.accumulate.narrow import (
    NarrowError,
    balance_of,
    entry_of,
    key_of,
    plain_balance,
    plain_key,
    text_of,
)
from whopays.batch.limits.turns import Turns
from whopays.decide.limits import number_in_order
from whopays.model.contract import Contract

BALANCES, COUNTED, CHANGED = "balances.jsonl", "counted.jsonl", "changed.jsonl"
RECOVERIES = "recoveries.jsonl"
_MANIFEST = "manifest.json"
#: Characters of one record; of a line with a hundred limits.
_LONGEST = 200_000


class OpeningError(Exception):
    """Opening balances that can't be used: which record, which field, and why."""


def balance_record(key: Key, balance: Balance, rules: str) -> dict[str, Any]:
    """Return one count as plain data; `amount` is null while it is open."""
    exact = balance.exact
    return {
        **plain_key(key),
        "amount": None if exact is None else str(exact),
        **plain_balance(balance),
        "rules": rules,
    }


def read_opening(path: Path, turns: Turns, contracts: dict[str, Contract]) -> None:
    """Let the run of `turns` begin with what `path` holds.

    `path` is a file of balances, or the output folder of an earlier run: then its lines
    take their turns again. Raise `OpeningError`, or OSError if it can't be read.
    """
    if not path.is_dir():
        for where, record in _records(path):
            _open(record, where, turns, contracts)
        return
    _unspoilt(path)
    for where, record in _records(path / COUNTED):
        if "claim_id" in record:
            _line(record, where, turns, contracts)
        else:
            _open(record, where, turns, contracts)


def notes(out: Path, opening: Path | None) -> Iterator[str]:
    """Yield what a user has to know of the limits of a run into `out`."""
    if not (out / BALANCES).is_file():
        return
    if opening is None:
        yield "limits count from zero, since no --opening is given"
    elif not opening.is_dir():
        yield (
            "limits count on from balances alone: a line that is dated before them counts "
            "on top, and changes no earlier decision"
        )
    with (out / CHANGED).open("rb") as lines:
        changed = sum(1 for _ in lines)
    if changed:
        many = "1 decision" if changed == 1 else f"{changed:,} decisions"
        verb = "becomes another" if changed == 1 else "become others"
        yield f"{many} of earlier runs {verb}, see {CHANGED}"


def _unspoilt(folder: Path) -> None:
    """Raise `OpeningError` if the lines counted are not those that the run wrote."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        said = manifest["outputs"][COUNTED]
    except (ValueError, KeyError, TypeError) as error:
        raise OpeningError(
            f"{folder} is not the output of a run over rules with limits"
        ) from error
    with (folder / COUNTED).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != said:
            raise OpeningError(
                f"{folder / COUNTED} was changed since the run that wrote it; "
                "decide its claims again"
            )


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        number = 0
        while text := lines.readline(_LONGEST):
            number += 1
            where = f"{path}, record {number}"
            if len(text) == _LONGEST:
                raise OpeningError(f"{where}: it is too long")
            try:
                found = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise OpeningError(f"{where}: it is not JSON") from error
            if not isinstance(found, dict):
                raise OpeningError(f"{where}: it is no object")
            yield where, found


def _open(
    record: dict[str, Any], where: str, turns: Turns, contracts: dict[str, Contract]
) -> None:
    def read() -> None:
        key, balance = key_of(record), balance_of(record)
        _known(key, contracts)
        if turns.balances.get(key) != Balance():
            raise NarrowError("the same count stands twice")
        turns.opened(key, balance)

    _told(read, where)


def _line(
    record: dict[str, Any], where: str, turns: Turns, contracts: dict[str, Contract]
) -> None:
    def read() -> None:
        for name in ("claim_id", "line", "day"):
            text_of(record, name)
        date.fromisoformat(record["day"])
        contract = text_of(record, "contract")
        entries, came = record.get("entries"), record.get("came")
        if not isinstance(entries, list) or not isinstance(came, dict):
            raise NarrowError("entries or came is missing")
        if contract not in contracts:
            raise NarrowError(f"there is no contract {contract} in the rules")
        for each in entries:
            name = text_of(each, "limit")
            limit = turns.limit(contract, record["day"], name)
            if limit is not None:
                entry_of(each, limit)
        turns.take_earlier(record, number_in_order(record["line"]))

    _told(read, where)


def _known(key: Key, contracts: dict[str, Contract]) -> None:
    contract = contracts.get(key.contract)
    if contract is None:
        raise NarrowError(f"there is no contract {key.contract} in the rules")
    texts = (contract.text, *(each.text for each in contract.amendments))
    limits = [each for text in texts for each in text.limits if each.id == key.limit]
    if not limits:
        raise NarrowError(f"contract {key.contract} has no limit {key.limit}")
    if all(
        (e.per, e.period, e.unit) != (key.per, key.period, key.unit) for e in limits
    ):
        raise NarrowError(f"limit {key.limit} does not count so: per, period or unit")
    if bool(key.first) != bool(key.period):
        raise NarrowError("first_day is missing")
    if key.first:
        date.fromisoformat(key.first)


def _told(read: Callable[[], None], where: str) -> None:
    try:
        read()
    except (NarrowError, ValueError, TypeError, AttributeError, KeyError) as error:
        why = str(error) if isinstance(error, NarrowError) else "it can't be read"
        raise OpeningError(f"{where}: {why}") from error
