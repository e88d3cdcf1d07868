"""The store of the billing office: items, versions, check-outs, and an audit trail.

It keeps contents without looking into them; what judges them hands in its verdict.
"""

from whopays.store.office_store import (
    HOURS,
    MOST_HOURS,
    Current,
    Store,
    make_store,
    open_store,
    upgrade_store,
)
from whopays.store.problems import MovedError, StoreError
from whopays.store.records import (
    APPROVE,
    CALCULATE,
    CONTRACT,
    EDIT,
    MANAGE,
    PROFILE,
    RIGHTS,
    Change,
    Item,
    Verdict,
    canonical,
)

__all__ = [
    "APPROVE",
    "CALCULATE",
    "CONTRACT",
    "EDIT",
    "HOURS",
    "MANAGE",
    "MOST_HOURS",
    "PROFILE",
    "RIGHTS",
    "Change",
    "Current",
    "Item",
    "MovedError",
    "Store",
    "StoreError",
    "Verdict",
    "canonical",
    "make_store",
    "open_store",
    "upgrade_store",
]
