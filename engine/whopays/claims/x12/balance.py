"""Coordination of a claim: what other payers said, put together, and whether it adds up.

The guides (TR3 1.4.4) demand: a line's charge is what a payer paid on it and adjusted;
the total charge is what the payer paid on the claim and adjusted on claim and lines;
the total charge is the sum of the lines. What does not add up is reported, and amounts
made of it are unknown; who bears the line does not depend on it, so that is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whopays.claims.records import FieldProblem
from whopays.claims.x12.amounts import cents
from whopays.claims.x12.claimloop import ClaimLoop
from whopays.claims.x12.otherpayer import LineAnswer, PayerLoop
from whopays.claims.x12.sheet import Odd
from whopays.model.coordination import Adjudication, Coordination, total

_PATIENT = "PR"


@dataclass(frozen=True)
class _Charges:
    """What was charged, in cents: by line, with the lines' numbers, and in all."""

    numbers: Sequence[str]
    lines: Sequence[int | None]
    whole: int | None


def coordination(
    claim: ClaimLoop, numbers: Sequence[str], position: str, odd: Odd
) -> Coordination | None:
    """Return what other payers said of `claim`, None if there are none.

    `numbers` are the numbers of its lines, `position` the place of the payer that it
    was sent to. What does not add up is told to `odd`.
    """
    charges = _Charges(
        numbers,
        [_amount(line.sheet.values.get("charge", "")) for line in claim.lines],
        total_charge(claim),
    )
    if not claim.too_many:
        _total(claim, charges, odd)
    if not claim.payers:
        _orphans(claim, frozenset(), odd)
        return None
    ids = [payer.payer_id for payer in claim.payers]
    _orphans(claim, frozenset(ids), odd)
    found = []
    for loop in claim.payers:
        unique = ids.count(loop.payer_id) == 1
        answers = _answers(claim, numbers, loop) if unique else []
        lines = tuple(each for _, each in answers)
        balanced = _balanced(loop, answers, charges, odd)
        if not unique and any(line.answers for line in claim.lines):
            odd(loop.number, "NM109 (PR)", "is the id of two payers: lines name it")
            balanced = False
        sure = balanced and not claim.damaged
        found.append(loop.payer(lines, balanced=None if balanced is None else sure))
    return Coordination(
        position,
        charges.whole,
        tuple(found),
        claim.obliged.cents if claim.diagnoses.otaf is None else claim.diagnoses.otaf,
        _amount(claim.sheet.values.get("patient_paid", "")),
        tuple(
            (number, line.obliged.cents)
            for number, line in zip(numbers, claim.lines, strict=True)
            if line.obliged.cents is not None
        ),
        otaf_open=claim.damaged
        or claim.diagnoses.otaf_open
        or claim.obliged.is_open
        or any(line.obliged.is_open for line in claim.lines),
    )


def prior(
    found: Coordination | None, number: str
) -> tuple[int | None, int | None, int | None]:
    """Return what the first payer paid and allowed on a line, and all ahead paid.

    Cents; None unless each payer asked answered the line itself, adds up, and adjusted
    nothing on the claim as a whole, which nobody has divided over the lines yet.
    """
    ahead = found.ahead() if found else None
    if not ahead:
        return None, None, None
    paid: list[int | None] = []
    for payer in ahead:
        answers = payer.of_line(number)
        sums = [each.paid for each in answers if each.paid is not None]
        sure = bool(payer.balanced) and not payer.adjustments
        known = sure and bool(answers) and len(sums) == len(answers)
        paid.append(sum(sums) if known else None)
    first = ahead[0] if ahead[0].position == "P" else None
    allowed = None
    if first and paid[0] is not None:
        shares = (
            each
            for answer in first.of_line(number)
            for each in answer.adjustments
            if each.group == _PATIENT
        )
        allowed = paid[0] + total(shares)
    every = [each for each in paid if each is not None]
    sum_of_all = sum(every) if len(every) == len(paid) else None
    return (paid[0] if first else None), allowed, sum_of_all


def total_charge(claim: ClaimLoop) -> int | None:
    """Return what `claim` charges in all (CLM02), in cents; None where it is no amount."""
    return _amount(claim.sheet.values.get("total_charge", ""))


def _amount(text: str) -> int | None:
    try:
        return cents(text)
    except FieldProblem:
        return None


def _total(claim: ClaimLoop, charges: _Charges, odd: Odd) -> None:
    known = [each for each in charges.lines if each is not None]
    place = claim.sheet.places.get("total_charge", claim.number)
    if charges.whole is None:
        odd(place, "CLM02", "is no amount: the total charge is not known")
    elif len(known) == len(charges.lines) and sum(known) != charges.whole:
        odd(place, "CLM02", "is not the sum of the charges of the lines")


def _orphans(claim: ClaimLoop, ids: frozenset[str], odd: Odd) -> None:
    for line in claim.lines:
        for answer in line.answers:
            if answer.payer_id not in ids:
                odd(answer.number, "SVD01", "names no other payer of the claim")


def _answers(
    claim: ClaimLoop, numbers: Sequence[str], loop: PayerLoop
) -> list[tuple[LineAnswer, Adjudication]]:
    return [
        (answer, answer.adjudication(number))
        for number, line in zip(numbers, claim.lines, strict=True)
        for answer in line.answers
        if answer.payer_id == loop.payer_id
    ]


def _balanced(
    loop: PayerLoop,
    answers: list[tuple[LineAnswer, Adjudication]],
    charges: _Charges,
    odd: Odd,
) -> bool | None:
    """Return whether what a payer said adds up; None if there is nothing to add."""
    paid = loop.heard.amounts.get("paid")
    said = bool(answers or loop.heard.adjustments)
    if not said and not loop.heard.broken:
        return None
    good = not loop.heard.broken
    for number, charge in zip(charges.numbers, charges.lines, strict=True):
        good = _line(number, charge, answers, odd) and good
    if paid is None:
        odd(loop.number, "AMT (D)", "is missing: what the payer paid on the claim")
        return False
    adjusted = total(loop.heard.adjustments) + sum(
        total(each.adjustments) for _, each in answers
    )
    if charges.whole is None:
        return False
    if good and charges.whole != paid + adjusted:
        reason = "do not add up: payment and adjustments are not the total charge"
        odd(loop.number, "AMT, CAS", reason)
        return False
    return good


def _line(
    number: str,
    charge: int | None,
    answers: list[tuple[LineAnswer, Adjudication]],
    odd: Odd,
) -> bool:
    here = [(answer, each) for answer, each in answers if each.line == number]
    if not here:
        return True
    if any(answer.heard.broken for answer, _ in here):
        return False
    if any(each.paid is None for _, each in here):
        odd(here[0][0].number, "SVD02", "is missing")
        return False
    found = sum((each.paid or 0) + total(each.adjustments) for _, each in here)
    if charge is None or found != charge:
        reason = "do not add up: payment and adjustments are not the line's charge"
        odd(here[0][0].number, "SVD, CAS", reason)
        return False
    return True
