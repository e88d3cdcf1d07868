"""The JSON Schema of an account document, made from the facts that rules may read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whopays.claims.accounts.document import MOST_COVERAGES, MOST_LINES
from whopays.claims.accounts.words import words_of
from whopays.claims.schema import DIALECT, KEY, UNKNOWN_VALUE, field_schema
from whopays.model.facts import Fact

_NUMBER = {
    "description": "The hospital's number: several accounts may have one.",
    "type": ["string", "integer", "null"],
}
_DAY = {"type": ["string", "null"]}
_FLAGS = ("capitated", "refused")


def account_schema(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return the Draft 2020-12 schema of one account document, or of a list of them.

    It is necessary, not sufficient, as that of a claim document is; fields that no word
    stands for are allowed, as the reader ignores them with a note.
    """
    words = words_of(facts)
    amounts = _fields(words.amounts)
    line = {"line": KEY, **_fields(words.line)}
    coverage = {
        "plan": KEY,
        "method": {"type": ["string", "null"]},
        "facts": _object(
            {name: _dated_fact(fact) for name, fact in words.plan.items()},
            "Facts of the plan, for the order of benefits.",
        ),
        "amounts": _object(
            amounts,
            "What the plan says of the claim as a whole, beside its lines: they add up.",
        ),
        "lines": {
            "description": "What the plan says of lines, by their numbers.",
            "type": "array",
            "items": _object({"line": KEY, **amounts}),
        },
        "balances": _object(
            _fields(words.balances), "The member's with this plan, before the claim."
        ),
        **{name: amounts[name] for name in _FLAGS},
    }
    account = {
        "account_id": KEY,
        "account_number": _NUMBER,
        "adjusts": KEY,
        **_fields({**words.claim, **words.line}),
        "patient": _object(
            {name: _dated_fact(fact) for name, fact in words.patient.items()},
            "Facts of the patient.",
        ),
        "lines": _listed(_object(line), MOST_LINES),
        "coverages": _listed(
            _object(coverage, "One plan.", required=("plan",)), MOST_COVERAGES
        ),
    }
    required = ("account_id", "lines", "coverages")
    back = _object(
        {"account_id": KEY, "reverses": KEY},
        "Takes an earlier account back.",
        required=("account_id", "reverses"),
    )
    return {
        "$schema": DIALECT,
        "title": "whopays account document",
        "anyOf": [
            {"$ref": "#/$defs/account"},
            {"$ref": "#/$defs/reversal"},
            {
                "type": "array",
                "items": {
                    "anyOf": [
                        {"$ref": "#/$defs/account"},
                        {"$ref": "#/$defs/reversal"},
                    ]
                },
            },
        ],
        "$defs": {
            "account": _object(
                account, "The lines of one claim and its plans.", required
            ),
            "reversal": {**back, "additionalProperties": False},
            "unknown": UNKNOWN_VALUE,
        },
    }


def _fields(facts: Mapping[str, Fact]) -> dict[str, Any]:
    return {name: field_schema(fact) for name, fact in facts.items()}


def _dated_fact(fact: Fact) -> dict[str, Any]:
    plain = field_schema(fact)
    if not fact.as_of:
        return plain
    spell = _object({"from": _DAY, "to": _DAY, "value": plain}, required=("value",))
    text = (
        f"{plain['description']}; or values with first and last day, as of {fact.as_of}"
    )
    spells = {"type": "array", "items": {**spell, "additionalProperties": False}}
    return {"description": text, "anyOf": [*plain["anyOf"], spells]}


def _object(
    properties: dict[str, Any], says: str = "", required: tuple[str, ...] = ()
) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": properties}
    if says:
        found["description"] = says
    if required:
        found["required"] = list(required)
    return found


def _listed(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "maxItems": most, "items": items}
