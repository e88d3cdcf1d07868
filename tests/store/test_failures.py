"""A crash in the middle of a check-in, a full disk: nothing lost, nothing half-done."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, inspect, text

from stores import Office, change, fresh, texts, with_item
from whopays.store import Change, Store, StoreError, Verdict, make_store, open_store
from whopays.store.database import database

HERE = Path(__file__).parent


def _script(root: Path, name: str, *words: str) -> list[str]:
    folders = (root / "engine", root / "tests")
    ran = subprocess.run(
        [sys.executable, str(HERE / name), *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_a_crash_at_any_statement_of_a_check_in_leaves_all_as_it_was(
    place: str, root: Path
) -> None:
    store = with_item(make_store(place, Office(place).facility, "ana"))
    store.check_out("ana", "BLUE", "rates", hours=100)
    entries = store.verify().entries

    *crashed, whole = map(json.loads, _script(root, "crashing.py", place))

    assert len(crashed) > 8
    for each in crashed:
        assert each["texts"] == {"BLUE": "one"}
        assert each["is_out"]
        assert (each["entries"], each["problems"]) == (entries, [])
    assert whole["texts"] == {"BLUE": "two"}
    assert not whole["is_out"]
    assert (whole["entries"], whole["problems"]) == (entries + 1, [])


def _limited(store: Store) -> Store:
    """Return the store with as many pages as its file has: its disk is full."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    found = open_store(store.place)
    event.listen(found.database.engine, "connect", limit)
    return found


def test_a_full_disk_changes_nothing_and_is_told(tmp_path: Path) -> None:
    store = with_item(Office(str(tmp_path / "o.db")).store())
    store = open_store(store.place)
    store.check_out("ana", "BLUE", "rates")
    large = Change(bytes(range(256)) * 4096, "because", Verdict())

    with pytest.raises(StoreError, match=r"no room left .* nothing was changed"):
        _limited(store).check_in("ana", "BLUE", large, 1)

    assert texts(store) == {"BLUE": "one"}
    assert store.verify().problems == []
    assert store.check_in("ana", "BLUE", large, 1).number == 2


def test_a_file_that_may_not_grow_changes_nothing_and_is_told(
    tmp_path: Path, root: Path
) -> None:
    place = str(tmp_path / "o.db")
    store = with_item(make_store(place, Office(place).facility, "ana"))
    store.check_out("ana", "BLUE", "rates")

    (told,) = _script(root, "growing.py", place)

    assert "nothing was changed" in told
    assert texts(store) == {"BLUE": "one"}
    assert store.verify().problems == []
    assert store.check_in("ana", "BLUE", change("two"), 1).number == 2


def test_a_server_that_has_no_room_left_changes_nothing_and_is_told(
    server: str,
) -> None:
    place = fresh(server)
    store = with_item(Office(place).store())
    store.check_out("ana", "BLUE", "rates")
    with psycopg.connect(place) as connection:
        connection.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON trail "
            "FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )

    with pytest.raises(StoreError, match=r"no room left .* nothing was changed"):
        store.check_in("ana", "BLUE", change("two"), 1)

    assert texts(store) == {"BLUE": "one"}
    assert store.item("BLUE").check_out is not None
    assert store.verify().problems == []


def test_a_store_that_may_only_be_read_says_so(tmp_path: Path) -> None:
    store = with_item(Office(str(tmp_path / "o.db")).store())

    def guard(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(store.database.engine, "connect", guard)

    with pytest.raises(StoreError, match="may be read, and not written"):
        store.check_out("ana", "BLUE", "rates")


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_file_that_is_no_store_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "o.db"
    path.write_bytes(content)

    with pytest.raises(StoreError, match="no store"):
        open_store(str(path))


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("/no/such/folder/o.db", "there is no store"),
        ("mysql://host/office", "a store is a file, or a database of PostgreSQL"),
        ("postgresql://", "can't be reached"),
        ("postgresql://me:secret@/office?host=/no/such", "can't be reached"),
        ("sqlite://", "kept in a file"),
        ("", "a store is a file"),
        (":memory:", "a store is a file"),
        ("sqlite:///:memory:", "kept in a file"),
        ("://", "a store is a file"),
        ("postgresql://me:secret@host:port/office", "a store is a file"),
        ("postgresql://me:secret@[::1/office", "a store is a file"),
        ("postgresql:/me:secret@host/office", "a store is a file"),
        ("postgres:me:secret@host", "a store is a file"),
        ("postgresql://me:secret@localhost:1/office?passwrd=secret", "does not know"),
    ],
)
def test_what_can_not_be_opened_is_told_without_a_password(
    where: str, told: str
) -> None:
    with pytest.raises(StoreError, match=told) as caught:
        open_store(where)

    assert "secret" not in str(caught.value)


def test_a_place_is_shown_without_its_password() -> None:
    found = database("postgresql://me:secret@host/office")

    assert "secret" not in found.place
    assert "host/office" in found.place


def test_a_store_is_not_made_where_no_folder_is_or_in_memory(tmp_path: Path) -> None:
    facility = Office("").facility

    with pytest.raises(StoreError, match="is its folder there"):
        make_store(str(tmp_path / "no" / "o.db"), facility, "ana")
    with pytest.raises(StoreError, match="a store is a file"):
        make_store(":memory:", facility, "ana")


def test_a_database_of_something_else_is_left_alone(place: str) -> None:
    with database(place, new=True).migrating() as connection:
        connection.execute(text("CREATE TABLE orders (id INTEGER)"))

    with pytest.raises(StoreError, match="holds tables of something else"):
        make_store(place, Office(place).facility, "ana")

    with database(place).reading() as connection:
        assert inspect(connection).get_table_names() == ["orders"]


def test_without_a_clock_of_its_own_a_store_takes_the_databases(place: str) -> None:
    store = with_item(make_store(place, Office(place).facility, "ana"))

    _, held = store.check_out("ana", "BLUE", "rates", hours=1)

    assert held.since <= store.now() < held.expires
    made = datetime.fromisoformat(held.since)
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=10)


def test_there_is_one_store_in_a_place(office: Office) -> None:
    with_item(office.store())

    with pytest.raises(StoreError, match="already"):
        office.store()

    assert texts(open_store(office.place)) == {"BLUE": "one"}
