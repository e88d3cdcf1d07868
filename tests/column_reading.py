"""Reads a file in columns and one by one, and compares all that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from whopays.claims import Mapping as ClaimMapping
from whopays.claims import ReadReport, Reject, read_claims
from whopays.columns.reading import Chunk, read_columns
from whopays.model.claim import Line
from whopays.model.facts import Fact

Told = tuple[str, str, int, dict[str, str]]


def told(line: Line) -> Told:
    """All of a line, with the types of its values."""
    facts = {name: repr(value) for name, value in line.facts.items()}
    return line.claim_id, line.number, line.record, facts


def lines_in(chunks: Iterable[Chunk]) -> list[Told]:
    return [
        told(each.lines.line(place))
        for each in chunks
        for place in range(len(each.lines))
    ]


def same_reading(
    path: Path,
    facts: Mapping[str, Fact],
    mapping: ClaimMapping | None = None,
    rows: int = 4,
) -> tuple[list[Told], list[Reject]]:
    """Assert that both ways read the same of `path`, and return what they read."""
    own, theirs = ReadReport(), ReadReport()
    chunks = list(read_columns(path, dict(facts), mapping, report=own, rows=rows))
    claims = list(read_claims(path, dict(facts), mapping, report=theirs))
    lines = [
        told(line)
        for each in claims
        if not isinstance(each, Reject)
        for line in each.lines
    ]
    rejects = [each for each in claims if isinstance(each, Reject)]
    assert lines_in(chunks) == lines
    assert [each for chunk in chunks for each in chunk.rejects] == rejects
    assert _counts(own) == _counts(theirs)
    return lines, rejects


def _counts(report: ReadReport) -> Any:
    return report.lines, report.rejects, report.notes(), report.account
