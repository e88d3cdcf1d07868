"""What a route or a clock makes of a line: a duty, as far as conditions decide it.

By when it is to be done is counted later (`workdays`): that asks for dates, not for rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias

from whopays.model.clocks import Clock, Route
from whopays.model.contract import Answer
from whopays.model.outcome import needs_of

Clause: TypeAlias = Route | Clock


@dataclass(frozen=True)
class Duty:
    """What is to be done with a claim.

    `state`: `due` (as `clause` says, one of those named by `clauses`), `none`, `unsaid`
    (misdirected, and no route says what to do), `conflict` (`clauses` contradict each
    other) or `undetermined` (with the facts in `needs`). `to` is who gets the claim, the
    first of them the claim itself.
    """

    state: str
    to: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    clause: Clause | None = field(default=None, compare=False)
    needs: tuple[str, ...] = ()
    minimised: bool = True

    @property
    def key(self) -> tuple[object, ...]:
        """What two completions must have in common to count as the same duty."""
        answer = self.clause.answer if self.clause is not None else None
        return self.state, self.to, answer, self.needs


NOTHING = Duty("none")
Leaf: TypeAlias = tuple[Mapping[str, int], Duty]


def said_by(
    left: Sequence[Clause], undated: Iterable[str], to: tuple[str, ...]
) -> Duty:
    """Return what the clauses that hold, and that no other one precedes, say.

    `undated` are dates that decide which of them are in force, and that are not given.
    """
    names = tuple(sorted(clause.id for clause in left))
    open_ = tuple(sorted(set(undated)))
    if open_:
        return Duty("undetermined", to, names, needs=open_)
    if not left:
        return Duty("unsaid", to) if to else NOTHING
    if len({clause.answer for clause in left}) > 1:
        return Duty("conflict", to, names)
    return Duty("due", to, names, left[0])


def without_yielding(held: Sequence[Clause]) -> list[Clause]:
    """Return the clauses of `held` that yield to none of them."""
    names = {clause.id for clause in held}
    return [clause for clause in held if names.isdisjoint(clause.yields_to)]


def joined(leaves: list[Leaf], asked: Iterable[str]) -> Duty:
    """Return the duty of a line of which `leaves` are all completions; as `outcome.join`."""
    duties = [duty for _, duty in leaves]
    first = duties[0]
    named = tuple(sorted({name for duty in duties for name in duty.clauses}))
    if all(duty.key == first.key for duty in duties):
        return replace(first, clauses=named)
    needs, minimised, _ = needs_of(leaves, asked)
    more = {name for duty in duties for name in duty.needs}
    return Duty(
        "undetermined",
        first.to if len({duty.to for duty in duties}) == 1 else (),
        needs=tuple(sorted({*needs, *more})),
        minimised=minimised,
    )


def payers_of(answer: Answer | None, pays_for: Mapping[str, str]) -> tuple[str, ...]:
    """Return who pays for the bearers of `answer`, the one with the largest share first.

    `pays_for` are the payers by bearer in the order of the head, which decides on a tie.
    """
    parts: dict[str, Fraction] = {}
    for bearer, part in answer.shares if answer is not None else ():
        payer = pays_for.get(bearer, bearer)
        parts[payer] = parts.get(payer, Fraction(0)) + part
    order = list(dict.fromkeys(pays_for.values()))
    return tuple(sorted(parts, key=lambda who: (-parts[who], order.index(who))))
