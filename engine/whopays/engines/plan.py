"""From the clauses of a table to rules that are conjunctions of keys, as plain data.

A literal, which is a dimension and a set of its cells, becomes a key; each conjunct of
a clause becomes one rule (`engine/decisions/0003-durable-rules.md`).
"""

from __future__ import annotations

from typing import Any

from whopays.engines.rulesets import CANARY, EngineError
from whopays.model import conditions as model
from whopays.program.table import Table

_MOST_KEYS = 240
_MOST_CONJUNCTS = 64

Conjunct = frozenset[str]
Literals = dict[int | str, frozenset[int]]


class TooManyKeysError(EngineError):
    """The clauses need more keys than a message may have."""


def plans(table: Table) -> list[dict[str, Any]]:
    """Return what `rulesets.Rulesets` loads for `table`: one, or more for its keys.

    Raise `TooManyKeysError` where one clause alone has too many.
    """
    return _plans(table, tuple(range(len(table.clauses))))


def _plans(table: Table, clauses: tuple[int, ...]) -> list[dict[str, Any]]:
    try:
        return [Plan(table, clauses).data()]
    except TooManyKeysError:
        half = len(clauses) // 2
        if not half:
            raise
        return _plans(table, clauses[:half]) + _plans(table, clauses[half:])


class Plan:
    """The rules of some clauses of one table."""

    def __init__(self, table: Table, clauses: tuple[int, ...]) -> None:
        self.table = table
        self.keys: dict[tuple[int, frozenset[int]], str] = {}
        self._inner: list[tuple[str, list[Conjunct]]] = []
        self._places = {
            atom: (number, at)
            for number, dim in enumerate(table.dims)
            for at, atom in enumerate(dim.atoms)
        }
        self._rules: list[tuple[str, Conjunct]] = []
        for at in clauses:
            _, when = table.clauses[at]
            for number, conjunct in enumerate(self._conjuncts(when)):
                self._rules.append((f"c{at}_{number}", conjunct))
        self._check_gate()

    def data(self) -> dict[str, Any]:
        """Return the rules as lists, texts and whole numbers."""
        return {
            "keys": [[key, dim, sorted(m)] for (dim, m), key in self.keys.items()],
            # A stratum derives the keys of inner alternatives for the ones after it.
            "strata": [
                [key, [[f"{key}_{n}", sorted(each)] for n, each in enumerate(some)]]
                for key, some in self._inner
            ],
            "rules": [[name, sorted(keys)] for name, keys in self._rules],
        }

    def _conjuncts(self, when: model.Condition) -> list[Conjunct]:
        found = self._normal(when, positive=True)
        return list(dict.fromkeys(map(self._keyed, found)))

    def _keyed(self, literals: Literals) -> Conjunct:
        return frozenset(
            self._key(dim, members) if isinstance(dim, int) else dim
            for dim, members in literals.items()
        )

    def _key(self, dim: int, members: frozenset[int]) -> str:
        return self.keys.setdefault((dim, members), f"t{len(self.keys)}")

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
        names = [CANARY, *self.keys.values(), *(key for key, _ in self._inner)]
        if len(names) > _MOST_KEYS:
            raise TooManyKeysError(
                f"one clause tests {len(names)} different things, more than "
                f"durable-rules can take ({_MOST_KEYS}); decide with --engine reference"
            )
        if len({fnv(name) for name in names}) < len(names):
            raise EngineError("two keys have one hash")


def fnv(name: str) -> int:
    """Return the 32-bit FNV-1a hash by which durable-rules compares names."""
    found = 2166136261
    for byte in name.encode():
        found = ((found ^ byte) * 16777619) & 0xFFFFFFFF
    return found
