"""The generated contract as somebody would write it in Python, with a full trace."""

from __future__ import annotations

from typing import Any

from bench.generate import Clause, Generated, name
from bench.pools import Facts

Answer = tuple[tuple[str, str], ...]


class ByHand:
    """Decides one line at a time, by looking at each clause in turn."""

    def __init__(self, generated: Generated) -> None:
        self._generated = generated
        # A later category with the same code stands before the earlier one.
        self._category = {
            code: at for at, codes in enumerate(generated.categories) for code in codes
        }

    def decide(self, facts: Facts) -> tuple[Answer, dict[str, Any]]:
        """Return the shares, and what was asked of each clause with the values."""
        generated = self._generated
        code = facts["procedure_code"]
        at = self._category[str(code)]
        winner: Clause | None = None
        seen = []
        for row in generated.rows[at]:
            state, tests = _ask(row, facts)
            seen.append((row.id, row.cite, state, tests))
            if state == "holds":
                winner = row
        for each in generated.exceptions[generated.groups[at]]:
            state, tests = _ask(each, facts)
            seen.append((each.id, each.cite, state, tests))
            if state == "holds":
                winner = each
        if winner is None:
            raise ValueError(code)
        trace = {
            "category": name(at),
            "procedure_code": code,
            "service_date": facts["service_date"],
            "clauses": seen,
            "because": (winner.id, winner.cite),
            "winner": winner,
        }
        return winner.shares, trace


def _ask(clause: Clause, facts: Facts) -> tuple[str, list[tuple[str, Any, bool]]]:
    state = "holds"
    tests = []
    for test in clause.tests:
        held = test.holds(facts)
        tests.append((test.text, facts[test.fact], held))
        if not held:
            state = "failed"
    return state, tests
