"""A claim in components: rows of one payer's view, and whether they were adjudicated.

A row is a line, or holds the parts that were given for the claim as a whole. Integer
cents; a fact that is not in a row is unknown, and unknown is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from whopays.model.coordination import Adjustment
from whopays.model.remittance import LEAVES
from whopays.model.values import NONE, UNKNOWN, Value

#: The fifteen parts that make up a charge, as facts of rows.
COMPONENTS: Final = LEAVES
CHARGE, PAID, PREPAID = "billed", "plan_paid", "prepaid"
#: Said of a row: what it is, and how it counts. No amounts.
ADJUDICATED, LEVEL, REVERSAL = "adjudicated", "level", "reversal"
LINE, CLAIM, TOTAL = "line", "claim", "total"
#: What prior payers paid and wrote off, where it is known as one amount.
IMPACT, DISCOUNT_PRIOR = "prior_payer_impact", "discount_prior"
CREDITED: Final = (
    "medicare_credited",
    "other_insurance_credited",
    "other_source_credited",
)
#: Parts of a component that a payer states with it.
OF_WHICH: Final = (
    *("excluded_member", DISCOUNT_PRIOR, "paid_to_member"),
    *("sales_tax_plan", "sales_tax_member"),
)
#: Amounts of which an empty cell says that there is none: they count as $0.00.
ABSENT_IS_ZERO: Final = frozenset(
    (
        *COMPONENTS,
        *OF_WHICH,
        *("withhold_returned", "admin_fee", "incentive_fee", "addon", "interest"),
        *("medicare_paid", "other_insurance_paid", "other_source_paid"),
    )
)


@dataclass(frozen=True)
class Joint:
    """Components of which only the sum is known, in cents."""

    names: tuple[str, ...]
    cents: int


@dataclass(frozen=True)
class Row:
    """One line, or what is given for the claim as a whole (`level` is claim).

    `number` is the line's in its claim, `record` where it was read. `adjustments` are
    those that its payer sent (CAS), `unassigned` the ones that are in no component,
    `without_amount` (group, reason) of those whose amount can't be told.
    """

    number: str
    facts: Mapping[str, Value]
    level: str = LINE
    record: int = 0
    joint: Joint | None = None
    adjustments: tuple[Adjustment, ...] | None = None
    unassigned: tuple[Adjustment, ...] = ()
    without_amount: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """How the row is called: `line 2`, or `the claim as a whole`."""
        return f"line {self.number}" if self.level == LINE else "the claim as a whole"

    def cents(self, name: str) -> int | None:
        """Return the amount `name`, an absent component as zero; None where unknown."""
        value = self.facts.get(name, UNKNOWN)
        if value is NONE:
            return 0 if name in ABSENT_IS_ZERO else None
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        return value

    def unknown(self) -> tuple[str, ...]:
        """Return the components that are not known, alone or in a sum."""
        together = self.joint.names if self.joint else ()
        return tuple(
            name
            for name in COMPONENTS
            if name not in together and self.cents(name) is None
        )

    @property
    def is_adjudicated(self) -> bool | None:
        """Whether all components are known, or none; None where some are."""
        missing = self.unknown()
        if not missing:
            return True
        return False if len(missing) == len(COMPONENTS) else None

    @property
    def is_reversed(self) -> bool:
        """Whether it takes back an earlier one: said, or a charge below zero."""
        said = self.facts.get(REVERSAL, UNKNOWN)
        if isinstance(said, bool):
            return said
        charge = self.cents(CHARGE)
        return charge is not None and charge < 0


@dataclass(frozen=True)
class ComponentClaim:
    """A claim as one payer sees it: its lines, and at last its parts as a whole.

    `payer` names whose view it is where a claim has several. `totals` are amounts of
    the claim that were stated beside its rows. `source` is where it comes from: claim,
    remittance or other payer.
    """

    id: str
    rows: tuple[Row, ...]
    payer: str = ""
    totals: Mapping[str, Value] = field(default_factory=dict)
    source: str = "claim"
    record: int = 0

    @property
    def label(self) -> str:
        """How the claim is called in reports."""
        return (
            f"claim {self.id}, as {self.payer} sees it"
            if self.payer
            else (f"claim {self.id}")
        )

    @property
    def lines(self) -> tuple[Row, ...]:
        """The rows that are lines."""
        return tuple(row for row in self.rows if row.level == LINE)
