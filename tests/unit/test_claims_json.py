"""Claim documents: each line is one line or one reject, whatever the file holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims_support import FACTS, lines_of, rejects_of, written
from whopays.claims import ReadReport, Reject, claim_schema, read_claims
from whopays.model.claim import Claim
from whopays.model.values import NONE, UNKNOWN

REV = "claim_revenue_codes"


def _read(
    folder: Path, text: str | bytes, name: str = "c.json"
) -> list[Claim | Reject]:
    return list(read_claims(written(folder, name, text), FACTS))


def _doc(*lines: dict[str, object], **facts: object) -> str:
    return json.dumps({"claim_id": "C1", **facts, "lines": lines})


def test_claim_facts_hold_for_all_lines_and_a_line_may_say_otherwise(
    tmp_path: Path,
) -> None:
    text = """{"claim_id": "C1", "network": "inside", "service_date": "2026-03-04",
      "lines": [{"line": 1, "billed": 120.10}, {"line": 2, "network": "outside"}]}"""
    one, two = lines_of(_read(tmp_path, text))
    assert (one.claim_id, one.number, one.record) == ("C1", "1", 1)
    assert one.facts["billed"] == 12010
    assert one.facts["service_date"] == date(2026, 3, 4)
    assert (one.read("network"), two.read("network")) == ("inside", "outside")
    assert two.read("billed") is UNKNOWN


def test_json_numbers_never_pass_through_binary_fractions(tmp_path: Path) -> None:
    text = '{"claim_id": 7, "lines": [{"billed": 90071992547409.93}]}'
    (line,) = lines_of(_read(tmp_path, text))
    assert (line.claim_id, line.facts["billed"]) == ("7", 9007199254740993)


def test_a_bad_line_is_rejected_and_the_others_are_kept(tmp_path: Path) -> None:
    found = _read(tmp_path, _doc({"line": 1, "billed": "SECRET"}, {"line": 2}))
    (reject,) = rejects_of(found)
    assert (reject.claim_id, reject.line, reject.field) == ("C1", "1", "billed")
    assert "SECRET" not in reject.reason
    assert [line.number for line in lines_of(found)] == ["2"]


def test_a_bad_claim_fact_rejects_the_lines_that_inherit_it(tmp_path: Path) -> None:
    text = _doc({"line": 1}, {"line": 2, "network": "inside"}, network="near")
    found = _read(tmp_path, text)
    assert [reject.line for reject in rejects_of(found)] == ["1"]
    assert [line.number for line in lines_of(found)] == ["2"]


def test_revenue_codes_are_gathered_over_the_lines(tmp_path: Path) -> None:
    text = _doc(
        {"revenue_code": "0450"}, {"revenue_code": "0120"}, {"revenue_code": ""}
    )
    assert [line.read(REV) for line in lines_of(_read(tmp_path, text))] == [
        ("0120", "0450")
    ] * 3


@pytest.mark.parametrize(
    "other",
    [
        {"line": 9},
        {"line": 9, "revenue_code": {"unknown": True}},
        {"line": 9, "revenue_code": "x"},
        {"line": 9, "revenue_code": "0120", "billed": "x"},
    ],
)
def test_gathered_codes_are_unknown_if_a_line_does_not_say_its_own(
    tmp_path: Path, other: dict[str, object]
) -> None:
    found = _read(tmp_path, _doc({"line": 1, "revenue_code": "0450"}, other))
    assert lines_of(found)[0].read(REV) is UNKNOWN


def test_gathered_codes_are_none_if_no_line_has_one(tmp_path: Path) -> None:
    (line,) = lines_of(_read(tmp_path, _doc({"revenue_code": None})))
    assert line.read(REV) is NONE


def test_codes_that_the_claim_gives_are_not_gathered(tmp_path: Path) -> None:
    text = _doc({"revenue_code": "0450"}, claim_revenue_codes=["120"])
    assert lines_of(_read(tmp_path, text))[0].read(REV) == ("0120",)


def test_a_claim_fact_on_a_line_is_rejected(tmp_path: Path) -> None:
    (reject,) = rejects_of(_read(tmp_path, _doc({"claim_revenue_codes": ["0120"]})))
    assert reject.field == REV


def test_a_line_number_or_claim_that_comes_again_is_rejected(tmp_path: Path) -> None:
    again = _read(tmp_path, _doc({"line": 1}, {"line": "1 "}))
    assert [(r.field, r.line) for r in rejects_of(again)] == [("line", "1")]
    twice = _read(tmp_path, f"[{_doc({})},\n{_doc({}, {})}]")
    assert [(r.field, r.record) for r in rejects_of(twice)] == [("claim_id", 2)] * 2
    assert len(lines_of(twice)) == 1


def test_a_required_fact_that_is_missing_rejects_the_line(tmp_path: Path) -> None:
    facts = FACTS | {"payer": replace(FACTS["payer"], required=True)}
    path = written(tmp_path, "c.json", _doc({"line": 1}, {"line": 2, "payer": "ACME"}))
    found = list(read_claims(path, facts))
    assert [(r.field, r.line) for r in rejects_of(found)] == [("payer", "1")]


def test_fields_that_no_fact_declares_are_noted_once(tmp_path: Path) -> None:
    report = ReadReport()
    path = written(tmp_path, "c.json", _doc({"biled": 1}, {"biled": 2}, zzqx=1))
    assert len(lines_of(read_claims(path, FACTS, report=report))) == 2
    near, far = report.notes()
    assert "`biled`" in near
    assert "2 times" in near
    assert "did you mean `billed`" in near
    assert "did you mean" not in far


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"claim_id": "C1", "claim_id": "C2", "lines": [{}]}',
        b'{"claim_id": "C1", "lines": [{"billed": NaN}]}',
        b'{"claim_id": "C1", "lines": []}',
        b'{"claim_id": "C1"}',
        b'{"claim_id": "", "lines": [{}]}',
        b'{"claim_id": "C\\u0000", "lines": [{}]}',
        b'{"claim_id": ["C"], "lines": [{}]}',
        b'{"claim_id": "C1", "lines": [7]}',
        b"[[]]",
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", ["c.json", "c.jsonl"])
def test_a_document_that_can_not_be_read_is_one_reject(
    tmp_path: Path, text: bytes, name: str
) -> None:
    found = _read(tmp_path, text, name)
    expected = 0 if name == "c.jsonl" and not text else 1
    assert len(rejects_of(found)) == expected
    assert len(found) == expected


def test_documents_before_an_unreadable_one_are_read(tmp_path: Path) -> None:
    found = _read(tmp_path, f"[{_doc({})}, nonsense]")
    assert (len(lines_of(found)), len(rejects_of(found))) == (1, 1)


def test_json_lines_go_on_after_an_unreadable_line(tmp_path: Path) -> None:
    second = _doc({}).replace("C1", "C2")
    text = f"{_doc({})}\n{{bad\n\n{second}\r\n{second} x".encode() + b"\n\xff\n"
    found = _read(tmp_path, text, "c.jsonl")
    assert [line.record for line in lines_of(found)] == [1, 4]
    assert [reject.record for reject in rejects_of(found)] == [2, 5, 6]


def test_an_overlong_record_is_rejected_and_the_next_is_read(tmp_path: Path) -> None:
    text = " " * (11 * 1024 * 1024) + "\n" + _doc({})
    found = _read(tmp_path, text, "c.jsonl")
    assert [reject.record for reject in rejects_of(found)] == [1]
    assert [line.record for line in lines_of(found)] == [2]


_cell = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
_cells = _cell | st.lists(_cell, max_size=3) | st.just({"unknown": True})
_line = st.dictionaries(st.sampled_from([*FACTS, "line", "x"]), _cells, max_size=5)


@given(lines=st.lists(_line | _cell, min_size=1, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_line_is_lost(tmp_path: Path, lines: list[object]) -> None:
    report = ReadReport()
    text = json.dumps({"claim_id": "C1", "lines": lines})
    path = written(tmp_path, "c.json", text)
    found = list(read_claims(path, FACTS, report=report))
    assert len(lines_of(found)) + len(rejects_of(found)) == len(lines)
    assert report.records == len(lines)


def test_the_schema_is_one_and_accepts_what_the_reader_accepts() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = claim_schema(FACTS)
    checker = jsonschema.Draft202012Validator
    checker.check_schema(schema)
    good = json.loads(
        _doc(
            {"line": 1, "billed": "1.00", "drg": {"unknown": True}, "modifiers": ["59"]}
        )
    )
    assert checker(schema).is_valid(good)
    assert checker(schema).is_valid([good])
    wrongs: list[dict[str, object]] = [
        {"billed": "$1"},
        {"network": "near"},
        {"drg": {"unknown": 1}},
    ]
    for wrong in wrongs:
        assert not checker(schema).is_valid(json.loads(_doc(wrong)))
    assert not checker(schema).is_valid({"claim_id": "C1", "lines": []})
    json.dumps(schema)
