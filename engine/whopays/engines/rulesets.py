"""The only module that knows durable-rules: rules of keys loaded, one entry asked.

It imports nothing else of whopays, so that the worker starts at once. What it is given
is plain data (`engines.plan`), which goes through JSON unchanged.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from typing import Any

RULES_A_SHARD = 60
CANARY = "on"
_SESSION = "s"
_names = itertools.count()


class EngineError(RuntimeError):
    """The engine did not answer as it must: a bug of ours or of durable-rules."""


class EngineMissing(RuntimeError):
    """durable-rules can't be imported; the text says how to install it."""

    def __init__(self) -> None:
        super().__init__(
            "durable-rules can't be loaded. On Python 3.13 and later install it with\n"
            "  CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject pip install "
            "--no-cache-dir --force-reinstall durable_rules==2.0.28\n"
            "or decide with --engine reference."
        )


def raw_engine() -> Any:
    """Return the engine's module; raise `EngineMissing` with the command that helps."""
    try:
        import durable_rules_engine  # noqa: PLC0415 - only where it is asked for
    except ImportError:
        raise EngineMissing from None
    return durable_rules_engine


class Rulesets:
    """The rulesets of one plan, loaded.

    `plan` has `keys` (key, dimension, cells in which it is true), `strata` (key, the
    rules any of which makes it true), and `rules`, each a name and its keys.
    """

    def __init__(self, plan: dict[str, Any]) -> None:
        self._raw = raw_engine()
        self._said: dict[int, dict[int, str]] = {}
        for key, dim, cells in plan["keys"]:
            said = self._said.setdefault(dim, {})
            for cell in cells:
                said[cell] = f'{said.get(cell, "")},"{key}":1'
        self._derived = [
            (f',"{key}":1', _shards(self._raw, rules)) for key, rules in plan["strata"]
        ]
        self._shards = _shards(self._raw, plan["rules"])

    def held(self, cells: Sequence[int]) -> frozenset[int]:
        """Return the indexes of the clauses that hold at `cells`."""
        message = f'{{"id":1,"sid":"{_SESSION}","{CANARY}":1'
        for dim, said in self._said.items():
            message += said.get(cells[dim], "")
        for key, shards in self._derived:
            if any(_fired(self._raw, shard, message + "}") for shard in shards):
                message += key
        message += "}"
        found: set[int] = set()
        for shard in self._shards:
            for rule in _fired(self._raw, shard, message):
                found.add(int(rule[1:].partition("_")[0]))
        return frozenset(found)

    def close(self) -> None:
        """Unload the rulesets; their state first, or it leaks."""
        for shards in (*(some for _, some in self._derived), self._shards):
            for shard in shards:
                self._raw.delete_state(shard, _SESSION)
                self._raw.delete_ruleset(shard)
        self._derived, self._shards = [], []


def _shards(raw: Any, rules: Sequence[tuple[str, Sequence[str]]]) -> list[int]:
    found = []
    for start in range(0, max(len(rules), 1), RULES_A_SHARD):
        definition = {
            name: {"all": [{"m": _pattern(keys)}]}
            for name, keys in rules[start : start + RULES_A_SHARD]
        }
        definition["canary"] = {"all": [{"m": _pattern(())}]}
        name = f"w{next(_names)}"
        found.append(raw.create_ruleset(name, json.dumps(definition)))
    return found


def _pattern(keys: Iterable[str]) -> dict[str, Any]:
    tests = [{key: 1} for key in sorted(keys or (CANARY,))]
    return tests[0] if len(tests) == 1 else {"$and": tests}


def _fired(raw: Any, shard: int, message: str) -> list[str]:
    """Assert one message, collect all rules that fire, and retract it."""
    code, offset = raw.assert_fact(shard, message)
    if code != 0:
        raise EngineError(f"durable-rules answered {code}")
    action = raw.start_action_for_state(shard, offset)
    text = action[1] if action else None
    fired: list[str] = []
    while text:
        fired.append(text[2 : text.index('"', 2)])
        text = raw.complete_and_start_action(shard, offset)
    raw.retract_fact(shard, message)
    if "canary" not in fired or len(set(fired)) < len(fired):
        raise EngineError("durable-rules lost its canary or fired a rule twice")
    fired.remove("canary")
    return fired
