"""Amounts that nobody states and a rule says how to determine, each with its source.

They are worked out here and nowhere else, and the explanation shows how. What is missing
one of its parts is not determined. Money is integer cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from whopays.model.money import dollars, rounded


@dataclass(frozen=True)
class Determined:
    """One amount: its name, how it is determined, and the same with its numbers.

    `line` is the place of the line in the account, None of the claim as a whole.
    """

    name: str
    how: str
    filled: str
    cents: int
    cites: tuple[str, ...]
    line: int | None = None

    @property
    def text(self) -> str:
        """The whole as an equation, with its source."""
        sources = "; ".join(self.cites)
        steps = (self.name, self.how, self.filled, dollars(self.cents))
        return f"{' = '.join(dict.fromkeys(steps))} ({sources})"


def allowed(name: str, paid: int, share: int, line: int | None = None) -> Determined:
    """Return what a payer allowed: what it paid and what it left to the patient.

    An 837 of version 5010 has no allowed amount (X12 request for interpretation 1115).
    `share` leaves balance billing out.
    """
    return Determined(
        name,
        "paid + patient_share",
        f"{dollars(paid)} + {dollars(share)}",
        paid + share,
        ("X12 005010, no allowed amount is sent",),
        line,
    )


def obligated_to_accept(primary_allowed: int, line: int | None = None) -> Determined:
    """Return what the provider is obligated to accept as payment in full (OTAF).

    For a provider who has to take what the first payer allows for the full payment: what
    that payer paid and the patient's share of it. Whether it counts is for the method to
    say: above nothing and below the charge, and if the first payer paid at all.
    """
    return Determined(
        "otaf",
        "primary_allowed, which the provider has to accept as payment in full",
        dollars(primary_allowed),
        primary_allowed,
        ("42 CFR 411.33(a)(1)", "Palmetto GBA, obligated to accept as payment in full"),
        line,
    )


def compromise_share(
    settlement: int, costs: int, in_full: int, medical: int
) -> Determined:
    """Return the part of a compromise of workers' compensation that is for medical expenses.

    The ratio of the `settlement`, less what it cost to obtain, to what would have been
    payable `in_full`, times the `medical` expenses; one rounding. No less than nothing.
    ValueError where `in_full` is not above zero. 42 CFR 411.46(c), 411.47(a)(2).
    """
    if in_full <= 0:
        raise ValueError("what would have been payable in full is not above zero")
    net = max(0, settlement - costs)
    return Determined(
        "paid",
        "(settlement - settlement_costs) / settlement_in_full * settlement_medical",
        f"({dollars(settlement)} - {dollars(costs)}) / {dollars(in_full)} * "
        f"{dollars(medical)}",
        rounded(Fraction(net, in_full) * medical),
        ("42 CFR 411.47(a)(2)",),
    )
