"""The JSON Schema of the record of proofs, which `whopays cob prove` prints."""

from __future__ import annotations

from typing import Any

from whopays.model.payments import PROMISES
from whopays.prove.promises import (
    COUNTEREXAMPLE,
    DECLARED,
    FAULT,
    NOT_ASKED,
    OUTSIDE,
    PROVED,
    STALE,
)

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_ACCOUNT = _object(
    {
        "facts": {
            "type": "object",
            "description": "money in whole cents, percents as 80, null where there is none",
        },
        "outcome_cents": {
            "type": "object",
            "description": "as the engine settled it",
            "additionalProperties": {"type": "integer"},
        },
    }
)
_EXAMPLE = _object(
    {
        "position": {"enum": ["secondary", "tertiary", "equal"]},
        "accounts": {
            "type": "array",
            "items": _ACCOUNT,
            "minItems": 1,
            "maxItems": 2,
            "description": "two of falling: more was paid before in the second",
        },
    }
)
_PROMISE = _object(
    {
        "promise": {"enum": list(PROMISES)},
        "status": {
            "enum": [
                *(PROVED, COUNTEREXAMPLE, DECLARED, STALE),
                *(OUTSIDE, NOT_ASKED, FAULT),
            ],
            "description": "stale: declared as broken, and kept",
        },
        "assumes": {**_TEXTS, "description": "beside what is assumed throughout"},
        "why": {**_TEXT_OR_NULL, "description": "why there is no proof"},
        "declared": {
            **_TEXT_OR_NULL,
            "description": "the reason that the method gives",
        },
        "example": {"anyOf": [_EXAMPLE, {"type": "null"}]},
    }
)
PROOFS: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "whopays proofs of methods",
    **_object(
        {
            "whopays": _TEXT,
            "prover": _TEXT,
            "seconds": {"type": "integer", "minimum": 1},
            "rules": {
                "type": "array",
                "items": _object({"name": _TEXT, "sha256": _TEXT}),
            },
            "promises": _object(dict.fromkeys(PROMISES, _TEXT)),
            "assumed_throughout": _TEXTS,
            "methods": {
                "type": "array",
                "items": _object(
                    {"method": _TEXT, "promises": {"type": "array", "items": _PROMISE}}
                ),
            },
        }
    ),
}
