"""Claims of a remittance (X12 835) as claims in components."""

from __future__ import annotations

from datetime import date

from whopays.model.remittance import RemittedClaim, RemittedLine
from whopays.model.values import Value
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
        adjudicated(
            Row(str(at), {**of_claim, **_facts(line)}, record=line.record),
            line.adjustments,
            line.paid or 0,
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

    A claim without lines is one row, with its charge.
    """
    paid = (claim.paid or 0) - sum(line.paid or 0 for line in claim.lines)
    facts = dict(of_claim)
    facts[CHARGE] = 0 if claim.lines else claim.charge or 0
    if claim.interest is not None:
        facts[_INTEREST] = claim.interest
    elif claim.lines and not claim.adjustments and not paid:
        return None
    row = Row("", facts, CLAIM, claim.record)
    return adjudicated(row, claim.adjustments, paid)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("20260304") else None
    except ValueError:
        return None
