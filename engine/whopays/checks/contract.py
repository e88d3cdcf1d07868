"""Checks a contract by its cells: gaps, conflicts, dead clauses, ranks, days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from whopays.checks.entries import Entries, TooManyEntriesError
from whopays.checks.witness import in_words, witness
from whopays.decide.settle import acting_clauses, settle
from whopays.diagnostics import Diagnostic, Label, Severity, Span
from whopays.model import conditions as model
from whopays.model.contract import Contract, ExceptionClause, Row, Treat
from whopays.model.outcome import Outcome
from whopays.program.compile import Clause, Piece, Program, VersionProgram
from whopays.program.table import Table

_DAY = timedelta(days=1)


@dataclass
class Checked:
    """What a check looked at: `entries` decided, and who `otherwise` answers for."""

    found: list[Diagnostic] = field(default_factory=list)
    entries: int = 0
    tables: int = 0
    versions: int = 0
    by_otherwise: set[str] = field(default_factory=set)
    unproved: int = 0


def check_contract(contract: Contract) -> Checked:
    """Return all that the cells of `contract` show, over all its versions."""
    program = Program(contract)
    checked = Checked(versions=len(program.versions))
    checked.found.extend(_unranked(program))
    checked.found.extend(_exclusive(program, program.dates, "decide by"))
    checked.found.extend(_exclusive(program, program.order, "match by"))
    checked.found.extend(_days(contract))
    checked.found.extend(_drafts(program))
    checked.found.extend(_idle_amendments(program))
    acted: set[int] = set()
    reported: set[tuple[str, frozenset[str]]] = set()
    for version in program.versions:
        for category in (*sorted(version.answered), None):
            piece = version.piece(category)
            _piece(version, piece, checked, acted, reported)
    checked.found.extend(_dead(program, acted))
    return checked


def _piece(
    version: VersionProgram,
    piece: Piece,
    checked: Checked,
    acted: set[int],
    reported: set[tuple[str, frozenset[str]]],
) -> None:
    # A last clause stands for having landed here: only such entries can be met.
    last = len(piece.clauses)
    clauses_here = (*piece.table.clauses, ("landed", landed(version, piece)))
    table = version.program.table(clauses_here)
    try:
        entries = Entries(table)
    except TooManyEntriesError:
        checked.unproved += 1
        checked.found.append(_too_many(piece, table))
        # What was not looked at is not accused of never acting.
        acted.update(id(clause) for clause in piece.clauses)
        return
    checked.tables += 1
    for both, bits in entries.groups():
        if last not in both:
            continue
        held = both - {last}
        checked.entries += bits.bit_count()
        outcome = settle(version, piece, held)
        clauses = [piece.clauses[at] for at in sorted(held)]
        acted.update(
            id(clause)
            for clause in clauses
            if isinstance(clause, Treat) and clause.id in outcome.moved
        )
        acting = acting_clauses(version, outcome.category, clauses)
        acted.update(id(clause) for clause in acting)
        if any(name.endswith("otherwise") for name in outcome.clauses):
            checked.by_otherwise.add(piece.category or "(no category)")
        if outcome.note in {"gap", "conflict"}:
            key = (
                outcome.note,
                frozenset(outcome.clauses) or frozenset({str(piece.category)}),
            )
            if key not in reported:
                reported.add(key)
                checked.found.append(
                    _problem(version, piece, (entries, bits), outcome, clauses)
                )


def landed(version: VersionProgram, piece: Piece) -> model.Condition:
    """Return what holds of every line that lands on the piece's category."""
    program = version.program
    found: model.Condition = model.ALWAYS
    if piece.category is not None:
        found = program.contract.catalog.categories[piece.category].when or found
    gate = program.gate.clauses[0][1]
    mentioned = {fact for dim in piece.table.dims for fact in dim.facts}
    if mentioned.intersection(model.facts_of(gate)):
        found = model.both(gate, found)
    if mentioned.intersection(by.facts[0] for by in program.contract.decide_by):
        found = model.both(on_its_days(version), found)
    return found


def on_its_days(version: VersionProgram) -> model.Condition:
    """Return that the governing date is a day of `version`."""
    period = version.version.period
    ways: list[model.Condition] = []
    for by in version.program.contract.decide_by:
        fact = by.facts[0]
        since = f"{fact} >= {period.first}"
        days: model.Condition = model.Compares(fact, ">=", period.first, since)
        if period.last is not None:
            until = f"{fact} <= {period.last}"
            last = model.Compares(fact, "<=", period.last, until)
            days = model.both(days, last)
        ways.append(model.both(by.when, days))
    return ways[0] if len(ways) == 1 else model.Any_(tuple(ways))


def _problem(
    version: VersionProgram,
    piece: Piece,
    where_met: tuple[Entries, int],
    outcome: Outcome,
    clauses: list[Clause],
) -> Diagnostic:
    entries, bits = where_met
    note = outcome.note

    def shows(other: Outcome) -> bool:
        return other.note == note

    facts = witness(
        version, piece.category, entries.table, entries.some(bits, 8), shows
    )
    shown = (
        f"for example: {in_words(facts, version.program.contract.facts)}"
        if facts is not None
        else "possible, no example found"
    )
    # What cannot be built as a claim is told, but does not stop the file.
    severity = Severity.ERROR if facts is not None else Severity.WARNING
    where = f"`{piece.category}`" if piece.category else "a line of no category"
    if note == "gap":
        spans = [clause.span for clause in clauses] or [_somewhere(version)]
        return Diagnostic(
            "C001",
            f"nothing answers for {where}",
            tuple(Label(span) for span in spans[:3]),
            "add an `otherwise`, or a row whose `when` holds then",
            (shown,),
            severity,
        )
    winners = [c for c in clauses if c.id in outcome.clauses]
    labels = tuple(
        Label(clause.span, "" if isinstance(clause, Treat) else clause.answer.text)
        for clause in winners
    )
    names = " and ".join(f"`{clause.id}`" for clause in winners)
    return Diagnostic(
        "C002",
        f"{names} give different answers for {where}",
        labels or (Label(_somewhere(version)),),
        "make one an exception to the other, or their conditions exclusive",
        (shown,),
        severity,
    )


def _somewhere(version: VersionProgram) -> Span:
    """Return where to point when no clause is to blame."""
    grids = version.text.grids
    return grids[0].span if grids else version.program.contract.span


def _too_many(piece: Piece, table: Table) -> Diagnostic:
    first = piece.clauses[0].span
    return Diagnostic(
        "C007",
        f"the conditions for `{piece.category}` have {table.size:,} combinations, "
        "too many to look at",
        (Label(first),),
        "this category is not proved; fewer different facts in its clauses would help",
        severity=Severity.WARNING,
    )


def _dead(program: Program, acted: set[int]) -> Iterator[Diagnostic]:
    """Yield clauses that act in no entry of any version."""
    alive: set[tuple[str, str]] = set()
    every: dict[tuple[str, str], Clause] = {}
    for version in program.versions:
        clauses: list[Clause] = [
            row for grid in version.text.grids for row in (*grid.rows, *grid.otherwise)
        ]
        clauses.extend(version.text.exceptions)
        clauses.extend(version.text.treats)
        for clause in clauses:
            key = (clause.id, clause.span.place)
            every[key] = clause
            if id(clause) in acted:
                alive.add(key)
    # A consolidated text has a few days of a contract: what acts on others is no mistake.
    consolidated = program.contract.amended_by is not None
    severity = Severity.WARNING if consolidated else Severity.ERROR
    for key, clause in every.items():
        if key not in alive:
            yield Diagnostic(
                "C003",
                f"`{clause.id}` can never act",
                (Label(clause.span),),
                "its condition never holds where what it answers for, or is an exception "
                "to, is reached; take it out or mend its condition",
                severity=severity,
            )


def _idle_amendments(program: Program) -> Iterator[Diagnostic]:
    """Yield the amendments that are in force on no day of the contract."""
    used = {number for each in program.versions for number in each.version.amendments}
    for amendment in program.contract.amendments:
        if amendment.number not in used:
            yield Diagnostic(
                "C010",
                f"amendment {amendment.number} is in force on no day of the contract",
                (Label(amendment.span), Label(program.contract.span, "the contract")),
                f"the contract is in force "
                f"{', '.join(map(str, program.contract.in_force))}",
                severity=Severity.WARNING,
            )


def _drafts(program: Program) -> Iterator[Diagnostic]:
    """Yield the clauses that are still to be written."""
    seen: set[str] = set()
    for version in program.versions:
        text = version.text
        clauses: list[Row | ExceptionClause] = [
            row for grid in text.grids for row in (*grid.rows, *grid.otherwise)
        ]
        clauses.extend(text.exceptions)
        for clause in clauses:
            if clause.answer.kind == "draft" and clause.span.place not in seen:
                seen.add(clause.span.place)
                yield Diagnostic(
                    "C009",
                    f"`{clause.id}` has no answer yet",
                    (Label(clause.span),),
                    "replace `?` by who pays; until then its lines are by hand",
                    severity=Severity.WARNING,
                )


# Ranks


def _unranked(program: Program) -> Iterator[Diagnostic]:
    catalog = program.contract.catalog
    codes: dict[tuple[str, str], str] = {}
    for fact in catalog.code_facts():
        for family, code in program.code_index(fact).representatives.items():
            names = sorted(str(name) for name in family)
            for at, left in enumerate(names):
                for right in names[at + 1 :]:
                    codes.setdefault((left, right), f"{fact} {code}")
    codeless = sorted(
        name
        for name, each in catalog.categories.items()
        if not each.codes and each.when is not None
    )
    for at, left in enumerate(codeless):
        for right in codeless[at + 1 :]:
            codes.setdefault((left, right), "")
    for (left, right), code in codes.items():
        if right in catalog.later[left] or left in catalog.later[right]:
            continue
        one, other = catalog.categories[left], catalog.categories[right]
        example = _together(program, one.when, other.when)
        if example is None:
            continue
        said = ", ".join(part for part in (code, example) if part)
        yield Diagnostic(
            "C004",
            f"`{left}` and `{right}` both hold the same line and are not ranked",
            (Label(one.span), Label(other.span)),
            f'a line `rank "{left}" before "{right}"` says it, or the other way round',
            (f"for example: {said}",) if said else (),
        )


def _together(
    program: Program, left: model.Condition | None, right: model.Condition | None
) -> str | None:
    """Return facts on which both conditions hold, in words, or None if there are none."""
    both = model.both(left, right)
    entries = Entries(program.table((("both", both),)))
    bits = entries.where(both)
    if not bits:
        return None
    cells = next(entries.some(bits, 1))
    facts = {
        name: value
        for dim, cell in zip(entries.table.dims, cells, strict=True)
        for name, value in zip(dim.facts, dim.values[cell], strict=True)
    }
    return in_words(facts, program.contract.facts)


# `decide by` and `match by`


def _exclusive(program: Program, table: Table, words: str) -> Iterator[Diagnostic]:
    lines = (
        program.contract.decide_by
        if words == "decide by"
        else program.contract.catalog.match_by
    )
    entries = Entries(table)
    conditioned = [by for by in lines if by.when is not None]
    for at, one in enumerate(conditioned):
        for other in conditioned[at + 1 :]:
            if one.facts == other.facts or one.when is None or other.when is None:
                continue
            if entries.where(one.when) & entries.where(other.when):
                yield Diagnostic(
                    "C005",
                    f"two `{words}` lines hold at the same time",
                    (Label(one.span), Label(other.span)),
                    "make their conditions exclusive",
                )
    if conditioned and len(conditioned) == len(lines):
        open_bits = entries.all
        for by in conditioned:
            if by.when is not None:
                open_bits &= ~entries.where(by.when)
        if open_bits:
            yield Diagnostic(
                "C005",
                f"no `{words}` line holds for some lines",
                (Label(conditioned[0].span),),
                f"add a `{words} … otherwise`",
            )


# Days


def _days(contract: Contract) -> Iterator[Diagnostic]:
    for before, after in zip(contract.in_force, contract.in_force[1:], strict=False):
        if before.last is not None and before.last + _DAY < after.first:
            yield _uncovered(contract, f"{before.last + _DAY} to {after.first - _DAY}")
    catalog = contract.catalog
    if not catalog.in_force:
        return
    first, last = catalog.in_force[0].first, catalog.in_force[-1].last
    for period in contract.in_force:
        late = last is not None and (period.last is None or period.last > last)
        if period.first < first or late:
            yield Diagnostic(
                "C006",
                f"catalog `{catalog.id}` {catalog.version} is not in force on all days "
                f"of contract `{contract.id}`",
                (Label(contract.span), Label(catalog.span, "the catalog")),
                f"it is in force {', '.join(map(str, catalog.in_force))}",
                severity=Severity.WARNING,
            )
            return


def _uncovered(contract: Contract, days: str) -> Diagnostic:
    return Diagnostic(
        "C006",
        f"contract `{contract.id}` is not in force from {days}",
        (Label(contract.span),),
        "lines on these days get `no_contract`",
        severity=Severity.WARNING,
    )
