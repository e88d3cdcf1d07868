"""The columns of decisions: a row a line. `decisions.parquet` has them, as does Arrow.

What many lines share is text in a dictionary; what is a line's own has a type. A column
is not renamed or dropped without a new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from whopays.model.facts import Fact, Kind

VERSION = 1
FACT = "fact_"
CENTS = "cents_"

#: Text that many lines share; `json` is a document as `explain.record` has it. `shares`
#: has no cents: those stand in a column for each bearer.
SHARED = {
    "contract": "text",
    "version": "text",
    "status": "text",
    "category": "text",
    "shares": "json",
    "amounts_note": "text",
    "because": "json",
    "needs": "json",
    "misdirected_to": "json",
    "route": "json",
    "clock": "json",
    "codes": "json",
    "catalog_note": "text",
    "strangers": "json",
    "limits": "json",
    "terms": "json",
    "explanation": "text",
    # The facts that the line does not give; any other that is null is known to be none.
    "unknown": "json",
}


def schema(bearers: Iterable[str], facts: Mapping[str, Fact]) -> Any:
    """Return the Arrow schema for rules with these `bearers` and mentioned `facts`.

    Cents are int64 and null where a party bears nothing or it is not known what.
    """
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here

    shared = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [
            ("claim_id", pa.string()),
            ("line", pa.string()),
            ("record", pa.int64()),
            *((name, shared) for name in SHARED),
            ("amount_cents", pa.int64()),
            ("interest_cents", pa.int64()),
            ("route_by", pa.date32()),
            ("pay_by", pa.date32()),
            *((f"{CENTS}{name}", pa.int64()) for name in sorted(bearers)),
            *((f"{FACT}{name}", of_fact(facts[name])) for name in sorted(facts)),
        ],
        metadata={"whopays.decisions": str(VERSION)},
    )


def of_fact(fact: Fact) -> Any:
    """Return the Arrow type of the column of `fact`: cents, a date, or its text."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only here

    if fact.kind is Kind.MONEY:
        return pa.int64()
    if fact.kind is Kind.DATE:
        return pa.date32()
    return pa.dictionary(pa.int32(), pa.string())
