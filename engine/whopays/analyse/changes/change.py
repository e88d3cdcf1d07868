"""Looks for the smallest sets of facts by which a line would be decided otherwise.

Facts are changed one after the other, and only such as the decision has read: any other
leaves it as it is. Sets are looked at by size, and none that holds a smaller one that
was found. A value stands for all that no condition can tell from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from whopays.decide.line import NO_CONTRACT, Decider
from whopays.model.claim import Line
from whopays.model.outcome import Outcome
from whopays.model.values import UNKNOWN, Value
from whopays.program.cells import Dim, TooManyValuesError
from whopays.program.compile import VersionProgram
from whopays.program.table import Table

Facts = Mapping[str, Value]
#: The facts that are changed, sorted, with their values.
Changed = tuple[tuple[str, Value], ...]
Goal = Callable[[Outcome], bool]
_MOST_DECIDED = 12_000  # a second or so


@dataclass
class Search:
    """What was found: for each set of facts, the changes of it that reach the goal.

    `read` are the facts that some decision has asked for.
    """

    found: dict[frozenset[str], list[Changed]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    is_complete: bool = True


class _Asked:
    """Watches which facts a decision reads, so far as it reads them by tables.

    `order` is the table that is asked before codes are.
    """

    def __init__(self, order: Table) -> None:
        self._order = order
        self.facts: set[str] = set()
        self.for_days = False
        self.for_codes = False

    def held(
        self, table: Table, cells: tuple[int, ...], held: frozenset[int]
    ) -> frozenset[int]:
        """Return `held`; note what `table` asks for."""
        del cells
        self.for_codes = self.for_codes or table is self._order
        for dim in table.dims:
            self.facts.update(dim.facts)
        return held

    def version(self, version: VersionProgram | None) -> VersionProgram | None:
        """Return `version`."""
        self.for_days = True
        return version


class Changer:
    """Changes the facts of one line, which is decided by one of several contracts.

    `settle` says what comes of facts for which more than one of them answers.
    """

    def __init__(
        self,
        deciders: Sequence[Decider],
        facts: Facts,
        may_change: frozenset[str],
        settle: Callable[[Facts], Outcome],
    ) -> None:
        self._deciders = deciders
        self._facts = facts
        self._may_change = may_change
        self._settle = settle
        self._values: dict[tuple[str, Changed], list[Value]] = {}
        self._left = _MOST_DECIDED

    def search(self, goal: Goal, largest: int) -> Search:
        """Return all smallest sets of at most `largest` facts that reach `goal`."""
        found = Search()
        level: list[Changed] = [()]
        for size in range(largest + 1):
            asked: dict[Changed, set[str]] = {}
            for changed in level:
                if not self._left:
                    found.is_complete = False
                    return found
                outcome, facts = self._decided(changed)
                if size and goal(outcome):
                    names = frozenset(name for name, _ in changed)
                    found.found.setdefault(names, []).append(changed)
                asked[changed] = facts
            if size < largest:
                level = list(self._next(asked, found))
        return found

    def _next(
        self, asked: Mapping[Changed, set[str]], found: Search
    ) -> Iterator[Changed]:
        seen: set[Changed] = set()
        for changed, facts in asked.items():
            names = frozenset(name for name, _ in changed)
            if any(each <= names for each in found.found):
                continue
            found.read |= facts
            for fact in sorted(facts & self._may_change - names):
                if any(each <= names | {fact} for each in found.found):
                    continue
                try:
                    values = self._others(fact, changed)
                except TooManyValuesError:
                    found.is_complete = False
                    continue
                for value in values:
                    more = tuple(sorted((*changed, (fact, value)), key=_name))
                    if more not in seen:
                        seen.add(more)
                        yield more

    def _decided(self, changed: Changed) -> tuple[Outcome, set[str]]:
        self._left -= 1
        facts = {**self._facts, **dict(changed)}
        ours, read = [], set[str]()
        for decider in self._deciders:
            outcome, own = _watched(decider, facts)
            read |= own
            if outcome.status != "no_contract":
                ours.append(outcome)
        if len(ours) > 1:
            ours = [self._settle(facts)]
        return ours[0] if ours else NO_CONTRACT, read

    def _others(self, fact: str, changed: Changed) -> list[Value]:
        """Return values of `fact`, one for each way in which it could be otherwise."""
        wides = [each.program.wide.get(fact) for each in self._deciders]
        dims = [wide.dim for wide in wides if wide is not None]
        names = {name for dim in dims for name in dim.facts}
        beside = tuple(each for each in changed if each[0] in names)
        key = (fact, beside)
        if key not in self._values:
            found = (
                v for dim in dims for v in self._otherwise(fact, dim, dict(beside))
            )
            self._values[key] = list(dict.fromkeys(found))
        return self._values[key]

    def _otherwise(
        self, fact: str, dim: Dim, changed: Mapping[str, Value]
    ) -> Iterator[Value]:
        now = self._facts.get(fact, UNKNOWN)
        if len(dim.facts) == 1:
            cell = None if now is UNKNOWN else dim.cell((now,))
            values = (each for (each,) in dim.values)
            yield from (value for value in values if dim.cell((value,)) != cell)
            return
        at = dim.facts.index(fact)
        here: dict[str, Value] = {
            name: changed.get(name, self._facts.get(name, UNKNOWN))
            for name in dim.facts
        }
        # Beside the others as they are, and as they could be if they change as well.
        free: dict[str, Value] = {
            name: UNKNOWN if name in self._may_change - changed.keys() else value
            for name, value in here.items()
        }
        found = dict.fromkeys(
            values[at]
            for known in ({**here, fact: UNKNOWN}, {**free, fact: UNKNOWN})
            for values in dim.completions(tuple(known.values()))
        )
        yield from (value for value in found if value != now)


def _name(each: tuple[str, Value]) -> str:
    return each[0]


def _watched(decider: Decider, facts: Facts) -> tuple[Outcome, set[str]]:
    """Return what `decider` says of `facts`, and which of them it has read."""
    program = decider.program
    watch = _Asked(program.order)
    found, _ = decider.watched(program.facts_of(Line("", "", facts)), None, watch)
    read = watch.facts
    if watch.for_days:
        read.update(by.facts[0] for by in program.contract.decide_by)
    if watch.for_codes:
        read.update(program.contract.catalog.code_facts())
    return found.outcome, read
