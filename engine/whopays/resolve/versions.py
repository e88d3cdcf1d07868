"""The text in force on each day: the base, then the amendments in the order of numbers.

Two clocks: a day of service, and the day on which something was known (amendments
signed later do not exist yet).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from whopays import bounds
from whopays.diagnostics import Diagnostic, Label
from whopays.model.catalog import Period
from whopays.model.conditions import normal
from whopays.model.contract import (
    Amendment,
    Change,
    Contract,
    Grid,
    Row,
    Text,
    Version,
)
from whopays.resolve.absent import Sought, why_absent
from whopays.resolve.unmet import unmet

_DAY = timedelta(days=1)
#: The kinds of clause; an id is that of one clause, of whatever kind.
_PARTS = ("grids", "exceptions", "treats", "limits", "routes", "clocks")


def versions(
    contract: Contract, known_on: date | None = None, texts: Texts | None = None
) -> tuple[tuple[Version, ...], list[Diagnostic]]:
    """Return the versions of `contract` by day, as known on `known_on` (None: now).

    Days that the contract's own periods leave out have no version. A change that finds
    no target is a diagnostic; the rest of its amendment still applies. `texts` has what
    was made for another day of knowing; what it found then is not found again.
    """
    known = [a for a in contract.amendments if _is_known(a, known_on)]
    texts = texts or Texts(contract)
    before = len(texts.found)
    result = []
    signed_later = contract.signed and known_on and contract.signed > known_on
    for period in () if signed_later else _cut(contract.in_force, known):
        active = [a for a in known if a.applies_on(period.first)]
        numbers = (*(contract.amended_by or ()), *(a.number for a in active))
        result.append(Version(period, numbers, texts.of(active, period)))
    return tuple(result), texts.found[before:]


def _is_known(amendment: Amendment, known_on: date | None) -> bool:
    if known_on is None or amendment.signed is None:
        return True
    return amendment.signed <= known_on


def _cut(periods: tuple[Period, ...], amendments: list[Amendment]) -> list[Period]:
    """Return `periods` cut at every day on which the amendments in force change."""
    cuts = set()
    for amendment in amendments:
        for period in amendment.in_force:
            cuts.add(period.first)
            if period.last is not None and period.last < date.max:
                cuts.add(period.last + _DAY)
    found = []
    for period in periods:
        first = period.first
        for day in sorted(cuts):
            if day > first and day in period:
                found.append(Period(first, day - _DAY))
                first = day
        found.append(Period(first, period.last))
    return found


def days_of(version: Version, every: Iterable[Version]) -> tuple[Period, ...]:
    """Return all days on which the same amendments are in force as in `version`.

    `every` are the versions of its contract in order. Days that follow each other are
    one period.
    """
    found: list[Period] = []
    for each in every:
        if each.amendments != version.amendments:
            continue
        period = each.period
        last = found[-1].last if found else None
        if last is not None and last + _DAY == period.first:
            found[-1] = Period(found[-1].first, period.last)
        else:
            found.append(period)
    return tuple(found)


@dataclass(frozen=True)
class Stage:
    """What one change makes of a text; without `change`, the whole clauses of `by`.

    `after` is None where the change finds no target.
    """

    by: Amendment
    change: Change | None
    before: Text
    after: Text | None


def stages(base: Text, active: Iterable[Amendment]) -> Iterator[Stage]:
    """Yield what each change of the amendments `active` makes of the text before it."""
    text = base
    for amendment in active:
        for change in amendment.changes:
            changed = _changed(text, change)
            yield Stage(amendment, change, text, changed)
            text = changed or text
        changed = _with_clauses(text, amendment.text)
        yield Stage(amendment, None, text, changed)
        text = changed


class Texts:
    """The texts that amendments make of a contract, each made once.

    Each is made of the one before its last amendment, so that a hundred amendments in a
    row are a hundred steps. `found` is what is wrong with their targets.
    """

    def __init__(self, contract: Contract) -> None:
        self.found: list[Diagnostic] = []
        self._made: dict[tuple[int, ...], Text] = {(): contract.text}
        self._amendments = contract.amendments

    def of(self, active: list[Amendment], period: Period) -> Text:
        """Return the text that `active` make; `period` is when it is first in force."""
        key = tuple(amendment.number for amendment in active)
        known = next(n for n in range(len(key), -1, -1) if key[:n] in self._made)
        for count in range(known, len(active)):
            text = self._made[key[:count]]
            for stage in stages(text, active[count : count + 1]):
                if stage.after is not None:
                    text = stage.after
                elif stage.change and len(self.found) < bounds.MOST_PROBLEMS:
                    why = self._why_absent(stage.change, stage.by, period, key)
                    self.found.append(
                        unmet(stage.change, stage.by, period, stage.before, why)
                    )
            self._made[key[: count + 1]] = text
        return self._made[key]

    def _why_absent(
        self,
        change: Change,
        by: Amendment,
        period: Period,
        numbers: tuple[int, ...],
    ) -> Label | None:
        sought = Sought(
            change.id, change.category, change.what, by.number, period, numbers
        )
        return why_absent(sought, self._amendments)


def _changed(text: Text, change: Change) -> Text | None:
    """Return `text` with `change` made, or None if it finds no target."""
    if change.what == "party":
        parties = tuple(
            replace(each, name=change.name) if each.id == change.id else each
            for each in text.parties
        )
        return replace(text, parties=parties)
    if change.what == "clause":
        return _without_clause(text, change.id)
    grid = text.grid(change.id)
    if grid is None:
        return None
    part = "rows" if change.what == "row" else "otherwise"
    changed = _rows(grid, change, part)
    return None if changed is None else text.with_grid(changed)


def _rows(grid: Grid, change: Change, part: str) -> Grid | None:
    rows: tuple[Row, ...] = getattr(grid, part)
    own = [rows[at] for at in grid.places(part, change.category)]
    when = normal(change.when)
    same = [row for row in own if row.meaning == when]
    if change.kind == "add":
        # A row is named by its words: two rows of one name could not be told apart.
        words = change.when.text if change.when else None
        named = [row for row in own if row.when and row.when.text == words]
        if same or named or change.answer is None:
            return None
        row = Row(
            grid.id,
            change.category,
            change.when,
            change.answer,
            change.cites,
            change.span,
        )
        return _with_rows(grid, part, (*rows, row))
    # Without a `when` a lone row is meant whatever its own condition is.
    meant = same or (own if not when and len(own) == 1 else [])
    if change.kind == "withdraw" and not when and not same:
        meant = own
    if not meant:
        return None
    gone = {id(row) for row in meant}
    if change.kind == "withdraw":
        kept = tuple(row for row in rows if id(row) not in gone)
        return _with_rows(grid, part, kept, in_place=False)
    answer = change.answer
    if answer is None:
        return None
    replaced = tuple(
        replace(row, answer=answer, cites=change.cites, span=change.span)
        if id(row) in gone
        else row
        for row in rows
    )
    return _with_rows(grid, part, replaced)


def _with_rows(
    grid: Grid, part: str, rows: tuple[Row, ...], *, in_place: bool = True
) -> Grid:
    if part == "rows":
        return grid.in_place(rows) if in_place else replace(grid, rows=rows)
    return replace(grid, otherwise=rows)


def _without_clause(text: Text, name: str) -> Text | None:
    for part in _PARTS:
        clauses = getattr(text, part)
        kept = tuple(each for each in clauses if each.id != name)
        if len(kept) < len(clauses):
            return replace(text, **{part: kept})
    return None


def _with_clauses(text: Text, more: Text) -> Text:
    """Return `text` with the whole clauses of `more`; one of the same id is replaced."""
    for part in _PARTS:
        new = {each.id: each for each in getattr(more, part)}
        if not new:
            continue
        text = _without_other_kinds(text, new, part)
        old = getattr(text, part)
        kept = tuple(new.pop(each.id, each) for each in old)
        text = replace(text, **{part: (*kept, *new.values())})
    return text


def _without_other_kinds(text: Text, names: Container[str], part: str) -> Text:
    others = {
        other: tuple(each for each in getattr(text, other) if each.id not in names)
        for other in _PARTS
        if other != part
    }
    return replace(text, **others)
