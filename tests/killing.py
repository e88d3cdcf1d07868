"""A process that decides files and is killed at some instant: `killing.py FOLDER SEED`.

FOLDER has `rules` and `claims.csv`. For each attempt a process of its own kills itself
with SIGKILL just before it opens, renames or removes its nth file, goes on after that
and is killed once more, and then goes on to the end.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet  # noqa: F401 - here, so that each process has it

from whopays.api import RuleBook, load

ATTEMPTS = 20
_EVENTS = frozenset({"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"})


def in_a_process(work: Callable[[], None]) -> int:
    """Do `work` in a process of its own, and return by which signal it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        work()
    except BaseException:  # noqa: BLE001 - the parent has to know
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def killed_at(left: int, told: Path | None = None) -> None:
    """Kill this process at its event number `left`; write into `told` how many it has."""
    count = 0

    def hook(event: str, given: tuple[Any, ...]) -> None:
        nonlocal count
        if event in _EVENTS and ".part" in str(given[0]):
            count += 1
            if count == left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    if told is not None:
        _decided.append(lambda: told.write_text(str(count)))


_decided: list[Callable[[], Any]] = []


def decide(book: RuleBook, folder: Path, out: str, form: dict[str, Any]) -> None:
    """Decide the claims of `folder`, going on with what is there."""
    book.decide_files(
        [folder / "claims.csv"], folder / out, chunk=3, resume=True, **form
    )
    for each in _decided:
        each()


def main(folder: Path, seed: int) -> None:
    """Kill and go on, `ATTEMPTS` times; each output is a folder of `folder`."""
    chance = Random(seed)  # noqa: S311 - an instant, not a secret
    book = load(folder / "rules", engine="reference")
    forms: list[dict[str, Any]] = [
        {"form": "jsonl"},
        {"form": "parquet"},
        {"form": "parquet", "partition": "month"},
    ]
    many = {}
    for at, form in enumerate(forms):
        told = folder / "told"

        def whole(at: int = at, form: dict[str, Any] = form, told: Path = told) -> None:
            killed_at(0, told)
            decide(book, folder, f"whole-{at}", form)

        assert in_a_process(whole) == 0
        many[at] = int(told.read_text())
    for attempt in range(ATTEMPTS):
        at = attempt % len(forms)
        for last in (False, False, True):
            left = 0 if last else chance.randint(1, many[at])

            def some(attempt: int = attempt, at: int = at, left: int = left) -> None:
                killed_at(left)
                decide(book, folder, f"out-{at}-{attempt}", forms[at])

            code = in_a_process(some)
            assert code in ({0} if last else {0, -signal.SIGKILL}), code
            sys.stdout.write("killed\n" if code else "ended\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
