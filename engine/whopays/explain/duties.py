"""Routes, clocks and interest of a decision: as records, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from whopays.decide.deadline import Due, Late
from whopays.explain.recorded import Recorded, Told
from whopays.model.accrual import rounded
from whopays.model.clocks import PAID_ON, Clock, Interest, Route
from whopays.model.money import dollars
from whopays.model.values import NONE


def route_record(decision: Told) -> dict[str, Any] | None:
    """Return what the receiver does as plain data, None where nothing is to be done."""
    if isinstance(decision, Recorded):
        return decision.route_said
    if decision.duties is None or decision.route.duty.state == "none":
        return None
    return told_route(decision.route)


def told_route(found: Due) -> dict[str, Any]:
    """Return what the receiver does, and by when, as plain data."""
    clause = found.duty.clause
    duties = clause.duties if isinstance(clause, Route) else ()
    return {**_due(found), "does": list(duties), "to": list(found.duty.to)}


def clock_record(decision: Told) -> dict[str, Any] | None:
    """Return by when the line is to be paid as plain data, None where no clock runs."""
    if isinstance(decision, Recorded):
        return decision.clock_said
    if decision.duties is None or decision.clock.duty.state == "none":
        return None
    return told_clock(decision.clock, decision.interest)


def told_clock(found: Due, late: Late | None) -> dict[str, Any]:
    """Return by when to pay, and the interest on what is paid late, as plain data."""
    clause = found.duty.clause
    terms = clause.interest if isinstance(clause, Clock) else None
    interest = {**_late(late), **_terms(terms)} if late and terms else None
    return {**_due(found), "interest": interest}


def _terms(terms: Interest) -> dict[str, Any]:
    return {"terms": terms.text, "rounding": terms.rounding}


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


def route_sentence(decision: Told) -> str:
    """Return what the receiver does with a misdirected claim, in one sentence."""
    route = route_record(decision)
    if route is None:
        return ""
    to, receiver = route["to"], decision.received_by
    if receiver in {None, str(NONE.value)}:
        receiver = "the receiver"
    if route["state"] == "due" and route["does"]:
        # The first of several is the one with the larger share.
        does = ", or ".join(_verb(each, to[0]) for each in route["does"])
        also = f", and tells {', '.join(to[1:])}" if len(to) > 1 else ""
        by, because = _by(route), _because(route)
        return f"{by[0].upper()}{by[1:]} {receiver} {does}{also}, because of {because}."
    if route["state"] == "unsaid":
        return (
            f"{receiver} received it and pays no part of it; it goes to "
            f"{', '.join(to)}, and no route says by when."
        )
    if route["state"] == "conflict":
        names = " and ".join(route["because"])
        return f"By hand: routes {names} contradict each other."
    return ""


def _verb(duty: str, to: str) -> str:
    if duty == "forward":
        return f"forwards the claim to {to}"
    return f"denies it and names {to}"


def _by(due: Mapping[str, Any]) -> str:
    if due["by"] is not None:
        return f"by {due['by']}"
    if due["within"] is None:
        return ""
    return f"within {due['within']} (which is not known)"


def _because(due: Mapping[str, Any]) -> str:
    clauses, cites = due["because"], due["cites"]
    names = " and ".join(clauses)
    if not cites or len(clauses) > 1:
        return names
    return f"{names} ({'; '.join(cites)})"


def duty_lines(decision: Told) -> Iterator[str]:
    """Yield what a reader is told of deadlines and interest, a line each."""
    route, clock = route_record(decision), clock_record(decision)
    told = route_sentence(decision)
    if told:
        yield told
    elif (
        route and route["state"] == "undetermined" and decision.received_by is not None
    ):
        yield f"What the receiver does is open: needs {_needs(route)}."
    if clock is None:
        return
    if clock["state"] == "due":
        # Of what nobody pays, the same time is for saying so.
        done = "answered" if decision.status == "not_covered" else "paid"
        yield f"To be {done} {_by(clock)}, because of {_because(clock)}."
    elif clock["state"] == "conflict":
        names = " and ".join(clock["because"])
        yield f"By when to pay is by hand: clocks {names} contradict each other."
    elif clock["state"] == "undetermined":
        yield f"By when to pay is open: needs {_needs(clock)}."
    interest = interest_text(decision)
    if interest:
        yield interest


def _needs(due: Mapping[str, Any]) -> str:
    return ", ".join(due["needs"])


def interest_text(decision: Told) -> str:
    """Return what interest there is on the line, in one sentence; empty for none."""
    clock = clock_record(decision)
    interest = clock["interest"] if clock else None
    if clock is None or interest is None:
        return ""
    terms, by, days = interest["terms"], clock["by"], interest["days_late"]
    if days == 0:
        return "Interest $0.00: it was paid in time."
    if interest["cents"] is not None:
        late = f"{days} day{'s' if days != 1 else ''} late"
        return f"Interest {dollars(interest['cents'])}: paid {late}, at {terms}."
    if interest["cents_per_day"] is not None and by is not None:
        per_day = Fraction(interest["cents_per_day"])
        cents = dollars(rounded(per_day, interest["rounding"]))
        # Several rates are listed.
        whole = f" ({terms})" if ", " in terms else ""
        return f"Interest {cents} for each day after {by}, not paid yet{whole}."
    if interest["needs"] == [PAID_ON]:
        return f"Interest {terms} after {by}, not paid yet."
    if not interest["needs"]:
        return "Interest is open: who bears a line of the claim is not settled."
    return f"Interest is undetermined: needs {', '.join(interest['needs'])}."
