"""A decision and its explanation as JSON records, with published schemas.

The explanation has nothing of the line's own: many lines share one. The decision names
it by id, and carries the amounts and the values of the facts that rules mention.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from whopays.decide.decision import Decision
from whopays.decide.trace import Trace


def decision_record(decision: Decision) -> dict[str, Any]:
    """Return `decision` as plain data; money is integer cents."""
    trace = decision.trace()
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
        "because": [*decision.outcome.moved, *decision.outcome.clauses],
        "needs": list(decision.needs),
        "misdirected_to": list(decision.misdirected_to),
        "explanation": trace.id,
        "facts": _values(trace),
    }


def _values(trace: Trace) -> dict[str, str]:
    """Return the values of the facts that the explanation mentions."""
    own = ((trace.date_fact, trace.date), (trace.code_fact, trace.code))
    found = {fact: value for fact, value in own if fact}
    for seen in (*trace.categories, *trace.clauses):
        for test in seen.tests:
            found.update(zip(test.facts, test.values, strict=False))
    return dict(sorted(found.items()))


def explanation_record(trace: Trace) -> dict[str, Any]:
    """Return the explanation of `trace` as plain data, without a line's values."""
    bare = _plain(asdict(trace.without_values()))
    for group in ("categories", "clauses"):
        for seen in bare[group]:
            for test in seen["tests"]:
                del test["values"]
    del bare["date"], bare["code"]
    return {"id": trace.id, **bare}


def _plain(value: Any) -> Any:
    """Return `value` with lists for tuples, as JSON would give it back."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
