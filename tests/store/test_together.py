"""Eight processes check out and in at the same time: no lost update, the chain verifies.

A few seconds here; `make concurrency` gives them a minute (STORE_SECONDS).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from stores import PROFILE, Office, change, texts
from whopays.store import StoreError, make_store, open_store

WORKER = Path(__file__).parent / "working.py"
SECONDS = os.environ.get("STORE_SECONDS", "3")
PEOPLE = [f"person-{number}" for number in range(8)]
ITEMS = ("BLUE", "RED", "GREEN")


def test_eight_processes_lose_no_update(place: str, root: Path) -> None:
    store = make_store(place, Office(place).facility, "ana")
    store.add("ana", PROFILE, {name: change("0") for name in ITEMS})
    for person in PEOPLE:
        store.allow("ana", person, "edit")
    folders = (root / "engine", root / "tests")
    workers = [
        subprocess.Popen(
            [sys.executable, str(WORKER), place, person, SECONDS],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for person in PEOPLE
    ]

    told = [worker.communicate() for worker in workers]

    assert [err for _, err in told if err] == []
    done: Counter[str] = Counter()
    for out, _ in told:
        done.update(json.loads(out)["done"])
    assert sum(done.values()) > 0
    assert texts(store) == {name: str(done[name]) for name in ITEMS}
    for name in ITEMS:
        versions = store.versions(name)
        assert [each.number for each in versions] == list(range(1, done[name] + 2))
    checked = store.verify()
    assert checked.problems == []
    assert checked.versions == sum(done.values()) + len(ITEMS)
    print(f"{checked.versions} versions, {checked.entries} entries of the trail")


def test_of_two_editors_at_once_one_is_refused(place: str) -> None:
    one = make_store(place, Office(place).facility, "ana")
    one.add("ana", PROFILE, {"BLUE": change("one")})
    one.allow("ana", "ben", "edit")
    one.check_out("ana", "BLUE", "rates")

    with pytest.raises(StoreError, match="checked out by ana"):
        open_store(place).check_out("ben", "BLUE", "typo")
