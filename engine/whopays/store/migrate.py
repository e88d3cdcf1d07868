"""Which revision a database has, and the way to the one that this whopays works with."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from whopays.store.database import Database
from whopays.store.migrations import HEAD
from whopays.store.problems import StoreError

_TABLE = "alembic_version"


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables of a database; None where there are none."""
    if not inspect(connection).has_table(_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {_TABLE}")).first()  # noqa: S608 - no input
    return None if found is None else str(found[0])


def is_in_use(connection: Connection) -> bool:
    """Tell whether a database has any tables."""
    return bool(inspect(connection).get_table_names())


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Bring the tables to `revision`, in the transaction of `connection`."""
    # Slow to import, and only who makes or upgrades a store needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", _folder())
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _folder() -> str:
    # A percent sign would be taken for the beginning of a placeholder.
    return str(Path(__file__).parent / "migrations").replace("%", "%%")


def must_be_current(database: Database) -> None:
    """Raise `StoreError` unless the tables are those that this whopays works with."""
    with database.reading() as connection:
        found = revision_of(connection)
    if found is None:
        raise StoreError(
            f"there is no store in {database.place}; `whopays store init` makes one"
        )
    if found < HEAD:
        raise StoreError(
            f"the store {database.place} is of an earlier whopays; make a copy of it, "
            "then run `whopays store upgrade`"
        )
    if found > HEAD:
        raise StoreError(
            f"the store {database.place} is of a later whopays: use that one, or a later"
        )
