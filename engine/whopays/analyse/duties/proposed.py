"""Tests proposed for what no test shows of routes and clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whopays.analyse.coverage.items import Item, Key
from whopays.analyse.duties.claims import claims
from whopays.analyse.duties.shown import Owned, Shown, clause_key, owned
from whopays.analyse.proposals.generated import Test
from whopays.analyse.witnesses.drafts import Draft
from whopays.decide.decision import Decision
from whopays.model.clocks import Route
from whopays.model.money import dollars
from whopays.model.rules import TestCase
from whopays.model.values import Value
from whopays.resolve.tests import complete

NO_EXAMPLE = "possible, no example found"
_ALWAYS_NONE = "in a test {} is a value or none, never unknown"


class DutyTests:
    """Finds claims for the items of routes and clocks, few that show many."""

    def __init__(self, shown: Shown, cases: list[TestCase]) -> None:
        self.shown = shown
        self._cases = cases

    def propose(self, items: Iterable[Item]) -> tuple[list[Test], dict[Key, str]]:
        """Return tests for `items`, and why there are none for the others."""
        left = {item.key: item for item in items}
        why = {
            key: reason for key, item in left.items() if (reason := self._never(item))
        }
        for key in why:
            del left[key]
        found: list[Test] = []
        for each in owned(self.shown.program):
            found.extend(self._tests(each, left))
        return found, {**why, **dict.fromkeys(left, NO_EXAMPLE)}

    def _never(self, item: Item) -> str:
        if item.side != "unknown":
            return ""
        facts = self.shown.program.contract.facts
        _, _, atom, _ = item.key
        if facts[atom.fact].or_none:
            return _ALWAYS_NONE.format(atom.fact)
        return ""

    def _tests(self, each: Owned, left: dict[Key, Item]) -> Iterator[Test]:
        """Yield tests of one clause, and take what they show out of `left`."""
        place = clause_key(each.clause)
        contract = self.shown.program.contract
        for draft in claims(contract, self._cases, each, [each.clause.condition]):
            mine = [key for key in left if key[: len(place)] == place]
            if not mine:
                return
            facts = self._complete(draft)
            keys = self.shown.of(each.kind, facts, draft.category, draft.known_on)
            shows = [left[key] for key in mine if key in keys]
            if not shows:
                continue
            for item in shows:
                del left[item.key]
            yield self._test(each, draft, shows[0])

    def _complete(self, draft: Draft) -> dict[str, Value]:

        return complete(self.shown.program.contract, dict(draft.given))

    def _test(self, each: Owned, draft: Draft, item: Item) -> Test:
        decision = self.shown.decision(
            self._complete(draft), draft.category, draft.known_on
        )
        title = f"{each.clause.id}: {item.said}".replace("`", "").replace('"', "")
        contract = self.shown.program.contract.id
        text = expected_text(each.kind, decision)
        return Test(title, contract, draft, decision.outcome, (), text)


def expected_text(kind: str, decision: Decision) -> str:
    """Return the `expect` line for a duty, with its reasons or the facts needed."""
    found = decision.route if kind == "route" else decision.clock
    duty, clause = found.duty, found.duty.clause
    if duty.state == "undetermined":
        return f"expect {kind} undetermined needs {', '.join(found.needs)}"
    if duty.state != "due":
        return f"expect no {kind}"
    does = " or ".join(clause.duties) if isinstance(clause, Route) else "pay"
    to = f" to {duty.to[0]}" if duty.to else ""
    interest = decision.interest if kind == "clock" else None
    late = ""
    if interest is not None and interest.cents is not None:
        late = f", interest {dollars(interest.cents)}"
    needs = f" needs {', '.join(found.needs)}" if found.needs else ""
    because = f" because {', '.join(duty.clauses)}"
    return f"expect {does}{to} by {found.by or 'unknown'}{late}{needs}{because}"
