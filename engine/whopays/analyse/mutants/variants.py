"""Small changes of a condition or an answer, as a slip of the pen would make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from whopays.analyse.coverage.edges import step
from whopays.model import conditions as model
from whopays.model.catalog import Period
from whopays.model.contract import Answer
from whopays.model.facts import Fact, Kind
from whopays.model.values import Value
from whopays.program.ordinals import from_ordinal, ordinal

_OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_MOVED = Fraction(1, 10)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Variant:
    """Another condition: the `kind` of change, and in words what it is instead."""

    kind: str
    text: str
    when: model.Condition


def variants(
    when: model.Condition, facts: Mapping[str, Fact], parties: Sequence[str]
) -> Iterator[Variant]:
    """Yield conditions that differ from `when` in one thing."""
    match when:
        case model.All(parts) | model.Any_(parts):
            yield from _of_parts(when, parts, facts, parties)
        case model.Not(part):
            for each in variants(part, facts, parties):
                if each.kind != "negation":
                    yield replace(each, when=model.Not(each.when))
            yield Variant("negation", f"{part.text} for {when.text}", part)
        case model.Named(name, part):
            for each in variants(part, facts, parties):
                yield replace(each, when=model.Named(name, each.when))
        case _:
            for kind, atom in _atoms(when, facts, parties):
                yield Variant(kind, f"{atom.text} for {when.text}", atom)
            negated = model.Not(when)
            yield Variant("negation", f"{negated.text} for {when.text}", negated)


def _of_parts(
    when: model.All | model.Any_,
    parts: tuple[model.Condition, ...],
    facts: Mapping[str, Fact],
    parties: Sequence[str],
) -> Iterator[Variant]:
    kind = type(when)
    for at, part in enumerate(parts):
        for each in variants(part, facts, parties):
            changed = (*parts[:at], each.when, *parts[at + 1 :])
            yield replace(each, when=kind(changed))
    if len(parts) < 2:  # noqa: PLR2004 - a lone part is the condition itself
        return
    for at, part in enumerate(parts):
        left = (*parts[:at], *parts[at + 1 :])
        rest = left[0] if len(left) == 1 else kind(left)
        yield Variant("condition dropped", f"without {part.text}", rest)
    other, words = (
        (model.Any_, "or for and") if kind is model.All else (model.All, "and for or")
    )
    yield Variant("and and or", words, other(parts))


def _atoms(
    atom: model.Condition, facts: Mapping[str, Fact], parties: Sequence[str]
) -> Iterator[tuple[str, model.Atom]]:
    """Yield atoms with another operator, another threshold, or another value."""
    match atom:
        case model.Compares(name, op, value) if facts[name].kind.is_ordered:
            fact = facts[name]
            yield "operator", _compares(fact, _OTHER[op], value)
            size = step(atom, fact.kind)
            for away in (-size, size):
                moved = _shifted(fact.kind, value, away)
                if moved is not None:
                    yield "threshold", _compares(fact, op, moved)
        case model.ComparesFacts(name, op, other, shift) if op in _OTHER:
            yield "operator", _compares_facts(name, _OTHER[op], other, shift)
            for away in (-1, 1) if shift is not None and shift.count else ():
                if shift is not None and abs(shift.count) + away > 0:
                    further = away if shift.count > 0 else -away
                    moved_by = replace(shift, count=shift.count + further)
                    yield "threshold", _compares_facts(name, op, other, moved_by)
        case model.Is(name, value):
            for instead in _instead(facts[name], value, parties):
                yield "value", model.Is(name, instead, f"{name} is {instead}")
        case _:
            return


def _instead(fact: Fact, value: Value, parties: Sequence[str]) -> Iterator[str]:
    """Yield the value that comes after `value` among those of the fact."""
    options = {Kind.ONE_OF: fact.options, Kind.PARTY: parties}.get(fact.kind, ())
    if value in options and len(options) > 1:
        yield options[(options.index(str(value)) + 1) % len(options)]


def _compares(fact: Fact, op: str, value: Any) -> model.Compares:
    text = model.value_text(
        value, money=fact.kind is Kind.MONEY, percent=fact.kind is Kind.PERCENT
    )
    return model.Compares(fact.name, op, value, f"{fact.name} {op} {text}")


def _compares_facts(
    name: str, op: str, other: str, shift: model.Shift | None
) -> model.ComparesFacts:
    by = ""
    if shift is not None:
        side = "after" if shift.count > 0 else "before"
        by = f"{abs(shift.count)} {shift.unit} {side} "
    return model.ComparesFacts(name, op, other, shift, f"{name} {op} {by}{other}")


def _shifted(kind: Kind, value: Any, away: Any) -> Value | None:
    if kind is Kind.BIRTHDAY and not ordinal((1, 1)) <= ordinal(
        value
    ) + away <= ordinal((12, 31)):
        return None
    return from_ordinal(kind, ordinal(value) + away)


def moved_periods(
    periods: tuple[Period, ...],
) -> Iterator[tuple[str, tuple[Period, ...]]]:
    """Yield `periods` with a first or a last day moved by one."""
    for at, period in enumerate(periods):
        for away in (-_DAY, _DAY):
            others = [replace(period, first=period.first + away)]
            if period.last is not None and period.last < date.max:
                others.append(replace(period, last=period.last + away))
            for other in others:
                if other.last is None or other.first <= other.last:
                    changed = (*periods[:at], other, *periods[at + 1 :])
                    yield f"in force {other} for {period}", changed


def answers(answer: Answer, parties: Sequence[str]) -> Iterator[tuple[str, Answer]]:
    """Yield other answers: another party, or a part moved from one to another."""
    if answer.kind != "shares":
        yield "another party", Answer("shares", ((parties[0], Fraction(1)),))
        return
    bearers = [who for who, _ in answer.shares]
    for at, (who, part) in enumerate(answer.shares):
        instead = _next(who, bearers, parties)
        if instead is not None:
            shares = (*answer.shares[:at], (instead, part), *answer.shares[at + 1 :])
            yield "another party", Answer("shares", shares)
    for at, (who, part) in enumerate(answer.shares[:-1]):
        after, more = answer.shares[at + 1]
        moved = min(part / 2, _MOVED)
        pair = ((who, part - moved), (after, more + moved))
        shares = (*answer.shares[:at], *pair, *answer.shares[at + 2 :])
        yield "share", Answer("shares", shares)


def _next(who: str, taken: Sequence[str], parties: Sequence[str]) -> str | None:
    """Return the party that comes after `who` and bears nothing yet."""
    at = parties.index(who) if who in parties else 0
    order = (*parties[at + 1 :], *parties[:at])
    return next((each for each in order if each not in taken), None)
