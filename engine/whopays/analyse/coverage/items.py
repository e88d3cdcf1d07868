"""What tests can miss: the items of a contract, and which of them the tests touch.

An item is one thing that a test can show, such as a row that answers or a condition
that fails. The shapes here are what the terminal, JSON and pages are made of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from whopays.diagnostics import Span

#: Every kind of item, and how a table of counts names it. A new kind is added here, in
#: `demands` (which there are), in `asked` (when one is touched) and in `builds`; those of
#: terms are in `terms`.
KINDS = {
    "row": "rows",
    "otherwise": "otherwise",
    "exception": "exceptions",
    "target": "targets of exceptions",
    "treat": "treats",
    "term": "definitions of terms",
    "reading": "readings",
    "route": "routes",
    "clock": "clocks",
    "condition": "sides of conditions",
    "threshold": "sides of thresholds",
    "day": "first and last days of a text",
    "known": "days of signing",
    "withdrawal": "withdrawals",
}
#: What an item is, made of places in the text: the kind, then what that kind needs.
Key: TypeAlias = tuple[Any, ...]
TOUCHED, MISSING, IMPOSSIBLE = "touched", "missing", "cannot be built"


@dataclass(frozen=True)
class Item:
    """One thing that a test can show.

    `clause` names what it belongs to, as reports do. `side` says which side of it:
    `answers`, `replaced`, `moves`, `true`, `false`, `unknown`, `at`, `beyond`, `before`,
    `first`, `last`, `after` or `withdrawn`. `said` is the sentence in the author's words
    that begins with the clause, without it; of days and withdrawals the whole sentence.
    """

    kind: str
    clause: str
    side: str
    said: str
    span: Span = field(compare=False, repr=False)
    key: Key = field(repr=False)

    @property
    def text(self) -> str:
        """The whole sentence."""
        whole = self.kind in {"day", "known", "withdrawal"}
        return self.said if whole else f"{self.clause} {self.said}"


@dataclass(frozen=True)
class Covered:
    """An item and what the tests make of it.

    `state` is `touched` (then `tests` has the titles), `missing`, or `cannot be built`
    (then `why` says what stands in the way, in words).
    """

    item: Item
    state: str
    tests: tuple[str, ...] = ()
    why: str = ""

    def record(self) -> dict[str, Any]:
        """Return the item as plain data."""
        span = self.item.span
        return {
            "kind": self.item.kind,
            "clause": self.item.clause,
            "side": self.item.side,
            "text": self.item.text,
            "file": span.source.name,
            "line": span.line,
            "state": self.state,
            "why": self.why,
            "tests": list(self.tests),
        }


@dataclass(frozen=True)
class Coverage:
    """What the tests of one contract touch.

    `passed`, `failed` and `not_run` count its tests; only those that pass touch anything.
    `unreviewed` of the passing ones are generated and were not reviewed. `items` stand
    in the order of the text.
    """

    contract: str
    passed: int
    failed: int
    not_run: int
    unreviewed: int
    items: tuple[Covered, ...]

    def of(self, state: str) -> tuple[Covered, ...]:
        """Return the items that are in `state`."""
        return tuple(each for each in self.items if each.state == state)

    @property
    def missing(self) -> tuple[Covered, ...]:
        """The items that no test touches and that a test could touch."""
        return self.of(MISSING)

    def counts(self) -> dict[str, Counter[str]]:
        """Return, for each kind that the contract has, how many items are in a state."""
        found: dict[str, Counter[str]] = {}
        for each in self.items:
            found.setdefault(each.item.kind, Counter())[each.state] += 1
        return {kind: found[kind] for kind in KINDS if kind in found}

    def record(self) -> dict[str, Any]:
        """Return the coverage as plain data."""
        return {
            "contract": self.contract,
            "tests": {
                "passed": self.passed,
                "failed": self.failed,
                "not_run": self.not_run,
                "unreviewed": self.unreviewed,
            },
            "kinds": [
                {
                    "kind": kind,
                    "name": KINDS[kind],
                    "items": count.total(),
                    "touched": count[TOUCHED],
                    "missing": count[MISSING],
                    "cannot_be_built": count[IMPOSSIBLE],
                }
                for kind, count in self.counts().items()
            ],
            "items": [each.record() for each in self.items],
        }
