"""What is a line's own in a decision: its amount, the cents, and what hangs on its facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whopays.columns.answers import (
    NOTES,
    Texts,
    Ways,
    dictionary,
    text_column,
    validity,
)
from whopays.columns.from_decisions import json_text
from whopays.columns.interned import Places
from whopays.columns.lines import GIVEN, Coded, FactColumn, Numbered
from whopays.columns.schema import CENTS
from whopays.decide.codes import DAY
from whopays.decide.decision import note_of_silence
from whopays.model.catalog import Catalog
from whopays.model.clocks import RECEIVED_BY
from whopays.model.values import NONE, UNKNOWN

Cents = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Gone:
    """The `ways` that lines have gone, those `used` each once, and the lines' own.

    `columns` are the facts as the contract sees them that decided; `contract` is its
    number, None where it is the first for all. `amount` is what it divides.
    """

    ways: Places
    used: Places
    contract: Places | None
    columns: Mapping[str, FactColumn | None]
    amount: FactColumn | None
    apart: Mask | None
    strange: Mapping[str, Mask]


class Own:
    """Makes the columns of what is the lines' own; `kept` is what is said of ways."""

    def __init__(
        self, kept: Ways, catalogs: Sequence[Catalog], bearers: Sequence[str]
    ) -> None:
        self._kept = kept
        self._catalogs = catalogs
        self._bearers = sorted(bearers)
        self._silent: dict[tuple[int, int], bool] = {}
        self._texts = {
            name: Texts() for name in ("misdirected_to", "catalog_note", "strangers")
        }

    def columns(self, gone: Gone) -> dict[str, Any]:
        """Return the columns by name."""
        cents, given = amounts(gone.amount, len(gone.ways))
        return {
            "amount_cents": whole(cents, given),
            "amounts_note": self._notes(gone, given),
            "misdirected_to": self._misdirected(gone),
            "catalog_note": self._silence(gone),
            "strangers": self._strangers(gone),
            **self._cents(gone, cents, given),
        }

    def _notes(self, gone: Gone, given: Mask | None) -> Any:
        kept = self._kept
        count = len(kept)
        noted, missing, apart = (kept.numbers[name].all for name in NOTES)
        numbers = np.concatenate((noted, missing, apart))
        at, used = gone.ways, gone.used
        if given is not None:
            more = np.where(given, 0, count).astype(np.int32)
            if gone.apart is not None:
                more[gone.apart] = 2 * count
            at = at + more
            used = np.flatnonzero(occurring(at, 3 * count)).astype(np.int32)
        return text_column(kept.notes, numbers, at, used)

    def _cents(self, gone: Gone, cents: Cents, given: Mask | None) -> dict[str, Any]:
        """Return a column for each bearer."""
        kept = self._kept
        shares = np.where(kept.waits.all > 0, np.int32(-1), kept.shares.all)
        of_line = shares.take(gone.ways, mode="clip")
        bears, several = self._bears()
        parts = self._divided(several, of_line, cents)
        found = {}
        for at, bearer in enumerate(self._bearers):
            valid = bears[at].take(of_line, mode="wrap")
            if given is not None:
                valid &= given
            own = np.where(valid, cents, 0)
            for places, number, split_up in parts:
                if bearer in kept.several.things[number].bearers:
                    place = kept.several.things[number].bearers.index(bearer)
                    own[places] = split_up[place]
            if given is not None:
                own[~valid] = 0
            found[f"{CENTS}{bearer}"] = whole(own, valid)
        return found

    def _bears(self) -> tuple[NDArray[np.bool_], Mask]:
        """Return who bears a part by which shares, and which shares are several.

        The last stands for none.
        """
        several = self._kept.several.things
        bears = np.zeros((len(self._bearers), len(several) + 1), np.bool_)
        for number, each in enumerate(several):
            for bearer in each.bearers:
                bears[self._bearers.index(bearer), number] = True
        many = np.array([len(each.bearers) > 1 for each in several] + [False], np.bool_)
        return bears, many

    def _divided(
        self, several: Mask, of_line: Places, cents: Cents
    ) -> list[tuple[NDArray[np.int64], int, list[Cents]]]:
        """Return the lines of each shares that are several, and their parts."""
        lines = np.flatnonzero(several.take(of_line, mode="wrap"))
        numbers = of_line[lines]
        kind = np.uint8 if len(several) <= 256 else np.uint16  # noqa: PLR2004 - a byte
        if len(several) > 1 << 16:
            kind = np.int32  # type: ignore[assignment]
        order = np.argsort(numbers.astype(kind), kind="stable")
        lines, numbers = lines[order], numbers[order]
        starts = np.flatnonzero(np.diff(numbers, prepend=-1)).tolist()
        found = []
        for start, end in pairwise([*starts, len(lines)]):
            number = int(numbers[start])
            places = lines[start:end]
            found.append((places, number, self._kept.splits[number].of(cents[places])))
        return found

    def _misdirected(self, gone: Gone) -> Any:
        """Return whom claims should go to that a party received that pays nothing."""
        kept, texts = self._kept, self._texts["misdirected_to"]
        received = gone.columns.get(RECEIVED_BY)
        values = received.values if isinstance(received, Coded) else [UNKNOWN]
        numbers = []
        for payers in kept.paid_by.things:
            told, fine = texts.place(json_text(list(payers))), texts.place("[]")
            numbers += [
                fine if value is NONE or value is UNKNOWN or value in payers else told
                for value in values
            ]
        at = kept.payers.all.take(gone.ways, mode="clip") * np.int32(len(values))
        if isinstance(received, Coded):
            at += received.at
        used = np.flatnonzero(occurring(at, len(numbers))).astype(np.int32)
        return text_column(texts, np.array(numbers, np.int32), at, used)

    def _silence(self, gone: Gone) -> Any:
        """Return what is said of days on which the catalog of the contract is silent."""
        texts = self._texts["catalog_note"]
        count = len(gone.ways)
        numbers = np.full(count, texts.place(None), np.int32)
        days = days_of(gone.columns.get(DAY))
        for number, catalog in enumerate(self._catalogs):
            if days is None:
                break
            silent = self._is_silent(number, catalog, days)
            if silent is None:
                continue
            silent &= self._kept.placed.all[gone.ways] > 0
            if gone.contract is not None:
                silent &= gone.contract == number
            lines = np.flatnonzero(silent)
            for day in np.unique(days[lines]).tolist():
                text = note_of_silence(catalog, date.fromordinal(day))
                numbers[lines[days[lines] == day]] = texts.place(text)
        return _of_numbers(texts, numbers)

    def _is_silent(self, number: int, catalog: Catalog, days: Cents) -> Mask | None:
        given = days[days > 0]
        if not len(given):
            return None
        low, high = int(given.min()), int(given.max())
        if high - low > 1 << 16:
            every = np.unique(given).tolist()
        else:
            every = list(range(low, high + 1))
        silent = []
        for day in every:
            key = number, day
            if key not in self._silent:
                self._silent[key] = catalog.is_silent_on(date.fromordinal(day))
            if self._silent[key]:
                silent.append(day)
        return np.isin(days, silent) if silent else None

    def _strangers(self, gone: Gone) -> Any:
        """Return the facts of each line that name a party of another contract."""
        texts = self._texts["strangers"]
        bits = np.zeros(len(gone.ways), np.int64)
        names = sorted(gone.strange)
        for at, name in enumerate(names):
            bits |= gone.strange[name].astype(np.int64) << at
        numbers = np.full(len(bits), texts.place(None), np.int32)
        for mask in np.unique(bits).tolist() if names else ():
            if mask:
                named = [name for at, name in enumerate(names) if mask >> at & 1]
                numbers[bits == mask] = texts.place(json_text(named))
        return _of_numbers(texts, numbers)


def amounts(column: FactColumn | None, count: int) -> tuple[Cents, Mask | None]:
    """Return cents, 0 where there are none, and where there are; None: everywhere."""
    if column is None:
        return np.zeros(count, np.int64), np.zeros(count, np.bool_)
    if isinstance(column, Numbered):
        given = column.state == GIVEN if column.state.any() else None
        return column.numbers, given
    are = [isinstance(v, int) and not isinstance(v, bool) for v in column.values]
    cents = [v if is_ else 0 for v, is_ in zip(column.values, are, strict=True)]
    found = np.array(cents, np.int64)[column.at]
    return found, None if all(are) else np.array(are, np.bool_)[column.at]


def whole(numbers: Cents, given: Mask | None) -> Any:
    """Return the Arrow column of whole numbers, null where none is given."""
    import pyarrow as pa  # noqa: PLC0415

    valid = None if given is None else validity(given)
    data = np.ascontiguousarray(numbers)
    return pa.Array.from_buffers(pa.int64(), len(data), [valid, pa.py_buffer(data)])


def _of_numbers(texts: Texts, numbers: Places) -> Any:
    """Return the column of `texts` by number."""
    count = int(numbers.max(initial=0)) + 1
    used = np.flatnonzero(occurring(numbers, count)).astype(np.int32)
    codes, found = texts.codes(used)
    has_none = bool((codes[used] < 0).any())
    return dictionary(codes[numbers], found, has_none=has_none)


def occurring(numbers: Places, count: int) -> Mask:
    """Return which of the numbers below `count` occur."""
    found = np.zeros(count, np.bool_)
    found[numbers] = True
    return found


def days_of(column: FactColumn | None) -> Cents | None:
    """Return days, 0 where none is given."""
    if column is None:
        return None
    if isinstance(column, Numbered):
        return np.where(column.state == GIVEN, column.numbers, 0)
    days = [v.toordinal() if isinstance(v, date) else 0 for v in column.values]
    found: Cents = np.array(days, np.int64)[column.at]
    return found
