"""Each test of a store runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stores import REQUIRED, Office, fresh, is_there, postgresql
from whopays.store import Store


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Give the URL of a PostgreSQL server of our own, with `{}` for a schema."""
    if not is_there() and not os.environ.get(REQUIRED):
        pytest.skip("PostgreSQL's initdb and postgres are not on this machine")
    with postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a store may be made: a file, or an empty schema."""
    if request.param == "sqlite":
        return str(tmp_path / "office.db")
    return fresh(request.getfixturevalue("server"))


@pytest.fixture
def office(place: str) -> Office:
    """Return an office whose clock can be moved."""
    return Office(place)


@pytest.fixture
def store(office: Office) -> Store:
    """Return the store of the office, empty."""
    return office.store()
