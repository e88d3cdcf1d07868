"""Checks a contract by its cases: gaps, conflicts, dead clauses, ranks, days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from whopays.checks import limits
from whopays.checks.asked import Asked
from whopays.checks.days import catalog_ends, days, idle_amendments
from whopays.checks.duties import duties
from whopays.checks.gaps import gaps
from whopays.checks.problems import too_large
from whopays.checks.proof import Proof, prove
from whopays.checks.ranks import exclusive, unranked
from whopays.checks.regardless import regardless
from whopays.diagnostics import Diagnostic, Label, Severity
from whopays.model.contract import Contract, ExceptionClause, Row
from whopays.program.compile import Program
from whopays.program.piece import Clause


@dataclass
class Checked:
    """What a check found, and what it looked at.

    `entries` are the cases that a line can be in, over all `tables` (one for each
    version and category) and `versions`. `by_otherwise` are the categories for which an
    `otherwise` answers, `too_large` those whose cases were too many, and `possible` what
    was found of which no example could be made. `amendments` are those that were known.
    `catalog_ends` says where the contract runs on after its catalog, or is empty.
    """

    found: list[Diagnostic] = field(default_factory=list)
    entries: int = 0
    tables: int = 0
    versions: int = 0
    by_otherwise: set[str] = field(default_factory=set)
    too_large: tuple[str, ...] = ()
    possible: tuple[Diagnostic, ...] = ()
    amendments: tuple[int, ...] = ()
    catalog_ends: str = ""

    @property
    def unproved(self) -> int:
        """How many categories were not looked at."""
        return len(self.too_large)


def check_contract(contract: Contract, known_on: date | None = None) -> Checked:
    """Return all that the cases of `contract` show, over all its versions.

    `known_on`: as the text was known on that day, without what was signed later.
    """
    program = Program(contract, known_on)
    asked = Asked(program)
    proof = prove(asked)
    amendments = {n for each in program.versions for n in each.version.amendments}
    return Checked(
        [
            *unranked(asked),
            *exclusive(asked, contract.decide_by, "decide by"),
            *exclusive(asked, contract.catalog.match_by, "match by"),
            *days(contract),
            *_drafts(program),
            *idle_amendments(program),
            *_too_large(proof),
            *proof.errors.values(),
            *proof.possible.values(),
            *_dead(program, proof.acted),
            *regardless(asked),
            *limits.together(program),
            *duties(program),
            *gaps(program),
        ],
        proof.entries,
        proof.tables,
        len(program.versions),
        proof.by_otherwise,
        tuple(proof.too_large),
        tuple(proof.possible.values()),
        tuple(sorted(amendments)),
        catalog_ends(contract),
    )


def _too_large(proof: Proof) -> Iterator[Diagnostic]:
    """Yield what was not looked at, in one diagnostic: it has one cause."""
    if proof.too_large:
        yield too_large(tuple(proof.too_large.values()))


def _dead(program: Program, acted: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    """Yield clauses that act in no entry of any version."""
    every: dict[tuple[str, str], Clause] = {}
    for version in program.versions:
        clauses: list[Clause] = [
            row for grid in version.text.grids for row in (*grid.rows, *grid.otherwise)
        ]
        clauses.extend(version.text.exceptions)
        clauses.extend(version.text.treats)
        for clause in clauses:
            every[clause.id, clause.span.place] = clause
    # A consolidated text has a few days of a contract: what acts on others is no mistake.
    consolidated = program.contract.amended_by is not None
    severity = Severity.WARNING if consolidated else Severity.ERROR
    for key, clause in every.items():
        if key not in acted:
            yield Diagnostic(
                "C003",
                f"`{clause.id}` can never act",
                (Label(clause.span),),
                "its condition never holds where what it answers for, or is an exception "
                "to, is reached; take it out or mend its condition",
                severity=severity,
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
