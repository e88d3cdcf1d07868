"""The published JSON Schema of a claim document, made from the declared facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whopays.claims.records import LONGEST_TEXT
from whopays.model.facts import Fact, Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KEY = {"type": ["string", "integer"], "minLength": 1, "maxLength": LONGEST_TEXT}
#: What `{"unknown": true}` is, under `$defs`.
UNKNOWN_VALUE = {
    "description": "Says that nobody knows, where an empty field says none.",
    "type": "object",
    "required": ["unknown"],
    "properties": {"unknown": {"const": True}},
    "additionalProperties": False,
}
_NUMBER = r"^\s*-?\d{1,12}(\.\d{1,12})?\s*$"


def claim_schema(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return the Draft 2020-12 schema of one claim document, or of a list of them.

    It is necessary, not sufficient: it gives the type of each field; whether a code
    has a known shape or a date is in the calendar, the reader says. Fields that no
    fact declares are allowed, as the reader ignores them with a note.
    """
    lines = {
        name: field_schema(fact) for name, fact in facts.items() if fact.of == "line"
    }
    of_claim = {
        name: field_schema(fact) for name, fact in facts.items() if fact.of == "claim"
    }
    line = {
        "description": "One line. A fact that is left out is unknown.",
        "type": "object",
        "properties": {"line": KEY, **lines},
    }
    claim = {
        "description": "One claim. Facts given here hold for all its lines.",
        "type": "object",
        "required": ["claim_id", "lines"],
        "properties": {
            "claim_id": KEY,
            **of_claim,
            **lines,
            "lines": {
                "type": "array",
                "minItems": 1,
                "items": {"$ref": "#/$defs/line"},
            },
        },
    }
    return {
        "$schema": DIALECT,
        "title": "whopays claim document",
        "anyOf": [
            {"$ref": "#/$defs/claim"},
            {"type": "array", "items": {"$ref": "#/$defs/claim"}},
        ],
        "$defs": {
            "claim": claim,
            "line": line,
            "unknown": UNKNOWN_VALUE,
        },
    }


def field_schema(fact: Fact) -> dict[str, Any]:
    """Return the schema of one fact of a document."""
    empty = "none" if fact.or_none or fact.none_is_zero else "unknown"
    said = f"{fact.type_text}; empty means {empty}"
    choices = [
        *_values(fact),
        {"type": "null"},
        {"const": ""},
        {"$ref": "#/$defs/unknown"},
    ]
    return {"description": said, "anyOf": choices}


def _values(fact: Fact) -> list[dict[str, Any]]:
    text = {"type": "string", "maxLength": LONGEST_TEXT}
    if fact.options and fact.name != "product":  # a contract may extend the products
        return [{"enum": list(fact.options)}]
    match fact.kind:
        case Kind.YES_NO:
            words = r"^\s*([Yy]([Ee][Ss])?|[Nn][Oo]?|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[01])\s*$"
            return [{"type": "boolean"}, {"enum": [0, 1]}, {**text, "pattern": words}]
        case Kind.DATE:
            return [
                {
                    **text,
                    "pattern": r"^\s*\d{4}-\d{2}-\d{2}([T ]00:00:00(\.0+)?Z?)?\s*$",
                }
            ]
        case Kind.BIRTHDAY:
            return [{**text, "pattern": r"^\s*(\d{4}-)?\d{2}-\d{2}\s*$"}]
        case Kind.NUMBER:
            return [{"type": "number"}, {**text, "pattern": _NUMBER}]
        case Kind.PERCENT:
            pattern = _NUMBER.replace(r"\s*$", r"\s*%?\s*$")
            return [{"type": "number"}, {**text, "pattern": pattern}]
        case Kind.MONEY:
            pattern = r"^\s*-?\d{1,15}(\.\d{1,2}0*)?\s*$"
            return [{"type": "number"}, {**text, "pattern": pattern}]
        case Kind.CODES:
            codes = {"type": "array", "items": {"type": ["string", "integer", "null"]}}
            return [codes, text, {"type": "integer"}]
        case Kind.CODE | Kind.ONE_OF | Kind.PARTY | Kind.TEXT:
            return [text, {"type": "integer"}]
