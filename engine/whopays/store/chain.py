"""The trail: entries that chain by digest, written in the transaction of what they tell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from whopays.store import tables
from whopays.store.records import Entry, canonical, digest_of
from whopays.store.times import later, stamp

#: What stands before the first entry.
BEGINNING = "0" * 64


def digest_of_entry(entry: Entry) -> str:
    """Return what the digest of `entry` has to be."""
    told = [
        *(entry.number, entry.at, entry.who, entry.what, entry.item, entry.version),
        *(dict(entry.more), entry.before),
    ]
    return digest_of(canonical(told).encode())


@dataclass(frozen=True)
class Act:
    """Who does something, at which moment, and the transaction in which it is done."""

    connection: Connection
    who: str
    moment: datetime

    @property
    def at(self) -> str:
        """The moment as the store keeps it."""
        return stamp(self.moment)

    def in_hours(self, hours: int) -> str:
        """Return the moment `hours` from now."""
        return later(self.moment, hours)

    def tell(
        self,
        what: str,
        more: Mapping[str, Any],
        item: str | None = None,
        version: int | None = None,
    ) -> None:
        """Append an entry to the trail: this transaction is the only writer."""
        facility = tables.facility
        end = self.connection.execute(select(facility.c.entries, facility.c.head)).one()
        bare = Entry(
            *(end.entries + 1, self.at, self.who, what, item, version),
            *(more, end.head, ""),
        )
        digest = digest_of_entry(bare)
        self.connection.execute(
            insert(tables.trail).values(
                number=bare.number,
                at=bare.at,
                who=bare.who,
                what=what,
                item=item,
                version=version,
                more=canonical(dict(more)),
                before=bare.before,
                digest=digest,
            )
        )
        self.connection.execute(
            update(facility).values(entries=bare.number, head=digest)
        )


def entries(connection: Connection, item: str | None = None) -> Iterator[Entry]:
    """Yield the entries of the trail in their order; of one `item`, or all."""
    asked = select(tables.trail).order_by(tables.trail.c.number)
    if item is not None:
        asked = asked.where(tables.trail.c.item == item)
    for row in connection.execute(asked):
        yield _entry(row)


def _entry(row: Row[Any]) -> Entry:
    try:
        more = json.loads(row.more)
    except ValueError:
        more = None
    return Entry(
        *(row.number, row.at, row.who, row.what, row.item, row.version),
        # What is no JSON was not written by us: kept so that its digest can't fit.
        more if isinstance(more, dict) else {"unreadable": row.more},
        *(row.before, row.digest),
    )
