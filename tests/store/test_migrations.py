"""The tables come from alembic alone: from nothing, and from the revision before."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text

from stores import Office, change, texts, with_item
from whopays.store import StoreError, migrate, open_store, upgrade_store
from whopays.store.database import database
from whopays.store.migrations import HEAD
from whopays.store.records import RIGHTS, digest_of
from whopays.store.tables import metadata


def _migrated(place: str, revision: str) -> None:
    with database(place, new=True).migrating() as connection:
        migrate.upgrade(connection, revision)


def test_the_last_revision_is_the_one_that_whopays_works_with(root: Path) -> None:
    folder = root / "engine" / "whopays" / "store" / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_from_nothing_the_tables_are_those_of_the_code(place: str) -> None:
    _migrated(place, HEAD)

    with database(place).reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        assert migrate.revision_of(connection) == HEAD


def test_a_store_of_the_revision_before_keeps_what_it_holds(place: str) -> None:
    _migrated(place, "r0001")
    _old_rows(place)

    with pytest.raises(StoreError, match="whopays store upgrade"):
        open_store(place)
    assert upgrade_store(place)[1]
    assert not upgrade_store(place)[1]

    store = open_store(place)
    assert texts(store) == {"BLUE": "one"}
    assert not store.facility().second_person
    assert store.versions("BLUE")[0].approved_by is None
    store.set_facility("ana", {"second_person": True})
    store.allow("ana", "ben", "edit")
    store.check_out("ben", "BLUE", "rates")
    assert store.check_in("ben", "BLUE", change("two"), 1).waits
    assert store.approve("ana", "BLUE", change("two")).number == 2


def _old_rows(place: str) -> None:
    """Write rows as the revision before had them."""
    body = b"one"
    with database(place).migrating() as connection:
        connection.execute(
            text(
                "INSERT INTO facility (id, name, fully_enabled, secondary_only, "
                "reports, ad_hoc, entries, head) VALUES "
                "(1, 'H', :no, :no, :no, :no, 0, '0')"
            ),
            {"no": False},
        )
        for right in RIGHTS:
            connection.execute(
                insert(metadata.tables["rights"]).values(person="ana", right_to=right)
            )
        connection.execute(
            text(
                "INSERT INTO items (id, kind, name, current) "
                "VALUES (1, 'profile', 'BLUE', 1)"
            )
        )
        connection.execute(
            insert(metadata.tables["contents"]).values(
                digest=digest_of(body), body=body
            )
        )
        connection.execute(
            text(
                "INSERT INTO versions (item, number, digest, who, at, why, difference, "
                "checks) VALUES (1, 1, :digest, 'ana', '2026', 'why', '[]', '{}')"
            ),
            {"digest": digest_of(body)},
        )


def test_an_upgrade_that_fails_leaves_the_tables_as_they_were(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _migrated(place, "r0001")

    def upgrade_and_fail(connection: object) -> None:
        migrate.upgrade(connection)  # type: ignore[arg-type]
        raise RuntimeError("in the middle")

    monkeypatch.setattr("whopays.store.office_store.upgrade", upgrade_and_fail)
    with pytest.raises(RuntimeError):
        upgrade_store(place)

    with database(place).reading() as connection:
        assert migrate.revision_of(connection) == "r0001"
        tables = MigrationContext.configure(connection)
        assert compare_metadata(tables, metadata) != []


def test_a_store_of_a_later_whopays_is_not_touched(place: str) -> None:
    with_item(Office(place).store())
    with database(place).migrating() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))

    with pytest.raises(StoreError, match="later whopays"):
        open_store(place)
    with pytest.raises(StoreError, match="later whopays"):
        upgrade_store(place)


def test_an_empty_database_is_no_store(place: str) -> None:
    _migrated(place, HEAD)
    with database(place).migrating() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        assert connection.execute(select(metadata.tables["items"])).all() == []

    with pytest.raises(StoreError, match="no store"):
        upgrade_store(place)
