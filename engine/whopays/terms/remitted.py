"""Claims of a remittance (X12 835) as claims in components."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from whopays.model.coordination import Adjustment
from whopays.model.remittance import RemittedClaim, RemittedLine
from whopays.model.values import Value
from whopays.terms.checks import added
from whopays.terms.claimed import adjudicated
from whopays.terms.rows import CHARGE, CLAIM, PAID, REVERSAL, ComponentClaim, Row

REMITTANCE = "remittance"
#: The total of adjustments of the group PR, as the payer states it (CLP05).
PATIENT = "patient_responsibility"
_REVERSED = "22"
_DATE = "service_date"
_INTEREST, _STATED = "interest", "stated_allowed"


def remitted_claim(claim: RemittedClaim) -> ComponentClaim:
    """Return a claim of a remittance: its lines, and what is adjusted as a whole.

    What a payer calls allowed (AMT B6) is information beside the components, and is
    not believed instead of them.
    """
    of_claim: dict[str, Value] = {REVERSAL: claim.status == _REVERSED}
    day = _day(claim.service_from)
    if day is not None:
        of_claim[_DATE] = day
    if any(line.revenue_code for line in claim.lines):
        of_claim["claim_type"] = "institutional"
    rows = [
        _paid(
            Row(str(at), {**of_claim, **_facts(line)}, record=line.record),
            line.adjustments,
            line.paid,
            line.without_amount,
        )
        for at, line in enumerate(claim.lines, 1)
    ]
    whole = _whole(claim, of_claim)
    if whole is not None:
        rows.append(whole)
    stated = {
        CHARGE: claim.charge,
        PAID: claim.paid,
        PATIENT: claim.patient_responsibility,
    }
    totals: dict[str, Value] = {n: v for n, v in stated.items() if v is not None}
    return ComponentClaim(
        claim.claim_id, tuple(rows), "", totals, REMITTANCE, claim.record
    )


def _facts(line: RemittedLine) -> dict[str, Value]:
    facts: dict[str, Value] = {}
    if line.charge is not None:
        facts[CHARGE] = line.charge
    if line.allowed is not None:
        facts[_STATED] = line.allowed
    day = _day(line.service_from)
    if day is not None:
        facts[_DATE] = day
    return facts


def _whole(claim: RemittedClaim, of_claim: dict[str, Value]) -> Row | None:
    """Return what is of the claim and of no line; None where that is nothing.

    A claim without lines is one row, with its charge. What is paid beside the lines is
    known only where the claim and each of its lines say what was paid.
    """
    by_line = added(line.paid for line in claim.lines)
    known = claim.paid is not None and by_line is not None
    paid = (claim.paid or 0) - (by_line or 0) if known else None
    facts = dict(of_claim)
    facts[CHARGE] = 0 if claim.lines else claim.charge or 0
    if claim.interest is not None:
        facts[_INTEREST] = claim.interest
    elif claim.lines and not (claim.adjustments or claim.without_amount or paid):
        return None
    row = Row("", facts, CLAIM, claim.record)
    return _paid(row, claim.adjustments, paid, claim.without_amount)


def _paid(
    row: Row,
    adjustments: Iterable[Adjustment],
    paid: int | None,
    without_amount: Sequence[tuple[str, str]],
) -> Row:
    """Return `row` as it was adjudicated; a payment that is not sent is not $0.00."""
    found = adjudicated(row, adjustments, paid or 0, without_amount)
    if paid is not None:
        return found
    facts = {name: value for name, value in found.facts.items() if name != PAID}
    return replace(found, facts=facts)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("20260304") else None
    except ValueError:
        return None
