"""Which of two plans goes ahead: the rules of an order, tried in the order written.

Each rule is a table of two clauses, the rule and the rule with the plans exchanged, so
pairs are decided by the same engine as claim lines are. A rule that holds in both
directions, or in none, decides nothing.

Where facts are unknown, a rule is asked test by test, each a table of its own: a test that
settles the rule leaves the others unasked, so only facts that matter are divided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from whopays.decide.views import Fills, Known, Partly, Splits, View
from whopays.model import conditions as model
from whopays.model.facts import Fact
from whopays.model.outcome import MOST_COMPLETIONS, Leaf, Outcome, join
from whopays.model.payments import Order, OrderRule
from whopays.model.truth import truth_of
from whopays.model.values import UNKNOWN, Value
from whopays.program.cells import TooManyValuesError
from whopays.program.table import Table, of_groups, together
from whopays.program.wide import WideFact

THIS, OTHER, NEITHER = "this", "other", "neither"
UNDETERMINED = "undetermined"
#: Completions after which facts are no longer left out, once the answers differ.
_MOST_OPEN = 400
_PLAN = re.compile(r"\b(this|other)\.")


@dataclass(frozen=True)
class Ahead:
    """Which plan of a pair goes ahead: this, other, neither, or undetermined.

    `rules` are those that decided; `needs` the facts that would settle it, as rules write
    them (`this.kind`).
    """

    plan: str
    rules: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def exchanged(self) -> Ahead:
        """The same, seen from the other plan."""
        plan = {THIS: OTHER, OTHER: THIS}.get(self.plan, self.plan)
        needs = tuple(sorted(exchanged_name(name) for name in self.needs))
        return Ahead(plan, self.rules, needs)


@dataclass
class Pairs:
    """Decides the pairs of one order; `facts` are the facts as its rules write them."""

    order: Order
    facts: Mapping[str, Fact]
    engine: Fills
    _done: dict[tuple[Value, ...], Ahead] = field(default_factory=dict, repr=False)
    _tests: dict[model.Atom, Table] = field(default_factory=dict, repr=False)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """A table for each rule: ahead, and ahead with the plans exchanged."""
        return tuple(
            Table(((THIS, rule.when), (OTHER, exchanged(rule.when))), self.facts, ())
            for rule in self.order.rules
        )

    @cached_property
    def wide(self) -> dict[str, WideFact]:
        """Each fact that a rule reads, with all cells of the whole order."""
        atoms = list(dict.fromkeys(a for table in self.tables for a in table.atoms))
        groups = together(model.atom_facts(atom) for atom in atoms)
        found = {}
        for names, own in zip(groups, of_groups(groups, atoms), strict=True):
            facts = tuple(self.facts[name] for name in names)
            found.update(dict.fromkeys(names, WideFact(facts, tuple(own), ())))
        return found

    def version_on(self, _day: Value) -> None:
        """Return None: two plans have no contract that is in force on a day."""

    def decide(self, facts: Mapping[str, Value]) -> Ahead:
        """Return which plan goes ahead, given the facts of both and of their patient."""
        key = tuple(facts.get(name, UNKNOWN) for name in self.wide)
        found = self._done.get(key)
        if found is None:
            found = self._done[key] = self._decide(facts)
        return found

    def _decide(self, facts: Mapping[str, Value]) -> Ahead:
        try:
            return _said(self._follow(Known(self, self.engine, facts)))
        except Splits:
            return _said(self._completed(facts))

    def _completed(self, facts: Mapping[str, Value]) -> Outcome:
        """Return what all ways to fill in the unknown facts have in common."""
        rules = self._possible(facts)
        leaves: list[Leaf] = []
        asked: set[str] = set()
        read: set[str] = set()

        def of_read(names: Iterable[str]) -> tuple[str, ...]:
            unknown = {n for n in read if facts.get(n, UNKNOWN) is UNKNOWN}
            return tuple(sorted(unknown.intersection(names)))

        plans: set[str] = set()
        choices: dict[tuple[str, ...], list[tuple[Value, ...]]] = {}
        waiting: list[dict[tuple[str, ...], int]] = [{}]
        while waiting:
            sets = waiting.pop()
            try:
                view = Partly(self, self.engine, facts, sets, choices)
                outcome = self._tried(view, rules, read)
            except TooManyValuesError as error:
                return _open(of_read({*asked, *error.facts}))
            except Splits as split:
                asked.update(split.group)
                waiting.extend({**sets, split.group: bits} for bits in split.sets)
                continue
            leaves.append((_bits(facts, sets), outcome))
            plans.add(outcome.status)
            if len(leaves) > (MOST_COMPLETIONS if len(plans) == 1 else _MOST_OPEN):
                return _open(of_read(asked))
        found = join(leaves, of_read(asked))
        # Facts that are compared are divided together, and not all of them were read.
        return replace(found, needs=of_read(found.needs))

    def _follow(self, view: View) -> Outcome:
        for rule, table in zip(self.order.rules, self.tables, strict=True):
            held = view.held(table)
            if len(held) == 1:
                (at,) = held
                return Outcome(table.clauses[at][0], clauses=(rule.id,))
        return Outcome(NEITHER)

    def _possible(
        self, facts: Mapping[str, Value]
    ) -> tuple[tuple[OrderRule, Table], ...]:
        """Leave out the rules that hold in no direction, whatever the unknown facts are."""

        def read(name: str) -> Value:
            return facts.get(name, UNKNOWN)

        return tuple(
            (rule, table)
            for rule, table in zip(self.order.rules, self.tables, strict=True)
            if any(truth_of(when, read) is not False for _, when in table.clauses)
        )

    def _tried(
        self,
        view: View,
        rules: Iterable[tuple[OrderRule, Table]],
        read: set[str],
    ) -> Outcome:
        """Return what `_follow` does, test by test; raise Splits where one is open.

        `read` takes the facts of open tests.
        """
        for rule, table in rules:
            (_, forth), (_, back) = table.clauses
            held = self._holds(view, forth, read)
            if held != self._holds(view, back, read):
                return Outcome(THIS if held else OTHER, clauses=(rule.id,))
        return Outcome(NEITHER)

    def _holds(self, view: View, when: model.Condition, read: set[str]) -> bool:
        """Tell whether `when` holds; raise Splits where no part of it settles it."""
        match when:
            case model.All(parts):
                return self._settled(view, parts, read, by=False)
            case model.Any_(parts):
                return self._settled(view, parts, read, by=True)
            case model.Not(part):
                return not self._holds(view, part, read)
            case model.Named(_, part):
                return self._holds(view, part, read)
            case _:
                try:
                    return bool(view.held(self._test(when)))
                except (Splits, TooManyValuesError):
                    read.update(model.atom_facts(when))
                    raise

    def _settled(
        self,
        view: View,
        parts: Iterable[model.Condition],
        read: set[str],
        *,
        by: bool,
    ) -> bool:
        """Return `by` if one of `parts` is so, else the opposite."""
        open_: Splits | TooManyValuesError | None = None
        for part in parts:
            try:
                if self._holds(view, part, read) is by:
                    return by
            except (Splits, TooManyValuesError) as split:
                open_ = open_ or split
        if open_ is not None:
            raise open_
        return not by

    def _test(self, atom: model.Atom) -> Table:
        found = self._tests.get(atom)
        if found is None:
            found = self._tests[atom] = Table(((atom.text, atom),), self.facts, ())
        return found


def _bits(
    facts: Mapping[str, Value], sets: Mapping[tuple[str, ...], int]
) -> dict[str, int]:
    return {
        "|".join(n for n in group if facts.get(n, UNKNOWN) is UNKNOWN): bits
        for group, bits in sets.items()
    }


def _open(needs: Iterable[str]) -> Outcome:
    return Outcome(UNDETERMINED, needs=tuple(sorted(needs)), minimised=False)


def _said(outcome: Outcome) -> Ahead:
    return Ahead(outcome.status, outcome.clauses, outcome.needs)


def exchanged_name(name: str) -> str:
    """Return the fact `name` of the other plan; other names as they are."""
    return _PLAN.sub(lambda m: f"{OTHER if m[1] == THIS else THIS}.", name)


def exchanged(condition: model.Condition) -> model.Condition:
    """Return `condition` with the two plans exchanged."""
    match condition:
        case model.All(parts):
            return model.All(tuple(map(exchanged, parts)))
        case model.Any_(parts):
            return model.Any_(tuple(map(exchanged, parts)))
        case model.Not(part):
            return model.Not(exchanged(part))
        case model.Named(name, part):
            # The name says what holds of this plan: it is not true of the other.
            return model.Named(f"{name} of the other", exchanged(part))
        case model.ComparesFacts():
            return replace(
                condition,
                fact=exchanged_name(condition.fact),
                other=exchanged_name(condition.other),
                text=exchanged_name(condition.text),
            )
        case _:
            return replace(
                condition,
                fact=exchanged_name(condition.fact),
                text=exchanged_name(condition.text),
            )
