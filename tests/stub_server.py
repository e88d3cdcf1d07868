"""A worker that does at one entry what durable-rules must never do.

`WHOPAYS_STUB` says what: hang, crash, lose (its canary), or load (crash while rules are
loaded). The entry is the one whose cells are all zero.
"""

from __future__ import annotations

import os
import signal
from time import sleep
from typing import Any

from whopays.engines import server
from whopays.engines.rulesets import EngineError

_RIGHT = server.Answers


class Answers(_RIGHT):
    """Answers rightly, but for one entry."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        if os.environ["WHOPAYS_STUB"] == "load":
            os.kill(os.getpid(), signal.SIGSEGV)

    def held(self, cells: Any) -> frozenset[int]:
        """Return the clauses that hold at `cells`, or misbehave."""
        if not any(cells):
            what = os.environ["WHOPAYS_STUB"]
            if what == "hang":
                sleep(1000)
            if what == "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            if what == "lose":
                raise EngineError("durable-rules lost its canary")
        return super().held(cells)


if __name__ == "__main__":
    server.Answers = Answers  # type: ignore[misc]
    server.main()
