"""Which text says what about a category or a clause, on which days, and instead of what.

For each period of a contract: the clauses in force, the document that each comes from,
and the chain of what stood in its place before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from whopays.analyse.origin import Clause, Origins
from whopays.diagnostics import Source, Span
from whopays.model.catalog import Period
from whopays.model.conditions import normal
from whopays.model.contract import (
    Amendment,
    Contract,
    ExceptionClause,
    Row,
    Text,
    Treat,
    Version,
)
from whopays.program.compile import Program, VersionProgram, is_to
from whopays.resolve.versions import Stage, stages

Place: TypeAlias = tuple[str, ...]
Key: TypeAlias = tuple[Source, int, Place]


@dataclass(frozen=True)
class Said:
    """What one document says: a clause, and the number of the amendment (0: the base).

    `withdrawn_by` is the amendment that took it away, where it was taken away, and
    `withdrawn_at` the line that says so.
    """

    clause: Clause
    number: int
    withdrawn_by: int | None = None
    withdrawn_at: Span | None = None


@dataclass(frozen=True)
class Standing:
    """A clause in force: how it touches the subject, and what it stands instead of.

    `chain` begins with what is in force; the others stood in its place, the latest first.
    """

    role: str
    chain: tuple[Said, ...]

    @property
    def clause(self) -> Clause:
        """The clause in force."""
        return self.chain[0].clause


@dataclass(frozen=True)
class Stretch:
    """Days on which the same clauses touch the subject; `gone` are those withdrawn."""

    period: Period
    standing: tuple[Standing, ...]
    gone: tuple[Standing, ...]


@dataclass(frozen=True)
class History:
    """All that the texts of `contract` say about `subject`, as known on `known_on`.

    `unknown` are the amendments that were signed later.
    """

    contract: Contract
    subject: str
    known_on: date | None
    stretches: tuple[Stretch, ...]
    unknown: tuple[Amendment, ...]


def history(contract: Contract, subject: str, known_on: date | None) -> History:
    """Return what the texts say about `subject`, a category or the id of a clause."""
    program = Program(contract, known_on)
    origins = Origins(contract)
    stretches: list[Stretch] = []
    for version in program.versions:
        found = _stretch(version, subject, origins)
        last = stretches[-1] if stretches else None
        if last is not None and _continues(last, found):
            stretches[-1] = Stretch(
                Period(last.period.first, found.period.last), last.standing, last.gone
            )
        else:
            stretches.append(found)
    unknown = tuple(
        each
        for each in contract.amendments
        if known_on is not None and each.signed is not None and each.signed > known_on
    )
    return History(contract, subject, known_on, tuple(stretches), unknown)


def subjects(contract: Contract) -> dict[str, str]:
    """Return all that can be asked about, by every name, without regard to case."""
    found = dict(contract.catalog.titles)
    for text in (contract.text, *(each.text for each in contract.amendments)):
        for grid in text.grids:
            found[grid.id.casefold()] = found[f"{grid.id} otherwise".casefold()] = (
                f"{grid.id} otherwise"
            )
        for name in _ids(text):
            found[name.casefold()] = name
    return found


def _ids(text: Text) -> Iterator[str]:
    for clauses in (text.exceptions, text.treats, text.limits, text.routes):
        yield from (clause.id for clause in clauses)


def _continues(last: Stretch, found: Stretch) -> bool:
    """Tell whether `found` says the same as `last` and follows it."""
    if last.period.last is None:
        return False
    follows = last.period.last.toordinal() + 1 == found.period.first.toordinal()
    return follows and _places(last) == _places(found)


def _places(stretch: Stretch) -> object:
    return [
        (each.role, said.number, said.withdrawn_by, said.clause.span)
        for each in (*stretch.standing, *stretch.gone)
        for said in each.chain
    ]


# One version


def _stretch(version: VersionProgram, subject: str, origins: Origins) -> Stretch:
    earlier = Earlier(version.program.contract, version.version, origins)
    touching = list(_touching(version, subject))
    standing = [Standing(role, earlier.chain(clause)) for role, clause in touching]
    gone = [
        Standing("", said)
        for said in earlier.gone()
        if _concerned(said[0].clause, subject, [clause for _, clause in touching])
    ]
    return Stretch(version.version.period, tuple(standing), tuple(gone))


def _touching(version: VersionProgram, subject: str) -> Iterator[tuple[str, Clause]]:
    """Yield the clauses in force that touch `subject`, each with its role."""
    if subject in version.program.contract.catalog.categories:
        yield from _of_category(version, subject)
        return
    for clause in clauses_of(version.text):
        if isinstance(clause, Row):
            if clause.category is None and subject == f"{clause.grid} otherwise":
                yield "", clause
        elif clause.id == subject:
            yield "", clause


def _of_category(version: VersionProgram, name: str) -> Iterator[tuple[str, Clause]]:
    piece = version.piece(name)
    rows = [clause for clause in piece.clauses if isinstance(clause, Row)]
    yield from _rows(version, name, rows)
    for clause in piece.clauses:
        if isinstance(clause, ExceptionClause):
            yield "exception", clause
    for treat in version.text.treats:
        if treat in piece.clauses:
            yield "moves its lines", treat
        elif treat.target == name:
            yield "moves lines here", treat


def _rows(
    version: VersionProgram, name: str, rows: list[Row]
) -> Iterator[tuple[str, Row]]:
    above = version.program.contract.catalog.ancestors[name]
    yield from (("", row) for row in rows if row.category == name)
    for row in rows:
        if row.category == name:
            continue
        if row.category in above:
            yield f"{name} has no row of its own here", row
        elif row.category is not None:
            yield "where a treat moves its lines", row
    for row in rows:
        if row.category is None and _is_asked(row, rows):
            yield "where no row answers", row


def _is_asked(rest: Row, rows: list[Row]) -> bool:
    """Tell whether `otherwise` can answer beside the other `rows` of its grid."""
    own = [row for row in rows if row.grid == rest.grid and row.category is not None]
    return all(row.when is not None for row in own)


def _concerned(clause: Clause, subject: str, touching: list[Clause]) -> bool:
    """Tell whether the withdrawn `clause` touched `subject`."""
    match clause:
        case Row():
            return subject in {clause.category, clause.id}
        case Treat():
            return subject in {clause.id, clause.source, clause.target}
        case ExceptionClause():
            rows = [each for each in touching if isinstance(each, Row)]
            return (
                clause.id == subject
                or any(target.category == subject for target in clause.targets)
                or any(is_to(clause, row) for row in rows)
            )
        case _:
            return clause.id == subject


def clauses_of(text: Text) -> Iterator[Clause]:
    """Yield all clauses of `text`, rows first."""
    for grid in text.grids:
        yield from grid.rows
        yield from grid.otherwise
    yield from text.exceptions
    yield from text.treats
    yield from text.limits
    yield from text.routes


class Earlier:
    """What stood in the place of each clause of a version before, and what is gone."""

    def __init__(self, contract: Contract, version: Version, origins: Origins) -> None:
        self._origins = origins
        self._before: dict[Key, tuple[Said, ...]] = {}
        self._gone: dict[Place, tuple[Said, ...]] = {}
        active = [a for a in contract.amendments if a.number in version.amendments]
        for stage in stages(contract.text, active):
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
    return {id(clause): clause for clause in found}


def _key(clause: Clause) -> Key:
    """Return what tells a clause of a version from all others, whenever it is made."""
    return clause.span.source, clause.span.start, _place(clause)


def _place(clause: Clause) -> Place:
    """Return what two clauses have in common when one takes the place of the other."""
    if isinstance(clause, Row):
        return clause.grid, clause.category or "", normal(clause.when)
    return (clause.id,)
