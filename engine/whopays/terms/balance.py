"""Whether claims balance: every identity of every row and claim, counted and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from whopays.model.coordination import Adjustment, total
from whopays.model.money import dollars
from whopays.terms.checks import Check, added, equal
from whopays.terms.claimed import OTHER_PAYER
from whopays.terms.identities import of_row
from whopays.terms.remitted import PATIENT, REMITTANCE
from whopays.terms.rows import CHARGE, CLAIM, COMPONENTS, PAID, ComponentClaim, Row

IDENTITIES: Final = {
    "I1": "each dollar of the charge is in one component",
    "I2": "the charge is what is above the allowed amount, and that amount",
    "I3": "the allowed amount is what members, prior payers and this plan bear",
    "I4": "no more is allowed than charged (a warning)",
    "I5": "no more is paid than allowed (a warning)",
    "I6": "a capitated line is paid nothing, and only it has something prepaid",
    "I7": "no more of a withhold is returned than was withheld",
    "I8": "a part is not more than its component, and a reversal is below zero",
    "I9": "what a claim states in all is the sum of its lines and its own parts",
    "I10": "ingredient, fees and tax of a drug are what is allowed",
    "I11": "the charge less the adjustments of a remittance is what was paid",
    "I12": "payment and adjustments of another payer are the whole charge",
    "I13": "a prior payer is credited with no more than it paid",
}
_GROUPS = ("CO", "PR", "OA", "PI")
_MEMBER = "PR"
_TO_MEMBER = "100"


@dataclass
class Balance:
    """What the identities say of many claims: how often each was asked, and what failed."""

    claims: int = 0
    rows: int = 0
    held: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    warnings: int = 0

    def take(self, claim: ComponentClaim) -> list[Check]:
        """Count `claim`, and return the checks of it that failed."""
        self.claims += 1
        self.rows += len(claim.rows)
        failed = []
        for check in checks_of(claim):
            if check.holds is None:
                self.open[check.identity] += 1
            elif check.holds:
                self.held[check.identity] += 1
            else:
                self.failed[check.identity] += 1
                self.errors += check.is_hard
                self.warnings += not check.is_hard
                failed.append(check)
        return failed


def checks_of(claim: ComponentClaim) -> Iterator[Check]:
    """Yield every identity of `claim`, row by row and then of the claim."""
    gap = 0
    for row in claim.rows:
        yield from of_row(row)
        is_part = row.level == CLAIM and claim.lines
        if row.adjustments is not None and not is_part:
            sent = _sides(row.cents(CHARGE), row.cents(PAID), row.adjustments)
            if row.without_amount:
                sent = (None, None)
            check = _sent(claim, row.label, sent, row.adjustments)
            gap += check.difference or 0
            yield check
    yield from _totals(claim)
    for check in _whole(claim):
        # What its lines lack has been told of them.
        if not gap or check.difference != gap:
            yield check


def _sides(
    charge: int | None, component: int | None, adjustments: Iterable[Adjustment]
) -> tuple[int | None, int | None]:
    """Return the charge, and what was paid as it was sent.

    What went to the member (reason 100) is in the component, and was not paid here.
    """
    if component is None:
        return charge, None
    return charge, component - total(each for each in adjustments if _to_member(each))


def _to_member(each: Adjustment) -> bool:
    return each.reason.lstrip("0") == _TO_MEMBER


def _sent(
    claim: ComponentClaim,
    place: str,
    sides: tuple[int | None, int | None],
    adjustments: Iterable[Adjustment],
) -> Check:
    """I11 of a remittance, I12 of another payer: by groups, as they were sent."""
    identity = "I12" if claim.source == OTHER_PAYER else "I11"
    charge, paid = sides
    if charge is None or paid is None:
        return Check(identity, place, None)
    groups = Counter[str]()
    for each in adjustments:
        groups[each.group] += each.cents
    rest = charge - sum(groups.values())
    named = [*_GROUPS, *sorted(set(groups) - set(_GROUPS))]
    less = "".join(
        f" - {name} {dollars(groups[name])}" for name in named if name in groups
    )
    text = f"charge {dollars(charge)}{less} = {dollars(rest)}, and {dollars(paid)} was paid"
    gap = rest - paid
    return Check(identity, place, not gap, text if gap else "", difference=gap)


def _whole(claim: ComponentClaim) -> Iterator[Check]:
    """I11 and I12 of a claim with lines: its charge less all adjustments is its payment."""
    if not claim.lines or claim.source not in {REMITTANCE, OTHER_PAYER}:
        return
    charge = claim.totals.get(CHARGE)
    if charge is None:
        charge = added(row.cents(CHARGE) for row in claim.rows)
    paid = claim.totals.get(PAID)
    if any(row.without_amount for row in claim.rows):
        yield _sent(claim, "the claim", (None, None), ())
    elif isinstance(charge, int) and isinstance(paid, int):
        every = [each for row in claim.rows for each in row.adjustments or ()]
        yield _sent(claim, "the claim", (charge, paid), every)


def _totals(claim: ComponentClaim) -> Iterator[Check]:
    """I9: each total that is stated is the sum over all rows; of PR as well (CLP05)."""
    for name in (CHARGE, *COMPONENTS):
        stated = claim.totals.get(name)
        if isinstance(stated, int) and not isinstance(stated, bool):
            summed = added(_sent_cents(claim, row, name) for row in claim.rows)
            what = "the charge" if name == CHARGE else name
            sides = (
                f"{what} of the claim as stated",
                stated,
                "the sum of its rows",
                summed,
            )
            yield equal("I9", "the claim", sides)
    patient = claim.totals.get(PATIENT)
    if claim.source == REMITTANCE and isinstance(patient, int):
        sent = (a for row in claim.rows for a in row.adjustments or ())
        open_ = {group for row in claim.rows for group, _ in row.without_amount}
        known = total(each for each in sent if each.group == _MEMBER)
        summed = None if _MEMBER in open_ else known
        sides = ("patient responsibility as stated", patient, "adjustments PR", summed)
        yield equal("I11", "the claim", sides)


def _sent_cents(claim: ComponentClaim, row: Row, name: str) -> int | None:
    """Return the amount as its sender counts it: what went to the member is not paid."""
    cents = row.cents(name)
    if name == PAID and cents is not None and claim.source in {REMITTANCE, OTHER_PAYER}:
        every = row.adjustments or ()
        return cents - total(each for each in every if _to_member(each))
    return cents
