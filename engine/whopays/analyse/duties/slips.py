"""Slips in routes and clocks that tests should notice, and claims that show them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from whopays.analyse.duties.claims import Fits, claims
from whopays.analyse.duties.shown import Owned, owned
from whopays.analyse.mutants.mutants import Edit, Mutant
from whopays.analyse.mutants.variants import moved_periods, variants
from whopays.analyse.witnesses.drafts import Draft
from whopays.decide.decision import Decision
from whopays.model.clocks import WORKING, Clock, Days, Interest, Rate, Route
from whopays.model.conditions import All, Any_, Condition, Named, Not
from whopays.model.contract import Contract
from whopays.model.duty import Clause
from whopays.model.facts import as_counted
from whopays.model.rules import TestCase
from whopays.model.truth import truth_of
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.compile import Program

_OTHER_DUTIES = {
    ("forward",): ("deny",),
    ("deny",): ("forward",),
    ("forward", "deny"): ("forward",),
}
#: What makes the kind of a slip one of a route or a clock.
KINDS = ("route", "clock")


def duty_mutants(program: Program) -> Iterator[Mutant]:
    """Yield the slips in the routes and clocks of the contract itself."""
    shared = {name for when in program.conditions() for name in _names(when)}
    for each in owned(program):
        for kind, text, edit in _slips(program, each.clause, shared):
            yield Mutant(
                f"{each.kind}: {kind}",
                each.clause.id,
                text,
                each.clause.span,
                program.contract,
                edit,
            )


def kind_of(mutant: Mutant) -> str:
    """Return whether `mutant` is a slip in a route or a clock; empty for neither."""
    kind, colon, _ = mutant.kind.partition(": ")
    return kind if colon and kind in KINDS else ""


def _slips(
    program: Program, clause: Clause, shared: set[str]
) -> Iterator[tuple[str, str, Edit]]:
    """Yield slips in `clause`; those in definitions that rows share are theirs."""
    if clause.when is not None:
        words = clause.when.text
        for each in variants(clause.when, program.contract.facts, program.parties):
            if not _is_within(clause.when, each.when, shared):
                yield each.kind, each.text, _with("when", Named(words, each.when))
    for days in _other_days(clause.days, program.contract):
        yield "days", f"{days.text} for {clause.days.text}", _with("days", days)
    for text, periods in moved_periods(clause.in_force):
        yield "day", text, _with("in_force", periods)
    for name in clause.yields_to:
        left = tuple(each for each in clause.yields_to if each != name)
        yield "target dropped", f"no longer yields to {name}", _with("yields_to", left)
    if isinstance(clause, Route):
        other = _OTHER_DUTIES[clause.duties]
        said = " or ".join(clause.duties)
        yield "duty", f"{' or '.join(other)} for {said}", _with("duties", other)
    elif clause.interest is not None:
        for text, interest in _other_interest(clause.interest):
            yield "interest", text, _with("interest", interest)
    yield "clause removed", "taken out", _nothing


def _names(when: Condition) -> Iterator[str]:
    """Yield the definitions that `when` uses."""
    match when:
        case Named(name, part):
            yield name
            yield from _names(part)
        case All(parts) | Any_(parts):
            for part in parts:
                yield from _names(part)
        case Not(part):
            yield from _names(part)
        case _:
            return


def _is_within(before: Condition, after: Condition, names: set[str]) -> bool:
    """Tell whether `after` differs from `before` inside a definition of `names`."""
    match before, after:
        case (Named(one, was), Named(other, now)) if one == other and was != now:
            return one in names or _is_within(was, now, names)
        case (Not(was), Not(now)):
            return _is_within(was, now, names)
        case (All(were), All(are)) | (Any_(were), Any_(are)) if len(were) == len(are):
            pairs = zip(were, are, strict=True)
            return any(_is_within(was, now, names) for was, now in pairs)
        case _:
            return False


def _with(name: str, value: Any) -> Edit:
    return lambda written: replace(written, **{name: value})


def _nothing(_: Any) -> None:
    return None


def _other_days(days: Days, contract: Contract) -> Iterator[Days]:
    for away in (-1, 1):
        if days.count + away >= 0:
            yield replace(days, count=days.count + away)
    if days.are_working:
        yield replace(days, unit="calendar days")
    elif contract.calendar:
        yield replace(days, unit=WORKING)


def _other_interest(interest: Interest) -> Iterator[tuple[str, Interest | None]]:
    yield f"no interest for {interest.text}", None
    for at, rate in enumerate(interest.rates):
        for other in _other_rates(rate):
            rates = (*interest.rates[:at], other, *interest.rates[at + 1 :])
            yield f"{other.text} for {rate.text}", replace(interest, rates=rates)
    if interest.extreme:
        other_ = "lesser" if interest.extreme == "greater" else "greater"
        words = f"{other_} of for {interest.extreme} of"
        yield words, replace(interest, extreme=other_)


def _other_rates(rate: Rate) -> Iterator[Rate]:
    if rate.kind == "money" and isinstance(rate.amount, int):
        yield replace(rate, amount=rate.amount + 100)
    elif rate.kind == "percent" and isinstance(rate.amount, Fraction):
        yield replace(rate, amount=rate.amount + Fraction(1, 100))
    if rate.begun and rate.unit == "year":
        yield replace(rate, begun=False)


# Claims that show a slip


def example(
    program: Program,
    cases: list[TestCase],
    mutant: Mutant,
    decide: tuple[Callable[[Draft], Decision], Callable[[Draft], Decision]],
) -> Draft | None:
    """Return a claim whose duty is another by `mutant`; `decide` are both contracts."""
    kind = kind_of(mutant)
    for each in owned(program):
        if each.clause.span != mutant.span or mutant.edit is None:
            continue
        other: Clause | None = mutant.edit(each.clause)
        asked, fits = _apart(program, each.clause, other)
        mine = Owned(kind, each.clause)
        for draft in claims(program.contract, cases, mine, asked, fits):
            true, changed = (_told(kind, one(draft)) for one in decide)
            if true != changed:
                return draft
    return None


def _apart(
    program: Program, clause: Clause, other: Clause | None
) -> tuple[list[Condition], Fits]:
    """Return what claims are to differ in, and which may be told apart.

    They hold in one reading alone, or, where the condition is the same, in both.
    """
    facts = program.contract.facts
    conditions = [clause.condition]
    changed = other is not None and other.condition != clause.condition
    if changed and other is not None:
        conditions.append(other.condition)
    elif other is not None and other.yields_to != clause.yields_to:
        gone = set(clause.yields_to) - set(other.yields_to)
        conditions.extend(
            each.clause.condition for each in owned(program) if each.clause.id in gone
        )

    def fits(given: Mapping[str, Value]) -> bool:
        def read(name: str) -> Value:
            missing = NONE if facts[name].or_none else UNKNOWN
            return as_counted(facts[name], given.get(name, missing))

        truths = [truth_of(when, read) for when in conditions]
        return truths[0] is not truths[1] if changed else all(truths)

    return conditions, fits


def _told(kind: str, decision: Decision) -> Hashable:
    """Return what a test can tell of the duty of `decision`."""
    found = decision.route if kind == "route" else decision.clock
    duty = found.duty
    says = duty.clause.duties if isinstance(duty.clause, Route) else ()
    interest = decision.interest if isinstance(duty.clause, Clock) else None
    return duty.state, duty.to, duty.clauses, says, found.by, found.needs, interest
