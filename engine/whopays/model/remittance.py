"""What a payer paid and why not more: payments, claims and lines of a remittance.

Money is integer cents, None where nothing was said. Each amount that was charged and not
paid is in one leaf of the charge; the leaves are the facts of that name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from whopays.model.coordination import Adjustment

#: The components of a charge, in the order of the standard facts.
LEAVES: Final = (
    *("noncovered", "denied", "discount", "balance_bill"),
    *("deductible", "copay", "coinsurance", "member_other"),
    *("medicare_credited", "other_insurance_credited", "other_source_credited"),
    *("prepaid", "withhold", "payment_reduction", "plan_paid"),
)
#: What prior payers paid and wrote off, together: reason 23 does not divide it.
PRIOR: Final = "prior_payers"
#: What was adjusted for a reason that is in no leaf.
UNASSIGNED: Final = "unassigned"


@dataclass(frozen=True)
class Components:
    """A charge in parts: `leaves` by name, those of zero left out.

    `excluded_member` is the part of noncovered and denied that the member is billed,
    `paid_to_member` the part of plan_paid that went to the member.
    """

    leaves: Mapping[str, int] = field(default_factory=dict)
    excluded_member: int = 0
    paid_to_member: int = 0

    @property
    def total(self) -> int:
        """The sum of all parts: the charge, where it balances."""
        return sum(self.leaves.values())


@dataclass(frozen=True)
class RemittedLine:
    """A service line (835 loop 2110); `record` is the number of its segment SVC.

    `balanced`: whether charge less adjustments is what was paid. `without_amount` are
    (group, reason) of adjustments whose amount can't be told.
    """

    record: int
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    revenue_code: str = ""
    units: str = ""
    service_from: str = ""
    service_to: str = ""
    control_number: str = ""
    charge: int | None = None
    paid: int | None = None
    allowed: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    components: Components = field(default_factory=Components)
    balanced: bool = False
    without_amount: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RemittedClaim:
    """A claim (835 loop 2100); `record` is the number of its segment CLP.

    `components` are those of the claim as a whole: what its lines do not have. Over
    the claim and its lines they add up to the charge, and plan_paid to what was paid.
    `service_from` is the first day of the whole claim, where it says one.
    """

    record: int
    claim_id: str
    status: str
    charge: int | None
    paid: int | None
    patient_responsibility: int | None = None
    filing_indicator: str = ""
    payer_claim_number: str = ""
    facility_code: str = ""
    frequency: str = ""
    service_from: str = ""
    covered: int | None = None
    interest: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[RemittedLine, ...] = ()
    components: Components = field(default_factory=Components)
    balanced: bool = False
    without_amount: tuple[tuple[str, str], ...] = ()

    def rows(self) -> tuple[tuple[str, RemittedLine | None, Components], ...]:
        """Return (level, line, components) of each line, then of the claim itself.

        The claim itself is left out where all of it is on its lines.
        """
        found: list[tuple[str, RemittedLine | None, Components]] = [
            ("line", each, each.components) for each in self.lines
        ]
        if self.components.leaves or not self.lines:
            found.append(("claim", None, self.components))
        return tuple(found)

    def record_of(self) -> dict[str, Any]:
        """Return this as plain data, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class ProviderAdjustment:
    """Money between payer and provider that belongs to no claim (PLB)."""

    provider: str
    reason: str
    reference: str
    cents: int


@dataclass(frozen=True)
class Payment:
    """One payment, after its claims; `record` is the number of its segment BPR.

    `claims` is what the claims were paid together. `balanced`: whether the amount is
    that, less `adjustments`.
    """

    record: int
    amount: int | None
    claims: int
    adjustments: tuple[ProviderAdjustment, ...] = ()
    paid_on: str = ""
    method: str = ""
    trace: str = ""
    payer: str = ""
    payee_id: str = ""
    balanced: bool = False

    def record_of(self) -> dict[str, Any]:
        """Return this as plain data, ready for JSON."""
        return asdict(self)
