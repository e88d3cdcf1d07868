"""Claims of any format as claims in components: what each payer said, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from whopays.claims.x12.leaves import components, leaf_of
from whopays.model.claim import Claim, Line
from whopays.model.coordination import Adjustment, OtherPayer
from whopays.model.remittance import UNASSIGNED
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.terms.rows import (
    CHARGE,
    CLAIM,
    COMPONENTS,
    LEVEL,
    LINE,
    OF_WHICH,
    PAID,
    TOTAL,
    ComponentClaim,
    Row,
)
from whopays.terms.said import adjusted, not_told
from whopays.terms.sent import sent_claim

OTHER_PAYER = "other payer"
_IN_CHARGE = frozenset((*COMPONENTS, *OF_WHICH))


def component_claims(
    claim: Claim, *, is_sent: bool = False
) -> Iterator[ComponentClaim]:
    """Yield `claim` as it is itself, then as each other payer of it has seen it.

    `is_sent`: it was sent to a payer (X12 837) and is not adjudicated by it.
    """
    said = claim.coordination
    yield sent_claim(claim, said) if is_sent or said is not None else _own(claim)
    for payer in said.payers if said is not None else ():
        yield _seen_by(payer, claim)


def _own(claim: Claim) -> ComponentClaim:
    rows: list[Row] = []
    whole: list[Row] = []
    totals: dict[str, Value] = {}
    for line in claim.lines:
        facts = _given(line.facts)
        level = facts.get(LEVEL, UNKNOWN)
        if level == TOTAL:
            totals.update(facts)
        elif level == CLAIM:
            whole.append(Row(line.number, facts, CLAIM, line.record))
        else:
            rows.append(Row(line.number, facts, LINE, line.record))
    # Two rows of the claim as a whole stay two: each has what it was given.
    record = claim.lines[0].record if claim.lines else 0
    return ComponentClaim(claim.id, (*rows, *whole), "", totals, record=record)


def _given(facts: Mapping[str, Value]) -> dict[str, Value]:
    """Return what a row gives: a null or an empty cell gives no component.

    It says as little as silence does. That it is $0.00 is said by `adjudicated`.
    """
    return {
        name: value
        for name, value in facts.items()
        if value is not NONE or name not in _IN_CHARGE
    }


# Claims as other payers have seen them (837)


def _seen_by(payer: OtherPayer, claim: Claim) -> ComponentClaim:
    """Return the claim as one of its other payers has adjudicated it."""
    rows = [_answered(payer, line) for line in claim.lines]
    paid = payer.paid
    by_line = sum(row.cents(PAID) or 0 for row in rows)
    rest = None if paid is None else paid - by_line
    if payer.adjustments or payer.without_amount or rest:
        rows.append(_whole(payer, rest, rows))
    name = payer.name or payer.id or f"payer {payer.position}"
    totals: dict[str, Value] = {} if paid is None else {PAID: paid}
    return ComponentClaim(
        claim.id, tuple(rows), name, totals, OTHER_PAYER, claim.lines[0].record
    )


def _answered(payer: OtherPayer, line: Line) -> Row:
    kept = {n: v for n, v in line.facts.items() if n in _OF_THE_SERVICE}
    answers = payer.of_line(line.number)
    paid = [each.paid for each in answers]
    row = Row(line.number, kept, LINE, line.record)
    if not answers:
        return row
    adjustments = tuple(a for each in answers for a in each.adjustments)
    open_ = tuple(a for each in answers for a in each.without_amount)
    if None in paid:
        return replace(row, adjustments=adjustments, without_amount=open_)
    cents = sum(each or 0 for each in paid)
    return adjudicated(row, adjustments, cents, open_)


def _whole(payer: OtherPayer, rest: int | None, rows: list[Row]) -> Row:
    """Return what a payer said of the claim as a whole: all, if it said nothing of lines."""
    open_ = payer.without_amount
    if (payer.adjustments or open_) and rest is not None:
        row = Row("", {CHARGE: 0}, CLAIM)
        return adjudicated(row, payer.adjustments, rest, open_)
    if rest is not None:
        is_all = not any(row.adjustments is not None for row in rows)
        known: dict[str, Value] = {PAID: rest}
        if not is_all:
            known = {**dict.fromkeys(COMPONENTS, 0), CHARGE: 0, PAID: rest}
        return Row("", known, CLAIM)
    return Row("", {}, CLAIM, adjustments=payer.adjustments, without_amount=open_)


#: Facts of the service that hold whoever looks at it.
_OF_THE_SERVICE = frozenset(
    (
        *(CHARGE, "claim_type", "service_date", "procedure_code", "revenue_code"),
        *("modifiers", "units", "place_of_service", "bill_type"),
    )
)


def adjudicated(
    row: Row,
    adjustments: Iterable[Adjustment],
    paid: int,
    without_amount: Sequence[tuple[str, str]] = (),
) -> Row:
    """Return `row` as it was adjudicated: what was paid, and why not the rest.

    `without_amount` are (group, reason) of what was adjusted nobody knows by how much:
    the components that it may be in are unknown.
    """
    every = tuple(adjustments)
    amounts, joint = adjusted(components(every, paid))
    if without_amount:
        amounts, joint = not_told(amounts, joint, without_amount)
    unassigned = tuple(
        each for each in every if leaf_of(each.group, each.reason) == UNASSIGNED
    )
    return replace(
        row,
        facts={**row.facts, **amounts},
        joint=joint,
        adjustments=every,
        unassigned=unassigned,
        without_amount=tuple(without_amount),
    )
