"""What is to be done with a claim, and by when: the definition.

As for who pays, every way to fill in the unknown facts is tried, and the duties joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from whopays.model.claim import Line
from whopays.model.clocks import RECEIVED_BY
from whopays.model.conditions import Read
from whopays.model.contract import Contract, Version
from whopays.model.duty import (
    NOTHING,
    Clause,
    Duty,
    Leaf,
    joined,
    payers_of,
    said_by,
    without_yielding,
)
from whopays.model.outcome import MOST_COMPLETIONS
from whopays.model.values import NONE, Value
from whopays.reference.decide import completions, decide_known, governing, with_partners
from whopays.resolve import versions
from whopays.terms.line import seen_by_clauses

Known = Callable[[Contract, Iterable[Version], Read, str | None], Duty]


def route(
    contract: Contract,
    line: Line,
    *,
    known_on: date | None = None,
    category: str | None = None,
) -> Duty:
    """Return what the one that received `line` does with it; see `decide`."""
    return _completed(route_known, contract, line, known_on, category)


def clock(
    contract: Contract,
    line: Line,
    *,
    known_on: date | None = None,
    category: str | None = None,
) -> Duty:
    """Return within which days `line` is to be paid; see `decide`."""
    return _completed(clock_known, contract, line, known_on, category)


def route_known(
    contract: Contract,
    in_force: Iterable[Version],
    read: Read,
    category: str | None = None,
) -> Duty:
    """Return what the one that received a line does, all of whose facts are known.

    Nothing is said where the text has no route.
    """
    in_force = tuple(in_force)
    version = governing(contract, in_force, read)
    outcome = decide_known(contract, in_force, read, category)
    payers = payers_of(outcome.answer, contract.text.payers)
    if version is None or not version.text.routes or not payers:
        return NOTHING
    if RECEIVED_BY not in contract.facts:
        return Duty("undetermined", payers, needs=(RECEIVED_BY,))
    receiver = read(RECEIVED_BY)
    if receiver is NONE or receiver in payers:
        return NOTHING
    return _said(version.text.routes, read, payers)


def clock_known(
    contract: Contract,
    in_force: Iterable[Version],
    read: Read,
    category: str | None = None,  # noqa: ARG001 - a clock runs whoever pays
) -> Duty:
    """Return within which days a line is to be paid, all of whose facts are known."""
    version = governing(contract, tuple(in_force), read)
    return NOTHING if version is None else _said(version.text.clocks, read, ())


def _said(clauses: Sequence[Clause], read: Read, to: tuple[str, ...]) -> Duty:
    held = [clause for clause in clauses if _holds(clause, read)]
    left = without_yielding(held)
    dated = (clause.days.fact for clause in left if clause.in_force)
    return said_by(left, [fact for fact in dated if read(fact) is NONE], to)


def _holds(clause: Clause, read: Read) -> bool:
    """Tell whether `clause` holds; one whose date is not given may be in force."""
    if clause.when is not None and not clause.when.holds(read):
        return False
    if not clause.in_force:
        return True
    day = read(clause.days.fact)
    return day is NONE or any(
        isinstance(day, date) and day in period for period in clause.in_force
    )


def _completed(
    known: Known,
    contract: Contract,
    line: Line,
    known_on: date | None,
    category: str | None,
) -> Duty:
    in_force, _ = versions(contract, known_on)
    facts = seen_by_clauses(contract, line.read)
    choices: dict[str, list[Value]] = {}
    leaves: list[Leaf] = []

    def duty(read: Read) -> Duty:
        return known(contract, in_force, read, category)

    for bits, found in completions(contract, facts, choices, duty):
        leaves.append((bits, found))
        if len(leaves) > MOST_COMPLETIONS:
            needs = tuple(sorted(choices))
            return Duty("undetermined", needs=needs, minimised=False)
    whole = joined(leaves, choices)
    if whole.state != "undetermined" or not whole.minimised:
        return whole
    needs = with_partners(contract, whole.needs, facts, duties=True)
    return replace(whole, needs=needs)
