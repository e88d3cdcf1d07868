"""A store, opened: each call is one transaction, done whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from whopays.office.switch import Facility
from whopays.store import checkins, checkouts, people
from whopays.store.chain import Act, entries
from whopays.store.checkins import CheckedIn
from whopays.store.database import Database, database
from whopays.store.items import (
    all_items,
    content_of,
    item_of,
    version_of,
    versions_of,
)
from whopays.store.migrate import is_in_use, must_be_current, revision_of, upgrade
from whopays.store.migrations import HEAD
from whopays.store.problems import StoreError
from whopays.store.records import Change, CheckOut, Entry, Item, Proposal, Version
from whopays.store.times import stamp
from whopays.store.verify import Verified, verify

Clock = Callable[[], datetime]
#: Hours that a check-out lasts where nothing else is said, and the most that it may.
HOURS, MOST_HOURS = 8, 24 * 31


@dataclass(frozen=True)
class Current:
    """What is published at one moment: the facility, and each item with its content.

    `state` is for `Change.state`: a verdict that was found in it holds as long as it does.
    """

    state: str
    facility: Facility
    items: Mapping[str, tuple[Item, bytes]]


@dataclass(frozen=True)
class Store:
    """The items of a facility, with versions, check-outs and a trail.

    `clock` says what time it is; None: the database does. Every method may raise `StoreError`, which says why
    something is refused or can't be done; nothing was changed then.
    """

    database: Database
    clock: Clock | None = None

    # What there is

    @property
    def place(self) -> str:
        """Where the store is, as it may be shown."""
        return self.database.place

    def now(self) -> str:
        """Return this moment as the store keeps it."""
        with self.database.reading() as connection:
            return stamp(self._moment(connection))

    def facility(self) -> Facility:
        """Return the facility with its settings."""
        with self.database.reading() as connection:
            return people.facility_of(connection)

    def rights(self) -> dict[str, tuple[str, ...]]:
        """Return everybody's rights, by person."""
        with self.database.reading() as connection:
            return people.all_rights(connection)

    def has_right(self, person: str, right: str) -> bool:
        """Tell whether `person` has `right`."""
        with self.database.reading() as connection:
            return right in people.rights_of(connection, person)

    def items(self) -> list[Item]:
        """Return all items, by name."""
        with self.database.reading() as connection:
            return all_items(connection)

    def item(self, name: str) -> Item:
        """Return the item called `name`."""
        with self.database.reading() as connection:
            return item_of(connection, name)

    def versions(self, name: str) -> list[Version]:
        """Return the versions of an item, the first one first."""
        with self.database.reading() as connection:
            return versions_of(connection, item_of(connection, name))

    def version(self, name: str, number: int | None = None) -> tuple[Version, bytes]:
        """Return a version of an item and its content; without number, the current one."""
        with self.database.reading() as connection:
            item = item_of(connection, name)
            if number is None and not item.current:
                raise StoreError(
                    f"nothing of {name} is published yet; `whopays store show {name} "
                    "--waiting` shows a change that waits"
                )
            found = version_of(connection, item, number or item.current)
            return found, content_of(connection, found.digest)

    def current(self) -> Current:
        """Return what is published at this moment."""
        with self.database.reading() as connection:
            return Current(
                checkins.state_of(connection),
                people.facility_of(connection),
                {
                    item.name: (item, content_of(connection, item.digest))
                    for item in all_items(connection)
                    if item.digest is not None
                },
            )

    def content(self, digest: str) -> bytes:
        """Return the content with `digest`."""
        with self.database.reading() as connection:
            return content_of(connection, digest)

    def waiting(self, name: str) -> tuple[Item, Proposal, bytes]:
        """Return an item, the change of it that waits for a second person, and its text."""
        with self.database.reading() as connection:
            return checkins.waiting_body(connection, name)

    def trail(self, item: str | None = None) -> list[Entry]:
        """Return the trail, of one item or of all."""
        with self.database.reading() as connection:
            return list(entries(connection, item))

    def verify(self, head: str | None = None) -> Verified:
        """Return what is wrong with the store, if anything is."""
        with self.database.reading() as connection:
            return verify(connection, head)

    # People and the switch

    def set_facility(self, who: str, changes: Mapping[str, bool]) -> Facility:
        """Change settings of the facility."""
        with self._act(who) as act:
            return people.set_facility(act, changes)

    def allow(self, who: str, person: str, right: str) -> bool:
        """Give a right; tell whether it is new."""
        with self._act(who) as act:
            return people.allow(act, person, right)

    def deny(self, who: str, person: str, right: str) -> bool:
        """Take a right away; tell whether there was one."""
        with self._act(who) as act:
            return people.deny(act, person, right)

    # Check-out and check-in

    def add(
        self, who: str, kind: str, changes: Mapping[str, Change]
    ) -> list[CheckedIn]:
        """Make new items of one kind, by their names: all of them, or none."""
        with self._act(who) as act:
            for state in {change.state for change in changes.values()}:
                checkins.must_be_in(act.connection, state)
            return [
                checkins.add(act, kind, name, replace(change, state=None))
                for name, change in changes.items()
            ]

    def check_out(
        self, who: str, name: str, reason: str, hours: int = HOURS
    ) -> tuple[Item, CheckOut]:
        """Check an item out."""
        if not 1 <= hours <= MOST_HOURS:
            raise StoreError(f"a check-out lasts 1 to {MOST_HOURS} hours")
        with self._act(who) as act:
            return checkouts.check_out(act, name, reason, hours)

    def release(self, who: str, name: str) -> None:
        """Give an item back unchanged."""
        with self._act(who) as act:
            checkouts.release(act, name)

    def check_in(self, who: str, name: str, change: Change, base: int) -> CheckedIn:
        """Check a change in that was made from version `base`."""
        with self._act(who) as act:
            return checkins.check_in(act, name, change, base)

    def restore(self, who: str, name: str, number: int, change: Change) -> CheckedIn:
        """Check the text of an earlier version in."""
        with self._act(who) as act:
            return checkins.restore(act, name, number, change)

    def update_directly(
        self, who: str, changes: Mapping[str, Change]
    ) -> list[CheckedIn]:
        """Change many items at once, where the switch of the facility allows it."""
        with self._act(who) as act:
            return checkins.update_directly(act, changes)

    def approve(self, who: str, name: str, change: Change) -> CheckedIn:
        """Publish a change that waits."""
        with self._act(who) as act:
            return checkins.approve(act, name, change)

    def send_back(self, who: str, name: str, why: str) -> str:
        """Give a change that waits back to its author; return who that is."""
        with self._act(who) as act:
            return checkins.send_back(act, name, why)

    @contextmanager
    def _act(self, who: str) -> Iterator[Act]:
        # The moment is taken when the writer's turn has come: the trail's times ascend.
        with self.database.writing() as connection:
            yield Act(connection, who, self._moment(connection))

    def _moment(self, connection: Connection) -> datetime:
        return self.database.now(connection) if self.clock is None else self.clock()


def make_store(
    where: str, facility: Facility, who: str, clock: Clock | None = None
) -> Store:
    """Make a store at `where` for `facility`; `who` gets all rights.

    `StoreError` if there is one already, or if the database holds anything else.
    """
    made = Store(database(where, new=True), clock)
    with made.database.migrating() as connection:
        if revision_of(connection) is not None:
            raise StoreError(f"there is a store at {made.place} already")
        if is_in_use(connection):
            raise StoreError(
                f"{made.place} holds tables of something else: name a file that is not "
                "there yet, or an empty database"
            )
        upgrade(connection)
        people.found(Act(connection, who, made._moment(connection)), facility)  # noqa: SLF001 - its maker
    return made


def open_store(where: str, clock: Clock | None = None) -> Store:
    """Return the store at `where`; `StoreError` if there is none that can be used."""
    found = database(where)
    must_be_current(found)
    return Store(found, clock)


def upgrade_store(where: str) -> tuple[str, bool]:
    """Bring the tables of a store up to this whopays; tell where, and whether it was old."""
    found = database(where)
    with found.migrating() as connection:
        before = revision_of(connection)
        if before is None:
            raise StoreError(f"there is no store at {found.place}")
        if before > HEAD:
            raise StoreError(f"the store {found.place} is of a later whopays")
        if before < HEAD:
            upgrade(connection)
    return found.place, before < HEAD
