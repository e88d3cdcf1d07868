"""The trail chains, published versions stay, and whatever is tampered with is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from stores import Office, change, fresh, with_item
from whopays.office import Facility
from whopays.store import PROFILE, Store, StoreError
from whopays.store.verify import verify

Run = Callable[[str], None]


@pytest.fixture
def run(place: str) -> Run:
    """Return what runs a statement behind the back of the store."""

    def on_sqlite(statement: str) -> None:
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute(statement)

    def on_postgresql(statement: str) -> None:
        with psycopg.connect(place) as connection:
            connection.execute(statement.encode())

    return on_postgresql if "://" in place else on_sqlite


def _busy(store: Store) -> Store:
    """Return a store in which a little of everything has happened."""
    with_item(with_item(store), "RED", "r1")
    store.check_out("ana", "BLUE", "rates")
    store.check_in("ana", "BLUE", change("two"), 1)
    store.set_facility("ana", {"second_person": True})
    store.check_out("ben", "BLUE", "rates")
    store.check_in("ben", "BLUE", change("three"), 2)
    store.check_out("eve", "RED", "typo")
    return store


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def busy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Store:
    """Return a busy store on each database, which nobody changes for good."""
    if request.param == "sqlite":
        return _busy(Office(str(tmp_path_factory.mktemp("busy") / "o.db")).store())
    return _busy(Office(fresh(request.getfixturevalue("server"))).store())


class _UndoneError(Exception):
    pass


def _tampered(store: Store, statement: str) -> list[str]:
    """Return what is told of a store after `statement`, and undo it.

    It is run as who owns the database may: without the guards.
    """
    problems: list[str] = []
    with (
        suppress(_UndoneError),
        store.database.migrating() as connection,
    ):
        for table in ("contents", "versions", "trail"):
            if store.database.is_sqlite:
                for act in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{act}")
            else:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        connection.exec_driver_sql(statement)
        problems = verify(connection).problems
        raise _UndoneError
    return problems


def test_a_store_that_nobody_tampered_with_is_right(store: Store) -> None:
    done = _busy(store).verify()

    assert done.problems == []
    assert (done.versions, done.contents) == (3, 4)
    assert done.entries == len(store.trail())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE versions SET why = 'another'",
        "DELETE FROM versions",
        "UPDATE contents SET digest = 'x'",
        "DELETE FROM contents",
        "UPDATE trail SET who = 'ben'",
        "DELETE FROM trail",
    ],
)
def test_the_database_refuses_to_change_what_is_written_once(
    store: Store, run: Run, statement: str
) -> None:
    _busy(store)

    with pytest.raises((sqlite3.Error, psycopg.Error), match="written once"):
        run(statement)

    assert store.verify().problems == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE versions SET why = 'another' WHERE number = 2", "version 2 of BLUE"),
        ("UPDATE versions SET difference = '[]' WHERE number = 2", "version 2 of BLUE"),
        ("UPDATE versions SET approved_by = 'eve' WHERE number = 2", "version 2"),
        ("DELETE FROM versions WHERE number = 2", "version 2 of BLUE is missing"),
        ("UPDATE items SET current = 1", "the versions of BLUE are not 1 to 1"),
        ("UPDATE trail SET who = 'ben' WHERE number = 6", "entry 6 of the trail was"),
        ("UPDATE trail SET at = '1999' WHERE number = 6", "entry 6 of the trail was"),
        ("UPDATE trail SET more = '{}' WHERE number = 6", "entry 6 of the trail was"),
        ("UPDATE trail SET more = '{' WHERE number = 6", "entry 6 of the trail was"),
        ("DELETE FROM trail WHERE number = 6", "entry 6 of the trail is missing"),
        ("DELETE FROM trail WHERE number > 12", "the trail ends at entry 12, and had"),
        ("UPDATE facility SET fully_enabled = TRUE", "settings of the facility"),
        ("UPDATE facility SET name = 'Mercy'", "settings of the facility"),
        ("INSERT INTO rights VALUES ('joe', 'manage')", "the rights of people"),
        ("UPDATE versions SET difference = '{' WHERE number = 2", "version 2 of BLUE"),
        ("UPDATE versions SET checks = '7' WHERE number = 2", "version 2 of BLUE"),
        ("DELETE FROM facility", "the facility is gone"),
        ("DELETE FROM check_outs", "the check-out of RED"),
        ("UPDATE check_outs SET owner = 'joe'", "the check-out of RED"),
        ("UPDATE check_outs SET reason = 'none'", "the check-out of RED"),
        ("UPDATE check_outs SET since = '1999'", "the check-out of RED"),
        ("UPDATE check_outs SET base = 7", "the check-out of RED"),
        (
            "UPDATE check_outs SET draft = (SELECT min(digest) FROM contents)",
            "the check-out of RED",
        ),
        ("UPDATE proposals SET who = 'joe'", "the change of BLUE that waits"),
        ("UPDATE proposals SET why = 'another'", "the change of BLUE that waits"),
        ("UPDATE proposals SET at = '1999'", "the change of BLUE that waits"),
        ("UPDATE proposals SET base = 1", "the change of BLUE that waits"),
        ("UPDATE proposals SET difference = '[]'", "the change of BLUE that waits"),
        ("UPDATE proposals SET checks = '{\"a\": 1}'", "the change of BLUE that waits"),
        (
            "UPDATE proposals SET digest = (SELECT min(digest) FROM contents)",
            "the change of BLUE that waits",
        ),
    ],
)
def test_what_is_tampered_with_is_told(busy: Store, statement: str, told: str) -> None:
    assert [each for each in _tampered(busy, statement) if told in each]


def test_a_changed_content_is_told(busy: Store) -> None:
    zero = "x'00'" if busy.database.is_sqlite else "'\\x00'"
    digest = busy.versions("BLUE")[0].digest
    statement = f"UPDATE contents SET body = {zero} WHERE digest = '{digest}'"  # noqa: S608

    assert [each for each in _tampered(busy, statement) if digest[:12] in each]


def test_a_changed_content_is_not_given_out(tmp_path: Path) -> None:
    place = tmp_path / "o.db"
    store = with_item(Office(str(place)).store())
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("DROP TRIGGER contents_no_update")
        connection.execute("UPDATE contents SET body = x'00'")

    with pytest.raises(StoreError, match="not what was kept"):
        store.version("BLUE", 1)


def test_a_head_that_was_noted_down_has_to_be_passed_through(store: Store) -> None:
    head = _busy(store).verify().head
    store.allow("ana", "joe", "edit")

    assert store.verify(head).problems == []
    assert store.verify("f" * 64).problems == [
        f"the trail does not pass through {'f' * 64}"
    ]


def test_a_trail_that_was_cut_and_mended_is_told_by_a_head(tmp_path: Path) -> None:
    place = tmp_path / "office.db"
    store = with_item(Office(str(place)).store())
    copy = place.read_bytes()
    store.check_out("ana", "BLUE", "rates")
    head = store.verify().head
    place.write_bytes(copy)  # an older copy put in place of the store

    assert store.verify().problems == []
    assert store.verify(head).problems != []


def test_the_same_acts_give_the_same_trail_on_both_databases(
    tmp_path: Path, place: str
) -> None:
    facility = Facility("H", fully_enabled=True)
    heads = set()
    for where in (place, str(tmp_path / "other.db")):
        store = Office(where, facility=facility).store()
        store.add("ana", PROFILE, {"BLUE": change("é\u2003x")})
        heads.add(_busy_head(store))

    assert len(heads) == 1


def _busy_head(store: Store) -> str:
    store.check_out("ben", "BLUE", "why not")
    store.check_in("ben", "BLUE", change("two"), 1)
    return store.verify().head
