"""A settled account in one sentence or a few."""

from __future__ import annotations

from whopays.coordinate.account import BALANCED, BY_HAND, ERROR, Payer, Settled
from whopays.coordinate.corrected import Change, Reversal
from whopays.coordinate.payments import EXPECTED, MISSING
from whopays.model.account import CAPITATED
from whopays.model.money import dollars


def account_sentence(settled: Settled) -> str:
    """Return what came of the account."""
    if settled.status == BALANCED:
        return _balanced(settled)
    if settled.status == ERROR:
        return f"Wrong: {settled.why}."
    said = [f"{_why(settled)}."] if _why(settled) else []
    said.extend(
        f"{payer.coverage.plan} {payment_words(payer)}."
        for payer in settled.payers
        if payer.payment.cents is not None or _stands_alone(payer)
    )
    if settled.status == BY_HAND:
        hand = [p.coverage.plan for p in settled.payers if _is_by_hand(p)]
        return " ".join([f"By hand: what {', '.join(hand)} pays.", *said])
    return " ".join(["Undetermined:", *said]) if said else "Undetermined."


def _stands_alone(payer: Payer) -> bool:
    """Tell whether only the payer itself can say what it pays: no method does."""
    return payer.paid is None and not payer.problem


def _is_by_hand(payer: Payer) -> bool:
    return payer.paid is not None and payer.paid.status == BY_HAND


def _why(settled: Settled) -> str:
    if settled.why:
        return settled.why
    if settled.needs:
        return f"needs {', '.join(settled.needs)}"
    if settled.payers and settled.patient is None and settled.status != BY_HAND:
        return "what the patient owes is not said, by the last payer or by its method"
    return ""


def _balanced(settled: Settled) -> str:
    parts = [f"{p.coverage.plan} {payment_words(p)}" for p in settled.payers]
    patient = dollars(settled.patient or 0)
    write_off = settled.write_off or 0
    told = f"the patient owes {patient}"
    if write_off < 0:
        told += f", and the account is overpaid: a credit balance of {dollars(settled.refund)} is due back"
    else:
        told += f", and {dollars(write_off)} is written off"
    billed = dollars(settled.billed or 0)
    return f"Of {billed} billed, {'; '.join(parts)}; {told}."


def payment_words(payer: Payer) -> str:
    """Return what a payer pays, and whether it has: `posted $10.00, expected $12.00`."""
    payment = payer.payment
    if payment.is_partial:
        return "has posted on some lines and not on all: what it paid is not known"
    if payment.basis == MISSING and payer.coverage.is_said(CAPITATED):
        return "is capitated, and the value of its service is not known"
    if payment.basis == MISSING or payment.cents is None:
        return "has posted nothing that can be relied on, and what it should pay is not known"
    if payment.basis == EXPECTED:
        return f"is expected to pay {dollars(payment.cents)} (not posted yet)"
    said = f"paid {dollars(payment.cents)}"
    variance = payer.variance
    if payer.expected is None or variance is None:
        return said
    if variance == 0:
        return f"{said}, as expected"
    way = "more" if variance > 0 else "less"
    return f"{said}, {dollars(abs(variance))} {way} than expected"


def change_sentence(change: Change) -> str:
    """Return what a corrected account changes, in one sentence."""
    said = [
        f"{plan} {_more(amounts['payment_cents'], 'pays')}"
        for plan, amounts in change.payers.items()
    ]
    said.append(f"the patient {_more(change.amounts['patient_cents'], 'owes')}")
    return f"Against {change.of}: {'; '.join(said)}."


def reversal_sentence(reversal: Reversal) -> str:
    """Return what is taken back, in one sentence."""
    billed = reversal.amounts["billed_cents"]
    amount = "an amount that is not known" if billed is None else dollars(-billed)
    return (
        f"Takes {reversal.of} back, of {amount} billed, with all that was paid on it."
    )


def _more(cents: int | None, does: str) -> str:
    if cents is None:
        return f"{does} more or less: by how much is not known"
    if cents == 0:
        return f"{does} the same"
    return f"{does} {dollars(abs(cents))} {'more' if cents > 0 else 'less'}"
