"""Whether a store is what its trail says: nothing changed, left out or added.

The trail is read once, entry by entry, and what it tells is done again on plain records;
in the end they have to be what the tables hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from whopays.store import tables
from whopays.store.chain import BEGINNING, digest_of_entry, entries
from whopays.store.checkins import record_digest, verdict_digest
from whopays.store.items import all_items, versions_of
from whopays.store.people import all_rights
from whopays.store.records import CheckOut, Entry, Item, Proposal, digest_of

_SETTINGS = frozenset(
    {"fully_enabled", "secondary_only", "second_person", "reports", "ad_hoc", "name"}
)


@dataclass
class Verified:
    """What was looked at, the head of the trail, and what is wrong, in words."""

    entries: int = 0
    versions: int = 0
    contents: int = 0
    head: str = BEGINNING
    passes: bool = True
    problems: list[str] = field(default_factory=list)


@dataclass
class _Told:
    """The store as its trail tells it."""

    settings: dict[str, object] = field(default_factory=dict)
    rights: set[tuple[object, object]] = field(default_factory=set)
    versions: dict[tuple[str | None, int | None], object] = field(default_factory=dict)
    current: dict[str | None, int | None] = field(default_factory=dict)
    owners: dict[str | None, CheckOut] = field(default_factory=dict)
    waiting: dict[str | None, tuple[object, ...]] = field(default_factory=dict)
    items: dict[str | None, object] = field(default_factory=dict)


def verify(connection: Connection, head: str | None = None) -> Verified:
    """Return what is wrong with the store; `head`: the trail has to pass through it."""
    done = Verified(passes=head in {None, BEGINNING})
    told = _Told()
    for entry in entries(connection):
        done.problems.extend(_chained(entry, done))
        done.entries, done.head = entry.number, entry.digest
        done.passes = done.passes or entry.digest == head
        _tell(told, entry)
    if not done.passes:
        done.problems.append(f"the trail does not pass through {head}")
    done.problems.extend(_contents(connection, done))
    done.problems.extend(_facility(connection, told, done))
    done.problems.extend(_items(connection, told, done))
    return done


def _chained(entry: Entry, done: Verified) -> Iterator[str]:
    if entry.number != done.entries + 1:
        yield f"entry {done.entries + 1} of the trail is missing"
    elif entry.before != done.head:
        yield f"entry {entry.number} of the trail does not follow on the one before"
    if digest_of_entry(entry) != entry.digest:
        yield f"entry {entry.number} of the trail was changed"


def _tell(told: _Told, entry: Entry) -> None:
    more, item = entry.more, entry.item
    held = (more.get("person"), more.get("right"))
    match entry.what:
        case "init" | "facility":
            told.settings.update((k, v) for k, v in more.items() if k in _SETTINGS)
        case "allow":
            told.rights.add(held)
        case "deny":
            told.rights.discard(held)
        case "add":
            told.items[item] = more.get("kind")
        case "check-out":
            told.owners[item] = _check_out(told, entry)
        case "release" | "propose" | "send-back" | "check-in" | "approve":
            _ended(told, entry)
        case _:
            pass


def _check_out(told: _Told, entry: Entry) -> CheckOut:
    """Return what a check-out made; its owner's own text that was sent back stays."""
    more, held = entry.more, told.owners.get(entry.item)
    draft = held.draft if held is not None and held.owner == entry.who else None
    return CheckOut(
        *(entry.who, str(more.get("reason")), entry.at, str(more.get("expires"))),
        *(told.current.get(entry.item) or 0, draft),
    )


def _ended(told: _Told, entry: Entry) -> None:
    """Tell of what ends a check-out, or the waiting of a change."""
    more, item = entry.more, entry.item
    told.owners.pop(item, None)
    told.waiting.pop(item, None)
    match entry.what:
        case "release":
            if not any(name == item for name, _ in told.versions):
                told.items.pop(item, None)
        case "propose":
            told.waiting[item] = (
                *(more.get("digest"), entry.who, entry.at, more.get("why")),
                *(told.current.get(item, 0), more.get("verdict")),
            )
        case "send-back":
            told.owners[item] = CheckOut(
                *(str(more.get("owner")), str(more.get("why")), entry.at),
                str(more.get("expires")),
                told.current.get(item) or 0,
                more.get("digest"),
            )
        case _:
            told.current[item] = entry.version
            told.versions[item, entry.version] = more.get("record")


def _contents(connection: Connection, done: Verified) -> Iterator[str]:
    for row in connection.execute(select(tables.contents)):
        done.contents += 1
        if digest_of(bytes(row.body)) != row.digest:
            yield f"the content {row.digest[:12]} was changed"


def _facility(connection: Connection, told: _Told, done: Verified) -> Iterator[str]:
    row = connection.execute(select(tables.facility)).first()
    if row is None:
        yield "the facility is gone"
        return
    if (row.entries, row.head) != (done.entries, done.head):
        yield f"the trail ends at entry {done.entries}, and had {row.entries} entries"
    if {name: getattr(row, name) for name in told.settings} != told.settings:
        yield "the settings of the facility are not those that the trail tells"
    held = all_rights(connection)
    if {
        (who, right) for who, rights in held.items() for right in rights
    } != told.rights:
        yield "the rights of people are not those that the trail tells"


def _items(connection: Connection, told: _Told, done: Verified) -> Iterator[str]:
    kept = {row.digest for row in connection.execute(select(tables.contents.c.digest))}
    found = {each.name: each for each in all_items(connection)}
    for name in sorted(set(told.items) - set(found), key=str):
        yield f"{name} is gone"
    seen = set()
    for name, item in found.items():
        yield from _standing(item, told)
        numbers = []
        for version in versions_of(connection, item):
            done.versions += 1
            numbers.append(version.number)
            seen.add((name, version.number))
            if told.versions.get((name, version.number)) != record_digest(version):
                yield f"version {version.number} of {name} is not what the trail tells"
            if version.digest not in kept:
                yield f"the content of version {version.number} of {name} is missing"
        if numbers != list(range(1, item.current + 1)):
            yield f"the versions of {name} are not 1 to {item.current}"
    for name, number in sorted(set(told.versions) - seen, key=str):
        yield f"version {number} of {name} is missing"


def _standing(item: Item, told: _Told) -> Iterator[str]:
    out, waiting = item.check_out, item.proposal
    if told.items.get(item.name) != item.kind:
        yield f"{item.name} is not what the trail tells"
    if told.owners.get(item.name) != out:
        yield f"the check-out of {item.name} is not the one that the trail tells"
    if told.waiting.get(item.name) != (waiting and _of_proposal(waiting)):
        yield f"the change of {item.name} that waits is not the one that the trail tells"


def _of_proposal(waiting: Proposal) -> tuple[object, ...]:
    return (
        *(waiting.digest, waiting.who, waiting.at, waiting.why),
        *(waiting.base, verdict_digest(waiting.verdict)),
    )
