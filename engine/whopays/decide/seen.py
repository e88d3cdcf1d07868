"""A clause as a trace has it, and its JSON, which is made once.

Of two ways that lines go most clauses come to the same. So what is said of a clause is
kept, and a trace is named and written by putting together what was written before. No
value of a line is kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from whopays.decide.asked import Asked, Test

_MOST = 10_000  # of one condition that are kept


@dataclass(frozen=True)
class Seen:
    """A clause or category that was looked at, and what came of it.

    `state`: `answers`, `moved` (a treat), `replaced` (with the exceptions `by`),
    `stands` (it acts, unless an open exception replaces it), `failed` or `open` (with the `tests` that made it so), `idle` (it holds, but what it
    is an exception to does not act), `chosen`, `passed over` (categories).
    """

    id: str
    kind: str
    state: str
    answer: str = ""
    cites: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    tests: tuple[Test, ...] = ()
    place: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """All but the line's own values as plain data, in the order of the fields."""
        found = {name: getattr(self, name) for name in _NAMES}
        tests = [{"text": t.text, "facts": list(t.facts)} for t in self.tests]
        return {
            **found,
            "cites": list(self.cites),
            "by": list(self.by),
            "tests": tests,
        }

    @cached_property
    def identity(self) -> str:
        """`plain` as JSON in a form of its own: part of what a trace is named by."""
        plain = self.plain
        tests = [{**test, "values": ()} for test in plain["tests"]]
        return _IDENTITY.encode({**plain, "tests": tests})

    @cached_property
    def json(self) -> str:
        """`plain` as JSON, its keys in order."""
        return _JSON.encode(self.plain)


_NAMES = tuple(each.name for each in fields(Seen))
_IDENTITY = json.JSONEncoder(sort_keys=True)
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def seen_again(asked: Asked, seen: Seen) -> Seen:
    """Return the clause with the condition `asked`: the same each time it is as `seen`."""
    found: Seen = asked.said.setdefault(seen, seen)
    if len(asked.said) > _MOST:
        asked.said.clear()
    return found
