"""Which text says what about a category or a clause, on which days, and instead of what.

For each period of a contract: the clauses in force, the document that each comes from,
and the chain of what stood in its place before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from whopays.analyse.texts.earlier import Earlier, PartyName, Said, clauses_of, names_of
from whopays.analyse.texts.origin import Clause, Origins
from whopays.model.catalog import Period
from whopays.model.contract import (
    Amendment,
    Contract,
    ExceptionClause,
    Row,
    Text,
    Treat,
    is_to,
)
from whopays.program.compile import Program, VersionProgram


@dataclass(frozen=True)
class Standing:
    """A clause in force: how it touches the subject, and what it stands instead of.

    `chain` begins with what is in force; the others stood in its place, the latest first.
    """

    role: str
    chain: tuple[Said, ...]

    @property
    def clause(self) -> Clause | PartyName:
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
    for party in contract.text.parties:
        found.setdefault(party.id.casefold(), party.id)
    return found


def _ids(text: Text) -> Iterator[str]:
    for clauses in (
        *(text.exceptions, text.treats, text.limits, text.routes, text.clocks),
    ):
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
    contract = version.program.contract
    names = names_of(subject, version.version, contract)
    if names:
        return Stretch(version.version.period, (Standing("", names),), ())
    earlier = Earlier(contract, version.version, origins)
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
        if row.category is None and _is_asked(version, name, row):
            yield "where no row answers", row


def _is_asked(version: VersionProgram, name: str, rest: Row) -> bool:
    """Tell whether `otherwise` can answer for `name`, or for where a treat moves it."""
    treats = [c for c in version.piece(name).clauses if isinstance(c, Treat)]
    grid = version.text.grid(rest.grid)
    return grid is not None and any(
        all(row.when is not None or row.category is None for row in rows)
        for place in {name, *(treat.target for treat in treats)}
        for rows in (version.rows(grid, place),)
    )


def _concerned(
    clause: Clause | PartyName, subject: str, touching: list[Clause]
) -> bool:
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
