"""Limits of a decision: as records, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from whopays.accumulate.balances import Balance
from whopays.accumulate.counting import COUNTED, OPEN, YIELDED, Taken
from whopays.explain.recorded import Recorded, Told
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
        "applies_to": limit.applies_to,
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
        "file_by": taken.entry.file_by or None,
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


def limits_of(decision: Told) -> Sequence[dict[str, Any]]:
    """Return the records of the limits that may take the line."""
    if isinstance(decision, Recorded):
        return decision.limits_said
    return limit_records(decision.taken)


def cited(limit: Mapping[str, Any]) -> str:
    """Return the id of the limit of a record, with its citation."""
    cites = "; ".join(limit["cites"])
    return f"{limit['id']} ({cites})" if cites else str(limit["id"])


def limit_lines(decision: Told) -> Iterator[str]:
    """Yield what each limit counted of the line and who bears it, a sentence each."""
    for each in limits_of(decision):
        yield _sentence(each)


def _sentence(limit: Mapping[str, Any]) -> str:
    name, state, note = f"Limit {cited(limit)}", limit["state"], limit["note"]
    if state == YIELDED:
        to = " and ".join(limit["yields_to"])
        return f"{name} yields to {to}, which pays from it: nothing is counted here."
    count = _count(limit)
    if state == OPEN:
        return f"{name}{count}: open, because {note}."
    if state == COUNTED:
        kept = f"{limit['applies_to']} keeps what it bears"
        return f"{name}{count}: {kept}."
    said = f"{name}{count}: {_tiers(limit)}."
    if note:
        said = f"{said} The amounts are open, because {note}."
    by = limit["file_by"]
    return f"{said} To be claimed back by {by}." if by else said


def _count(limit: Mapping[str, Any]) -> str:
    value = limit["counted"]
    counts = f" counts {_said(limit, value)}" if value is not None else ""
    if limit["before"] is None or limit["after"] is None:
        return counts
    before, after = _between(limit, limit["before"]), _between(limit, limit["after"])
    if before == after:
        return f"{counts}, and stands at {after}"
    return f"{counts}, and goes from {before} to {after}"


def _between(limit: Mapping[str, Any], balance: Any) -> str:
    if not isinstance(balance, dict):
        return _said(limit, balance)
    least, most = balance["least"], balance["most"]
    if least is None or most is None:
        return "an open count"
    return f"between {_said(limit, least)} and {_said(limit, most)}"


def _tiers(limit: Mapping[str, Any]) -> str:
    said, over = [], None
    for tier in limit["tiers"]:
        part, up_to = tier["counted"], tier["up_to"]
        where = f"above {_said(limit, over)}" if over is not None else ""
        over = up_to
        if part is None or Fraction(part) == 0:
            continue
        if not where and up_to is not None:
            where = f"up to {_said(limit, up_to)}"
        said.append(f"{_said(limit, part)} {where} ({tier['answer']})")
    return ", ".join(said)


def _said(limit: Mapping[str, Any], value: int | str) -> str:
    if limit["unit"] == _MONEY:
        return dollars(int(value))
    return number_text(Fraction(value))
