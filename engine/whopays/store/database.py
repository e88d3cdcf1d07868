"""The database of a store: an SQLite file, or PostgreSQL by its URL; transactions.

Writers stand in a line: on SQLite a transaction takes the file before it reads, on
PostgreSQL it takes the facility's row. What a writer has read can't change under it, and
the trail has no forks. SQLite keeps its ordinary journal: the other kind (WAL) fails on
network drives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from whopays.store.problems import StoreError, translated
from whopays.store.tables import facility

_MEMORY = ":memory:"  # gone with the command that made it
_PATIENCE = 60  # seconds to wait for another writer
_POSTGRESQL = "postgresql+psycopg"
#: A mistyped URL, and no file: it may hold a password, and is not shown.
_NEARLY_URL = re.compile(r"\s*postgres[\w+]*:", re.IGNORECASE)


@dataclass(frozen=True)
class Database:
    """A database, and how transactions on it begin."""

    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.engine.dialect.name == "sqlite"

    @property
    def place(self) -> str:
        """Where it is, as it may be shown: without a password."""
        url = self.engine.url
        if self.is_sqlite:
            return str(url.database)
        return url.render_as_string(hide_password=True)

    def now(self, connection: Connection) -> datetime:
        """Return this moment: of the server, because clocks of desks differ."""
        if self.is_sqlite:
            return datetime.now(UTC)
        found: datetime = connection.execute(
            select(func.clock_timestamp())
        ).scalar_one()
        return found

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that sees one state of the store, and changes nothing."""
        options: dict[str, Any] = {}
        if not self.is_sqlite:
            options = {
                "isolation_level": "REPEATABLE READ",
                "postgresql_readonly": True,
            }
        with translated(), self.engine.connect() as connection:
            reader = connection.execution_options(**options)
            with reader.begin():
                yield reader

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that nobody else writes beside; undone by any exception."""
        with translated(), self.engine.connect() as connection:
            writer = connection.execution_options(writes=True)
            with writer.begin():
                # Where rows can be locked; the file is taken already on SQLite.
                writer.execute(select(facility.c.id).with_for_update())
                yield writer

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Give a transaction in which tables are made or changed."""
        with translated(), self.engine.connect() as connection:
            writer = connection.execution_options(writes=True)
            with writer.begin():
                yield writer


def database(where: str, *, new: bool = False) -> Database:
    """Return the database at `where`: a file, or a URL such as postgresql://host/office.

    `new`: the file may be absent. `StoreError` where it is not there, or is of no known
    kind; a server is not asked before the first transaction.
    """
    url = _url(where)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        if not new and not path.is_file():
            raise StoreError(
                f"there is no store {path}; `whopays store init` makes one, and --store "
                "or WHOPAYS_STORE says where it is"
            )
        engine = create_engine(url, poolclass=NullPool, connect_args=_sqlite_options())
        event.listen(engine, "connect", _connected)
        event.listen(engine, "begin", _begun)
    else:
        engine = _postgresql(url)
    return Database(engine)


def _url(where: str) -> URL:
    is_file = "://" not in where and where.strip() not in {"", _MEMORY}
    if is_file and not _NEARLY_URL.match(where):
        return URL.create("sqlite", database=where)
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):  # a port or a host that is none
        url = None
    name = url.get_backend_name() if url is not None else ""
    if url is None or name not in {"sqlite", "postgresql", "postgres"}:
        raise StoreError(
            "a store is a file, or a database of PostgreSQL by its URL: "
            "postgresql://USER@HOST/NAME"
        )
    if name == "sqlite" and url.database in {None, "", _MEMORY}:
        raise StoreError("a store is kept in a file: sqlite:///FILE, or just FILE")
    return url if name == "sqlite" else url.set(drivername=_POSTGRESQL)


def _postgresql(url: URL) -> Engine:
    own = url.query.get("options", "")
    options = {
        "connect_timeout": 10,
        "options": f"-c lock_timeout={_PATIENCE}s {own if isinstance(own, str) else ''}",
    }
    try:
        return create_engine(url, poolclass=NullPool, connect_args=options)
    except ModuleNotFoundError:
        raise StoreError(
            "a store in PostgreSQL needs its driver: pip install 'whopays[postgresql]'"
        ) from None


def _sqlite_options() -> dict[str, Any]:
    # None: the driver begins no transaction by itself, `_begun` does.
    return {"timeout": _PATIENCE, "isolation_level": None}


def _connected(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")


def _begun(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
