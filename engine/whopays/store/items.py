"""Items and their versions, read from the tables."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from whopays.diagnostics import nearest
from whopays.store import tables
from whopays.store.problems import StoreError
from whopays.store.records import (
    CheckOut,
    Item,
    Proposal,
    Verdict,
    Version,
    digest_of,
)


def all_items(connection: Connection) -> list[Item]:
    """Return all items, sorted by name."""
    rows = connection.execute(select(tables.items).order_by(tables.items.c.name))
    outs = _by_item(connection, tables.check_outs)
    waiting = _by_item(connection, tables.proposals)
    digests = {
        (row.item, row.number): row.digest
        for row in connection.execute(
            select(
                tables.versions.c.item,
                tables.versions.c.number,
                tables.versions.c.digest,
            )
        )
    }
    return [
        _item(
            row,
            digests.get((row.id, row.current)),
            outs.get(row.id),
            waiting.get(row.id),
        )
        for row in rows
    ]


def _by_item(connection: Connection, table: Any) -> dict[int, Row[Any]]:
    return {row.item: row for row in connection.execute(select(table))}


def item_of(connection: Connection, name: str) -> Item:
    """Return the item called `name`; `StoreError` if there is none."""
    asked = select(tables.items).where(tables.items.c.name == name)
    row = connection.execute(asked).first()
    if row is None:
        names = connection.execute(select(tables.items.c.name)).scalars().all()
        near = nearest(name, names)
        hint = f"; did you mean {near}?" if near else ""
        raise StoreError(f"the store has no {name}{hint}")
    out = _row_of(connection, tables.check_outs, row.id)
    waiting = _row_of(connection, tables.proposals, row.id)
    digest = connection.execute(
        select(tables.versions.c.digest).where(
            tables.versions.c.item == row.id, tables.versions.c.number == row.current
        )
    ).scalar()
    return _item(row, digest, out, waiting)


def _row_of(connection: Connection, table: Any, key: int) -> Row[Any] | None:
    return connection.execute(select(table).where(table.c.item == key)).first()


def _item(
    row: Row[Any], digest: str | None, out: Row[Any] | None, waiting: Row[Any] | None
) -> Item:
    return Item(
        row.kind,
        row.name,
        row.current,
        digest,
        None if out is None else _check_out(out),
        None if waiting is None else _proposal(waiting),
        row.id,
    )


def _check_out(row: Row[Any]) -> CheckOut:
    return CheckOut(row.owner, row.reason, row.since, row.expires, row.base, row.draft)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(row.digest, row.who, row.at, row.why, row.base, _verdict(row))


def _verdict(row: Row[Any]) -> Verdict:
    try:
        return Verdict(dict(json.loads(row.checks)), tuple(json.loads(row.difference)))
    except (ValueError, TypeError):
        # Not written by us: `verify` tells it, because its digest can't fit.
        return Verdict({}, ("this can't be read",))


def versions_of(connection: Connection, item: Item) -> list[Version]:
    """Return the versions of `item`, the first one first."""
    asked = (
        select(tables.versions)
        .where(tables.versions.c.item == item.key)
        .order_by(tables.versions.c.number)
    )
    return [version_of_row(row) for row in connection.execute(asked)]


def version_of_row(row: Row[Any]) -> Version:
    """Return the version that a row of the table holds."""
    return Version(
        *(row.number, row.digest, row.who, row.at, row.why, row.approved_by),
        _verdict(row),
    )


def version_of(connection: Connection, item: Item, number: int) -> Version:
    """Return version `number` of `item`; `StoreError` if there is none."""
    asked = select(tables.versions).where(
        tables.versions.c.item == item.key, tables.versions.c.number == number
    )
    row = connection.execute(asked).first()
    if row is None:
        there = f"1 to {item.current}" if item.current else "none published yet"
        raise StoreError(
            f"{item.name} has no version {number}; its versions are {there}"
        )
    return version_of_row(row)


def content_of(connection: Connection, digest: str) -> bytes:
    """Return the content with `digest`; `StoreError` if it is not what it was."""
    asked = select(tables.contents.c.body).where(tables.contents.c.digest == digest)
    body = connection.execute(asked).scalar()
    if body is None or digest_of(bytes(body)) != digest:
        raise StoreError(
            f"the content {digest[:12]} is not what was kept; `whopays store verify` "
            "says what else is wrong"
        )
    return bytes(body)


def keep(connection: Connection, body: bytes) -> str:
    """Keep `body` unless it is kept already, and return its digest."""
    digest = digest_of(body)
    asked = select(tables.contents.c.digest).where(tables.contents.c.digest == digest)
    if connection.execute(asked).first() is None:
        connection.execute(insert(tables.contents).values(digest=digest, body=body))
    return digest
