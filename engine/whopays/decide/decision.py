"""The decision of a line: the outcome, the money, and who has to be sent the claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whopays.decide.line import Decider, Found
from whopays.decide.trace import Trace, trace_of
from whopays.decide.truth import truth_of
from whopays.model.claim import Line
from whopays.model.contract import Limit, Party, percent
from whopays.model.money import split
from whopays.model.outcome import Outcome
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.compile import Program


@dataclass(frozen=True)
class Part:
    """What one bearer bears of a line: `cents`, None while that is undetermined.

    `payer` pays the claim for it: the bearer, or for a fund the party it is paid by.
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

    @property
    def status(self) -> str:
        """What came of the line."""
        return self.outcome.status

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts that would settle an undetermined line, the best to ask first."""
        return self.outcome.questions

    def trace(self) -> Trace:
        """Return the steps of the decision as data."""
        return trace_of(self.program, self.facts, self.found)


def decision_of(decider: Decider, line: Line, category: str | None = None) -> Decision:
    """Decide `line` by the contract of `decider`."""
    program = decider.program
    facts = program.facts_of(line)
    found = decider.decide(facts, category)
    amount = _amount(program, facts)
    parts, note = _parts(program, facts, found, amount)
    return Decision(
        line.claim_id,
        line.number,
        program.contract.id,
        found.outcome,
        parts,
        amount,
        note,
        _misdirected(facts, parts),
        facts,
        found,
        program,
    )


def _amount(program: Program, facts: Mapping[str, Value]) -> int | None:
    value = facts.get(program.contract.divides, UNKNOWN)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _parts(
    program: Program, facts: Mapping[str, Value], found: Found, amount: int | None
) -> tuple[tuple[Part, ...], str]:
    answer = found.outcome.answer
    if found.outcome.status != "decided" or answer is None:
        return (), ""
    note = ""
    limits = _open_limits(facts, found, {bearer for bearer, _ in answer.shares})
    if amount is None:
        note = f"the claim gives no {program.contract.divides}"
    elif limits:
        names = ", ".join(limit.id for limit in limits)
        note = f"limit {names} may divide it, and limits are not in this edition yet"
    parties = {party.id: party for party in program.contract.text.parties}
    shares = [part for _, part in answer.shares]
    cents: tuple[int | None, ...] = tuple(None for _ in shares)
    if amount is not None and not note:
        order = sorted(
            range(len(shares)),
            key=lambda at: list(parties).index(answer.shares[at][0]),
        )
        split_up = split(amount, [shares[at] for at in order])
        by_place = dict(zip(order, split_up, strict=True))
        cents = tuple(by_place[at] for at in range(len(shares)))
    parts = tuple(
        Part(bearer, percent(part), _payer(parties, bearer), each)
        for (bearer, part), each in zip(answer.shares, cents, strict=True)
    )
    return parts, note


def _payer(parties: Mapping[str, Party], bearer: str) -> str:
    party = parties.get(bearer)
    return party.paid_by if party is not None and party.paid_by else bearer


def _open_limits(
    facts: Mapping[str, Value], found: Found, bearers: set[str]
) -> list[Limit]:
    """Return the limits that may divide this line's amounts."""
    if found.version is None:
        return []

    def read(name: str) -> Value:
        return facts.get(name, UNKNOWN)

    return [
        limit
        for limit in found.version.text.limits
        if limit.applies_to in bearers
        and (limit.when is None or truth_of(limit.when, read) is not False)
    ]


def _misdirected(
    facts: Mapping[str, Value], parts: tuple[Part, ...]
) -> tuple[str, ...]:
    """Return whom the claim should go to, where the receiver pays no part of it."""
    received = facts.get("received_by", UNKNOWN)
    payers = tuple(dict.fromkeys(part.payer for part in parts))
    if received in {NONE, UNKNOWN} or not payers or received in payers:
        return ()
    return payers
