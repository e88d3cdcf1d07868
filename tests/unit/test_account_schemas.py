"""What commands about accounts print and write follows the schemas that are published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from accounts import FACTS, METHODS, ORDER
from claims_support import written
from command_line import Command
from small_rules import written_rules

PART = """\
method PART "A part"
  cites "Plan §7"
  for secondary
  per line
  rounded half even
  when otaf is given
  let left = billed - prior_paid
  pay lesser of (own_percent * left, own_allowed)
    not below $0.00
end
"""
FIRST = {"plan": "ALPHA", "facts": {"since": "2001-01-01"}, "amounts": {"paid": "70"}}
#: An account for each thing that can come of one.
STATES: dict[str, dict[str, Any]] = {
    "balanced": {"method": "REST"},
    "undetermined": {"method": "NONDUP"},
    "by_hand": {"method": "HAND"},
    "no method": {},
    "a fraction of a cent": {
        "method": "PART",
        "amounts": {"percent": "33.3", "allowed": "90", "otaf": "5.00"},
    },
    "an open gate": {"method": "PART"},
    "carried": {
        "method": "RESERVE",
        "amounts": {"benefit": "20"},
        "balances": {"reserve_left": "1.00"},
    },
    "error": {"method": "REST", "refused": "yes"},
}


@pytest.fixture
def whopays(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    return Command(capsys, monkeypatch)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    text = f"{FACTS}\n{METHODS}\n{PART}\n{ORDER}"
    return written_rules(tmp_path / "rules", text)


def _account(name: str, second: dict[str, Any], **more: Any) -> dict[str, Any]:
    facts = {"kind": "group", "covers_as": "dependent"}
    first = {**FIRST, "facts": {**facts, "since": "2001-01-01"}}
    beta = {"plan": "BETA", "facts": {**facts, "since": "2002-01-01"}, **second}
    lines = [{"billed": "100"}, {"billed": "50.05"}]
    return {
        "account_id": name,
        "lines": lines,
        "coverages": [beta, first],
        **more,
    }


def _schema(whopays: Command, name: str) -> Draft202012Validator:
    schema = json.loads(whopays("schema", name).out)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("state", STATES)
def test_what_is_settled_and_calculated_follows_its_schema(
    whopays: Command, rules: Path, tmp_path: Path, state: str
) -> None:
    file = written(tmp_path, "a.json", json.dumps(_account("A-1", STATES[state])))
    words = (file, "--rules", rules, "--format", "json")

    result = json.loads(whopays("cob", "settle", *words).out)
    calculation = json.loads(whopays("cob", "calculate", *words).out)

    _schema(whopays, "result").validate(result)
    _schema(whopays, "calculation").validate(calculation)
    assert state not in {"balanced", "undetermined", "by_hand", "error"} or (
        result["status"] == state
    )


def test_what_is_repriced_follows_its_schema_rejects_too(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    accounts: list[Any] = [
        _account(f"A-{at}", each) for at, each in enumerate(STATES.values())
    ]
    accounts += [
        _account("A-0b", {"method": "RESERVE"}, adjusts="A-0"),
        {"account_id": "A-6r", "reverses": "A-6"},
        {"account_id": "A-9r", "reverses": "A-9"},
        _account("A-1", {}),
        _account("A-10", {"balances": {"reserve_left": "x"}}),
        17,
    ]
    lines = "\n".join([*map(json.dumps, accounts), "{"])
    file = written(tmp_path, "a.jsonl", lines)

    told = whopays("cob", "reprice", file, "--rules", rules, "-o", tmp_path / "out")

    results, rejects = (
        list(map(json.loads, (tmp_path / "out" / name).read_text().splitlines()))
        for name in ("accounts.jsonl", "rejects.jsonl")
    )
    assert told.code == 3
    assert len(results) + len(rejects) == len(accounts) + 1
    assert {each["status"] for each in results} == {
        *("balanced", "undetermined", "by_hand", "error", "reversal")
    }
    for name, records in (("result", results), ("reject", rejects)):
        schema = _schema(whopays, name)
        for each in records:
            schema.validate(each)


def test_the_schemas_refuse_a_float_and_an_unknown_field(
    whopays: Command, rules: Path, tmp_path: Path
) -> None:
    account = _account("A-1", STATES["balanced"])
    file = written(tmp_path, "a.json", json.dumps(account))
    words = (file, "--rules", rules, "--format", "json")

    for command, name in (("settle", "result"), ("calculate", "calculation")):
        record = json.loads(whopays("cob", command, *words).out)
        valid = _schema(whopays, name).is_valid
        assert valid(record)
        assert not valid({**record, "more": 1})
        assert not valid({**record, "rules_sha256": "0"})
        less = {k: v for k, v in record.items() if k != "order"}
        assert not valid(less)
    record = json.loads(whopays("cob", "settle", *words).out)
    assert not _schema(whopays, "result").is_valid({**record, "billed_cents": 1.5})
