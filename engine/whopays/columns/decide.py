"""Many lines decided at once: columns of values in, columns of decisions out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whopays.columns.answers import NOBODY, OF_WAYS, Ways, text_column
from whopays.columns.deadlines import Deadlines
from whopays.columns.from_decisions import Decided, decided
from whopays.columns.in_force import InForce
from whopays.columns.interned import Keys, Pairs, Places
from whopays.columns.lines import FactColumn, Lines
from whopays.columns.own import Gone, Own
from whopays.columns.plan import Plan
from whopays.columns.schema import FACT, schema
from whopays.columns.seen import Seen, Sees, Strange, mixed
from whopays.columns.told import Told
from whopays.decide.codes import DAY, CodeGate
from whopays.decide.decision import Decision, with_interest
from whopays.decide.line import Decider
from whopays.engines.filling import Filler
from whopays.model.claim import Line
from whopays.model.clocks import RECEIVED_BY
from whopays.model.facts import Fact
from whopays.model.values import Value
from whopays.program.compile import Program
from whopays.program.table import Table

_PART = 1 << 16  # lines whose columns stay near the processor


@dataclass(frozen=True)
class ByContract:
    """A contract that may answer for lines: what decides by it, and how it sees them.

    `chosen` are facts that are set because the contract is chosen by hand; `strange` the
    facts that may name a party of another contract.
    """

    decider: Decider
    chosen: Mapping[str, Value]
    strange: tuple[Strange, ...]


class Columnar:
    """Decides lines by `contracts`, many at once.

    `decide` is the meaning: it decides one line alone. `bearers` and `facts` are those of
    the rules; what is decided has a column for each bearer and each fact that
    some contract mentions. `gate` says which codes are not in force.
    """

    def __init__(
        self,
        contracts: Iterable[ByContract],
        decide: Callable[[Line], Decision],
        bearers: Iterable[str],
        facts: Mapping[str, Fact],
        *,
        gate: CodeGate | None = None,
    ) -> None:
        self._decide = decide
        self._contracts = list(contracts)
        programs = [each.decider.program for each in self._contracts]
        named = {name for program in programs for name in program.wide}
        known = dict(facts)
        for program in programs:
            known.update((n, program.contract.facts[n]) for n in program.terms)
        # Who got the claim is told with a route; the day, where no date chose the text.
        named |= {RECEIVED_BY, DAY} & known.keys()
        self.facts = {name: known[name] for name in sorted(named)}
        #: The Arrow schema of what is decided.
        self.schema = schema(bearers, self.facts)
        self._plans = [Plan(each.decider) for each in self._contracts]
        self._sees = [
            Sees(program, {*plan.names, *_beside(program)}, each.chosen, each.strange)
            for each, plan, program in zip(
                self._contracts, self._plans, programs, strict=True
            )
        ]
        self._ways = Ways([program.contract.id for program in programs])
        self._met = Keys()
        self._told = Told(self.facts)
        self._pairs = [Pairs() for _ in programs[1:]]
        catalogs = [program.contract.catalog for program in programs]
        self._own = Own(self._ways, catalogs, sorted(bearers))
        self._deadlines: Deadlines | None = None
        if any(each.decider.has_duties for each in self._contracts):
            self._deadlines = Deadlines(programs)
        self._in_force = InForce(gate) if gate is not None else None
        self._is_slow = any(program.terms for program in programs)

    def decide(self, lines: Lines) -> Decided:
        """Return the decisions of `lines`, in their order, and the explanations named.

        The lines of a claim that stand together have their interest added up.
        """
        if self._is_slow or not self._contracts or not len(lines):
            return decided(self._one_by_one(lines), self.schema, self.facts)
        passed, codes = lines, None
        if self._in_force is not None:
            passed, codes = self._in_force.passed(lines)
        seen = [each.seen(passed.facts, len(lines)) for each in self._sees]
        ways = np.empty(len(lines), np.int32)
        for start in range(0, len(lines), _PART):
            part = slice(start, min(start + _PART, len(lines)))
            ways[part] = self._ways_of(lines, seen, part)
        return self._table(lines, seen, ways, codes)

    def _one_by_one(self, lines: Lines) -> Iterator[tuple[Line, Decision]]:
        each = map(lines.line, range(len(lines)))
        for _, claim in groupby(each, lambda line: line.claim_id):
            own = list(claim)
            yield from zip(
                own, with_interest(list(map(self._decide, own))), strict=True
            )

    def _ways_of(self, lines: Lines, seen: list[Seen], part: slice) -> Places:
        """Return the way of each line in `part`, by its path through each contract."""
        keys: Any = 0
        for number, (plan, view) in enumerate(zip(self._plans, seen, strict=True)):
            found = plan.paths(view.columns, part, partial(_facts_at, view, part.start))
            own = found
            if number:
                # Of contracts after the first, all that are not the line's are alike.
                ours = np.array(plan.ours, np.bool_)
                own = np.where(ours[found], own + 1, 0)
                keys = self._pairs[number - 1].numbers(keys, own)
            else:
                keys = own
        keys = keys.astype(np.int64)
        ways = self._met.find(keys)
        missing = np.flatnonzero(ways < 0)
        if len(missing):
            self._fill()
            new, firsts = np.unique(keys[missing], return_index=True)
            order = np.argsort(firsts)
            places = [
                self._add(lines.line(part.start + int(missing[at])))
                for at in firsts[order]
            ]
            self._met.add(new[order], np.array(places, np.int32))
            ways = self._met.find(keys)
        return ways

    def _add(self, line: Line) -> int:
        """Decide `line`, and keep what is said of its way; return the number of that."""
        decision = self._decide(line)
        way = self._ways.add(decision)
        if self._deadlines is not None:
            self._deadlines.add(decision, int(self._ways.contract.all[way]))
        return way

    def _fill(self) -> None:
        """Have the entries filled that new paths ask for: many at once, table by table."""
        for each, plan in zip(self._contracts, self._plans, strict=True):
            engine = each.decider.engine
            wanted: dict[Table, dict[tuple[int, ...], None]] = {}
            for table, cells in plan.open:
                wanted.setdefault(table, {})[cells] = None
            plan.open = []
            if isinstance(engine, Filler):
                engine.fill([(table, list(some)) for table, some in wanted.items()])
            else:
                for table, some in wanted.items():
                    for cells in some:
                        engine.held(table, cells)

    def _table(
        self, lines: Lines, seen: list[Seen], ways: Places, codes: Any
    ) -> Decided:
        import pyarrow as pa  # noqa: PLC0415

        kept, count = self._ways, len(lines)
        met = np.zeros(len(kept), np.bool_)
        met[ways] = True
        used = np.flatnonzero(met).astype(np.int32)
        gone = self._gone(lines, seen, ways, used)
        columns = self._own.columns(gone)
        if self._deadlines is not None:
            columns.update(self._deadlines.columns(gone, _claims(lines)))
        for name in OF_WAYS:
            numbers = kept.numbers[name].all
            columns[name] = text_column(kept.texts[name], numbers, ways, used)
        for name in self.facts:
            column = gone.columns.get(name)
            columns[f"{FACT}{name}"] = self._told.column(name, column, count)
        columns["unknown"] = self._told.unknown(gone.columns, count)
        if codes is not None:
            columns["codes"] = codes
        columns["claim_id"] = lines.claim_ids.cast(pa.string())
        columns["line"] = lines.numbers.cast(pa.string())
        columns["record"] = pa.array(lines.records)
        arrays = [
            columns[f.name] if f.name in columns else _nothing(f, count)
            for f in self.schema
        ]
        table = pa.Table.from_arrays(arrays, schema=self.schema)
        waits = np.fromiter(kept.went, object, len(kept.went))[ways].tolist()
        return Decided(table, kept.explained(used), waits)

    def _gone(self, lines: Lines, seen: list[Seen], ways: Places, used: Places) -> Gone:
        """Return the ways with the facts as the contracts see them that decided."""
        by = self._ways.contract.all
        contracts = set(by[used].tolist())
        if len(contracts) == 1 and NOBODY not in contracts:
            only = contracts.pop()
            view = seen[only]
            amount = view.columns.get(self._sees[only].divides)
            which = np.full(len(ways), only, np.int32)
            return Gone(
                ways, used, which, view.columns, amount, view.apart, view.strange
            )
        which = by[ways]
        which[which == NOBODY] = len(seen)
        nobody = Seen(dict(lines.facts), None, {})
        views = [*seen, nobody]
        names = {name for view in seen for name in view.columns} | set(self.facts)
        columns = {
            name: _mixed([v.columns.get(name) for v in views], which) for name in names
        }
        divided = [
            v.columns.get(s.divides) for v, s in zip(seen, self._sees, strict=True)
        ]
        amount = mixed([*divided, None], which)
        apart = np.zeros(len(ways), np.bool_)
        strange: dict[str, Any] = {}
        for number, view in enumerate(seen):
            own = which == number
            if view.apart is not None:
                apart |= own & view.apart
            for name, mask in view.strange.items():
                strange[name] = strange.get(name, False) | (own & mask)
        return Gone(ways, used, which, columns, amount, apart, strange)


def _beside(program: Program) -> set[str]:
    """Return the facts that are asked for, beside those that conditions ask for."""
    return {RECEIVED_BY, DAY, *Deadlines.names(program)}


def _facts_at(view: Seen, start: int, at: int) -> Mapping[str, Value]:
    return view.facts_at(start + at)


def _mixed(columns: list[FactColumn | None], which: Places) -> FactColumn | None:
    if all(each is columns[0] for each in columns):
        return columns[0]
    return mixed(columns, which)


def _claims(lines: Lines) -> NDArray[np.int64]:
    """Return a number for each run of lines of one claim."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    ids = lines.claim_ids.cast(pa.string())
    other = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
    return np.concatenate(([0], np.cumsum(other)))


def _nothing(field: Any, count: int) -> Any:
    """Return a column of nothing."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_dictionary(field.type):
        return pa.nulls(count, pa.string()).dictionary_encode()
    return pa.nulls(count, field.type)
