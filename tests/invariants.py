"""What must hold of any text at all: a diagnostic, never an exception.

Each function takes bytes that somebody, or something, made up. The exceptions that it
catches are those that the engine declares; any other is a fault.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from whopays.api.remittance import read_remittance
from whopays.api.rulefiles import find_shipped, shipped_rules
from whopays.checks import check_contract
from whopays.claims import (
    OPEN_FACTS,
    Mapping,
    ReadReport,
    Reject,
    parse_mapping,
    read_claims,
    shipped_mapping,
)
from whopays.diagnostics import Diagnostic, DiagnosticError, Source, render_all
from whopays.model.claim import Claim, Line
from whopays.model.facts import Fact
from whopays.model.remittance import RemittedClaim
from whopays.reference import decide
from whopays.resolve import resolve
from whopays.syntax import format_text, parse
from whopays.syntax.nodes import RuleFile

_SMALL = 30_000  # characters; what is longer is tried by the tests of large files


def rules(raw: bytes) -> None:
    """Read, resolve, check, lay out and decide by the rule text `raw`."""
    text = raw.decode("utf-8", "replace")[:_SMALL]
    file, found = parse("fuzz.rules", text)
    known, more = resolve([file], _find)
    found = [*found, *more]
    _told(found)
    if any(each.is_error for each in found):
        return
    once = format_text("fuzz.rules", text)
    assert format_text("fuzz.rules", once) == once
    for contract in known.contracts.values():
        _told(check_contract(contract).found)
        outcome = decide(contract, Line("fuzz", "1", {}))
        assert outcome.status


def mapping(raw: bytes) -> None:
    """Read the column mapping `raw`."""
    text = raw.decode("utf-8", "replace")[:_SMALL]
    try:
        parse_mapping(Source("fuzz.yaml", text), _facts(), frozenset({"product"}))
    except DiagnosticError as error:
        _told(error.diagnostics)


def json(raw: bytes) -> None:
    """Read the claim documents `raw`: each is in a claim or in a reject."""
    _claims(raw, ".json")
    _claims(raw, ".jsonl")


def csv(raw: bytes) -> None:
    """Read the table of claims `raw`."""
    _claims(raw, ".csv")


def x12(raw: bytes) -> None:
    """Read the X12 file `raw`, as claims and as a remittance: no segment is lost."""
    with tempfile.NamedTemporaryFile(suffix=".837") as file:
        file.write(raw[:_SMALL])
        file.flush()
        for read in (_as_claims, _as_remittance):
            report = ReadReport()
            read(file.name, report)
            by_id = report.account["by_id"].values()
            fates = (each["used"] + each["kept"] for each in by_id)
            skipped = (sum(each["skipped"].values()) for each in by_id)
            assert sum(fates) + sum(skipped) == report.account["segments"]
            assert all(each["reason"] for each in report.take_remarks())


def _as_claims(name: str, report: ReadReport) -> None:
    found = list(read_claims(name, _facts(), _x12_mapping(), report=report))
    lines = [each for one in found if isinstance(one, Claim) for each in one.lines]
    assert len(lines) == report.lines
    assert len(found) - sum(isinstance(each, Claim) for each in found) == report.rejects
    assert all(each.reason for each in found if isinstance(each, Reject))
    services = report.account["by_id"]
    held = sum(
        services[name]["used"] for name in ("SV1", "SV2", "SV3") if name in services
    )
    assert held <= report.lines + report.rejects


def _as_remittance(name: str, report: ReadReport) -> None:
    for each in read_remittance(name, report):
        if isinstance(each, RemittedClaim) and each.balanced:
            assert sum(some.total for _, _, some in each.rows()) == each.charge


def _claims(raw: bytes, suffix: str) -> None:
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(raw[:_SMALL])
        file.flush()
        try:
            found = list(read_claims(file.name, _facts(), report=ReadReport()))
        except DiagnosticError as error:
            _told(error.diagnostics)
            return
    for each in found:
        assert each.reason if isinstance(each, Reject) else each.lines


def _told(found: list[Diagnostic] | tuple[Diagnostic, ...]) -> None:
    for each in found:
        for label in each.labels:
            span = label.span
            assert 0 <= span.start <= span.end <= len(span.source.text)
        for edit in each.fix:
            assert 0 <= edit.span.start <= edit.span.end <= len(edit.span.source.text)
    assert isinstance(render_all(found), str)


@cache
def _find(kind: str, name: str, version: str) -> RuleFile | None:
    return find_shipped(kind, name, version)


@cache
def _facts() -> dict[str, Fact]:
    path = Path(shipped_rules("facts")) / "standard-2026.1.rules"
    file, _ = parse(path.name, path.read_text("utf-8"))
    known, _ = resolve([file], _find)
    return known.all_facts()


@cache
def _x12_mapping() -> Mapping:
    return shipped_mapping("x12-837", _facts(), OPEN_FACTS)


TARGETS = {"rules": rules, "mapping": mapping, "json": json, "csv": csv, "x12": x12}
