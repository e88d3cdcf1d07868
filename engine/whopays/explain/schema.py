"""The published JSON Schema (Draft 2020-12) of a decision's record."""

from __future__ import annotations

from typing import Any

from whopays.model.outcome import STATUSES

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_CENTS = {"type": ["integer", "null"], "description": "integer cents"}
_SEEN = {
    "type": "object",
    "required": ["id", "kind", "state", "answer", "cites", "by", "tests", "place"],
    "additionalProperties": False,
    "properties": {
        "id": _TEXT,
        "kind": {"enum": ["row", "exception", "treat", "category", "contract"]},
        "state": {
            "enum": [
                *("answers", "moved", "replaced", "stands", "failed", "open", "idle"),
                *("chosen", "passed over", "held"),
            ]
        },
        "answer": _TEXT,
        "cites": _TEXTS,
        "by": _TEXTS,
        "place": _TEXT,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["text", "facts"],
                "additionalProperties": False,
                "properties": {"text": _TEXT, "facts": _TEXTS},
            },
        },
    },
}
_TRACE_TEXTS = (
    *("id", "contract", "title", "version", "in_force", "date_fact", "code_fact"),
    *("landed", "category", "status", "answer", "reason", "note"),
)
EXPLANATION: dict[str, Any] = {
    "type": "object",
    "required": [*_TRACE_TEXTS, "categories", "clauses", "needs", "minimised"],
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(_TRACE_TEXTS, _TEXT),
        "categories": {"type": "array", "items": _SEEN},
        "clauses": {"type": "array", "items": _SEEN},
        "needs": _TEXTS,
        "minimised": {"type": "boolean"},
    },
}
DECISION: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "whopays decision",
    "type": "object",
    "required": [
        *("claim_id", "line", "contract", "version", "status", "category", "shares"),
        *("amount_cents", "amounts_note", "because", "needs", "misdirected_to"),
        *("explanation", "facts"),
    ],
    "additionalProperties": False,
    "properties": {
        "claim_id": _TEXT,
        "line": _TEXT,
        "contract": _TEXT,
        "version": _TEXT,
        "status": {"enum": list(STATUSES)},
        "category": {"type": ["string", "null"]},
        "shares": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["bearer", "share", "payer", "cents"],
                "additionalProperties": False,
                "properties": {
                    "bearer": _TEXT,
                    "share": _TEXT,
                    "payer": _TEXT,
                    "cents": _CENTS,
                },
            },
        },
        "amount_cents": _CENTS,
        "amounts_note": {"type": ["string", "null"]},
        "because": _TEXTS,
        "needs": _TEXTS,
        "misdirected_to": _TEXTS,
        "explanation": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        "facts": {"type": "object", "additionalProperties": _TEXT},
        "trace": EXPLANATION,
    },
}
