"""Files of claims read in chunks, for a run over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from whopays.batch import inputs
from whopays.claims import ReadReport, Reject
from whopays.columns.decide import Columnar
from whopays.columns.from_decisions import Decided
from whopays.columns.lines import Lines
from whopays.columns.reading import read_columns

if TYPE_CHECKING:
    from whopays.claims import Mapping as ClaimMapping
    from whopays.columns.reading import Chunk
    from whopays.model.facts import Fact


@dataclass
class Several:
    """Lines that are decided at once: those of a part of a file, or of several files."""

    lines: list[Lines] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    remarks: list[Mapping[str, Any]] = field(default_factory=list)
    records: int = 0

    def add(self, chunk: Chunk, name: str) -> None:
        """Add a chunk of the file that is called `name` in the outputs."""
        if len(chunk.lines):
            self.lines.append(chunk.lines)
        self.rejects.extend(replace(each, file=name) for each in chunk.rejects)
        self.remarks.extend({**each, "file": name} for each in chunk.remarks)
        self.records += len(chunk.lines) + len(chunk.rejects)


def decide(columnar: Columnar, chunk: Several) -> Decided:
    """Return the decisions of the lines of `chunk`."""
    if len(chunk.lines) == 1:
        return columnar.decide(chunk.lines[0])
    found = [columnar.decide(each) for each in chunk.lines]
    tables = [each.table for each in found] or [columnar.schema.empty_table()]
    explanations: dict[str, str] = {}
    for each in found:
        explanations.update(each.explanations)
    waits = [each for one in found for each in one.waits or ()]
    return Decided(pa.concat_tables(tables), explanations, waits)


class Reading:
    """The inputs of a run, opened: a wrong name or column stops it before anything is read.

    `reports` say what was left out, when all is read.
    """

    def __init__(
        self,
        files: Sequence[inputs.Input],
        facts: dict[str, Fact],
        mappings: Sequence[ClaimMapping | None],
        rows: int,
    ) -> None:
        self.inputs = files
        self.reports = [ReadReport() for _ in files]
        self._rows = rows
        self._open = [
            read_columns(each.path, facts, mapping, report=report, rows=rows)
            for each, mapping, report in zip(files, mappings, self.reports, strict=True)
        ]

    def chunks(self) -> Iterator[tuple[Several, Fraction | None]]:
        """Yield what is read in chunks, and which share of all that is by then."""
        sizes = [each.records for each in self.inputs]
        total = sum(size or 0 for size in sizes) if None not in sizes else 0
        before, waiting = 0, Several()
        share = None
        for each, read in zip(self.inputs, self._open, strict=True):
            for chunk in read:
                waiting.add(chunk, each.name)
                record = min(_last(chunk), each.records or 0)
                share = Fraction(before + record, total) if total else None
                if waiting.records >= self._rows:
                    yield waiting, share
                    waiting = Several()
            before += each.records or 0
        if waiting.records or waiting.remarks:
            yield waiting, share

    def whole(self) -> Mapping[str, Any]:
        """Return what the manifest says of the inputs, now that they are read."""
        inputs.must_be_unchanged(self.inputs)
        return {
            "inputs": [
                {
                    "name": each.name,
                    "sha256": each.sha256,
                    # Filled while the file is read, by readers that count its parts.
                    **({"account": report.account} if report.account else {}),
                }
                for each, report in zip(self.inputs, self.reports, strict=True)
            ]
        }


def _last(chunk: Chunk) -> int:
    """Return the last record that is in `chunk`."""
    lines = int(chunk.lines.records[-1]) if len(chunk.lines) else 0
    return max([lines, *(each.record for each in chunk.rejects[-1:])])
