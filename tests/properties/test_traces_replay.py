"""A decision can be worked out again from its record alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import whopays


def test_replaying_the_record_of_a_sample_decision_gives_the_decision(
    root: Path,
) -> None:
    folder = root / "rulesets" / "contracts" / "riverbend-commercial"
    book = whopays.load(folder)
    records = [
        book.decide_line(line).record()
        for path in sorted((folder / "claims").glob("*.json"))
        for claim in book.read(path)
        if isinstance(claim, whopays.Claim)
        for line in claim.lines
    ]

    assert len(records) > 20
    assert {"decided", "undetermined", "not_covered"} <= {r["status"] for r in records}
    for record in records:
        assert replay(record) == (record["status"], _shares(record))


def test_a_record_that_was_altered_replays_to_something_else(root: Path) -> None:
    folder = root / "rulesets" / "contracts" / "riverbend-commercial"
    book = whopays.load(folder)
    (claim,) = book.read(folder / "claims" / "c-1003-emergency-far-away.json")
    if not isinstance(claim, whopays.Claim):
        pytest.fail("the sample claim is a claim")
    record = book.decide_line(claim.lines[0]).record()
    (winner,) = [c for c in record["trace"]["clauses"] if c["state"] == "answers"]
    winner["answer"] = "IPA 100%"

    assert replay(record) != (record["status"], _shares(record))


def replay(record: dict[str, Any]) -> tuple[str, str]:
    """Return status and shares, from what each clause came to."""
    trace = record["trace"]
    if not trace["version"] and not trace["clauses"]:
        return trace["status"], ""
    if any(clause["kind"] == "contract" for clause in trace["clauses"]):
        return "no_contract", ""
    clauses = {clause["id"]: clause for clause in trace["clauses"]}
    held = [c for c in clauses.values() if c["state"] in {"answers", "replaced"}]
    beaten = {c["id"] for c in held if any(by in clauses for by in c["by"])}
    left = {c["answer"] for c in held if c["id"] not in beaten}
    if any(c["state"] == "stands" for c in clauses.values()) or not left:
        return "undetermined", ""
    (answer,) = left
    if "%" in answer or "/" in answer:
        return "decided", answer
    return answer.replace(" ", "_"), ""


def _shares(record: dict[str, Any]) -> str:
    return ", ".join(f"{s['bearer']} {s['share']}" for s in record["shares"])
