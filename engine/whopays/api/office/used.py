"""Accounts by what a store has published: its profiles, and the methods of its contracts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whopays.api.accounts import load_accounts
from whopays.api.office.judge import Judge
from whopays.api.profiles import Profiles, methods_of, positions_of
from whopays.api.reports import Office
from whopays.store import PROFILE, Store


def published(judge: Judge) -> Profiles:
    """Return the profiles that a store has published, ready to be used on accounts."""
    sources = tuple(
        (f"{name} {item.current}", item.digest or "")
        for name, (item, _) in judge.items.items()
        if item.kind == PROFILE
    )
    return Profiles(tuple(judge.usable().values()), judge.facility, sources)


@contextmanager
def office_of_store(
    store: Store, rules: Path | None = None, order: str | None = None
) -> Iterator[Office]:
    """Give the office of a store, as it stands at this moment, for a while.

    Its methods are those that ship, those of `rules`, and those of its contracts.
    """
    judge = Judge(store)
    with judge.own_rules() as places:
        beside = places if rules is None else [*places, rules]
        yield Office(
            published(judge),
            lambda profiles: load_accounts(beside, order=order, profiles=profiles),
            lambda: positions_of(methods_of(beside)),
        )
