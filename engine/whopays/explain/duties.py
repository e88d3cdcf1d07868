"""Routes, clocks and interest of a decision: as records, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whopays.decide.deadline import Due, Late
from whopays.decide.decision import Decision
from whopays.model.accrual import rounded
from whopays.model.clocks import PAID_ON, RECEIVED_BY, Clock, Route
from whopays.model.money import dollars
from whopays.model.values import UNKNOWN, Value


def route_record(decision: Decision) -> dict[str, Any] | None:
    """Return what the receiver does as plain data, None where nothing is to be done."""
    if decision.duties is None or decision.route.duty.state == "none":
        return None
    found = decision.route
    clause = found.duty.clause
    duties = clause.duties if isinstance(clause, Route) else ()
    return {**_due(found), "does": list(duties), "to": list(found.duty.to)}


def clock_record(decision: Decision) -> dict[str, Any] | None:
    """Return by when the line is to be paid as plain data, None where no clock runs."""
    if decision.duties is None or decision.clock.duty.state == "none":
        return None
    found = decision.clock
    late, clause = decision.interest, found.duty.clause
    terms = clause.interest if isinstance(clause, Clock) else None
    interest = {**_late(late), "terms": terms.text} if late and terms else None
    return {**_due(found), "interest": interest}


def _due(found: Due) -> dict[str, Any]:
    duty, clause = found.duty, found.duty.clause
    return {
        "state": duty.state,
        "by": found.by.isoformat() if found.by else None,
        "within": clause.days.text if clause is not None else None,
        "because": list(duty.clauses),
        "cites": list(clause.cites) if clause is not None else [],
        "needs": list(found.needs),
    }


def _late(late: Late) -> dict[str, Any]:
    per_day = late.per_day
    return {
        "cents": late.cents,
        "days_late": late.days,
        "cents_per_day": str(per_day) if per_day is not None else None,
        "needs": list(late.needs),
    }


def route_sentence(decision: Decision) -> str:
    """Return what the receiver does with a misdirected claim, in one sentence."""
    found = decision.route
    duty, clause = found.duty, found.duty.clause
    receiver = _text(decision.facts.get(RECEIVED_BY, UNKNOWN))
    if duty.state == "due" and isinstance(clause, Route):
        # The first of several is the one with the larger share.
        does = ", or ".join(_verb(each, duty.to[0]) for each in clause.duties)
        also = f", and tells {', '.join(duty.to[1:])}" if len(duty.to) > 1 else ""
        by = _by(found)
        because = _because(found)
        return f"{by[0].upper()}{by[1:]} {receiver} {does}{also}, because of {because}."
    if duty.state == "unsaid":
        return (
            f"{receiver} received it and pays no part of it; it goes to "
            f"{', '.join(duty.to)}, and no route says by when."
        )
    if duty.state == "conflict":
        return f"By hand: routes {' and '.join(duty.clauses)} contradict each other."
    return ""


def _verb(duty: str, to: str) -> str:
    if duty == "forward":
        return f"forwards the claim to {to}"
    return f"denies it and names {to}"


def _by(found: Due) -> str:
    if found.by is not None:
        return f"by {found.by}"
    clause = found.duty.clause
    if clause is None:
        return ""
    return f"within {clause.days.text} (which is not known)"


def _because(found: Due) -> str:
    clause = found.duty.clause
    names = " and ".join(found.duty.clauses)
    if clause is None or not clause.cites or len(found.duty.clauses) > 1:
        return names
    return f"{names} ({'; '.join(clause.cites)})"


def duty_lines(decision: Decision) -> Iterator[str]:
    """Yield what a reader is told of deadlines and interest, a line each."""
    told = route_sentence(decision)
    if told:
        yield told
    elif decision.route.duty.state == "undetermined" and _is_received(decision):
        yield f"What the receiver does is open: needs {_needs(decision.route)}."
    found = decision.clock
    if found.duty.state == "due":
        # Of what nobody pays, the same time is for saying so.
        done = "answered" if decision.status == "not_covered" else "paid"
        yield f"To be {done} {_by(found)}, because of {_because(found)}."
    elif found.duty.state == "conflict":
        names = " and ".join(found.duty.clauses)
        yield f"By when to pay is by hand: clocks {names} contradict each other."
    elif found.duty.state == "undetermined":
        yield f"By when to pay is open: needs {_needs(found)}."
    interest = interest_text(decision)
    if interest:
        yield interest


def _is_received(decision: Decision) -> bool:
    """Tell whether the claim says who received it: else nobody asks what to do."""
    return decision.facts.get(RECEIVED_BY, UNKNOWN) is not UNKNOWN


def _needs(found: Due) -> str:
    return ", ".join(found.needs)


def interest_text(decision: Decision) -> str:
    """Return what interest there is on the line, in one sentence; empty for none."""
    late, clock = decision.interest, decision.clock.duty.clause
    if late is None or not isinstance(clock, Clock) or clock.interest is None:
        return ""
    terms = clock.interest.text
    if late.days == 0:
        return "Interest $0.00: it was paid in time."
    if late.cents is not None:
        days = f"{late.days} day{'s' if late.days != 1 else ''} late"
        return f"Interest {dollars(late.cents)}: paid {days}, at {terms}."
    if late.per_day is not None and decision.clock.by is not None:
        cents = dollars(rounded(late.per_day, clock.interest.rounding))
        whole = "" if len(clock.interest.rates) == 1 else f" ({terms})"
        return f"Interest {cents} for each day after {decision.clock.by}, not paid yet{whole}."
    if late.needs == (PAID_ON,):
        return f"Interest {terms} after {decision.clock.by}, not paid yet."
    if not late.needs:
        return "Interest is open: who bears a line of the claim is not settled."
    return f"Interest is undetermined: needs {', '.join(late.needs)}."


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "the receiver"
