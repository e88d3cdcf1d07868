"""Checks in a large text while no file may grow, and prints what is told."""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

from whopays.store import Change, StoreError, Verdict, open_store


def main(place: str) -> None:
    store = open_store(place)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = Path(place).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        store.check_in("ana", "BLUE", Change(b"x" * 10_000_000, "why", Verdict()), 1)
    except StoreError as error:
        print(error)


if __name__ == "__main__":
    main(sys.argv[1])
