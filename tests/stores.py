"""Stores for tests: on SQLite, and on a PostgreSQL that the tests start themselves."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg

from whopays.office import Facility
from whopays.store import CONTRACT, PROFILE, Change, Store, Verdict, make_store

#: Set by continuous integration: without PostgreSQL its tests fail there.
REQUIRED = "WHOPAYS_POSTGRESQL"
_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_SUPERUSER = "office"
_numbers = count(1)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    moment: datetime = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, hours: int) -> None:
        self.moment += timedelta(hours=hours)


@dataclass
class Office:
    """A store with people in it: ana has all rights, ben and eve may edit and approve."""

    place: str
    clock: Clock = field(default_factory=Clock)
    facility: Facility = field(default=Facility("General Hospital"))

    def store(self) -> Store:
        made = make_store(self.place, self.facility, "ana", self.clock)
        for person in ("ben", "eve"):
            for right in ("edit", "approve"):
                made.allow("ana", person, right)
        return made


def change(text: str, why: str = "because") -> Change:
    return Change(text.encode(), why, Verdict({"errors": 0}, (f"now {text}",)))


def with_item(store: Store, name: str = "BLUE", text: str = "one") -> Store:
    store.add("ana", PROFILE, {name: change(text)})
    return store


def texts(store: Store) -> dict[str, str]:
    """Return what the published items of a store say."""
    return {name: body.decode() for name, (_, body) in store.current().items.items()}


def binary(name: str) -> str | None:
    """Return where a program of PostgreSQL is: on the path, or where Debian puts it."""
    places = [os.environ.get("PATH", ""), *map(str, _BINARIES)]
    return shutil.which(name, path=os.pathsep.join(places))


def is_there() -> bool:
    return binary("initdb") is not None and binary("postgres") is not None


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server in a folder of its own; give its URL, with `{}` for a schema.

    The server refuses to run for root, so then it runs for another user.
    """
    # A socket needs a short path, and root's folder of the tests lets nobody else in.
    folder = Path(tempfile.mkdtemp(prefix="whopays-pg-", dir="/tmp"))
    user = _other_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    made = _started(
        *("initdb", "-D", data, "-U", _SUPERUSER, "-A", "trust", "-N", "-E", "UTF8")
    )
    told, _ = made.communicate()
    assert made.returncode == 0, told.decode()
    server = _started(
        *("postgres", "-D", data, "-c", "listen_addresses=", "-c", "fsync=off"),
        *("-c", f"unix_socket_directories={folder}", "-c", "max_connections=50"),
        output=folder / "log",
    )
    try:
        url = f"postgresql://{_SUPERUSER}@/postgres?host={folder}"
        _wait_for(url, server)
        yield url + "&options=-csearch_path%3D{}"
    finally:
        server.send_signal(signal.SIGQUIT)  # at once; nothing of it is kept
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert server.poll() is None, "PostgreSQL did not start"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("PostgreSQL did not start within a minute")


def fresh(server: str) -> str:
    """Make an empty schema on the server, and return its URL."""
    name = f"office_{os.getpid()}_{next(_numbers)}"
    url = server.format(name)
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return url


def _other_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {each.pw_name: each for each in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _started(
    name: str, *words: str | Path, output: Path | None = None
) -> subprocess.Popen[bytes]:
    program = binary(name)
    assert program is not None, f"there is no {name} on this machine"
    user = _other_user()
    with ExitStack() as stack:
        told = stack.enter_context(output.open("wb")) if output else subprocess.PIPE
        return subprocess.Popen(
            [program, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
        )


__all__ = [
    "CONTRACT",
    "PROFILE",
    "REQUIRED",
    "Clock",
    "Office",
    "change",
    "fresh",
    "is_there",
    "postgresql",
    "texts",
    "with_item",
]
