"""The published JSON Schemas (Draft 2020-12) of what commands about accounts print.

`RESULT` is what `cob settle` prints and `cob reprice` writes, a line an account;
`CALCULATION` what `cob calculate` prints, `REJECT` a line of the rejects.
"""

from __future__ import annotations

from typing import Any

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_CENTS = {"type": ["integer", "null"], "description": "integer cents; null: not known"}
_FLAG = {"type": "boolean"}
_AMOUNTS = ("billed_cents", "payments_cents", "patient_cents", "write_off_cents")
_RULES = {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$",
    "description": "SHA-256 over the names and digests of the rule files; see the manifest",
}
_POSITION = {"enum": ["primary", "secondary", "tertiary", "equal"]}
_STATUS = {"enum": ["balanced", "undetermined", "by_hand", "error"]}


def _object(
    properties: dict[str, Any],
    says: str = "",
    more: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an object that has all of `properties`, and may have `more`."""
    found: dict[str, Any] = {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": {**properties, **(more or {})},
    }
    return {"description": says, **found} if says else found


def _by(says: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "description": says, "additionalProperties": values}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _cents(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, _CENTS)


_WORKED = {
    "formula": {**_TEXT, "description": "as the rule writes it"},
    "filled": {**_TEXT, "description": "with numbers in place of names; ?: missing"},
    "value": _TEXT,
    "won": {**_TEXT_OR_NULL, "description": "the term that won, in words"},
}
_CALCULATED = {
    **_WORKED,
    "bounds": _list(_object({"bound": _TEXT, "value": _TEXT, "acted": _FLAG})),
    "exact_cents": {
        "type": ["string", "null"],
        "pattern": r"^-?\d+(/\d+)?$",
        "description": "before the one rounding; a fraction of cents where need be",
    },
    "cents": _CENTS,
    "missing": _TEXTS,
}
_RESULT_OR_NULL = {**_object(_CALCULATED), "type": ["object", "null"]}
_STEP = _object(
    {
        "line": {**_TEXT_OR_NULL, "description": "null: of the claim as a whole"},
        "gate": {
            "type": ["boolean", "null"],
            "description": "whether the method's `when` held; null: not known",
        },
        "lets": _list(_object({"name": _TEXT, **_WORKED})),
        "pay": _RESULT_OR_NULL,
        "patient_owes": _RESULT_OR_NULL,
        "carry": _list(_object({"name": _TEXT, **_CALCULATED})),
    }
)
_DETERMINED = _object(
    {
        "name": _TEXT,
        "line": {**_TEXT_OR_NULL, "description": "null: of the claim as a whole"},
        "how": {**_TEXT, "description": "how it is worked out, in words and names"},
        "filled": {**_TEXT, "description": "the same with numbers"},
        "cents": {"type": "integer"},
        "cites": _TEXTS,
    },
    "an amount that nobody states",
)
_PAYER = {
    "plan": _TEXT,
    "place": {"type": "integer", "minimum": 1},
    "position": _POSITION,
    "basis": {"enum": ["posted", "expected", "missing"]},
    "payment_cents": {
        **_CENTS,
        "description": "what counts for the plans behind it: posted, else expected",
    },
    "payment_cents_by_line": _by("by the numbers of the lines", _CENTS),
    "expected_cents": {**_CENTS, "description": "by its method, or alone"},
    "variance_cents": {**_CENTS, "description": "posted less expected"},
    "method": _TEXT_OR_NULL,
    "title": _TEXT_OR_NULL,
    "level": {"enum": ["line", "claim", None]},
    "rounding": {"enum": ["half away", "half even", None]},
    "cites": _TEXTS,
    "status": {"enum": ["calculated", "gate", "by_hand", "undetermined", None]},
    "because": {
        **_TEXTS,
        "description": "the lets and terms that gave the amount, the bounds that acted",
    },
    "patient_cents": {**_CENTS, "description": "what its method says the patient owes"},
    "balances_cents": _by("what is left of the member's balances", _CENTS),
    "needs": _TEXTS,
    "problem": {**_TEXT_OR_NULL, "description": "why nothing was calculated"},
    "determined": _list(_DETERMINED),
    "steps": _list(_STEP),
}
_PAIR = {
    "this": _TEXT,
    "other": _TEXT,
    "ahead": {"enum": ["this", "other", "neither", "undetermined"]},
    "rules": _list(_object({"id": _TEXT, "title": _TEXT, "cites": _TEXTS})),
    "tests": {
        **_TEXTS,
        "description": "what made the one rule hold, with the values of its facts",
    },
    "needs": _TEXTS,
}
_ESTABLISHED = _object(
    {
        "name": {**_TEXT, "description": "of a plan it begins with the plan"},
        "value": _TEXT,
        "how": _TEXT,
        "cites": _TEXTS,
        "is_believed": {**_FLAG, "description": "no other value of it was given"},
    },
    "a fact that follows from others",
)
_ORDER = _object(
    {
        "by": {**_TEXT_OR_NULL, "description": "null: as the account gives the plans"},
        "places": {
            **_list({**_TEXTS, "minItems": 1}),
            "description": "plans of one place share equally; empty: undetermined",
        },
        "aside": {
            **_TEXTS,
            "description": "plans that cover no line, and have no place",
        },
        "pairs": _list(_object(_PAIR)),
        "established": _list(_ESTABLISHED),
    }
)
_WHERE = {"file": _TEXT, "record": {"type": "integer", "minimum": 1}}
_OF_PAYER = _object(_cents("payment_cents", "expected_cents"))
_CHANGE = _object(
    {"sentence": _TEXT, "payers": _by("by plan", _OF_PAYER), **_cents(*_AMOUNTS)},
    "after less before",
)
_SETTLED = _object(
    {
        "account_id": _TEXT,
        "status": _STATUS,
        "sentence": _TEXT,
        "order": _ORDER,
        "payers": _list(_object(_PAYER)),
        **_cents(*_AMOUNTS),
        "refund_cents": {"type": "integer", "minimum": 0},
        "is_expected": {**_FLAG, "description": "some payment is not posted yet"},
        "needs": _TEXTS,
        "why": _TEXT_OR_NULL,
        "rules_sha256": _RULES,
    },
    "one settled account",
    more={"adjusts": _TEXT, "change": _CHANGE, **_WHERE},
)
_REVERSAL = _object(
    {
        "account_id": _TEXT,
        "status": {"const": "reversal"},
        "sentence": _TEXT,
        "reverses": _TEXT,
        "payers": _by("by plan, with the signs turned", _OF_PAYER),
        "balances_given_back": _by("by plan", _by("by balance", _CENTS)),
        **_cents(*_AMOUNTS),
        "rules_sha256": _RULES,
    },
    "an earlier account taken back",
    more=_WHERE,
)
RESULT: dict[str, Any] = {
    "$schema": _DIALECT,
    "title": "whopays result of an account",
    "oneOf": [_SETTLED, _REVERSAL],
}
_ENDS = _object(
    {
        "status": _STATUS,
        **_cents("patient_cents", "write_off_cents"),
        "refund_cents": {"type": "integer", "minimum": 0},
    },
    "the whole account with this method",
)
CALCULATION: dict[str, Any] = {
    "$schema": _DIALECT,
    "title": "whopays methods side by side",
    **_object(
        {
            "account_id": _TEXT,
            "order": _ORDER,
            "why": {**_TEXT_OR_NULL, "description": "why nothing can be compared"},
            "needs": _TEXTS,
            "plans": _list(
                _object(
                    {
                        "plan": _TEXT,
                        "position": _POSITION,
                        "method": {**_TEXT_OR_NULL, "description": "its own"},
                        "methods": _list(_object({**_PAYER, "account": _ENDS})),
                    }
                )
            ),
            "rules_sha256": _RULES,
        }
    ),
}
REJECT: dict[str, Any] = {
    "$schema": _DIALECT,
    "title": "whopays reject",
    **_object(
        {
            **_WHERE,
            "field": {**_TEXT, "description": "empty: the whole record"},
            "reason": {**_TEXT, "description": "ends the sentence that `field` begins"},
            "claim_id": {**_TEXT, "description": "of accounts, the account's id"},
            "line": _TEXT,
        },
        "one record of the input that has no result; never what it held",
    ),
}
