"""Decided lines take their turns in the limits: their cents, and the balances after them.

A decision of one line alone leaves the cents open that a limit may divide, for they hang
on the lines before it. Here lines come in the order of governing date, claim and line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from whopays.accumulate.balances import Balances
from whopays.accumulate.counting import Taken, count
from whopays.decide.decision import Decision, Part
from whopays.decide.limits import shares_in_cents


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
