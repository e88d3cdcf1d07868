"""What is proved of a method, what came of it, and in which words it is told."""

from __future__ import annotations

from dataclasses import dataclass

from whopays.model.payments import Broken, Method
from whopays.model.values import Value

#: The promises in the order of the table, each as a sentence without its end.
SENTENCES = {
    "floor": "the payment is never below $0.00",
    "ceilings": "the payment is never above a `not above` that the method states",
    "own_allowed": "the payment is never above what the plan itself allows",
    "charge": "the payment is never above what the prior payments leave of the charge",
    "falling": "more paid before never means more paid now",
    "balance": (
        "charge = payments + patient + write-off to the cent, with neither the patient's "
        "amount nor a balance below $0.00"
    ),
}
#: The promises whose proofs may take what is usual of amounts for granted.
CONDITIONAL = ("own_allowed", "charge")
#: What every proof takes for granted.
THROUGHOUT = (
    "amounts are whole cents and not below $0.00; results are rounded as the method says",
    "percents lie between 0% and 100%; other numbers are not below 0",
    "a write-off below $0.00 is a refund due",
    "a payment of $0.00 is within any ceiling, also one below $0.00",
    "equal_share is 1/n of n plans, two or more",
    "a method per line is looked at line by line, one per claim by the sums of the claim",
    "falling: nothing changes but the prior payments, and none of them goes down, on no line",
)
#: Why a cell is empty, or what it came to.
PROVED, COUNTEREXAMPLE, DECLARED = "proved", "counterexample", "declared"
STALE, OUTSIDE, NOT_ASKED, FAULT = "stale", "not provable", "not asked", "fault"


@dataclass(frozen=True)
class Example:
    """An account that breaks a promise, as the engine settled it.

    `position` is that of the plan. `amounts` are what the method reads and what decides,
    by their names, in the order to show them; `outcome` is what the engine made of them:
    `pay`, and `patient owes` and balances where they matter. Integer cents for money.
    `more` is the second account of two, where more was paid before.
    """

    position: str
    amounts: tuple[tuple[str, Value], ...]
    outcome: tuple[tuple[str, int], ...]
    more: Example | None = None


@dataclass(frozen=True)
class Finding:
    """What came of one promise of one method.

    `status` is one of the words above. `assumes` are what the proof took for granted
    beside what every proof does. `why` says why there is no proof, or what is wrong.
    """

    method: Method
    promise: str
    status: str
    assumes: tuple[str, ...] = ()
    example: Example | None = None
    why: str = ""
    declared: Broken | None = None
