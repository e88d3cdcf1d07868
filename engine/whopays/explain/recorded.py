"""A decision as its record has it: what is told of it needs neither rules nor claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeAlias

from whopays.decide.asked import Test
from whopays.decide.decision import Decision, Part
from whopays.decide.seen import Seen
from whopays.decide.trace import Trace, with_values
from whopays.explain.schema import DECISION
from whopays.model.validity import CodeNote


@dataclass(frozen=True)
class Recorded:
    """What is told of a decision; the names are those of `Decision`.

    `route_said`, `clock_said`, `limits_said` and `terms_said` are as the record has them, `names` are
    the names of parties by id.
    """

    claim_id: str
    line: str
    contract: str
    status: str
    parts: tuple[Part, ...]
    amount: int | None
    amounts_note: str
    because: tuple[str, ...]
    needs: tuple[str, ...]
    misdirected_to: tuple[str, ...]
    received_by: str | None
    shared: Trace
    values: Mapping[str, str]
    packs: tuple[str, ...]
    code_notes: tuple[CodeNote, ...]
    strangers: tuple[str, ...]
    catalog_note: str
    names: Mapping[str, str]
    route_said: dict[str, Any] | None = field(default=None)
    clock_said: dict[str, Any] | None = field(default=None)
    limits_said: tuple[dict[str, Any], ...] = ()
    terms_said: tuple[dict[str, Any], ...] = ()

    def trace(self) -> Trace:
        """Return the steps of the decision as data."""
        return with_values(self.shared, self.values)


#: What words are found for: a decision, or the record of one.
Told: TypeAlias = Decision | Recorded


def recorded(
    record: Mapping[str, Any],
    explanation: Mapping[str, Any],
    names: Mapping[str, str],
) -> Recorded:
    """Return the decision of a `record`, with the record of its explanation."""
    codes = record["codes"] or {"packs": (), "not_in_force": ()}
    return Recorded(
        record["claim_id"],
        record["line"],
        record["contract"],
        record["status"],
        tuple(
            Part(each["bearer"], each["share"], each["payer"], each["cents"])
            for each in record["shares"]
        ),
        record["amount_cents"],
        record["amounts_note"] or "",
        tuple(record["because"]),
        tuple(record["needs"]),
        tuple(record["misdirected_to"]),
        record.get("received_by"),
        trace_of_record(explanation),
        record["facts"],
        tuple(codes["packs"]),
        tuple(map(_note, codes["not_in_force"])),
        tuple(record.get("strangers") or ()),
        record["catalog_note"] or "",
        names,
        _in_order(record["route"], _SAID["route"]),
        _in_order(record["clock"], _SAID["clock"]),
        tuple(_in_order(record.get("limits") or [], _SAID["limits"])),
        tuple(_in_order(record.get("terms") or [], _SAID["terms"])),
    )


_SAID = DECISION["properties"]


def _in_order(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return `value` with its keys as `schema` has them: files have them sorted."""
    if isinstance(value, list):
        items = schema.get("items", {})
        return [_in_order(each, items) for each in value]
    if not isinstance(value, dict):
        return value
    known = schema.get("properties", {})
    keys = [
        *(key for key in known if key in value),
        *(k for k in value if k not in known),
    ]
    return {key: _in_order(value[key], known.get(key, {})) for key in keys}


def _note(note: Mapping[str, Any]) -> CodeNote:
    days = {
        name: date.fromisoformat(note[name]) if note[name] else None
        for name in ("day", "bound")
    }
    return CodeNote(**{**note, **days})


def trace_of_record(explanation: Mapping[str, Any]) -> Trace:
    """Return the trace, without values, that the record of an explanation is of."""
    found = {name: explanation.get(name, "") for name in _NAMES}
    for group in ("categories", "clauses"):
        found[group] = tuple(map(_seen, explanation[group]))
    return Trace(**{**found, "needs": tuple(explanation["needs"])})


_NAMES = tuple(each.name for each in fields(Trace))


def _seen(seen: Mapping[str, Any]) -> Seen:
    tests = tuple(
        Test(test["text"], tuple(test["facts"]), ()) for test in seen["tests"]
    )
    lists = {name: tuple(seen[name]) for name in ("cites", "by")}
    return Seen(**{**seen, **lists, "tests": tests})
