"""The facility with its switch, and the rights of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select, update

from whopays.office.switch import Facility
from whopays.store import tables
from whopays.store.chain import BEGINNING, Act
from whopays.store.problems import StoreError
from whopays.store.records import MANAGE, RIGHTS

_SETTINGS = ("fully_enabled", "secondary_only", "second_person", "reports", "ad_hoc")


def found(act: Act, facility: Facility) -> None:
    """Write the first rows of a store: the facility, and one person with all rights."""
    act.connection.execute(
        insert(tables.facility).values(
            id=1, entries=0, head=BEGINNING, **asdict(facility)
        )
    )
    act.tell("init", asdict(facility))
    for right in RIGHTS:
        _give(act, act.who, right)


def facility_of(connection: Connection) -> Facility:
    """Return the facility as it stands."""
    row = connection.execute(select(tables.facility)).first()
    if row is None:
        raise StoreError("the store is damaged: its facility is gone")
    return Facility(row.name, **{name: bool(getattr(row, name)) for name in _SETTINGS})


def set_facility(act: Act, changes: Mapping[str, bool]) -> Facility:
    """Change settings of the facility, and return it; what stays as it was is no entry."""
    must_have(act.connection, act.who, MANAGE)
    before = facility_of(act.connection)
    settings = {name: getattr(before, name) for name in _SETTINGS}
    changed = {name: on for name, on in changes.items() if settings[name] != on}
    if changed:
        act.connection.execute(update(tables.facility).values(**changed))
        act.tell("facility", changed)
    return Facility(before.name, **{**settings, **changed})


def rights_of(connection: Connection, person: str) -> frozenset[str]:
    """Return the rights of `person`."""
    asked = select(tables.rights.c.right_to).where(tables.rights.c.person == person)
    return frozenset(connection.execute(asked).scalars())


def all_rights(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return everybody's rights, by person."""
    found: dict[str, set[str]] = {}
    for row in connection.execute(select(tables.rights)):
        found.setdefault(row.person, set()).add(row.right_to)
    return {
        person: tuple(right for right in RIGHTS if right in found[person])
        for person in sorted(found)
    }


def must_have(connection: Connection, person: str, right: str) -> None:
    """Raise `StoreError` unless `person` has `right`."""
    if right in rights_of(connection, person):
        return
    raise StoreError(
        f"{person} has not the right `{right}` in this store; who has `{MANAGE}` gives "
        f"it: whopays store allow {person} {right}"
    )


def allow(act: Act, person: str, right: str) -> bool:
    """Give `person` a right; tell whether it is new."""
    must_have(act.connection, act.who, MANAGE)
    if right in rights_of(act.connection, person):
        return False
    _give(act, person, right)
    return True


def _give(act: Act, person: str, right: str) -> None:
    given = insert(tables.rights).values(person=person, right_to=right)
    act.connection.execute(given)
    act.tell("allow", {"person": person, "right": right})


def deny(act: Act, person: str, right: str) -> bool:
    """Take a right from `person`; tell whether there was one to take.

    The last who may manage keeps that right: nobody could give it back.
    """
    must_have(act.connection, act.who, MANAGE)
    if right not in rights_of(act.connection, person):
        return False
    held = tables.rights
    if right == MANAGE:
        asked = select(held.c.person).where(held.c.right_to == MANAGE)
        if len(act.connection.execute(asked).all()) == 1:
            raise StoreError(
                f"{person} is the only one with the right `{MANAGE}`: give it to another "
                "person first"
            )
    act.connection.execute(
        delete(held).where(held.c.person == person, held.c.right_to == right)
    )
    act.tell("deny", {"person": person, "right": right})
    return True
