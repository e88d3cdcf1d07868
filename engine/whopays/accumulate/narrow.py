"""What is kept of a line until its turn comes, and of a balance: plain data.

Written as JSON by a run over many lines, and read again by a later one: what is read is
looked at piece by piece, and nothing is believed because of where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from whopays.accumulate.balances import Balance, Key
from whopays.accumulate.counting import Entry
from whopays.model.contract import Limit
from whopays.model.values import Number

_NUMBER = re.compile(r"-?\d{1,60}(/[1-9]\d{0,60})?")
_LONGEST = 1_000


class NarrowError(ValueError):
    """What was read is no balance, or no entry: the field and what is wrong with it."""


#: Finds a limit by its contract, the governing day as ISO text, and its id.
FindLimit = Callable[[str, str, str], Limit | None]


def plain_number(value: Number | None) -> str | None:
    """Return an exact number as text: `-1250`, `5/2`."""
    return None if value is None else str(value)


def number_of(value: object, field: str) -> Number | None:
    """Return a number from its text; raise `NarrowError` if it is none."""
    if value is None:
        return None
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise NarrowError(f"{field} is no exact number")
    if "/" not in value:
        return int(value)
    found = Fraction(value)
    return int(found) if found.denominator == 1 else found


def plain_key(key: Key) -> dict[str, str]:
    """Return a key as plain data."""
    return {
        "contract": key.contract,
        "limit": key.limit,
        "per": key.per,
        "whom": key.whom,
        "period": key.period,
        "first_day": key.first,
        "unit": key.unit,
    }


def key_of(record: dict[str, Any]) -> Key:
    """Return a key from plain data; raise `NarrowError`."""
    names = ("contract", "limit", "per", "whom", "period", "first_day", "unit")
    return Key(*(text_of(record, name) for name in names))


def text_of(record: dict[str, Any], field: str) -> str:
    """Return a text of `record`; raise `NarrowError` if it is none, or too long."""
    found = record.get(field)
    if not isinstance(found, str) or len(found) > _LONGEST:
        raise NarrowError(f"{field} is no text of at most {_LONGEST} characters")
    return found


def plain_balance(balance: Balance) -> dict[str, str | None]:
    """Return a balance as plain data."""
    return {
        "at_least": plain_number(balance.least),
        "at_most": plain_number(balance.most),
    }


def balance_of(record: dict[str, Any]) -> Balance:
    """Return a balance from plain data; raise `NarrowError`."""
    found = Balance(
        number_of(record.get("at_least"), "at_least"),
        number_of(record.get("at_most"), "at_most"),
    )
    if found.least is not None and found.most is not None and found.least > found.most:
        raise NarrowError("at_least is more than at_most")
    return found


def plain_entry(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain data."""
    return {
        "limit": entry.limit.id,
        "key": None if entry.key is None else plain_key(entry.key),
        "value": plain_number(entry.value),
        "applies": entry.applies,
        "cents": plain_number(entry.cents),
        "missing": list(entry.missing),
        "file_by": entry.file_by,
    }


def entry_of(record: dict[str, Any], limit: Limit) -> Entry:
    """Return an entry of `limit` from plain data; raise `NarrowError`."""
    key, missing = record.get("key"), record.get("missing")
    if key is not None and not isinstance(key, dict):
        raise NarrowError("key is no object")
    if not isinstance(missing, list) or not all(isinstance(m, str) for m in missing):
        raise NarrowError("missing is no list of texts")
    cents = number_of(record.get("cents"), "cents")
    if isinstance(cents, Fraction):
        raise NarrowError("cents is no whole number")
    return Entry(
        limit,
        None if key is None else key_of(key),
        number_of(record.get("value"), "value"),
        record.get("applies") is True,
        cents,
        tuple(missing),
        text_of(record, "file_by"),
    )
