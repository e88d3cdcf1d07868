"""Contracts run for years, a catalog for one: what is said of the days after it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from command_line import Command
from small_rules import CATALOG, book_of, rules
from whopays.api.check import check
from whopays.explain.schema import DECISION

_ENDING = CATALOG.replace("2025-01-01 onward", "2020-01-01 to 2026-12-31")
_NOTE = (
    "Catalog C 1 is in force 2020-01-01 to 2026-12-31, and service_date is {}: codes of "
    "that day may be others"
)
_GIVEN = {
    "product": "HMO",
    "procedure_code": "99213",
    "revenue_code": None,
    "area": "inside",
    "allowed": "1.00",
}


@pytest.mark.parametrize(
    ("days", "runs_on"),
    [
        ("2020-01-01 to 2026-12-31", True),
        ("2020-01-01 onward", False),
        ("2020-01-01 to 2026-06-30\n  in force 2026-07-01 onward", False),
    ],
)
def test_a_contract_that_runs_on_after_its_catalog_is_no_mistake_and_is_told(
    tmp_path: Path, days: str, *, runs_on: bool
) -> None:
    text = rules(catalog=CATALOG.replace("2025-01-01 onward", days))
    (tmp_path / "k.rules").write_text(text, encoding="utf-8")
    report = check(tmp_path)
    assert report.diagnostics == ()
    said = report.contracts["K"].catalog_ends
    assert bool(said) is runs_on
    if runs_on:
        assert said.startswith("catalog C 1 ends on 2026-12-31, and the contract runs")
        assert report.record()["contracts"]["K"]["catalog_ends"] == said


@pytest.mark.parametrize(
    ("day", "is_noted"), [("2026-12-31", False), ("2027-01-01", True)]
)
def test_a_line_after_the_last_day_of_the_catalog_is_decided_and_says_so(
    tmp_path: Path, day: str, *, is_noted: bool
) -> None:
    line = {"line": 1, **_GIVEN, "service_date": day}
    book = book_of(tmp_path, rules(catalog=_ENDING))
    (found,) = book.decide({"claim_id": "X", "lines": [line]})
    record = found.record()
    jsonschema.validate(record, DECISION)
    assert record["status"] == "decided"
    assert record["catalog_note"] == (_NOTE.format(day) if is_noted else None)
    for form in ("sentence", "tree"):
        assert (_NOTE.format(day) in found.explain(form)) is is_noted


def test_a_line_of_no_contract_or_of_no_day_has_no_such_note(tmp_path: Path) -> None:
    book = book_of(tmp_path, rules(catalog=_ENDING))
    lines = [
        {"line": 1, **_GIVEN, "service_date": "2027-01-01", "product": "MA"},
        {"line": 2, **_GIVEN},
    ]
    for each in book.decide({"claim_id": "X", "lines": lines}):
        assert each.record()["catalog_note"] is None


def test_a_run_counts_the_lines_after_the_catalog(
    whopays: Command, tmp_path: Path
) -> None:
    (tmp_path / "k.rules").write_text(rules(catalog=_ENDING), encoding="utf-8")
    claims = tmp_path / "claims.csv"
    claims.write_text(
        "claim_id,line,product,service_date,procedure_code,area,allowed\n"
        "A,1,HMO,2026-12-31,99213,inside,1.00\nA,2,HMO,2027-01-01,99213,inside,1.00\n",
        encoding="utf-8",
    )
    words = ("decide", claims, "--rules", tmp_path / "k.rules", "-o", tmp_path / "out")
    told = whopays(*words, "--engine", "reference")
    assert told.code == 0
    assert "1 line is of a day on which the catalog" in told.out
    manifest = json.loads((tmp_path / "out/manifest.json").read_text("utf-8"))
    assert manifest["counts"]["lines_outside_catalog"] == 1
