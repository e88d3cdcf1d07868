"""The page of explanations: one card a line, to be read by a person who disputes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from whopays.decide.asked import Test
from whopays.decide.seen import Seen
from whopays.decide.trace import Trace
from whopays.explain import sentence
from whopays.explain.changes import changes_told
from whopays.explain.duties import duty_lines, route_record
from whopays.explain.limits import limit_lines
from whopays.explain.recorded import Told
from whopays.explain.tree import in_order, state_words, why_not
from whopays.model.changes import Changes
from whopays.model.money import dollars
from whopays.pages.about import About
from whopays.pages.render import rendered

if TYPE_CHECKING:
    from whopays.claims import Reject

#: What makes no difference to the answer, whatever else is said of it.
_IDLE = frozenset({"failed", "idle", "passed over"})


@dataclass(frozen=True)
class Part:
    """What one bearer bears: its name where it has one, `payer` if another one pays."""

    bearer: str
    name: str
    share: str
    amount: str
    payer: str


@dataclass(frozen=True)
class Step:
    """A clause or category that was looked at, and what came of it, in words."""

    name: str
    state: str
    words: str
    answer: str
    cites: str
    place: str
    tests: tuple[Asked, ...]


@dataclass(frozen=True)
class Asked:
    """One part of a condition, and what the claim says of the facts that it reads."""

    text: str
    given: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Steps:
    """What was looked at: `first` what made a difference, `rest` what did not apply."""

    first: tuple[Step, ...]
    rest: tuple[Step, ...]


@dataclass(frozen=True)
class Card:
    """One line of a claim, decided."""

    number: int
    claim: str
    line: str
    status: str
    sentence: str
    parts: tuple[Part, ...]
    amount: str
    amounts_note: str
    misdirected_to: tuple[str, ...]
    limits: tuple[str, ...]
    duties: tuple[str, ...]
    needs: tuple[str, ...]
    trace: Trace
    categories: Steps
    clauses: Steps
    facts: tuple[tuple[str, str], ...]
    why_not: tuple[str, ...]
    changes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Rejected:
    """A record that could not be read: where it stands, and why."""

    file: str
    record: int
    claim: str
    line: str
    reason: str


def explain_page(
    about: About,
    decisions: Iterable[tuple[Told, Changes | None]],
    rejects: Sequence[Reject],
    party: str | None = None,
) -> str:
    """Return the page of `decisions`, and of the records that were `rejects`.

    A decision may come with what would change it. With `party`, each card says why that party does not bear the line.
    """
    return rendered(
        "explain.html",
        about,
        cards=[
            _card(number, decision, changes, party)
            for number, (decision, changes) in enumerate(decisions, 1)
        ],
        rejects=[_rejected(each) for each in rejects],
        party=party,
    )


def _card(
    number: int, decision: Told, changes: Changes | None, party: str | None
) -> Card:
    trace = decision.trace()
    moved = any(each.state == "moved" for each in trace.clauses)
    left = trace.landed if moved else ""
    return Card(
        number,
        decision.claim_id,
        decision.line,
        decision.status,
        sentence(decision, named=False),  # the table below it has the names
        _parts(decision),
        dollars(decision.amount) if decision.amount is not None else "",
        decision.amounts_note,
        decision.misdirected_to if route_record(decision) is None else (),
        tuple(limit_lines(decision)),
        tuple(duty_lines(decision)),
        decision.needs,
        trace,
        _steps(trace.categories),
        _steps(trace.clauses, left),
        tuple(decision.values.items()),
        tuple(why_not(decision, party).splitlines()) if party else (),
        tuple(changes_told(changes)) if changes is not None else (),
    )


def _parts(decision: Told) -> tuple[Part, ...]:
    names = decision.names
    return tuple(
        Part(
            part.bearer,
            names.get(part.bearer, ""),
            part.share,
            dollars(part.cents) if part.cents is not None else "",
            part.payer if part.payer != part.bearer else "",
        )
        for part in decision.parts
    )


def _steps(looked_at: tuple[Seen, ...], left: str = "") -> Steps:
    ordered = in_order(looked_at)
    first = [each for each in ordered if each.state not in _IDLE]
    rest = [each for each in ordered if each.state in _IDLE]
    if not first:  # then these are all that there is to say
        first, rest = rest, []
    return Steps(
        tuple(_step(each, left) for each in first),
        tuple(_step(each, left) for each in rest),
    )


def _step(seen: Seen, left: str = "") -> Step:
    return Step(
        seen.id,
        seen.state,
        state_words(seen, left),
        seen.answer,
        "; ".join(seen.cites),
        seen.place,
        tuple(map(_asked, seen.tests)),
    )


def _asked(test: Test) -> Asked:
    return Asked(test.text, tuple(zip(test.facts, test.values, strict=False)))


def _rejected(reject: Reject) -> Rejected:
    return Rejected(
        PurePath(reject.file).name,
        reject.record,
        reject.claim_id,
        reject.line,
        f"{reject.field} {reject.reason}".strip(),
    )
