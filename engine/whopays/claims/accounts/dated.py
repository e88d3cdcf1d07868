"""Facts of a plan that change: values with the days on which each was in force."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from whopays.claims.dates import read_date
from whopays.claims.records import FieldProblem
from whopays.claims.values import value_of
from whopays.model.facts import Fact
from whopays.model.spells import Spell

_FIELDS = frozenset({"from", "to", "value"})
_MOST_SPANS = 1_000


def spells_of(fact: Fact, raw: list[object]) -> tuple[Spell, ...]:
    """Return the values that a list of `{"from", "to", "value"}` gives.

    FieldProblem where one of them can't be read, or two hold on one day.
    """
    if len(raw) > _MOST_SPANS:
        raise FieldProblem(f"has more than {_MOST_SPANS} values")
    spells = [_spell(fact, each) for each in raw]
    spells.sort(key=lambda each: each.first or date.min)
    for before, after in pairwise(spells):
        if before.last is None or (after.first or date.min) <= before.last:
            raise FieldProblem("has two values that are in force on the same day")
    return tuple(spells)


def _spell(fact: Fact, raw: object) -> Spell:
    if not isinstance(raw, dict) or "value" not in raw or set(raw) - _FIELDS:
        raise FieldProblem("is not a list of values with `from`, `to` and `value`")
    first, last = (_day(raw.get(name)) for name in ("from", "to"))
    if first is not None and last is not None and last < first:
        raise FieldProblem("has a value that ends before it begins")
    return Spell(value_of(fact, raw["value"]), first, last)


def _day(raw: object) -> date | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise FieldProblem("has a `from` or a `to` that is no date")
    return read_date(raw.strip(), None)
