"""The columnar benchmark's contract as decision tables of zen-engine, a message a line.

A table a version, the first row that holds answers. Which category lists the code, and
which version governs the day, is looked up in Python. Two-valued, without a trace.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from itertools import chain
from typing import Any

import zen

from bench.columns_answers import clauses
from bench.columns_rules import STARTS, Versions, asked
from bench.generate import Clause, Generated
from bench.pools import Facts
from whopays.model.values import NONE

_FIELDS = (
    *("category", "grouped", "age", "network", "emergency", "diagnoses", "modifiers"),
    *("place_of_service", "authorized_by", "capitated", "area", "claim_type"),
    *("bill_type", "units"),
)


class Zen:
    """Decides one line at a time."""

    def __init__(self, versions: Versions) -> None:
        self._clauses = clauses(versions.parts)
        self._codes = {
            code: at
            for at, listed in enumerate(versions.parts[0].categories)
            for code in listed
        }
        self._groups = len(versions.parts[0].exceptions)
        engine = zen.ZenEngine()
        self._decisions, at = [], 0
        for made in versions.parts:
            self._decisions.append(engine.create_decision(_graph(made, at)))
            at += len(clauses([made]))

    def decide(self, facts: Facts) -> Clause:
        """Return the clause that answers."""
        category = self._codes[str(facts["procedure_code"])]
        message: dict[str, Any] = {
            name: None if facts.get(name) is NONE else facts.get(name)
            for name in _FIELDS
        }
        for name in ("age", "units"):
            message[name] = int(message[name])
        for name in ("diagnoses", "modifiers"):
            message[name] = list(message[name] or ())
        message.update(category=category, grouped=category % self._groups)
        at = bisect_right(STARTS, facts["service_date"]) - 1  # type: ignore[type-var]
        found: int = self._decisions[at].evaluate(message)["result"]["clause"]
        return self._clauses[found]


def _graph(made: Generated, first: int) -> str:
    """Return a version as a document of zen-engine: input, one table, output."""
    places = {id(each): at for at, each in enumerate(clauses([made]), first)}
    exceptions = [each for own in made.exceptions for each in reversed(own)]
    rules = [
        _rule(each, "category" if each.id == "A" else "grouped", places[id(each)])
        for each in (*exceptions, *chain(*made.rows))
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": each, "name": each, "field": each} for each in _FIELDS],
        "outputs": [{"id": "clause", "name": "clause", "field": "clause"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "made", "name": "made", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": f"{one}-{other}", "sourceId": one, "targetId": other}
        for one, other in (("in", "made"), ("made", "out"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _rule(clause: Clause, place: str, at: int) -> dict[str, str]:
    cells = dict.fromkeys(_FIELDS, "")
    cells[place] = str(clause.place)
    for test in clause.tests:
        ask = asked(test)
        listed = ", ".join(f'"{each}"' for each in ask.values)
        cell = {
            "meets": f"some($, # in [{listed}])",
            "in": listed,
            "is": "true" if ask.values[0] else "false",
        }.get(ask.how, f"{ask.how} {ask.values[0]}")
        # Two bounds of one fact stand in one cell.
        before = cells[ask.fact]
        cells[ask.fact] = f"{before} and {cell}" if before else cell
    return {"_id": f"r{at}", **cells, "clause": str(at)}
