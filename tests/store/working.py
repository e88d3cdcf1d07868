"""Checks items out and in until the time is over, and prints how often, by item."""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter

from stores import change
from whopays.store import StoreError, open_store


def main(place: str, person: str, seconds: str) -> None:
    chance = random.Random(person)  # noqa: S311 - nothing secret
    store = open_store(place)
    names = [item.name for item in store.items()]
    done: Counter[str] = Counter()
    refused = 0
    end = time.monotonic() + int(seconds)
    while time.monotonic() < end:
        name = chance.choice(names)
        try:
            item, held = store.check_out(person, name, "counting")
        except StoreError as error:
            if "is checked out by" not in str(error):
                raise
            refused += 1
            continue
        version, body = store.version(name)
        assert version.number == held.base == item.current
        if chance.random() < 0.1:
            store.release(person, name)
            continue
        store.check_in(person, name, change(str(int(body) + 1)), held.base)
        done[name] += 1
    print(json.dumps({"done": done, "refused": refused}))


if __name__ == "__main__":
    main(*sys.argv[1:])
