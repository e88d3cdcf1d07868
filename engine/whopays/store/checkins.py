"""Check-ins: a change becomes a version, or waits for a second person first.

Each of these is a part of one transaction: the content, the version, the end of the
check-out and the entry of the trail come together or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from whopays.store import tables
from whopays.store.chain import Act
from whopays.store.checkouts import must_not_wait, must_own, remove, taken, write
from whopays.store.items import content_of, item_of, keep, version_of
from whopays.store.people import facility_of, must_have
from whopays.store.problems import MovedError, StoreError
from whopays.store.records import (
    APPROVE,
    EDIT,
    Change,
    CheckOut,
    Item,
    Proposal,
    Verdict,
    Version,
    canonical,
    digest_of,
)

_DAY = 24
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class CheckedIn:
    """What became of a change: the number of the new version, or that it `waits`."""

    name: str
    number: int
    digest: str
    waits: bool = False


def state_of(connection: Connection) -> str:
    """Return what a verdict on a text depends on: it changes with any of it."""
    published = connection.execute(
        select(func.count()).select_from(tables.versions)
    ).scalar()
    facility = facility_of(connection)
    return f"{published} {facility.fully_enabled} {facility.secondary_only}"


def must_be_in(connection: Connection, state: str | None) -> None:
    """Raise `MovedError` if the store is no longer in `state`."""
    if state is not None and state != state_of(connection):
        raise MovedError("others have changed the store meanwhile; try again")


def add(act: Act, kind: str, name: str, change: Change) -> CheckedIn:
    """Make a new item of `change`; `StoreError` if there is one of that name."""
    connection = act.connection
    must_have(connection, act.who, EDIT)
    must_be_in(connection, change.state)
    asked = select(tables.items.c.id).where(tables.items.c.name == name)
    if connection.execute(asked).first() is not None:
        raise StoreError(
            f"the store has {name} already; change it by whopays store check-out {name}"
        )
    connection.execute(insert(tables.items).values(kind=kind, name=name, current=0))
    act.tell("add", {"kind": kind}, name)
    return _take_in(act, item_of(connection, name), change)


def check_in(act: Act, name: str, change: Change, base: int) -> CheckedIn:
    """Take in a change of an item that is checked out.

    `base` is the version that the text was made from: `StoreError` if another one has
    been published since, so that nothing of it is overwritten.
    """
    must_have(act.connection, act.who, EDIT)
    must_be_in(act.connection, change.state)
    item = item_of(act.connection, name)
    held = must_own(item, act.who, act.at)
    if base != item.current or held.base != item.current:
        raise StoreError(
            f"this text was made from version {base} of {name}, and version "
            f"{item.current} is in force: check out into another folder, and bring your "
            "change into that"
        )
    if digest_of(change.body) == item.digest:
        raise StoreError(
            f"nothing of {name} was changed; `whopays store release {name}` gives it back"
        )
    remove(act.connection, item)
    return _take_in(act, item, change)


def restore(act: Act, name: str, number: int, change: Change) -> CheckedIn:
    """Take in the text of an earlier version as a new one.

    The item is free, or checked out by who restores it. `change.body` has to be the text
    of version `number`.
    """
    must_have(act.connection, act.who, EDIT)
    must_be_in(act.connection, change.state)
    item = item_of(act.connection, name)
    must_not_wait(item)
    held = item.check_out
    if held is not None and item.is_out(act.at) and held.owner != act.who:
        raise StoreError(taken(item, held))
    version = version_of(act.connection, item, number)
    if version.digest != digest_of(change.body):
        raise MovedError(f"the text is not that of version {number}")
    if version.digest == item.digest:
        raise StoreError(f"{name} says what version {number} said already")
    remove(act.connection, item)
    return _take_in(act, item, change, {"restores": number})


def update_directly(act: Act, changes: Mapping[str, Change]) -> list[CheckedIn]:
    """Change many items at once, without check-outs: all of them, or none.

    `StoreError` where the switch of the facility, a second person, or a check-out of one
    of them stands against it.
    """
    must_have(act.connection, act.who, EDIT)
    facility = facility_of(act.connection)
    against = facility.against_bulk_update()
    if against:
        raise StoreError(against)
    if facility.second_person:
        raise StoreError(
            "this facility requires a second person for each change, so profiles are "
            "changed one at a time"
        )
    found = []
    for name, change in changes.items():
        must_be_in(act.connection, change.state)
        item = item_of(act.connection, name)
        must_not_wait(item)
        if item.check_out is not None and item.is_out(act.at):
            raise StoreError(taken(item, item.check_out))
        if digest_of(change.body) != item.digest:
            found.append((item, change))
    for item, _ in found:
        remove(act.connection, item)
    return [_publish(act, item, change) for item, change in found]


def approve(act: Act, name: str, change: Change) -> CheckedIn:
    """Publish a change that waits; `change` is it, judged anew."""
    must_have(act.connection, act.who, APPROVE)
    must_be_in(act.connection, change.state)
    item = item_of(act.connection, name)
    waiting = _waiting(item)
    if waiting.who == act.who:
        raise StoreError(
            f"the change of {name} is your own: another person has to approve it"
        )
    if waiting.digest != digest_of(change.body):
        raise MovedError(f"the change of {name} is another one by now")
    _end(act.connection, item)
    return _publish(act, item, replace(change, why=waiting.why), author=waiting.who)


def send_back(act: Act, name: str, why: str) -> str:
    """Give a change that waits back to its author, checked out; return who that is."""
    item = item_of(act.connection, name)
    waiting = _waiting(item)
    if waiting.who != act.who:  # an author may take back an own change
        must_have(act.connection, act.who, APPROVE)
    _end(act.connection, item)
    out = CheckOut(
        *(waiting.who, why, act.at, act.in_hours(_DAY)),
        *(item.current, waiting.digest),
    )
    write(act.connection, item, out)
    more = {
        "why": why,
        "owner": waiting.who,
        "digest": waiting.digest,
        "expires": out.expires,
    }
    act.tell("send-back", more, name)
    return waiting.who


def waiting_body(connection: Connection, name: str) -> tuple[Item, Proposal, bytes]:
    """Return an item, the change of it that waits, and its text."""
    item = item_of(connection, name)
    waiting = _waiting(item)
    return item, waiting, content_of(connection, waiting.digest)


def _waiting(item: Item) -> Proposal:
    if item.proposal is None:
        raise StoreError(f"no change of {item.name} waits for a second person")
    return item.proposal


def _end(connection: Connection, item: Item) -> None:
    connection.execute(
        delete(tables.proposals).where(tables.proposals.c.item == item.key)
    )


def _take_in(
    act: Act, item: Item, change: Change, more: Mapping[str, Any] = _NOTHING
) -> CheckedIn:
    """Publish `change`, or let it wait where the facility requires a second person."""
    if not facility_of(act.connection).second_person:
        return _publish(act, item, change, more)
    digest = keep(act.connection, change.body)
    act.connection.execute(
        insert(tables.proposals).values(
            item=item.key,
            digest=digest,
            who=act.who,
            at=act.at,
            why=change.why,
            base=item.current,
            **_written(change.verdict),
        )
    )
    told = {"digest": digest, "why": change.why}
    told["verdict"] = verdict_digest(change.verdict)
    act.tell("propose", {**told, **more}, item.name)
    return CheckedIn(item.name, item.current + 1, digest, waits=True)


def _publish(
    act: Act,
    item: Item,
    change: Change,
    more: Mapping[str, Any] = _NOTHING,
    author: str | None = None,
) -> CheckedIn:
    """Make `change` the next version; where there is another `author`, it is approved."""
    approved_by = None if author is None else act.who
    who = author or act.who
    digest = keep(act.connection, change.body)
    number = item.current + 1
    version = Version(
        *(number, digest, who, act.at, change.why, approved_by),
        change.verdict,
    )
    act.connection.execute(
        insert(tables.versions).values(
            item=item.key,
            number=number,
            digest=digest,
            who=who,
            at=act.at,
            why=change.why,
            approved_by=approved_by,
            **_written(change.verdict),
        )
    )
    act.connection.execute(
        update(tables.items).where(tables.items.c.id == item.key).values(current=number)
    )
    told = {"digest": digest, "why": change.why, "record": record_digest(version)}
    if author is None:
        act.tell("check-in", {**told, **more}, item.name, number)
    else:
        act.tell("approve", {**told, "author": author}, item.name, number)
    return CheckedIn(item.name, number, digest)


def record_digest(version: Version) -> str:
    """Return the digest of all that is kept of a version: it stands in the trail."""
    return digest_of(canonical(version.record()).encode())


def verdict_digest(verdict: Verdict) -> str:
    """Return the digest of what was found of a change that waits: it stands in the trail."""
    return digest_of(canonical(_written(verdict)).encode())


def _written(verdict: Verdict) -> dict[str, str]:
    return {
        "difference": canonical(list(verdict.difference)),
        "checks": canonical(dict(verdict.checks)),
    }
