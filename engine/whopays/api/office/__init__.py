"""The billing office for callers: a person at the store, with texts judged before they count."""

from __future__ import annotations

from whopays.api.office.desk import Desk
from whopays.api.office.folders import Mark
from whopays.api.office.judge import Judge
from whopays.office import Facility
from whopays.store import Store, make_store, open_store, upgrade_store

__all__ = [
    "Desk",
    "Facility",
    "Judge",
    "Mark",
    "Store",
    "make_store",
    "open_store",
    "upgrade_store",
]
