"""A decision and its explanation as JSON records, with published schemas.

The explanation has nothing of the line's own: many lines share one. The decision names
it by id, and carries the amounts and the values of the facts that rules mention.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from whopays.decide.trace import GROUPS, Trace, json_list, json_object
from whopays.explain.duties import clock_record, route_record
from whopays.explain.limits import limits_of
from whopays.explain.recorded import Told
from whopays.explain.said import terms_of
from whopays.model.validity import CodeNote


def decision_record(decision: Told) -> dict[str, Any]:
    """Return `decision` as plain data; money is integer cents."""
    trace = decision.shared
    route, limits = route_record(decision), limits_of(decision)
    terms = terms_of(decision)
    return {
        "claim_id": decision.claim_id,
        "line": decision.line,
        "contract": decision.contract,
        "version": trace.version,
        "status": decision.status,
        "category": trace.category or None,
        "shares": [
            {
                "bearer": part.bearer,
                "share": part.share,
                "payer": part.payer,
                "cents": part.cents,
            }
            for part in decision.parts
        ],
        "amount_cents": decision.amount,
        "amounts_note": decision.amounts_note or None,
        "because": list(decision.because),
        "needs": list(decision.needs),
        "misdirected_to": list(decision.misdirected_to),
        "route": route,
        "clock": clock_record(decision),
        "explanation": trace.id,
        "facts": dict(decision.values),
        "codes": _codes(decision),
        "catalog_note": decision.catalog_note or None,
        **({"strangers": [*decision.strangers]} if decision.strangers else {}),
        **({"limits": list(limits)} if limits else {}),
        **({"received_by": decision.received_by} if route else {}),
        **({"terms": list(terms)} if terms else {}),
    }


def _codes(decision: Told) -> dict[str, Any] | None:
    """Return what code packs say of the line's codes; None where none was asked."""
    if not decision.packs:
        return None
    return codes_record(decision.packs, decision.code_notes)


def codes_record(
    packs: Iterable[str], code_notes: Iterable[CodeNote]
) -> dict[str, Any]:
    """Return the `packs` that were asked, and the codes that by them are not in force."""
    return {
        "packs": list(packs),
        "not_in_force": [
            {
                "fact": note.fact,
                "system": note.system,
                "code": note.code,
                "standing": note.standing,
                "day": note.day.isoformat() if note.day else None,
                "bound": note.bound.isoformat() if note.bound else None,
                "pack": note.pack,
            }
            for note in code_notes
        ],
    }


def explanation_record(trace: Trace) -> dict[str, Any]:
    """Return the explanation of `trace` as plain data, without a line's values."""
    found = {"id": trace.id, **{name: getattr(trace, name) for name in _FIELDS}}
    found["needs"] = list(trace.needs)
    for group in GROUPS:
        found[group] = [seen.plain for seen in getattr(trace, group)]
    return found


def explanation_json(trace: Trace) -> str:
    """Return the JSON of `explanation_record`, its keys in order, as outputs have it."""
    own = (name for name in ("id", *_FIELDS) if name not in GROUPS)
    found = {name: _JSON.encode(getattr(trace, name)) for name in own}
    for group in GROUPS:
        found[group] = json_list(seen.json for seen in getattr(trace, group))
    return json_object(found)


_JSON = json.JSONEncoder(ensure_ascii=False)
_FIELDS = tuple(
    each.name for each in fields(Trace) if each.name not in {"date", "code"}
)
