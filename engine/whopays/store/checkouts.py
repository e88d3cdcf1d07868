"""Check-outs: the exclusive right to change one item, until it expires or is given back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert

from whopays.store import tables
from whopays.store.chain import Act
from whopays.store.items import item_of
from whopays.store.people import must_have
from whopays.store.problems import StoreError
from whopays.store.records import EDIT, MANAGE, CheckOut, Item


def check_out(act: Act, name: str, reason: str, hours: int) -> tuple[Item, CheckOut]:
    """Check out an item for `hours`, or `StoreError` if it is not free.

    Who has it already renews it. An expired one counts no more, and goes to whoever asks;
    the work then begins from the version that is in force now.
    """
    must_have(act.connection, act.who, EDIT)
    item = item_of(act.connection, name)
    must_not_wait(item)
    held = item.check_out
    is_own = held is not None and held.owner == act.who
    if held is not None and not is_own and item.is_out(act.at):
        raise StoreError(taken(item, held))
    draft = held.draft if held is not None and is_own else None
    out = CheckOut(*(act.who, reason, act.at, act.in_hours(hours), item.current, draft))
    write(act.connection, item, out)
    more: dict[str, Any] = {
        "reason": reason,
        "expires": out.expires,
        "base": out.base,
    }
    if held is not None and not is_own:
        more["instead_of"] = held.owner
    act.tell("check-out", more, name)
    return item, out


def write(connection: Connection, item: Item, out: CheckOut) -> None:
    """Make `out` the check-out of `item`."""
    remove(connection, item)
    connection.execute(
        insert(tables.check_outs).values(
            item=item.key,
            owner=out.owner,
            reason=out.reason,
            since=out.since,
            expires=out.expires,
            base=out.base,
            draft=out.draft,
        )
    )


def remove(connection: Connection, item: Item) -> None:
    """Take away the check-out of `item`, if there is one."""
    connection.execute(
        delete(tables.check_outs).where(tables.check_outs.c.item == item.key)
    )


def release(act: Act, name: str) -> None:
    """Give an item back unchanged; another's only with the right to manage.

    An item of which nothing was ever published goes with it.
    """
    item = item_of(act.connection, name)
    held = item.check_out
    if held is None:
        must_not_wait(item)
        raise StoreError(f"{name} is not checked out")
    if held.owner != act.who:
        must_have(act.connection, act.who, MANAGE)
    remove(act.connection, item)
    act.tell("release", {"owner": held.owner}, name)
    if not item.current:
        act.connection.execute(
            delete(tables.items).where(tables.items.c.id == item.key)
        )


def must_own(item: Item, who: str, at: str) -> CheckOut:
    """Return the check-out of `item`, or `StoreError` unless `who` has it now."""
    must_not_wait(item)
    held = item.check_out
    how = f"whopays store check-out {item.name}"
    if held is None:
        raise StoreError(f"{item.name} is not checked out; first {how}")
    if held.owner != who:
        if item.is_out(at):
            raise StoreError(taken(item, held))
        raise StoreError(f"{item.name} is not checked out by {who}; first {how}")
    if not item.is_out(at):
        raise StoreError(
            f"the check-out of {item.name} expired at {held.expires}; keep your folder, "
            f"and check out again: {how}"
        )
    return held


def must_not_wait(item: Item) -> None:
    """Raise `StoreError` if a change of `item` waits for a second person."""
    waiting = item.proposal
    if waiting is not None:
        raise StoreError(
            f"{item.name} has a change by {waiting.who} that waits for a second person: "
            f"whopays store approve {item.name}, or send-back"
        )


def taken(item: Item, held: CheckOut) -> str:
    """Return the sentence that says who has `item`."""
    return (
        f"{item.name} is checked out by {held.owner} since {held.since}, until "
        f"{held.expires}: {held.reason}"
    )
