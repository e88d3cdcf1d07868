"""Limits of a decision: as records, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from whopays.accumulate.balances import Balance
from whopays.accumulate.counting import COUNTED, OPEN, YIELDED, Taken
from whopays.decide.decision import Decision
from whopays.model.conditions import number_text
from whopays.model.contract import Limit
from whopays.model.money import dollars
from whopays.model.values import Number

_MONEY = "money"


def limit_records(taken: tuple[Taken, ...]) -> list[dict[str, Any]]:
    """Return what came of each limit that may take the line, as plain data.

    Amounts are integer cents, numbers exact text (`5/2`).
    """
    return [_record(each) for each in taken]


def _record(taken: Taken) -> dict[str, Any]:
    limit, key = taken.entry.limit, taken.entry.key
    parts = taken.parts or (None,) * len(limit.tiers)
    return {
        "id": limit.id,
        "state": taken.state,
        "cites": list(limit.cites),
        "counts": limit.counts.text,
        "unit": limit.unit,
        "counted": _plain(limit, taken.entry.value),
        "per": per_text(limit),
        "whom": key.whom if key is not None else None,
        "period": key.first or None if key is not None else None,
        "before": _balance(limit, taken.before),
        "after": _balance(limit, taken.after),
        "tiers": [
            {
                "answer": tier.shares.text,
                "up_to": _plain(limit, tier.up_to),
                "counted": _plain(limit, part),
            }
            for tier, part in zip(limit.tiers, parts, strict=True)
        ],
        "moved_cents": dict(sorted(taken.moved.items())),
        "nobody_cents": taken.nobody,
        "yields_to": list(taken.to),
        "needs": list(taken.entry.missing),
        "note": taken.note or None,
    }


def _plain(limit: Limit, value: Number | None) -> int | str | None:
    if value is None:
        return None
    return int(value) if limit.unit == _MONEY else str(Fraction(value))


def _balance(limit: Limit, balance: Balance | None) -> Any:
    if balance is None:
        return None
    if balance.exact is not None:
        return _plain(limit, balance.exact)
    return {
        "least": _plain(limit, balance.least),
        "most": _plain(limit, balance.most),
    }


def per_text(limit: Limit) -> str:
    """Return for whom and over which period a limit counts, as the language writes it."""
    return f"{limit.per} per {limit.period}" if limit.period else limit.per


def limit_text(limit: Limit) -> str:
    """Return a limit's id with its citation."""
    return f"{limit.id} ({'; '.join(limit.cites)})" if limit.cites else limit.id


def limit_lines(decision: Decision) -> Iterator[str]:
    """Yield what each limit counted of the line and who bears it, a sentence each."""
    for each in decision.taken:
        yield _sentence(each)


def _sentence(taken: Taken) -> str:
    limit = taken.entry.limit
    name = f"Limit {limit_text(limit)}"
    if taken.state == YIELDED:
        to = " and ".join(taken.to)
        return f"{name} yields to {to}, which pays from it: nothing is counted here."
    count = _count(taken)
    if taken.state == OPEN:
        return f"{name}{count}: open, because {taken.note}."
    if taken.state == COUNTED:
        kept = f"{limit.applies_to} keeps what it bears"
        return f"{name}{count}: {kept}."
    said = f"{name}{count}: {_tiers(taken)}"
    return (
        f"{said}. The amounts are open, because {taken.note}."
        if taken.note
        else f"{said}."
    )


def _count(taken: Taken) -> str:
    limit, value = taken.entry.limit, taken.entry.value
    counts = f" counts {_said(limit, value)}" if value is not None else ""
    if taken.before is None or taken.after is None:
        return counts
    before, after = _between(limit, taken.before), _between(limit, taken.after)
    if before == after:
        return f"{counts}, and stands at {after}"
    return f"{counts}, and goes from {before} to {after}"


def _between(limit: Limit, balance: Balance) -> str:
    if balance.exact is not None:
        return _said(limit, balance.exact)
    if balance.least is None or balance.most is None:
        return "an open count"
    return f"between {_said(limit, balance.least)} and {_said(limit, balance.most)}"


def _tiers(taken: Taken) -> str:
    limit, said = taken.entry.limit, []
    for at, part in enumerate(taken.parts or ()):
        if not part:
            continue
        tier, over = limit.tiers[at], limit.tiers[at - 1].up_to if at else None
        where = f"above {_said(limit, over)}" if over is not None else ""
        if not where and tier.up_to is not None:
            where = f"up to {_said(limit, tier.up_to)}"
        said.append(f"{_said(limit, part)} {where} {_who(tier.shares.text)}")
    return ", ".join(said)


def _who(answer: str) -> str:
    return f"({answer})"


def _said(limit: Limit, value: Number) -> str:
    return dollars(int(value)) if limit.unit == _MONEY else number_text(value)
