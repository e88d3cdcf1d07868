"""A contract as it stands: each text of it as tables, and what differs from the text before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from whopays.model.clocks import Clock, Route
from whopays.model.contract import (
    Answer,
    Contract,
    ExceptionClause,
    Grid,
    Limit,
    Party,
    Row,
    Text,
    Treat,
    Version,
)
from whopays.pages.amounts import limit_text
from whopays.pages.tables import Standing, Table

WHOLE = "x"  # as the language writes it
_MOST_ROWS = 5_000  # of one text; a page of more is opened by nobody
NEW, CHANGED, GONE = "new", "changed", "withdrawn"


@dataclass(frozen=True)
class Difference:
    """A row that is new, changed or withdrawn: what it said before, and says now."""

    change: str
    table: str
    row: Standing
    before: str
    now: str


@dataclass(frozen=True)
class Stood:
    """A text of a contract: when it is in force, its tables, what differs in it.

    `tables` is empty in a text that is neither the first nor the last: there the
    differences say all. `left_out` is the number of rows, or of differences, of a text
    that has too many to be shown.
    """

    label: str
    periods: tuple[str, ...]
    tables: tuple[Table, ...]
    differences: tuple[Difference, ...]
    left_out: int = 0


def standing(contract: Contract, versions: Sequence[Version]) -> tuple[Stood, ...]:
    """Return the texts of `contract`, each once, in the order of their days."""
    texts: dict[tuple[int, ...], list[Version]] = {}
    for version in versions:
        texts.setdefault(version.amendments, []).append(version)
    found = []
    before: tuple[Table, ...] = ()
    for at, same in enumerate(texts.values()):
        tables = _tables(same[0].text)
        differences = tuple(_differences(before, tables)) if at else ()
        shown = tables if at in {0, len(texts) - 1} else ()
        rows = sum(len(table.rows) for table in shown)
        left_out = sum(many for many in (rows, len(differences)) if many > _MOST_ROWS)
        found.append(
            Stood(
                same[0].label(contract.version),
                tuple(str(each.period) for each in same),
                shown if rows <= _MOST_ROWS else (),
                differences if len(differences) <= _MOST_ROWS else (),
                left_out,
            )
        )
        before = tables
    return tuple(found)


def _differences(
    before: tuple[Table, ...], after: tuple[Table, ...]
) -> Iterator[Difference]:
    old = {row.key: (table.title, row) for table in before for row in table.rows}
    new = {row.key: (table.title, row) for table in after for row in table.rows}
    for key, (title, row) in new.items():
        was = old.get(key)
        if was is None:
            yield Difference(NEW, title, row, "", _told(row))
        elif _told(was[1]) != _told(row):
            yield Difference(CHANGED, title, row, _told(was[1]), _told(row))
    for key, (title, row) in old.items():
        if key not in new:
            yield Difference(GONE, title, row, _told(row), "")


def _told(row: Standing) -> str:
    return f"{row.answer} ({row.cites})" if row.cites else row.answer


def _tables(text: Text) -> tuple[Table, ...]:
    bearers = text.parties
    grids = [_grid(grid, bearers) for grid in text.grids]
    others = (
        _clauses("exceptions", "Exceptions", ("to", "when", "then"), text.exceptions),
        _clauses("treats", "Treated as another service", ("as", "when"), text.treats),
        _clauses("limits", "Limits", ("title", "when", "what it says"), text.limits),
        _clauses("routes", "Routes", ("what to do", "when"), text.routes),
        _clauses("clocks", "Time to pay", ("what to do", "when"), text.clocks),
    )
    return (_parties(bearers), *grids, *(each for each in others if each.rows))


def _parties(bearers: Iterable[Party]) -> Table:
    rows = tuple(_party(each) for each in bearers)
    return Table("Parties", "party", "", ("name", "who pays the claim"), (), rows)


def _party(party: Party) -> Standing:
    paid = f", paid by {party.paid_by}" if party.paid_by else ""
    cells = (party.name, party.paid_by or party.id)
    said = f"{party.name}{paid}"
    return Standing(("party", party.id), party.id, "", cells, said, "", "", 0)


def _grid(grid: Grid, bearers: Iterable[Party]) -> Table:
    rows = (*grid.rows, *grid.otherwise)
    used = {who for row in rows for who, _ in row.answer.shares}
    shares = tuple(each.id for each in bearers if each.id in used)
    conditioned = any(row.when is not None for row in rows)
    return Table(
        grid.title,
        "category",
        grid.when.text if grid.when is not None else "",
        ("when",) if conditioned else (),
        shares,
        tuple(_row(row, shares, conditioned=conditioned) for row in rows),
    )


def _row(row: Row, shares: tuple[str, ...], *, conditioned: bool) -> Standing:
    when = row.when.text if row.when is not None else ""
    by_share = row.answer.kind == "shares"
    return Standing(
        (row.grid, row.category or "", when),
        "otherwise" if row.category is None else row.category,
        when,
        (*((when,) if conditioned else ()), *_cells(row.answer, shares)),
        _answer(row.answer),
        "; ".join(row.cites),
        row.span.source.name,
        row.span.line,
        0 if by_share else len(shares),
    )


def _cells(answer: Answer, shares: tuple[str, ...]) -> tuple[str, ...]:
    if answer.kind != "shares":
        return (_answer(answer),)
    parts = dict(zip((who for who, _ in answer.shares), answer.percents, strict=True))
    told = (parts.get(who, "") for who in shares)
    return tuple(WHOLE if part == "100%" else part for part in told)


def _answer(answer: Answer) -> str:
    return f"{answer.text}: {answer.reason}" if answer.reason else answer.text


Clause = ExceptionClause | Treat | Limit | Route | Clock


def _clauses(
    kind: str, title: str, columns: tuple[str, ...], clauses: Iterable[Clause]
) -> Table:
    rows = tuple(_clause(kind, each) for each in clauses)
    return Table(title, "clause", "", columns, (), rows)


def _clause(kind: str, clause: Clause) -> Standing:
    when = clause.when.text if clause.when is not None else ""
    held = when or "always"
    if isinstance(clause, ExceptionClause):
        to = ", ".join(target.text for target in clause.targets)
        then = _answer(clause.answer)
        cells: tuple[str, ...] = (to, held, then)
        said = f"to {to}{f' when {when}' if when else ''} then {then}"
    elif isinstance(clause, Treat):
        moved = f"{clause.source} as {clause.target}"
        cells, said = (moved, held), f"{moved}{f' when {when}' if when else ''}"
    elif isinstance(clause, Route | Clock):
        dated = (
            f", {' and '.join(map(str, clause.in_force))}" if clause.in_force else ""
        )
        cells = (f"{clause.text}{dated}", held)
        said = f"{clause.text}{dated}{f' when {when}' if when else ''}"
    else:
        said = limit_text(clause)
        cells = (clause.title, held, said)
        said = f"{clause.title}{f', when {when}' if when else ''}\n{said}"
    return Standing(
        (kind, clause.id),
        clause.id,
        when,
        cells,
        said,
        "; ".join(clause.cites),
        clause.span.source.name,
        clause.span.line,
    )
