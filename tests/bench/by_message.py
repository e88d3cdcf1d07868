"""The generated contract as one durable-rules ruleset: a rule a row, a message a line.

Through the documented `Host`, inside the limits of durable-rules: each condition is
asked in Python and put into the message as a flag, each rule is a conjunction.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from durable.engine import Host

from bench.generate import Clause, Generated
from bench.pools import Facts, Test


class _QuietHost(Host):  # type: ignore[misc]
    """A host without its two background threads, which would disturb the clock."""

    def _run(self) -> None:
        pass


class ByMessage:
    """Asserts a line as a fact, collects what fires, and retracts the fact."""

    def __init__(self, generated: Generated, name: str = "made") -> None:
        self._name = name
        self._category = {
            code: at for at, codes in enumerate(generated.categories) for code in codes
        }
        self._groups = generated.groups
        self._flags: dict[str, tuple[str, Test]] = {}
        self._fired: list[Clause] = []
        rules = {
            f"r{at}": self._rule(clause, place="category")
            for at, clause in enumerate(chain.from_iterable(generated.rows))
        }
        for at, clause in enumerate(chain.from_iterable(generated.exceptions)):
            rules[f"x{at}"] = self._rule(clause, place="group")
        self._host = _QuietHost()
        self._host.set_rulesets({name: rules})

    def decide(self, facts: Facts) -> tuple[tuple[str, str], ...]:
        """Return the shares of the clause that answers."""
        return self.clause(facts).shares

    def clause(self, facts: Facts) -> Clause:
        """Return what answers: the last exception that fired, or else the row."""
        category = self._category[str(facts["procedure_code"])]
        message: dict[str, Any] = {
            "id": 1,
            "category": category,
            "group": self._groups[category],
        }
        for flag, test in self._flags.values():
            if test.holds(facts):
                message[flag] = 1
        self._fired.clear()
        self._host.assert_fact(self._name, message)
        self._host.retract_fact(self._name, message)
        return max(self._fired, key=_precedence)

    def _rule(self, clause: Clause, place: str) -> dict[str, Any]:
        tests: list[dict[str, int]] = [{place: clause.place}]
        for test in clause.tests:
            flag, _ = self._flags.setdefault(test.text, (f"f{len(self._flags)}", test))
            tests.append({flag: 1})
        pattern = {"$and": tests} if len(tests) > 1 else tests[0]

        def fire(_found: Any) -> None:
            self._fired.append(clause)

        return {"all": [{"m": pattern}], "run": fire}


def _precedence(clause: Clause) -> tuple[bool, str]:
    return clause.id != "A", clause.id
