"""durable-rules, inside its safe limits (`engine/decisions/0003-durable-rules.md`).

It decides which clauses of a table hold in one known entry. It sees keys that this
module made, never a word of a claim: a message holds a key for each literal that is
true, a rule is a conjunction of keys, and each conjunct of a clause is one rule. All
rules that fire are collected; which of them wins is decided elsewhere.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from whopays.model import conditions as model
from whopays.program.table import Table, evaluate

RULES_A_SHARD = 60
_MOST_KEYS = 240
_MOST_CONJUNCTS = 64
_CANARY = "on"
_SESSION = "s"
_ALIVE = 64
_names = itertools.count()

Conjunct = frozenset[str]


class EngineError(RuntimeError):
    """The engine did not answer as it must: a bug of ours or of durable-rules."""


class EngineMissing(RuntimeError):
    """durable-rules can't be imported; the text says how to install it."""


def raw_engine() -> Any:
    """Return the engine's module; raise `EngineMissing` with the command that helps."""
    try:
        import durable_rules_engine  # noqa: PLC0415 - only where it is asked for
    except ImportError:
        raise EngineMissing(
            "durable-rules can't be loaded. On Python 3.13 and later install it with\n"
            "  CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject pip install "
            "--no-cache-dir --force-reinstall durable_rules==2.0.28\n"
            "or decide with --engine reference."
        ) from None
    return durable_rules_engine


@dataclass
class Durable:
    """Fills tables. `asked` counts the entries that durable-rules answered."""

    name: str = "durable"
    asked: int = 0
    _matchers: dict[str, tuple[Matcher, ...]] = field(default_factory=dict)

    def held(self, table: Table, cells: tuple[int, ...]) -> frozenset[int]:
        """Return the indexes of the clauses of `table` that hold at `cells`."""
        entry = table.entry(cells)
        found = table.held.get(entry)
        if found is None:
            if all(dim.is_whole for dim in table.dims):
                self.asked += 1
                parts = [each.held(cells) for each in self._matcher(table)]
                found = parts[0] if len(parts) == 1 else frozenset().union(*parts)
            else:
                # Its rules name cells, and would be loaded anew for each that is met.
                found = _evaluated(table, cells)
            table.held[entry] = found
        return found

    def _matcher(self, table: Table) -> tuple[Matcher, ...]:
        found = self._matchers.get(table.digest)
        if found is not None and found[0].sizes != _sizes(table):
            # A dimension of compared facts grew: the rules name its cells.
            _close(self._matchers.pop(table.digest))
            found = None
        if found is None:
            if len(self._matchers) >= _ALIVE:
                oldest = next(iter(self._matchers))
                _close(self._matchers.pop(oldest))
            clauses = tuple(range(len(table.clauses)))
            found = self._matchers[table.digest] = _matchers(table, clauses)
        return found

    def close(self) -> None:
        """Unload every ruleset."""
        while self._matchers:
            _close(self._matchers.popitem()[1])


@dataclass
class Plain:
    """Fills tables by evaluating their conditions: for machines without durable-rules."""

    name: str = "reference"
    asked: int = 0

    def held(self, table: Table, cells: tuple[int, ...]) -> frozenset[int]:
        """Return the indexes of the clauses of `table` that hold at `cells`."""
        entry = table.entry(cells)
        found = table.held.get(entry)
        if found is None:
            self.asked += 1
            found = table.held[entry] = _evaluated(table, cells)
        return found


def _evaluated(table: Table, cells: tuple[int, ...]) -> frozenset[int]:
    truth = table.truth(cells)
    return frozenset(
        at for at, (_, when) in enumerate(table.clauses) if evaluate(when, truth)
    )


class TooManyKeysError(EngineError):
    """The clauses need more keys than a message may have."""


def _matchers(table: Table, clauses: tuple[int, ...]) -> tuple[Matcher, ...]:
    """Return matchers for `clauses` of `table`: one, or more where it needs the keys."""
    try:
        return (Matcher(table, clauses),)
    except TooManyKeysError:
        half = len(clauses) // 2
        if not half:
            raise
        return (*_matchers(table, clauses[:half]), *_matchers(table, clauses[half:]))


def _close(matchers: tuple[Matcher, ...]) -> None:
    for each in matchers:
        each.close()


class Matcher:
    """The rulesets of some clauses of one table."""

    def __init__(self, table: Table, clauses: tuple[int, ...]) -> None:
        self.table = table
        self.sizes = _sizes(table)
        self._raw = raw_engine()
        self._keys: dict[tuple[int, frozenset[int]], str] = {}
        self._inner: list[tuple[str, list[Conjunct]]] = []
        self._places = {
            atom: (number, at)
            for number, dim in enumerate(table.dims)
            for at, atom in enumerate(dim.atoms)
        }
        rules: list[tuple[str, Conjunct]] = []
        for at in clauses:
            _, when = table.clauses[at]
            for number, conjunct in enumerate(self._conjuncts(when)):
                rules.append((f"c{at}_{number}", conjunct))
        # A stratum derives the keys of inner alternatives for the ones after it.
        strata = [
            [(f"{key}_{n}", conjunct) for n, conjunct in enumerate(conjuncts)]
            for key, conjuncts in self._inner
        ]
        self._check_gate()
        self._derived = [_shards(self._raw, rules) for rules in strata]
        self._shards = _shards(self._raw, rules)

    def held(self, cells: tuple[int, ...]) -> frozenset[int]:
        """Return the indexes of the clauses that hold at `cells`."""
        keys = {_CANARY}
        for (dim, members), key in self._keys.items():
            if cells[dim] in members:
                keys.add(key)
        for (key, _), shards in zip(self._inner, self._derived, strict=True):
            if any(_fired(self._raw, shard, keys) for shard in shards):
                keys.add(key)
        found: set[int] = set()
        for shard in self._shards:
            for rule in _fired(self._raw, shard, keys):
                found.add(int(rule[1:].partition("_")[0]))
        return frozenset(found)

    def close(self) -> None:
        """Unload the rulesets; their state first, or it leaks."""
        for shards in (*self._derived, self._shards):
            for shard in shards:
                self._raw.delete_state(shard, _SESSION)
                self._raw.delete_ruleset(shard)
        self._derived, self._shards = [], []

    # Clauses to conjunctions of keys

    def _conjuncts(self, when: model.Condition) -> list[Conjunct]:
        found = self._normal(when, positive=True)
        return list(dict.fromkeys(map(self._keyed, found)))

    def _keyed(self, literals: Literals) -> Conjunct:
        return frozenset(
            self._key(dim, members) if isinstance(dim, int) else dim
            for dim, members in literals.items()
        )

    def _key(self, dim: int, members: frozenset[int]) -> str:
        return self._keys.setdefault((dim, members), f"t{len(self._keys)}")

    def _normal(self, when: model.Condition, *, positive: bool) -> list[Literals]:
        """Return the disjunctive normal form of `when`, or of its negation."""
        match when:
            case model.Named(_, part):
                return self._normal(part, positive=positive)
            case model.Not(part):
                return self._normal(part, positive=not positive)
            case model.All(parts) if positive:
                return self._product(parts, positive=True)
            case model.Any_(parts) if not positive:
                return self._product(parts, positive=False)
            case model.All(parts) | model.Any_(parts):
                return self._sum(parts, positive=positive)
            case _:
                return self._literal(when, positive=positive)

    def _sum(
        self, parts: tuple[model.Condition, ...], *, positive: bool
    ) -> list[Literals]:
        found = [
            each for part in parts for each in self._normal(part, positive=positive)
        ]
        if len(found) <= _MOST_CONJUNCTS:
            return found
        return [self._derive(self._normal(part, positive=positive)) for part in parts]

    def _product(
        self, parts: tuple[model.Condition, ...], *, positive: bool
    ) -> list[Literals]:
        found: list[Literals] = [{}]
        for part in parts:
            options = self._normal(part, positive=positive)
            if len(found) * len(options) > _MOST_CONJUNCTS:
                options = [self._derive(options)]
            merged = (self._merge(a, b) for a in found for b in options)
            found = [each for each in merged if each is not None]
        return found

    def _merge(self, left: Literals, right: Literals) -> Literals | None:
        found = dict(left)
        for dim, members in right.items():
            both = found[dim] & members if dim in found else members
            if not both and isinstance(dim, int):
                return None
            found[dim] = both
        return found

    def _literal(self, atom: model.Atom, *, positive: bool) -> list[Literals]:
        number, at = self._places[atom]
        dim = self.table.dims[number]
        members = frozenset(
            cell for cell, truth in enumerate(dim.truth) if truth[at] is positive
        )
        if len(members) == len(dim) and len(dim.facts) == 1:
            return [{}]
        return [{number: members}] if members else []

    def _derive(self, alternatives: list[Literals]) -> Literals:
        """Return a key of its own that holds where one of `alternatives` does."""
        conjuncts = [self._keyed(each) for each in alternatives]
        key = f"d{len(self._inner)}"
        self._inner.append((key, conjuncts))
        return {key: frozenset()}

    def _check_gate(self) -> None:
        names = [_CANARY, *self._keys.values(), *(key for key, _ in self._inner)]
        if len(names) > _MOST_KEYS:
            raise TooManyKeysError(
                f"one clause tests {len(names)} different things, more than "
                f"durable-rules can take ({_MOST_KEYS}); decide with --engine reference"
            )
        if len({fnv(name) for name in names}) < len(names):
            raise EngineError("two keys have one hash")


Literals = dict[int | str, frozenset[int]]


def _sizes(table: Table) -> tuple[int, ...]:
    return tuple(len(dim) for dim in table.dims)


def fnv(name: str) -> int:
    """Return the 32-bit FNV-1a hash by which durable-rules compares names."""
    found = 2166136261
    for byte in name.encode():
        found = ((found ^ byte) * 16777619) & 0xFFFFFFFF
    return found


def _shards(raw: Any, rules: list[tuple[str, Conjunct]]) -> list[int]:
    found = []
    for start in range(0, max(len(rules), 1), RULES_A_SHARD):
        definition = {
            name: {"all": [{"m": _pattern(keys)}]}
            for name, keys in rules[start : start + RULES_A_SHARD]
        }
        definition["canary"] = {"all": [{"m": _pattern(frozenset())}]}
        name = f"w{next(_names)}"
        found.append(raw.create_ruleset(name, json.dumps(definition)))
    return found


def _pattern(keys: Conjunct) -> dict[str, Any]:
    tests = [{key: 1} for key in sorted(keys or {_CANARY})]
    return tests[0] if len(tests) == 1 else {"$and": tests}


def _fired(raw: Any, shard: int, keys: set[str]) -> set[str]:
    """Assert one message, collect all rules that fire, and retract it."""
    message = json.dumps({"id": 1, "sid": _SESSION, **dict.fromkeys(sorted(keys), 1)})
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
    return set(fired)
