"""What is said of all lines that go one way, kept once: texts under numbers.

A way was decided on one line, by the scalar path. What of that is the line's own, which
is amounts and dates and what hangs on them, is not kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whopays.columns.from_decisions import row_of
from whopays.columns.interned import Interned, Places
from whopays.columns.shares import Split
from whopays.decide.decision import Decision, note_of_missing, note_of_waiting
from whopays.decide.turns import Went
from whopays.explain import decision_record, explanation_json
from whopays.model.duty import payers_of

#: The columns whose text is that of the way.
OF_WAYS = (
    *("contract", "version", "status", "category", "shares", "because", "needs"),
    "explanation",
)
#: Why there are no cents: where there is an amount, none, or one that is not its parts'.
NOTES = ("noted", "missing", "apart")
NOBODY = -1  # the decision of a line that is of no one contract


@dataclass(frozen=True)
class Shares:
    """Who bears what of an amount: bearers in the order of the parties, and their parts."""

    bearers: tuple[str, ...]
    parts: tuple[Fraction, ...]


class Grown:
    """Whole numbers, one a way, in an array that grows."""

    def __init__(self) -> None:
        self._numbers = np.zeros(64, np.int32)
        self._count = 0

    def append(self, number: int) -> None:
        """Add a number."""
        if self._count == len(self._numbers):
            self._numbers = np.resize(self._numbers, 2 * self._count)
        self._numbers[self._count] = number
        self._count += 1

    @property
    def all(self) -> Places:
        """The numbers."""
        return self._numbers[: self._count]


class Texts:
    """Different texts, or None, under numbers, and where each stands in their order."""

    def __init__(self) -> None:
        self._kept: Interned[str | None] = Interned()
        self._ranks: Places = np.zeros(0, np.int32)
        self._sorted: Any = None
        self._none = -1

    def place(self, text: str | None) -> int:
        """Return the number of `text`."""
        return self._kept.place(text)

    def codes(self, used: Places) -> tuple[Places, Any]:
        """Return the code of each text among the `used` ones, and those in order.

        What has been met before, and does not occur now, is not among them.
        """
        import pyarrow as pa  # noqa: PLC0415

        if len(self._ranks) != len(self._kept):
            texts = self._kept.things
            order = sorted(range(len(texts)), key=lambda at: texts[at] or "")
            self._ranks = np.zeros(len(texts), np.int32)
            self._ranks[order] = np.arange(len(texts), dtype=np.int32)
            self._sorted = pa.array([texts[at] for at in order], pa.string())
            self._none = texts.index(None) if None in texts else -1
        ranks = np.zeros(len(self._ranks), np.bool_)
        ranks[self._ranks[used]] = True
        if self._none >= 0:
            ranks[self._ranks[self._none]] = False
        codes = np.cumsum(ranks, dtype=np.int32) - np.int32(1)
        found = codes[self._ranks]
        if self._none >= 0:
            found[self._none] = -1
        return found, self._sorted.take(pa.array(np.flatnonzero(ranks)))


def text_column(texts: Texts, numbers: Places, at: Places, used: Places) -> Any:
    """Return the Arrow column of `texts` by `numbers[at]`; `used` has all of `at` once."""
    codes, found = texts.codes(numbers[used])
    own = codes[numbers]
    has_none = bool((own[used] < 0).any())
    return dictionary(own.take(at, mode="clip"), found, has_none=has_none)


def dictionary(codes: Places, texts: Any, *, has_none: bool) -> Any:
    """Return an Arrow column of `texts` by `codes`, which are -1 where there is none."""
    import pyarrow as pa  # noqa: PLC0415

    valid = None
    if has_none:
        given = codes >= 0
        valid = validity(given)
        np.maximum(codes, 0, out=codes)
    indices = pa.Array.from_buffers(
        pa.int32(), len(codes), [valid, pa.py_buffer(codes)]
    )
    return pa.DictionaryArray.from_arrays(indices, texts, safe=False)


def validity(given: NDArray[np.bool_]) -> Any:
    """Return the buffer by which Arrow knows what is given."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.py_buffer(np.packbits(given, bitorder="little"))


class Ways:
    """The ways that lines have gone, by number, and what is said of each."""

    def __init__(self, contracts: Sequence[str]) -> None:
        self._contracts = list(contracts)
        self.texts = {name: Texts() for name in OF_WAYS}
        self.notes = Texts()
        self.numbers = {name: Grown() for name in (*OF_WAYS, *NOTES)}
        #: The contract that decided, by number, or NOBODY.
        self.contract = Grown()
        self.shares = Grown()
        self.payers = Grown()
        #: 1 where cents are open until limits have counted.
        self.waits = Grown()
        #: The ways themselves where that is so, None for others.
        self.went: list[Went | None] = []
        #: 1 where the catalog was asked.
        self.placed = Grown()
        self.splits: list[Split] = []
        self.several: Interned[Shares] = Interned()
        self.paid_by: Interned[tuple[str, ...]] = Interned()
        self.explanations: list[tuple[str, str]] = []
        self.paid_by.place(())

    def __len__(self) -> int:
        """Return how many ways there are."""
        return len(self.contract.all)

    def add(self, decision: Decision) -> int:
        """Keep what `decision` says of all lines that go its way; return its number."""
        row = row_of(decision_record(decision), 0)
        notes = self._notes(decision)
        for name in OF_WAYS:
            self.numbers[name].append(self.texts[name].place(row[name]))
        for name, note in zip(NOTES, notes, strict=True):
            self.numbers[name].append(self.notes.place(note))
        self._explain(decision)
        program = decision.program
        self.contract.append(
            self._contracts.index(decision.contract) if program is not None else NOBODY
        )
        is_ours = program is not None and decision.status != "no_contract"
        self.placed.append(int(is_ours))
        self.waits.append(int(bool(decision.entries)))
        self.went.append(Went.by(decision))
        self._share(decision)
        return len(self) - 1

    def explained(self, used: Places) -> dict[str, str]:
        """Return the explanations of the ways `used`, as JSON text, by id."""
        named = np.zeros(len(self.explanations), np.bool_)
        named[self.numbers["explanation"].all[used]] = True
        places = np.flatnonzero(named).tolist()
        return dict(map(self.explanations.__getitem__, places))

    def _notes(self, decision: Decision) -> tuple[str | None, str | None, str | None]:
        if not decision.parts or decision.program is None:
            return None, None, None
        divides = decision.program.contract.divides
        entries = decision.entries
        return (
            note_of_waiting(entries) if entries else None,
            note_of_missing(divides, apart=False),
            note_of_missing(divides, apart=True),
        )

    def _explain(self, decision: Decision) -> None:
        number = self.numbers["explanation"].all[-1]
        if number == len(self.explanations):
            text = explanation_json(decision.shared)
            self.explanations.append((decision.shared.id, text))

    def _share(self, decision: Decision) -> None:
        answer, program = decision.outcome.answer, decision.program
        if not decision.parts or answer is None or program is None:
            self.shares.append(-1)
            self.payers.append(0)
            return
        payers = program.contract.text.payers
        places = list(payers)
        ordered = sorted(answer.shares, key=lambda share: places.index(share[0]))
        bearers, parts = zip(*ordered, strict=True)
        number = self.several.place(Shares(bearers, parts))
        if number == len(self.splits):
            self.splits.append(Split(parts))
        self.shares.append(number)
        self.payers.append(self.paid_by.place(payers_of(answer, payers)))
