"""What terms see of a claim: its rows with shared amounts, and reversed rows turned.

The lesser of two amounts below zero is the other one. So a reversal is worked out with
all signs turned, and its result is turned back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whopays.amounts.sight import Sight, amount
from whopays.model.facts import Fact, Kind
from whopays.model.shared import shared_names, with_shared
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.terms.rows import (
    CLAIM,
    COMPONENTS,
    CREDITED,
    DISCOUNT_PRIOR,
    IMPACT,
    LINE,
    ComponentClaim,
    Row,
)


@dataclass
class Rows(Sight):
    """The rows of a claim; the last `wholes` hold parts of the claim as a whole.

    Nothing is spread: what is given for the claim counts in its sums alone. `of_lines`
    are amounts that lines have, whether they are known or not: a part of the claim does
    not stand for them.
    """

    wholes: int = 0
    of_lines: frozenset[str] = frozenset()

    def of_line(self, name: str, at: int) -> Value:
        """Return the fact `name` of the row at the place `at`."""
        return self.lines[at].get(name, UNKNOWN)

    def total(self, name: str) -> Value:
        """Return the claim's amount: of all rows, or as it is given for the claim alone."""
        count = len(self.lines) - self.wholes
        of_lines = [row.get(name, UNKNOWN) for row in self.lines[:count]]
        whole = [row.get(name, UNKNOWN) for row in self.lines[count:]]
        stated = [value for value in whole if value is not UNKNOWN]
        given = [value for value in of_lines if value is not UNKNOWN]
        if len(given) < len(of_lines):
            is_of_claim = stated and not given and name not in self.of_lines
            if not is_of_claim:
                return UNKNOWN
        counted = [amount(self.facts.get(name), value) for value in (*given, *stated)]
        known = [each for each in counted if each is not None]
        if not known:
            return UNKNOWN
        return NONE if len(known) < len(counted) else sum(known)


@dataclass(frozen=True)
class Seen:
    """A claim as terms see it.

    `by_row` has each reversed row turned, `as_whole` all rows if all are reversed, and
    none otherwise; `turned` says which rows are. `is_mixed`: some are, and some are not.
    """

    claim: ComponentClaim
    by_row: Rows
    as_whole: Rows
    turned: tuple[bool, ...]

    @property
    def is_mixed(self) -> bool:
        """Whether lines and reversed lines stand in one claim."""
        return len(set(self.turned)) > 1

    @property
    def is_turned(self) -> bool:
        """Whether the whole claim is a reversal."""
        return all(self.turned) and bool(self.turned)


def seen(claim: ComponentClaim, facts: Mapping[str, Fact]) -> Seen:
    """Return what terms on `facts` see of `claim`."""
    rows = claim.rows
    given = [_row(row, rows, facts) for row in rows]
    reversed_ = [row.is_reversed for row in rows if row.level == LINE or len(rows) == 1]
    # A part of the claim as a whole goes with its lines.
    alike = reversed_[0] if len(set(reversed_)) == 1 else False
    turned = tuple(
        row.is_reversed if row.level == LINE or len(rows) == 1 else alike
        for row in rows
    )
    wholes = sum(row.level == CLAIM for row in rows) if claim.lines else 0
    plain = [_with_shared(row, facts) for row in given]
    flipped = [
        _turned(row, facts) if turn else row
        for row, turn in zip(plain, turned, strict=True)
    ]
    whole = flipped if all(turned) else plain
    is_known = any(row.is_adjudicated is not False for row in claim.lines)
    computed = (*COMPONENTS, IMPACT, *shared_names(facts))
    of_lines = frozenset(computed if is_known else ())
    both = [
        Rows(facts, {}, tuple(each), wholes=wholes, of_lines=of_lines)
        for each in (flipped, whole)
    ]
    return Seen(claim, both[0], both[1], turned)


def _row(row: Row, rows: Sequence[Row], facts: Mapping[str, Fact]) -> dict[str, Value]:
    """Return the facts of a row; one of the claim has what all lines say alike."""
    found = dict(row.facts)
    if row.level == LINE:
        return found
    lines = [each for each in rows if each.level == LINE]
    for name, fact in facts.items():
        if fact.kind is Kind.MONEY or name in found or not lines:
            continue
        said = {each.facts.get(name, UNKNOWN) for each in lines}
        if len(said) == 1:
            (found[name],) = said
    return found


def _with_shared(
    given: dict[str, Value], facts: Mapping[str, Fact]
) -> dict[str, Value]:
    """Return a row with the amounts that are computed from others."""
    found = dict(given)
    parts = [
        _cents(found.get(name), facts.get(name)) for name in (*CREDITED, DISCOUNT_PRIOR)
    ]
    known = [each for each in parts if each is not None]
    if IMPACT in facts and IMPACT not in found and len(known) == len(parts):
        found[IMPACT] = sum(known)
    with_shared(facts, found, shared_names(facts))
    return found


def _cents(value: Value | None, fact: Fact | None) -> int | None:
    found = None if value is None else amount(fact, value)
    return found if isinstance(found, int) else None


def _turned(row: Mapping[str, Any], facts: Mapping[str, Fact]) -> dict[str, Value]:
    """Return `row` with the signs of its money turned."""
    return {
        name: -value
        if isinstance(value, int)
        and not isinstance(value, bool)
        and name in facts
        and facts[name].kind is Kind.MONEY
        else value
        for name, value in row.items()
    }
