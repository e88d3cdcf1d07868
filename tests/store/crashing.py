"""Checks in once for each statement of a check-in, and dies right after it.

Prints a line of JSON for each death, with what the store looks like afterwards; the last
line is of the check-in that came through.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from itertools import count
from typing import Any

from sqlalchemy import event

from stores import change, texts
from whopays.store import open_store


def main(place: str) -> None:
    for last in count(1):
        child = os.fork()
        if child == 0:
            _check_in(place, last)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        died = os.WIFSIGNALED(status)
        store = open_store(place)
        found: dict[str, Any] = {
            "died": died,
            "texts": texts(store),
            "is_out": store.item("BLUE").check_out is not None,
            "entries": store.verify().entries,
            "problems": store.verify().problems,
        }
        print(json.dumps(found))
        if not died:
            return


def _check_in(place: str, last: int) -> None:
    store = open_store(place)
    seen = count(1)

    def die(*_: object) -> None:
        if next(seen) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.database.engine, "after_cursor_execute", die)
    event.listen(store.database.engine, "commit", die)
    store.check_in("ana", "BLUE", change("two"), 1)


if __name__ == "__main__":
    main(sys.argv[1])
