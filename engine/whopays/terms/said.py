"""What an adjudication by reason codes says of components, and what it leaves together."""

from __future__ import annotations

from collections.abc import Iterable

from whopays.claims.x12.leaves import leaf_of
from whopays.model.remittance import PRIOR, UNASSIGNED, Components
from whopays.model.values import Value
from whopays.terms.rows import (
    COMPONENTS,
    CREDITED,
    DISCOUNT_PRIOR,
    IMPACT,
    PAID,
    PREPAID,
    Joint,
)

_DISCOUNT, _EXCLUDED, _TO_MEMBER = "discount", "excluded_member", "paid_to_member"
_BILLED_TO_NOBODY = frozenset({"noncovered", "denied"})
_MEMBER = "PR"


def adjusted(parts: Components) -> tuple[dict[str, Value], Joint | None]:
    """Return facts of a row, and the components of which only the sum is known.

    Reason 23 stands for what prior payers paid and wrote off. It is not divided, so
    where it is given neither what is credited nor the whole discount is known.
    """
    leaves = {
        name: cents
        for name, cents in parts.leaves.items()
        if name not in {PRIOR, UNASSIGNED}
    }
    facts: dict[str, Value] = {name: leaves.get(name, 0) for name in COMPONENTS}
    facts["excluded_member"] = parts.excluded_member
    facts["paid_to_member"] = parts.paid_to_member
    if leaves.get(PREPAID):
        facts["capitated"] = True
    together = parts.leaves.get(PRIOR, 0)
    facts[IMPACT] = together
    if not together:
        facts[DISCOUNT_PRIOR] = 0
        return facts, None
    own = leaves.get(_DISCOUNT, 0)
    names = (*CREDITED, _DISCOUNT)
    for name in names:
        del facts[name]
    return facts, Joint(names, together + own)


def not_told(
    facts: dict[str, Value], joint: Joint | None, reasons: Iterable[tuple[str, str]]
) -> tuple[dict[str, Value], Joint | None]:
    """Return what is left of `facts` and `joint` where `reasons` have no amount.

    Each is (group, reason). A reason that is in no component may be in any but what was
    paid, which is sent apart; one that is not told may be in that, too (reason 100).
    """
    open_: set[str] = set()
    for group, reason in reasons:
        leaf = leaf_of(group, reason)
        if leaf == PRIOR:
            open_.update((*CREDITED, _DISCOUNT, DISCOUNT_PRIOR, IMPACT))
        elif leaf == UNASSIGNED or not reason:
            others = (name for name in COMPONENTS if name != PAID)
            open_.update((*others, DISCOUNT_PRIOR, IMPACT, _EXCLUDED))
        else:
            open_.add(leaf)
        if leaf in _BILLED_TO_NOBODY and group == _MEMBER:
            open_.add(_EXCLUDED)
        if leaf == PAID or not reason:
            open_.update((PAID, _TO_MEMBER))
    left = {name: value for name, value in facts.items() if name not in open_}
    is_joint = joint is not None and not open_.intersection(joint.names)
    return left, joint if is_joint else None
