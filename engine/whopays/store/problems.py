"""What the store refuses or can't do, in words; and the errors of databases, translated.

Whatever is raised here, nothing was changed: every change is one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

_FULL = "there is no room left where the store is; nothing was changed"
_BUSY = "the store is busy: others were writing for a minute; nothing was changed"
_READ_ONLY = "the store may be read, and not written, by you; nothing was changed"
_DAMAGED = "the store is damaged: restore it from a copy"
_NO_STORE = "there is no store in this database; `whopays store init` makes one"
_UNREACHABLE = "the database of the store can't be reached"
_NO_OPTION = "the URL of the store has a parameter that PostgreSQL does not know"
_UNWRITABLE = "the store can't be written: {}; nothing was changed"

#: By the beginning of the names of SQLite's errors.
_SQLITE = {
    "SQLITE_FULL": _FULL,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_NOTADB": "this file is no store",
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_IOERR": _UNWRITABLE.format("the disk refused, or has no room left"),
    "SQLITE_CANTOPEN": "the file of the store can't be opened or made: is its folder there?",
}
#: By the beginning of SQLSTATE, as PostgreSQL gives it.
_POSTGRESQL = {
    "53100": _FULL,
    "53": "the database of the store has no resources left; nothing was changed",
    "55P03": _BUSY,
    "40": _BUSY,
    "42501": _READ_ONLY,
    "25006": _READ_ONLY,
    "42P01": _NO_STORE,
    "08": _UNREACHABLE,
    "57": _UNREACHABLE,
    "28": "the database of the store does not let you in: is the name or password right?",
    "3D": "the database that the URL of the store names does not exist",
}


class StoreError(Exception):
    """The store refuses something, or can't do it: the text says what, and what to do."""


class MovedError(StoreError):
    """What was judged is no longer what is in the store: judge it again."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of databases that a user can act on into `StoreError`."""
    try:
        yield
    except DBAPIError as error:
        said = _words(error)
        if said is None:
            raise
        raise StoreError(said) from error


def _words(error: DBAPIError) -> str | None:
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return _beginning(_SQLITE, name)
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _beginning(_POSTGRESQL, state)
    # Who can't connect has no state yet; the driver's words may name the user.
    kind = type(error.orig).__name__
    if kind == "ProgrammingError" and "connection option" in str(error.orig):
        return _NO_OPTION
    return _UNREACHABLE if kind == "OperationalError" else None


def _beginning(known: dict[str, str], name: str) -> str | None:
    return next((said for key, said in known.items() if name.startswith(key)), None)
