"""What stood in the place of each clause of a version before, and what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from whopays.analyse.texts.origin import BASE, Clause, Origins
from whopays.diagnostics import Source, Span
from whopays.model.conditions import Condition, normal
from whopays.model.contract import Amendment, Contract, Row, Text, Version
from whopays.resolve.versions import Stage, stages

Place: TypeAlias = tuple[str, ...]
Key: TypeAlias = tuple[Source, int, Place]


@dataclass(frozen=True)
class PartyName:
    """The name of the party `id`, as the head or an amendment gives it."""

    id: str
    name: str
    cites: tuple[str, ...]
    span: Span
    when: Condition | None = None


@dataclass(frozen=True)
class Said:
    """What one document says: a clause, and the number of the amendment (0: the base).

    `withdrawn_by` is the amendment that took it away, where it was taken away, and
    `withdrawn_at` the line that says so.
    """

    clause: Clause | PartyName
    number: int
    withdrawn_by: int | None = None
    withdrawn_at: Span | None = None


def clauses_of(text: Text) -> Iterator[Clause]:
    """Yield all clauses of `text`, rows first."""
    for grid in text.grids:
        yield from grid.rows
        yield from grid.otherwise
    yield from text.exceptions
    yield from text.treats
    yield from text.limits
    yield from text.routes
    yield from text.clocks


class Earlier:
    """What stood in the place of each clause of a version before, and what is gone."""

    def __init__(self, contract: Contract, version: Version, origins: Origins) -> None:
        self._origins = origins
        self._before: dict[Key, tuple[Said, ...]] = {}
        self._gone: dict[Place, tuple[Said, ...]] = {}
        for stage in stages(contract.text, active_in(version, contract)):
            if stage.after is not None and stage.after is not stage.before:
                self._compare(stage, stage.after)

    def chain(self, clause: Clause) -> tuple[Said, ...]:
        """Return `clause`, and what stood in its place before, the latest first."""
        said = Said(clause, self._origins.of(clause))
        return (said, *self._before.get(_key(clause), ()))

    def gone(self) -> Iterator[tuple[Said, ...]]:
        """Yield what was withdrawn and never came back, with what was before it."""
        yield from self._gone.values()

    def _compare(self, stage: Stage, after: Text) -> None:
        old, new = _apart(stage.before, after), _apart(after, stage.before)
        removed: dict[Place, list[tuple[Said, ...]]] = {}
        for name, clause in old.items():
            if name not in new:
                removed.setdefault(_place(clause), []).append(self.chain(clause))
        for name, clause in new.items():
            if name in old:
                continue
            place = _place(clause)
            if removed.get(place):
                self._before[_key(clause)] = removed[place].pop(0)
            elif place in self._gone:
                self._before[_key(clause)] = self._gone.pop(place)
        span = stage.change.span if stage.change is not None else stage.by.span
        for place, chains in removed.items():
            for first, *rest in chains:
                taken = replace(first, withdrawn_by=stage.by.number, withdrawn_at=span)
                self._gone[place] = (taken, *rest)


def _apart(text: Text, other: Text) -> dict[int, Clause]:
    """Return the clauses of the parts of `text` that are not those of `other`."""
    grids = {id(grid) for grid in other.grids}
    found: list[Clause] = []
    for grid in text.grids:
        if id(grid) not in grids:
            found.extend((*grid.rows, *grid.otherwise))
    if text.exceptions is not other.exceptions:
        found.extend(text.exceptions)
    if text.treats is not other.treats:
        found.extend(text.treats)
    if text.limits is not other.limits:
        found.extend(text.limits)
    if text.routes is not other.routes:
        found.extend(text.routes)
    if text.clocks is not other.clocks:
        found.extend(text.clocks)
    return {id(clause): clause for clause in found}


def _key(clause: Clause) -> Key:
    """Return what tells a clause of a version from all others, whenever it is made."""
    return clause.span.source, clause.span.start, _place(clause)


def _place(clause: Clause) -> Place:
    """Return what two clauses have in common when one takes the place of the other."""
    if isinstance(clause, Row):
        return clause.grid, clause.category or "", normal(clause.when)
    return (clause.id,)


def active_in(version: Version, contract: Contract) -> list[Amendment]:
    """Return the amendments that are in force in `version`, by number."""
    return [a for a in contract.amendments if a.number in version.amendments]


def names_of(party: str, version: Version, contract: Contract) -> tuple[Said, ...]:
    """Return the names of `party` in `version`, the one in force first."""
    found = [
        Said(PartyName(each.id, each.name, (), contract.span), BASE)
        for each in contract.text.parties
        if each.id == party
    ]
    for amendment in active_in(version, contract):
        for change in amendment.changes:
            if change.kind == "rename" and change.id == party:
                name = PartyName(party, change.name, change.cites, change.span)
                found.insert(0, Said(name, amendment.number))
    return tuple(found)
