"""The identities of a row, I1 to I8, I10 and I13: what must hold of one line.

A reversal has every amount with its sign turned, so its magnitudes are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from whopays.model.money import dollars
from whopays.model.values import NONE, UNKNOWN
from whopays.terms.checks import Check, added, at_most, equal, written
from whopays.terms.rows import (
    CHARGE,
    CLAIM,
    COMPONENTS,
    CREDITED,
    DISCOUNT_PRIOR,
    PAID,
    PREPAID,
    Row,
)

MEMBER_SHARE: Final = ("deductible", "copay", "coinsurance", "member_other")
_LIABILITY = (PAID, "withhold", PREPAID)
ALLOWED_OF: Final = (*MEMBER_SHARE, *CREDITED, *_LIABILITY, "payment_reduction")
_ABOVE = ("noncovered", "denied", "discount", "balance_bill")
_BILLED_TO_NOBODY = ("noncovered", "denied")
#: Shared amounts that a claim may state, and what they are made of.
_SHARED = {
    "allowed": ALLOWED_OF,
    "member_share": MEMBER_SHARE,
    "prior_credited": CREDITED,
}
_PRICES = ("ingredient_cost", "dispensing_fee", "admin_fee", "incentive_fee")
_TAXES = ("sales_tax_plan", "sales_tax_member")
_SOURCES = ("medicare", "other_insurance", "other_source")
_PHARMACY = "pharmacy"


def of_row(row: Row) -> Iterator[Check]:
    """Yield every identity of `row` by itself."""
    yield from _whole(row)
    yield _partition(row)
    yield from _stated(row)
    yield from _ceilings(row)
    yield from _capitation(row)
    yield from _parts(row)
    yield from _pharmacy(row)
    yield from _reported(row)


def _whole(row: Row) -> Iterator[Check]:
    """I1 first of all: an adjudicated line has all fifteen components, or it has none."""
    missing = row.unknown()
    said = row.facts.get("adjudicated", UNKNOWN)
    if said is False and len(missing) < len(COMPONENTS):
        count = len(COMPONENTS) - len(missing)
        text = f"it is not adjudicated, and has {count} of the fifteen components"
        yield Check("I1", row.label, False, text)
    elif row.is_adjudicated is None or (missing and row.without_amount):
        text = f"not all components are given: {', '.join(missing)}"
        # A payer that says why it did not pay has to say what it paid.
        is_of_payer = row.adjustments is not None
        if row.without_amount:
            text += f"; {_not_told(row.without_amount)}"
        if not is_of_payer:
            text += " (say `adjudicated` yes if they are $0.00)"
        yield Check("I1", row.label, False, text, is_hard=is_of_payer)


def _not_told(reasons: Iterable[tuple[str, str]]) -> str:
    """Return what was adjusted for (group, reason) that nobody knows by how much."""
    told = (
        f"{group}-{reason} without an amount" if reason else f"{group} without a reason"
        for group, reason in reasons
    )
    return f"adjusted {', '.join(dict.fromkeys(told))}"


def _partition(row: Row) -> Check:
    """I1: each dollar of the charge is in exactly one component."""
    charge = row.cents(CHARGE)
    if charge is None or not row.is_adjudicated:
        return Check("I1", row.label, None)
    known = [(name, row.cents(name) or 0) for name in COMPONENTS]
    if row.joint:
        known.append(("prior payers and discount", row.joint.cents))
    total = sum(cents for _, cents in known)
    gap = charge - total
    text = (
        f"the charge {dollars(charge)} is not the sum of its components "
        f"{dollars(total)} ({written(known)}): they differ by {dollars(abs(gap))}"
    )
    if row.level == CLAIM and not charge:
        text = (
            f"what is given for the claim as a whole adds up to {dollars(total)}, and "
            f"not to $0.00 ({written(known)})"
        )
    if row.unassigned:
        reasons = ", ".join(
            f"{each.group}-{each.reason} {dollars(each.cents)}"
            for each in row.unassigned
        )
        text += f"; in no component: {reasons}"
    return Check("I1", row.label, not gap, text if gap else "", difference=gap)


def allowed_of(row: Row) -> int | None:
    """Return what the components say is allowed, else what the row states."""
    computed = added(row.cents(name) for name in ALLOWED_OF)
    return row.cents("allowed") if computed is None else computed


def _stated(row: Row) -> Iterator[Check]:
    """I2 and I3: what a row states as allowed is what its components come to."""
    allowed, charge = row.cents("allowed"), row.cents(CHARGE)
    if allowed is not None:
        above = added(row.cents(name) for name in _ABOVE)
        rest = None if above is None else above + allowed
        name = "what is above the allowed amount, and that amount:"
        yield equal("I2", row.label, ("the charge", charge, name, rest))
    for name, parts in _SHARED.items():
        stated, computed = row.cents(name), added(row.cents(part) for part in parts)
        if stated is not None:
            sides = (f"{name} as given", stated, "the sum of its parts", computed)
            yield equal("I3", row.label, sides)
    by_payer = row.cents("stated_allowed")
    if by_payer is not None:
        computed = added(row.cents(part) for part in ALLOWED_OF)
        sides = ("allowed as the payer states it", by_payer, "its components", computed)
        yield equal("I3", row.label, sides, is_hard=False)


def _size(row: Row, name: str) -> int | None:
    """Return the amount `name` with the sign that it has on what is no reversal."""
    cents = row.cents(name)
    return -cents if cents is not None and row.is_reversed else cents


def _sized(row: Row, cents: int | None) -> int | None:
    return -cents if cents is not None and row.is_reversed else cents


def _ceilings(row: Row) -> Iterator[Check]:
    """I4 and I5: warnings, since case rates and capitated encounters break them.

    What is adjusted on the claim as a whole has no charge to compare with.
    """
    if row.level == CLAIM and not row.cents(CHARGE):
        return
    allowed, paid = _sized(row, allowed_of(row)), _size(row, PAID)
    charge = _size(row, CHARGE)
    sides = ("what is allowed", allowed, "the charge", charge)
    turned = row.is_reversed
    yield at_most("I4", row.label, sides, is_hard=False, is_turned=turned)
    sides = (PAID, paid, "what is allowed", allowed)
    yield at_most("I5", row.label, sides, is_hard=False, is_turned=turned)


def _capitation(row: Row) -> Iterator[Check]:
    """I6: a capitated line is paid nothing; another has nothing prepaid."""
    capitated = row.facts.get("capitated", UNKNOWN)
    paid, prepaid = row.cents(PAID), row.cents(PREPAID)
    if not isinstance(capitated, bool) or row.is_adjudicated is False:
        yield Check("I6", row.label, None)
        return
    if capitated:
        yield equal("I6", row.label, ("paid on a capitated line", paid, "nothing,", 0))
        if row.is_adjudicated is None and prepaid is None:
            text = "the line is capitated, and what was prepaid is not given"
            yield Check("I6", row.label, False, text)
        return
    sides = ("prepaid on a line that is not capitated", prepaid, "nothing,", 0)
    yield equal("I6", row.label, sides)


def _parts(row: Row) -> Iterator[Check]:
    """I7 and I8: a part is not more than what it is part of, and has its sign."""
    charge = row.cents(CHARGE)
    if row.is_reversed and charge is not None and charge > 0:
        text = f"the line is a reversal, and its charge {dollars(charge)} is not below zero"
        yield Check("I8", row.label, False, text)
    returned, withheld = row.cents("withhold_returned"), row.cents("withhold")
    yield _within("I7", row, ("withhold_returned", returned, "withhold", withheld))
    excluded = added(row.cents(name) for name in _BILLED_TO_NOBODY)
    name = "noncovered and denied"
    of = [
        ("excluded_member", name, excluded),
        ("paid_to_member", PAID, row.cents(PAID)),
        ("sales_tax_plan", PAID, row.cents(PAID)),
        (
            "sales_tax_member",
            "member_share",
            added(row.cents(n) for n in MEMBER_SHARE),
        ),
    ]
    for part, what, whole in of:
        yield _within("I8", row, (part, row.cents(part), what, whole))
    # A prior payer may have written off more: this payer allows more than it did.
    sides = (
        DISCOUNT_PRIOR,
        row.cents(DISCOUNT_PRIOR),
        "discount",
        row.cents("discount"),
    )
    yield _within("I8", row, sides, is_hard=False)


def _within(
    identity: str,
    row: Row,
    sides: tuple[str, int | None, str, int | None],
    *,
    is_hard: bool = True,
) -> Check:
    """Return the check that a part has the sign of its whole, and is not larger."""
    name, part, what, whole = sides
    if part is None or whole is None:
        return Check(identity, row.label, None, is_hard=is_hard)
    holds = not part or (part * whole > 0 and abs(part) <= abs(whole))
    text = f"{name} {dollars(part)} is no part of {what} {dollars(whole)}"
    return Check(identity, row.label, holds, "" if holds else text, is_hard)


def _pharmacy(row: Row) -> Iterator[Check]:
    """I10: what a drug is priced at is what is allowed for it."""
    if row.facts.get("claim_type", UNKNOWN) != _PHARMACY:
        return
    price = added(row.cents(name) for name in (*_PRICES, *_TAXES))
    sides = ("ingredient, fees and tax", price, "what is allowed", allowed_of(row))
    yield equal("I10", row.label, sides)


def _reported(row: Row) -> Iterator[Check]:
    """I13: what a prior payer paid is not less than what it is credited with."""
    for source in _SOURCES:
        paid, credited = f"{source}_paid", f"{source}_credited"
        if row.facts.get(paid, UNKNOWN) in {UNKNOWN, NONE}:
            yield Check("I13", row.label, None)
            continue
        sides = (credited, _size(row, credited), paid, _size(row, paid))
        yield at_most("I13", row.label, sides, is_turned=row.is_reversed)
