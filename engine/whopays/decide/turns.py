"""Decided lines take their turns in the limits: their cents, and the balances after them.

A decision of one line alone leaves the cents open that a limit may divide, for they hang
on the lines before it. Here lines come in the order of governing date, claim and line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from whopays.accumulate.balances import Balances
from whopays.accumulate.counting import Entry, Taken, count
from whopays.decide.decision import Decision, Part, amount_of
from whopays.decide.limits import (
    Turn,
    entries_of,
    number_in_order,
    shares_in_cents,
    turn_of,
)
from whopays.decide.line import Found
from whopays.model.claim import Line
from whopays.program.compile import Program


@dataclass(frozen=True)
class Went:
    """The way that lines have gone which limits may count: one for all of them."""

    program: Program
    found: Found

    @classmethod
    def by(cls, decision: Decision) -> Went | None:
        """Return the way of `decision`, None where no limit may count its line."""
        if decision.program is None or not decision.entries:
            return None
        return cls(decision.program, decision.found)


@dataclass(frozen=True)
class Waiting:
    """What has to be known of a line that limits may count, until its turn comes.

    `cents` are those of each bearer before any limit: None where the line has no amount,
    empty where it is not decided.
    """

    contract: str
    line: str
    turn: Turn
    entries: tuple[Entry, ...]
    cents: dict[str, int | None]
    program: Program | None


def waiting(went: Went, line: Line) -> Waiting:
    """Return what limits have to know of `line`, which goes a way that is known.

    It is what deciding `line` comes to where conditions name no term, without deciding
    it. Parties of other contracts and codes that are not in force are gone from `line`.
    """
    program, found = went.program, went.found
    facts = program.facts_of(line)
    cents = _whole(program, found, amount_of(program, facts))
    entries = tuple(
        replace(each, cents=cents.get(each.limit.applies_to))
        for each in entries_of(program, line, facts, found)
    )
    turn = turn_of(facts, found.date_fact, line)
    return Waiting(program.contract.id, line.number, turn, entries, cents, program)


def waiting_of(decision: Decision) -> Waiting:
    """Return what limits have to know of the line of `decision`."""
    cents = {part.bearer: part.cents for part in uncounted(decision).parts}
    turn = decision.turn
    if not decision.entries:
        turn = ("~", decision.claim_id, number_in_order(decision.line))
    where = (decision.contract, decision.line, turn)
    return Waiting(*where, decision.entries, cents, decision.program)


def _whole(program: Program, found: Found, amount: int | None) -> dict[str, int | None]:
    answer = found.outcome.answer
    if found.outcome.status != "decided" or answer is None:
        return {}
    if amount is None:
        return dict.fromkeys(bearer for bearer, _ in answer.shares)
    return {**shares_in_cents(program.contract.text, answer.shares, amount)}


def with_limits(decisions: Iterable[Decision], balances: Balances) -> list[Decision]:
    """Return `decisions` after their turns, in the order given.

    `balances` is what stood counted before them, and afterwards what stands then.
    """
    found = list(decisions)
    turns = sorted((each.turn, at) for at, each in enumerate(found) if each.entries)
    for _, at in turns:
        found[at] = limited(found[at], balances)
    return found


def limited(decision: Decision, balances: Balances) -> Decision:
    """Return `decision` after its turn; `balances` then stand after it."""
    program = decision.program
    if program is None or not decision.entries:
        return decision
    taken = count(decision.entries, balances, tuple(program.contract.text.payers))
    parts, note = decision.parts, decision.amounts_note
    if parts and decision.amount is not None:
        note = note_of(taken)
        if not note:
            parts = _after(decision, taken)
    return replace(decision, taken=taken, parts=parts, amounts_note=note)


def uncounted(decision: Decision) -> Decision:
    """Return `decision` with the cents that it has before any limit."""
    answer, program = decision.outcome.answer, decision.program
    if program is None or answer is None or decision.amount is None:
        return decision
    cents = shares_in_cents(program.contract.text, answer.shares, decision.amount)
    parts = tuple(replace(p, cents=cents[p.bearer]) for p in decision.parts)
    return replace(decision, parts=parts)


def note_of(taken: Iterable[Taken]) -> str:
    """Return why the cents of a line are open after its turn; empty if they are not."""
    notes = (each.note for each in taken if each.note)
    return "; ".join(dict.fromkeys(notes))


def _after(decision: Decision, taken: tuple[Taken, ...]) -> tuple[Part, ...]:
    """Return the parts of a line with their cents, those by limits alone at the end."""
    if decision.program is None:
        return decision.parts
    payers = decision.program.contract.text.payers
    whole = uncounted(decision).parts
    cents = {part.bearer: part.cents or 0 for part in whole}
    for each in taken:
        for bearer, moved in each.moved.items():
            cents[bearer] = cents.get(bearer, 0) + moved
    shown = tuple(replace(p, cents=cents.pop(p.bearer)) for p in whole)
    more = (
        Part(bearer, "0%", payers.get(bearer, bearer), part)
        for bearer, part in cents.items()
    )
    return (*shown, *more)
