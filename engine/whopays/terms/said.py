"""What an adjudication by reason codes says of components, and what it leaves together."""

from __future__ import annotations

from whopays.model.remittance import PRIOR, UNASSIGNED, Components
from whopays.model.values import Value
from whopays.terms.rows import (
    COMPONENTS,
    CREDITED,
    DISCOUNT_PRIOR,
    IMPACT,
    PREPAID,
    Joint,
)

_DISCOUNT = "discount"


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
