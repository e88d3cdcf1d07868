"""The published JSON Schemas (Draft 2020-12) of records: a decision, and what changes it."""

from __future__ import annotations

from typing import Any

from whopays.model.outcome import STATUSES
from whopays.model.validity import STANDINGS

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_DAY = {"type": ["string", "null"], "description": "a date, as 2026-03-04"}
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
_CODES = {
    "type": ["object", "null"],
    "description": "what code packs say of the codes; null where no pack was asked",
    "required": ["packs", "not_in_force"],
    "additionalProperties": False,
    "properties": {
        "packs": {**_TEXTS, "description": "SHA-256 of each pack", "minItems": 1},
        "not_in_force": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    *("fact", "system", "code", "standing", "day", "bound", "pack")
                ],
                "additionalProperties": False,
                "properties": {
                    "fact": _TEXT,
                    "system": _TEXT,
                    "code": _TEXT,
                    "standing": {"enum": list(STANDINGS)},
                    "day": _DAY,
                    "bound": _DAY,
                    "pack": _TEXT,
                },
            },
        },
    },
}
_DUE = {
    "state": {"enum": ["due", "unsaid", "conflict", "undetermined"]},
    "by": {**_DAY, "description": "the last day; null while it is not known"},
    "within": {"type": ["string", "null"]},
    "because": _TEXTS,
    "cites": _TEXTS,
    "needs": _TEXTS,
}
_ROUTE = {
    "type": ["object", "null"],
    "description": "what the receiver does with a misdirected claim; null for nothing",
    "required": [*_DUE, "does", "to"],
    "additionalProperties": False,
    "properties": {
        **_DUE,
        "does": {"type": "array", "items": {"enum": ["forward", "deny"]}},
        "to": {**_TEXTS, "description": "who pays; the first gets the claim"},
    },
}
_INTEREST = {
    "type": ["object", "null"],
    "required": ["cents", "days_late", "cents_per_day", "needs", "terms", "rounding"],
    "additionalProperties": False,
    "properties": {
        "cents": _CENTS,
        "days_late": {"type": ["integer", "null"], "minimum": 0},
        "cents_per_day": {
            "type": ["string", "null"],
            "pattern": r"^\d+(/\d+)?$",
            "description": "exact, for each day on which the claim is not paid yet",
        },
        "needs": _TEXTS,
        "terms": {**_TEXT, "description": "the interest as the clause states it"},
        "rounding": {**_TEXT, "description": "how cents are rounded"},
    },
}
_CLOCK = {
    "type": ["object", "null"],
    "description": "by when the line is to be paid; null where no clock runs",
    "required": [*_DUE, "interest"],
    "additionalProperties": False,
    "properties": {**_DUE, "interest": _INTEREST},
}
_COUNTED = {
    "type": ["integer", "string", "null"],
    "description": "integer cents, or a number as exact text, as the limit counts",
    "pattern": r"^-?\d+(/\d+)?$",
}
_BALANCE = {
    "description": "what stands counted; between least and most while that is open",
    "oneOf": [
        _COUNTED,
        {
            "type": "object",
            "required": ["least", "most"],
            "additionalProperties": False,
            "properties": {"least": _COUNTED, "most": _COUNTED},
        },
    ],
}
_LIMIT: dict[str, Any] = {
    "type": "object",
    "required": [
        *("id", "state", "cites", "counts", "unit", "counted", "per"),
        *("applies_to", "whom"),
        *("period", "before", "after", "tiers", "moved_cents", "nobody_cents"),
        *("yields_to", "needs", "file_by", "note"),
    ],
    "additionalProperties": False,
    "properties": {
        "id": _TEXT,
        "state": {"enum": ["paid", "counted", "yielded", "open"]},
        "cites": _TEXTS,
        "counts": {**_TEXT, "description": "the expression as the limit states it"},
        "unit": {"enum": ["money", "number"]},
        "counted": _COUNTED,
        "per": _TEXT,
        "applies_to": {**_TEXT, "description": "the bearer whose part is counted"},
        "whom": {"type": ["string", "null"]},
        "period": {**_DAY, "description": "its first day; null for a claim"},
        "before": _BALANCE,
        "after": _BALANCE,
        "tiers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["answer", "up_to", "counted"],
                "additionalProperties": False,
                "properties": {
                    "answer": _TEXT,
                    "up_to": _COUNTED,
                    "counted": _COUNTED,
                },
            },
        },
        "moved_cents": {
            "description": "the cents that each bearer bears more, or less, by it",
            "type": "object",
            "additionalProperties": {"type": "integer"},
        },
        "nobody_cents": {"type": "integer"},
        "yields_to": {**_TEXTS, "description": "the limits that pay in its place"},
        "needs": _TEXTS,
        "file_by": {**_DAY, "description": "the last day to claim back what it pays"},
        "note": {"type": ["string", "null"]},
    },
}
_TERM: dict[str, Any] = {
    "type": "object",
    "required": [
        *("name", "source", "edition", "status", "cents", "value", "why", "needs")
    ],
    "additionalProperties": False,
    "properties": {
        "name": _TEXT,
        "source": _TEXT,
        "edition": {
            "type": ["string", "null"],
            "description": "the dictionary of the definition that holds, and its days",
        },
        "status": {
            "enum": [
                *("amount", "yes", "no", "ambiguous", "undefined", "not applicable"),
                *("undetermined", "beside", "given"),
            ]
        },
        "cents": _CENTS,
        "value": {
            "type": ["string", "null"],
            "description": "as conditions see it; null where it is unknown or none",
        },
        "why": {
            "type": ["string", "null"],
            "description": "the formula filled in, or why there is no amount",
        },
        "needs": {**_TEXTS, "description": "the facts that the term lacks"},
    },
}
DECISION: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "whopays decision",
    "type": "object",
    "required": [
        *("claim_id", "line", "contract", "version", "status", "category", "shares"),
        *("amount_cents", "amounts_note", "because", "needs", "misdirected_to"),
        *("route", "clock", "explanation", "facts", "codes", "catalog_note"),
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
        "route": _ROUTE,
        "clock": _CLOCK,
        "explanation": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        "facts": {"type": "object", "additionalProperties": _TEXT},
        "codes": _CODES,
        "strangers": {
            "description": "facts that name a party of another contract: they count as "
            "unknown; only there if there are some",
            "type": "array",
            "items": _TEXT,
        },
        "limits": {
            "description": "limits that may take the line, those that go first first; "
            "only there if there are some",
            "type": "array",
            "items": _LIMIT,
        },
        "received_by": {
            "type": ["string", "null"],
            "description": "who got the claim first; null where that is not known; only "
            "there if there is a route",
        },
        "terms": {
            "description": "payment terms that decided, by whose words and in which "
            "edition; only there if the contract names some",
            "type": "array",
            "items": _TERM,
        },
        "catalog_note": {
            "type": ["string", "null"],
            "description": "set where the catalog is not in force on the service date",
        },
        "trace": EXPLANATION,
    },
}
_WAY: dict[str, Any] = {
    "type": "object",
    "required": ["becomes", "status", "answer", "needs", "example"],
    "additionalProperties": False,
    "properties": {
        "becomes": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["fact", "now", "condition"],
                "additionalProperties": False,
                "properties": {"fact": _TEXT, "now": _TEXT, "condition": _TEXT},
            },
        },
        "status": {"enum": list(STATUSES)},
        "answer": _TEXT,
        "needs": _TEXTS,
        "example": {"type": "object", "additionalProperties": _TEXT},
    },
}
_COUNT = {"type": "integer", "minimum": 0}
_YES_NO = {"type": "boolean"}
CHANGES: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "whopays changes: what would change an answer",
    "type": "object",
    "required": [
        *("claim_id", "line", "contract", "status", "shares", "needs", "goal", "is_so"),
        *("settles", "sets", "more_sets", "largest", "complete", "fixed"),
    ],
    "additionalProperties": False,
    "properties": {
        "claim_id": _TEXT,
        "line": _TEXT,
        "contract": _TEXT,
        "status": {"enum": list(STATUSES)},
        "shares": {"type": "object", "additionalProperties": _TEXT},
        "needs": _TEXTS,
        "goal": _TEXT,
        "is_so": _YES_NO,
        "settles": _YES_NO,
        "sets": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["facts", "ways", "more_ways"],
                "additionalProperties": False,
                "properties": {
                    "facts": {**_TEXTS, "minItems": 1},
                    "ways": {"type": "array", "minItems": 1, "items": _WAY},
                    "more_ways": _COUNT,
                },
            },
        },
        "more_sets": _COUNT,
        "largest": _COUNT,
        "complete": _YES_NO,
        "fixed": _TEXTS,
    },
}
