"""Why no amount could be worked out for a payer: the sub-reasons of REPRICE_FAILED."""

from __future__ import annotations

from whopays.coordinate.account import ERROR, Payer, Settled
from whopays.coordinate.paid import Paid

ORDER_UNDETERMINED, ORDER_WRONG = "ORDER_UNDETERMINED", "ORDER_WRONG"
SHARES_EQUALLY, METHOD_UNFIT = "SHARES_EQUALLY", "METHOD_UNFIT"
NO_PAYMENT_AHEAD, MISSING_INPUT = "NO_PAYMENT_AHEAD", "MISSING_INPUT"
#: Each with what it means.
FAILURES = {
    ORDER_UNDETERMINED: "it is not known which plan pays second",
    ORDER_WRONG: "a payer refused because another goes first",
    SHARES_EQUALLY: "plans share equally, and no profile has a method for that",
    METHOD_UNFIT: "the method is not for this position, or there is none of its name",
    NO_PAYMENT_AHEAD: "a payer ahead has posted nothing that can be relied on, and nothing is expected of it",
    MISSING_INPUT: "the method reads an amount that the account does not give",
}
_PAID_AHEAD = {"primary_paid", "prior_paid"}


def is_found(paid: Paid | None) -> bool:
    """Tell whether a reprice succeeded: $0.00 is an amount, and by hand is no failure."""
    return paid is not None and (paid.status == "by_hand" or paid.cents is not None)


def failure_of(settled: Settled, payer: Payer | None) -> tuple[str, str]:
    """Return why a reprice failed: the sub-reason, and what is missing, in words.

    `payer` is None where the account was not worked out at all.
    """
    if settled.status == ERROR:
        return ORDER_WRONG, settled.why
    if payer is None or payer.paid is None:
        return METHOD_UNFIT, payer.problem if payer is not None else settled.why
    missing = payer.paid.missing
    needs = f"needs {', '.join(sorted(missing))}"
    if missing & _PAID_AHEAD:
        return NO_PAYMENT_AHEAD, f"{FAILURES[NO_PAYMENT_AHEAD]}: {needs}"
    return MISSING_INPUT, needs


def because(paid: Paid) -> str:
    """Return what gave an amount, in short: the terms that won, the bounds that acted."""
    if paid.status == "by_hand":
        return "by hand"
    when = paid.method.when
    if paid.status == "gate" and when is not None:
        return f"not so: {when.text}"
    pay = paid.method.pay
    return ", ".join(paid.because) or (pay.value.text if pay is not None else "")
