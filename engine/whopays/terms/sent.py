"""Claims as they were sent (X12 837): not adjudicated, with what prior payers have paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whopays.model.claim import Claim, Line
from whopays.model.coordination import Adjustment, Coordination, OtherPayer, total
from whopays.model.values import Value
from whopays.terms.rows import CHARGE, CLAIM, COMPONENTS, LINE, ComponentClaim, Row

CLAIM_SENT = "claim sent"
_SHARE = "primary_patient_share"
_MEMBER = "PR"
_PAID = ("medicare_paid", "other_insurance_paid")
#: Filing indicators (SBR09) of Medicare.
_MEDICARE = frozenset({"MA", "MB"})


def sent_claim(claim: Claim, said: Coordination | None) -> ComponentClaim:
    """Return a claim that its receiver has not adjudicated: it has no component.

    What the provider calls not covered (SV207) is no component: no payer said so. What
    payers ahead have paid is that of each line, and what they adjusted as a whole beside.
    """
    ahead = (said.ahead() if said is not None else None) or ()
    paid = [_paid(line, ahead) for line in claim.lines]
    rows = [
        Row(line.number, {**_facts(line), **facts}, LINE, line.record)
        for line, facts in zip(claim.lines, paid, strict=True)
    ]
    whole = _whole(claim, ahead) if all(paid) or not any(paid) else {}
    if said is not None and said.patient_paid is not None:
        whole["member_paid"] = said.patient_paid
    if whole:
        rows.append(Row("", whole, CLAIM))
    totals: dict[str, Value] = {}
    if claim.charge is not None:
        totals[CHARGE] = claim.charge
    record = claim.lines[0].record
    return ComponentClaim(claim.id, tuple(rows), "", totals, CLAIM_SENT, record)


def _facts(line: Line) -> dict[str, Value]:
    return {n: v for n, v in line.facts.items() if n not in COMPONENTS}


def _paid(line: Line, ahead: Sequence[OtherPayer]) -> dict[str, Value]:
    """Return what the payers ahead paid on `line`; nothing where one did not answer."""
    if not ahead:
        return {}
    cents = dict.fromkeys(_PAID, 0)
    for payer in ahead:
        answers = payer.of_line(line.number)
        known = [each.paid for each in answers if each.paid is not None]
        if not answers or len(known) < len(answers) or payer.balanced is False:
            return {}
        cents[_name(payer)] += sum(known)
    answers = ahead[0].of_line(line.number)
    return {**cents, _SHARE: _share(a for each in answers for a in each.adjustments)}


def _whole(claim: Claim, ahead: Sequence[OtherPayer]) -> dict[str, Value]:
    """Return what payers ahead paid and left to the patient on the claim as a whole."""
    if not ahead or any(p.paid is None or p.balanced is False for p in ahead):
        return {}
    cents = dict.fromkeys(_PAID, 0)
    for payer in ahead:
        answers = (each for line in claim.lines for each in payer.of_line(line.number))
        by_line = sum(each.paid or 0 for each in answers)
        cents[_name(payer)] += (payer.paid or 0) - by_line
    share = _share(ahead[0].adjustments)
    return {**cents, _SHARE: share} if share or any(cents.values()) else {}


def _name(payer: OtherPayer) -> str:
    return _PAID[payer.filing_indicator not in _MEDICARE]


def _share(adjustments: Iterable[Adjustment]) -> int:
    return total(each for each in adjustments if each.group == _MEMBER)
