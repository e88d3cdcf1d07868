"""What tests expect of routes, clocks and interest, compared with what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from whopays.decide.deadline import Due
from whopays.decide.decision import Decision
from whopays.model.accrual import rounded
from whopays.model.clocks import Clock, Route
from whopays.model.money import dollars
from whopays.model.rules import Expected, ExpectedDuty


def duty_problems(expected: Expected, decisions: Sequence[Decision]) -> Iterator[str]:
    """Yield how the duties of `decisions` are other than `expected`."""
    for wanted in expected.duties:
        if wanted.kind == "interest":
            yield from _interest(wanted, decisions)
            continue
        for decision in decisions:
            found = decision.route if wanted.kind == "route" else decision.clock
            if not _is_as(wanted, found):
                yield f"expected {_said(wanted)}, got {_got(wanted.kind, found)}"


def duty_needs(expected: Expected, decision: Decision) -> set[str]:
    """Return the facts that would settle the duties that `expected` names."""
    needs: set[str] = set()
    for wanted in expected.duties:
        if wanted.kind == "interest":
            needs.update(decision.interest.needs if decision.interest else ())
        else:
            needs.update(_found(wanted, decision).needs)
    return needs


def duty_reasons(expected: Expected, decision: Decision) -> list[str]:
    """Return the routes and clocks that gave the duties which `expected` names."""
    found = [_found(wanted, decision).duty.clauses for wanted in expected.duties]
    return list(dict.fromkeys(name for names in found for name in names))


def _found(wanted: ExpectedDuty, decision: Decision) -> Due:
    return decision.route if wanted.kind == "route" else decision.clock


def _is_as(wanted: ExpectedDuty, found: Due) -> bool:
    duty, clause = found.duty, found.duty.clause
    # A misdirected claim of which no route speaks has no route, either.
    state = "none" if duty.state == "unsaid" else duty.state
    if state != wanted.state:
        return False
    if wanted.duties and (
        not isinstance(clause, Route) or set(clause.duties) != wanted.duties
    ):
        return False
    if wanted.to and duty.to[:1] != (wanted.to,):
        return False
    by = found.by.isoformat() if found.by is not None else "unknown"
    return not wanted.by or wanted.by == by


def _interest(wanted: ExpectedDuty, decisions: Sequence[Decision]) -> Iterator[str]:
    """Yield how the interest on all lines is other than `wanted`."""
    found = [each.interest for each in decisions if each.interest is not None]
    if not found:
        yield f"expected {_said(wanted)}, got no interest"
        return
    if wanted.per_day:
        exact = [each.per_day for each in found if each.per_day is not None]
        clock = decisions[0].clock.duty.clause
        terms = clock.interest if isinstance(clock, Clock) else None
        whole = sum(exact, Fraction(0))
        cents = rounded(whole, terms.rounding) if exact and terms else None
    else:
        known = [each.cents for each in found if each.cents is not None]
        cents = sum(known) if len(known) == len(found) else None
    if cents != wanted.cents:
        needs = sorted({need for each in found for need in each.needs})
        got = dollars(cents) if cents is not None else f"needs {', '.join(needs)}"
        yield f"expected {_said(wanted)}, got {got}"


def _said(wanted: ExpectedDuty) -> str:
    if wanted.kind == "interest":
        per = " per day" if wanted.per_day else ""
        return f"interest {dollars(wanted.cents or 0)}{per}"
    if wanted.state == "none":
        return f"no {wanted.kind}"
    if wanted.state == "undetermined":
        return f"{wanted.kind} undetermined"
    words = " or ".join(sorted(wanted.duties, reverse=True)) or "pay"
    to = f" to {wanted.to}" if wanted.to else ""
    return f"{words}{to}{f' by {wanted.by}' if wanted.by else ''}"


def _got(kind: str, found: Due) -> str:
    duty, clause = found.duty, found.duty.clause
    if duty.state == "none":
        return f"no {kind}"
    if duty.state == "unsaid":
        return f"no {kind} for a claim that goes to {', '.join(duty.to)}"
    if duty.state == "conflict":
        return f"{' and '.join(duty.clauses)}, which contradict each other"
    if duty.state == "undetermined":
        return f"{kind} undetermined, needs {', '.join(found.needs)}"
    words = " or ".join(clause.duties) if isinstance(clause, Route) else "pay"
    to = f" to {duty.to[0]}" if duty.to else ""
    because = f" because {', '.join(duty.clauses)}"
    return f"{words}{to} by {found.by or 'unknown'}{because}"
