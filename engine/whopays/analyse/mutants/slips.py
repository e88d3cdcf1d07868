"""All mutants of a contract: the slips that its tests should notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from whopays.analyse.coverage.demands import Mark, clauses_of, mark
from whopays.analyse.mutants.mutants import Edit, Mutant, Written
from whopays.analyse.mutants.variants import Variant, answers, moved_periods, variants
from whopays.diagnostics import Span
from whopays.model.conditions import Condition, Named
from whopays.model.contract import (
    Amendment,
    Answer,
    Contract,
    ExceptionClause,
    Row,
    Target,
)
from whopays.program.compile import Program
from whopays.program.piece import Clause

_DAY = timedelta(days=1)
_REMOVED: dict[type, str] = {Row: "row removed", ExceptionClause: "exception removed"}


def mutants(program: Program) -> Iterator[Mutant]:
    """Yield the mutants of the contract of `program`, in the order of its text."""
    seen: set[Mark] = set()
    for version in program.versions:
        for grid in version.text.grids:
            if mark(grid.span) not in seen:
                seen.add(mark(grid.span))
                yield from _of_condition(program, grid)
        for clause in clauses_of(version):
            if mark(clause.span) not in seen:
                seen.add(mark(clause.span))
                yield from _of_clause(program, clause)
    yield from _of_lines(program)
    yield from _of_days(program.contract)
    yield from _of_amendments(program.contract)


def _of_clause(program: Program, clause: Clause) -> Iterator[Mutant]:
    contract = program.contract
    yield from _of_condition(program, clause)
    if isinstance(clause, Row | ExceptionClause):
        parties = [each.id for each in contract.text.parties]
        for kind, answer in answers(clause.answer, parties):
            text = f"{answer.text} for {clause.answer.text}"
            yield _edit(contract, clause, kind, text, _answering(answer))
    if isinstance(clause, ExceptionClause) and len(clause.targets) > 1:
        for target in clause.targets:
            text = f"no longer an exception to {target.text}"
            yield _edit(contract, clause, "target dropped", text, _without(target))
    kind = _REMOVED.get(type(clause), "treat removed")
    yield _edit(contract, clause, kind, "taken out", _nothing)


def _of_condition(program: Program, written: Written) -> Iterator[Mutant]:
    contract = program.contract
    name = str(written.id)
    for each in _variants(program, written.when):
        yield Mutant(
            each.kind,
            name,
            each.text,
            written.span,
            contract,
            _asking(_named(written.when, each.when)),
        )


def _variants(program: Program, when: Condition | None) -> Iterator[Variant]:
    if when is not None:
        yield from variants(when, program.contract.facts, program.parties)


def _named(before: Condition | None, after: Condition) -> Condition:
    """Return `after` under the words of `before`: a row keeps the name of its own."""
    return after if before is None else Named(before.text, after)


def _edit(
    contract: Contract, clause: Clause, kind: str, text: str, edit: Edit
) -> Mutant:
    return Mutant(kind, clause.id, text, clause.span, contract, edit)


def _asking(when: Condition) -> Edit:
    return lambda written: replace(written, when=when)


def _answering(answer: Answer) -> Edit:
    return lambda written: replace(written, answer=answer)


def _without(target: Target) -> Edit:
    def fewer(written: Any) -> Any:
        kept = tuple(each for each in written.targets if each != target)
        return replace(written, targets=kept)

    return fewer


def _nothing(_: Any) -> None:
    return None


def _of_lines(program: Program) -> Iterator[Mutant]:
    """Yield mutants of the conditions of `decide by`."""
    contract = program.contract
    for at, by in enumerate(contract.decide_by):
        for each in _variants(program, by.when):
            lines = list(contract.decide_by)
            lines[at] = replace(by, when=each.when)
            changed = replace(contract, decide_by=tuple(lines))
            name = f"decide by {by.facts[0]}"
            yield Mutant(each.kind, name, each.text, by.span, changed)


def _of_days(contract: Contract) -> Iterator[Mutant]:
    """Yield mutants of the days on which the contract and its amendments begin and end."""
    for text, periods in moved_periods(contract.in_force):
        changed = replace(contract, in_force=periods)
        yield Mutant("day", contract.id, text, contract.span, changed)
    for text, day in _signed(contract.signed):
        changed = replace(contract, signed=day)
        yield Mutant("signing", contract.id, text, contract.span, changed)
    for amendment in contract.amendments:
        name = f"amendment {amendment.number}"
        for text, periods in moved_periods(amendment.in_force):
            other = replace(amendment, in_force=periods)
            changed = _with(contract, amendment, other)
            yield Mutant("day", name, text, amendment.span, changed)
        for text, day in _signed(amendment.signed):
            changed = _with(contract, amendment, replace(amendment, signed=day))
            yield Mutant("signing", name, text, amendment.span, changed)


def _signed(day: date | None) -> Iterator[tuple[str, date]]:
    """Yield the days around a day of signing."""
    if day is not None:
        for other in (day - _DAY, day + _DAY):
            yield f"signed {other} for {day}", other


def _of_amendments(contract: Contract) -> Iterator[Mutant]:
    """Yield mutants in which an amendment does not make one of its changes."""
    for amendment in contract.amendments:
        name = f"amendment {amendment.number}"
        for change in amendment.changes:
            if change.kind != "rename":
                kept = tuple(each for each in amendment.changes if each is not change)
                other = replace(amendment, changes=kept)
                changed = _with(contract, amendment, other)
                text = f"{name} does not {change.kind} {change.target}"
                yield _less(amendment, change.target, text, change.span, changed)
        for part in ("grids", "exceptions", "treats", "routes", "clocks"):
            clauses: tuple[Any, ...] = getattr(amendment.text, part)
            for clause in clauses:
                left: dict[str, Any] = {
                    part: tuple(c for c in clauses if c is not clause)
                }
                own = replace(amendment.text, **left)
                changed = _with(contract, amendment, replace(amendment, text=own))
                words = f"{name} does not bring {clause.id}"
                yield _less(amendment, clause.id, words, clause.span, changed)


def _less(
    amendment: Amendment, clause: str, text: str, span: Span, changed: Contract
) -> Mutant:
    number = amendment.number
    return Mutant("change dropped", clause, text, span, changed, amendment=number)


def _with(contract: Contract, old: Amendment, new: Amendment) -> Contract:
    amendments = tuple(new if each is old else each for each in contract.amendments)
    return replace(contract, amendments=amendments)
