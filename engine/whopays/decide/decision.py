"""The decision of a line: the outcome, the money, and who has to be sent the claim."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from whopays.accumulate.counting import PAID, Entry, Taken
from whopays.decide.codes import DAY
from whopays.decide.deadline import Due, Late, Owed, due, late, owed
from whopays.decide.duties import Duties
from whopays.decide.limits import Turn, entries_of, shares_in_cents, turn_of
from whopays.decide.line import Decider, Found
from whopays.decide.trace import Trace, trace_of, values_of, with_values
from whopays.model.catalog import Catalog
from whopays.model.claim import Line
from whopays.model.clocks import RECEIVED_BY
from whopays.model.conditions import value_text
from whopays.model.duty import NOTHING, payers_of
from whopays.model.outcome import Outcome
from whopays.model.validity import CodeNote
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.compile import Program
from whopays.terms.line import Said, said_of, with_needs

_MOST_TRACES = 20_000  # kept by one decider, some kilobytes each


@dataclass(frozen=True)
class Part:
    """What one bearer bears of a line: `cents`, None while that is undetermined.

    `payer` pays the claim for it: the bearer, or for a fund the party it is paid by.
    One that bears something by a limit alone has the share 0%.
    """

    bearer: str
    share: str
    payer: str
    cents: int | None


@dataclass(frozen=True)
class Decision:
    """Who pays a line, how much, and why.

    `status` is one of `model.outcome.STATUSES`. `amount` is the cents that the contract
    divides, None where the claim does not say. `amounts_note` says why parts have no
    cents. `received_by` is set where the claim lies with a party that does not pay it.
    `packs` are the digests of the code packs that were asked, `code_notes` the codes that
    by them are not in force.
    """

    claim_id: str
    line: str
    contract: str
    outcome: Outcome
    parts: tuple[Part, ...]
    amount: int | None
    amounts_note: str
    misdirected_to: tuple[str, ...]
    facts: Mapping[str, Value] = field(repr=False)
    found: Found = field(repr=False)
    program: Program | None = field(repr=False, default=None)
    traces: dict[Hashable, Trace] | None = field(
        repr=False, default=None, compare=False
    )
    code_notes: tuple[CodeNote, ...] = ()
    packs: tuple[str, ...] = ()
    category: str | None = None
    #: Facts that name a party of another contract: they count as unknown.
    strangers: tuple[str, ...] = ()
    duties: Duties | None = field(repr=False, default=None, compare=False)
    #: What limits may count of the line, and its turn among all lines.
    entries: tuple[Entry, ...] = field(repr=False, default=())
    turn: Turn = field(repr=False, default=("", "", ""))
    #: What came of `entries`; empty until the line has had its turn.
    taken: tuple[Taken, ...] = field(repr=False, default=())
    #: The interest on the line as one of several of its claim.
    of_claim: Late | None = field(repr=False, default=None)
    #: What the terms come to that conditions name.
    terms: tuple[Said, ...] = field(repr=False, default=(), compare=False)

    @property
    def status(self) -> str:
        """What came of the line."""
        return self.outcome.status

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts that would settle an undetermined line, the best to ask first."""
        return self.outcome.questions

    @property
    def because(self) -> tuple[str, ...]:
        """The clauses that gave the answer: treats, rows or exceptions, limits that acted."""
        acted = (each.entry.limit.id for each in self.taken if each.state == PAID)
        return (*self.outcome.moved, *self.outcome.clauses, *acted)

    @property
    def names(self) -> dict[str, str]:
        """The names that parties have in the text that decided, by id."""
        version = self.found.version
        parties = version.text.parties if version is not None else ()
        return {party.id: party.name for party in parties if party.name}

    @property
    def received_by(self) -> str | None:
        """Who got the claim first, as text; None where that is not known."""
        value = self.facts.get(RECEIVED_BY, UNKNOWN)
        return None if value is UNKNOWN else value_text(value)

    def trace(self) -> Trace:
        """Return the steps of the decision as data."""
        return with_values(self.shared, self.values)

    @cached_property
    def shared(self) -> Trace:
        """The trace without the line's values: one for all lines that go this way."""
        found = self.found
        if self.traces is None or not found.way:
            return trace_of(self.program, self.facts, found)
        where = (found.version, found.candidates, found.outcome.landed)
        key = (*where, found.date_fact, found.code_fact, *found.way)
        trace = self.traces.get(key)
        if trace is None:
            if len(self.traces) >= _MOST_TRACES:
                self.traces.clear()
            trace = trace_of(self.program, self.facts, found)
            self.traces[key] = trace
        return trace

    @property
    def catalog_note(self) -> str:
        """Why the categories may not be those of the day of service, or ""."""
        day = self.facts.get(DAY)
        if self.program is None or not isinstance(day, date):
            return ""
        catalog = self.program.contract.catalog
        if self.status == "no_contract" or not catalog.is_silent_on(day):
            return ""
        return note_of_silence(catalog, day)

    @cached_property
    def route(self) -> Due:
        """What the one that received the claim does with it, and by when."""
        if self.duties is None:
            return Due(NOTHING)
        duty = self.duties.route(self.facts, self.category, self.found)
        return due(duty, self.facts, self._calendar)

    @cached_property
    def clock(self) -> Due:
        """By when the claim is to be paid."""
        if self.duties is None:
            return Due(NOTHING)
        duty = self.duties.clock(self.facts, self.found)
        return due(duty, self.facts, self._calendar)

    @cached_property
    def owed(self) -> Owed | None:
        """What interest on the line is calculated of, None where there is none."""
        bears = {"decided": True, "not_covered": False}.get(self.status)
        divides = self.program.contract.divides if self.program is not None else ""
        return owed(self.clock, self.facts, divides, bears, self.needs)

    @cached_property
    def interest(self) -> Late | None:
        """The interest on the line: its part of that of the claim, or of it alone."""
        if self.of_claim is not None or self.owed is None or self.program is None:
            return self.of_claim
        return late([self.owed], self.facts)[0]

    @property
    def _calendar(self) -> str:
        return self.program.contract.calendar if self.program is not None else ""

    @cached_property
    def values(self) -> dict[str, str]:
        """The values, as text, of the facts that the trace mentions."""
        return values_of(self.program, self.facts, self.shared.mentioned)


def decision_of(decider: Decider, line: Line, category: str | None = None) -> Decision:
    """Decide `line` by the contract of `decider`."""
    program = decider.program
    said = said_of(program.contract, program.terms, line.facts)
    facts = program.facts_of(line, said)
    found = decider.decide(facts, category)
    if said and found.outcome.needs:
        found = replace(found, outcome=with_needs(found.outcome, said))
    amount = amount_of(program, facts)
    parts, note = _parts(program, line, found, amount)
    entries = (
        entries_of(program, line, facts, found, said) if decider.has_limits else ()
    )
    if entries:
        parts, note, entries = _open(parts, note, entries)
    return Decision(
        line.claim_id,
        line.number,
        program.contract.id,
        found.outcome,
        parts,
        amount,
        note,
        _misdirected(program, facts, found.outcome),
        facts,
        found,
        program,
        decider.traces,
        category=category,
        duties=_duties(decider),
        entries=entries,
        turn=turn_of(facts, found.date_fact, line) if entries else ("", "", ""),
        terms=said,
    )


def _open(
    parts: tuple[Part, ...], note: str, entries: tuple[Entry, ...]
) -> tuple[tuple[Part, ...], str, tuple[Entry, ...]]:
    """Return the parts without cents, which hang on what the limits have counted."""
    cents = {part.bearer: part.cents for part in parts}
    known = tuple(replace(e, cents=cents.get(e.limit.applies_to)) for e in entries)
    if not parts:
        return parts, note, known
    left = tuple(replace(part, cents=None) for part in parts)
    return left, note or note_of_waiting(entries), known


def note_of_silence(catalog: Catalog, day: date) -> str:
    """Return why the categories of a line served on `day` may not be those of that day."""
    return (
        f"Catalog {catalog.id} {catalog.version} is in force "
        f"{', '.join(map(str, catalog.in_force))}, and {DAY} is {day}: codes of that "
        f"day may be others"
    )


def note_of_waiting(entries: tuple[Entry, ...]) -> str:
    """Return why the cents of a line are open that limits may divide."""
    names = ", ".join(each.limit.id for each in entries)
    return f"what limit {names} had counted before it is not looked at here"


def note_of_missing(divides: str, *, apart: bool) -> str:
    """Return why a line has no amount to divide; `apart`: its parts say another one."""
    if apart:
        return f"{divides} is given, and its parts add up to another amount"
    return f"the claim gives no {divides}"


def _duties(decider: Decider) -> Duties | None:
    if not decider.has_duties:
        return None
    if decider.duties is None:
        decider.duties = Duties(decider)
    found: Duties = decider.duties
    return found


def with_interest(decisions: list[Decision]) -> list[Decision]:
    """Return the decisions of one claim, the interest on its lines added up.

    Lines with one clock, one last day and one day of payment are rounded together.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for at, decision in enumerate(decisions):
        if decision.duties is not None and decision.owed is not None:
            owes = decision.owed
            key = (decision.contract, owes.clock.id, owes.by, owes.paid)
            groups.setdefault(key, []).append(at)
    found = list(decisions)
    for places in groups.values():
        if len(places) > 1:
            several = [decisions[at] for at in places]
            for at, each in zip(places, _added_up(several), strict=True):
                found[at] = replace(decisions[at], of_claim=each)
    return found


def _added_up(decisions: list[Decision]) -> list[Late]:
    first = decisions[0]
    lines = [each.owed for each in decisions if each.owed is not None]
    return late(lines, first.facts)


def amount_of(program: Program, facts: Mapping[str, Value]) -> int | None:
    """Return the cents that the contract divides of a line, None where they are missing."""
    value = facts.get(program.contract.divides, UNKNOWN)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _parts(
    program: Program,
    line: Line,
    found: Found,
    amount: int | None,
) -> tuple[tuple[Part, ...], str]:
    answer = found.outcome.answer
    if found.outcome.status != "decided" or answer is None:
        return (), ""
    note = ""
    if amount is None:
        name = program.contract.divides
        note = note_of_missing(name, apart=name in program.apart(line))
    text = program.contract.text
    payers = text.payers
    cents: dict[str, int] = {}
    if amount is not None:
        cents = shares_in_cents(text, answer.shares, amount)
    parts = tuple(
        Part(bearer, part, payers.get(bearer, bearer), cents.get(bearer))
        for (bearer, _), part in zip(answer.shares, answer.percents, strict=True)
    )
    return parts, note


def _misdirected(
    program: Program, facts: Mapping[str, Value], outcome: Outcome
) -> tuple[str, ...]:
    """Return whom the claim should go to, where the receiver pays no part of it."""
    received = facts.get(RECEIVED_BY, UNKNOWN)
    if received is NONE or received is UNKNOWN or outcome.status != "decided":
        return ()
    payers = payers_of(outcome.answer, program.contract.text.payers)
    return () if received in payers else payers
