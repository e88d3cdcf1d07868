"""Rows of a table become claims. Memory is bounded by claims, not by the file.

Rows of one claim usually stand together. Where they do not, facts of the claim would
be gathered too early. So the table is read twice: a first pass looks at the claim ids
only and finds claims that are split (or very long); for those alone, a second pass
gathers their facts; the last pass yields claims. A split claim is yielded in pieces,
one for each run of its rows, every line with the facts of the whole claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from whopays.claims.binding import Binding
from whopays.claims.documents import missing_required
from whopays.claims.gather import Gathered, gathered_from
from whopays.claims.records import FieldProblem, ReadReport, Reject, identity
from whopays.model.claim import Claim, Line
from whopays.model.facts import Fact
from whopays.model.values import Value

LONGEST_RUN = 5_000  # rows of one claim that are held at once


@dataclass(frozen=True)
class Row:
    """One record: its cells (strings, None, or lists of strings), or a `problem`."""

    record: int
    cells: Sequence[object]
    problem: str = ""


@dataclass
class _Whole:
    """A claim in the making: its gathered facts and the line numbers met."""

    gathered: Gathered
    numbers: set[str] = field(default_factory=set)


_Read = tuple[Line, dict[str, Value]] | Reject


class RowReader:
    """Reads the rows that `rows()` yields, afresh at each call, in the same order."""

    def __init__(
        self,
        rows: Callable[[], Iterator[Row]],
        binding: Binding,
        file: str,
        facts: Mapping[str, Fact],
        report: ReadReport,
    ) -> None:
        self._rows = rows
        self._binding = binding
        self._file = file
        self._report = report
        self._required = {name: f for name, f in facts.items() if f.required}
        self._sources = gathered_from(facts, binding.gather)

    def read(self) -> Iterator[Claim | Reject]:
        """Yield claims, and a reject for each row that is not in one."""
        split = self._split_claims()
        if split:
            self._gather(split)
            for each in split.values():
                each.numbers.clear()
        for claim_id, rows in self._runs():
            whole = split.get(claim_id) if claim_id else None
            yield from self._claim(rows, claim_id, whole)

    def _new(self) -> _Whole:
        return _Whole(Gathered(self._sources))

    def _split_claims(self) -> dict[str, _Whole]:
        """Return the claims whose rows do not stand in one short run."""
        seen: set[str] = set()
        split: dict[str, _Whole] = {}
        for claim_id, _rows in self._runs():
            if claim_id in seen and claim_id not in split:
                split[claim_id] = self._new()
            if claim_id:
                seen.add(claim_id)
        return split

    def _runs(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield rows that follow one another and name the same claim, and that claim.

        A row whose claim can't be told may belong to either neighbour: it is put into
        the run before it, and a row numbered 0 stands for it in the run after.
        """
        run: list[Row] = []
        current = ""
        for row in self._rows():
            claim_id = self._claim_of(row)
            unplaced = not claim_id
            if run and (
                len(run) >= LONGEST_RUN
                or (not unplaced and current and claim_id != current)
            ):
                yield current, run
                spoiled = not self._claim_of(run[-1])
                run = [Row(0, (), "spoiled")] if spoiled else []
                current = ""
            run.append(row)
            current = current or claim_id
        if run:
            yield current, run

    def _claim_of(self, row: Row) -> str:
        """Return the claim id of `row`, or "" where it can't be told."""
        if row.problem:
            return ""
        try:
            return identity(row.cells[self._binding.claim_at])
        except FieldProblem:
            return ""

    def _gather(self, split: dict[str, _Whole]) -> None:
        """Gather the facts of the split claims; a row of no claim may be of any of them."""
        unplaced = False
        for claim_id, rows in self._runs():
            unplaced = unplaced or not all(map(self._claim_of, rows))
            if claim_id in split:
                for row in rows:
                    self._take(self._line(row, claim_id), split[claim_id])
        if unplaced:
            for whole in split.values():
                whole.gathered.miss()

    def _take(self, read: _Read, whole: _Whole) -> Line | Reject:
        """Count `read` into `whole`; a line number met before makes it a reject."""
        if isinstance(read, tuple):
            line, given = read
            if line.number not in whole.numbers:
                whole.numbers.add(line.number)
                whole.gathered.add(line.facts)
                for name, value in given.items():
                    whole.gathered.give(name, value)
                return line
            read = self._reject(
                line.record,
                self._binding.line_column,
                "was given before for this claim",
                line.claim_id,
                line.number,
            )
        whole.gathered.miss()
        return read

    def _claim(
        self, rows: list[Row], claim_id: str, whole: _Whole | None
    ) -> Iterator[Claim | Reject]:
        here = whole or self._new()
        lines: list[Line] = []
        for row in rows:
            read = self._take(self._line(row, claim_id), here)
            if isinstance(read, Line):
                lines.append(read)
            elif row.record:
                self._report.rejects += 1
                yield read
        if lines:
            of_claim = here.gathered.values()
            self._report.lines += len(lines)
            yield Claim(
                claim_id,
                tuple(
                    Line(
                        each.claim_id,
                        each.number,
                        {**each.facts, **of_claim},
                        each.record,
                    )
                    for each in lines
                ),
            )

    def _reject(
        self, record: int, field: str, reason: str, claim_id: str = "", line: str = ""
    ) -> Reject:
        return Reject(self._file, record, field, reason, claim_id, line)

    def _line(self, row: Row, claim_id: str) -> _Read:
        """Return the line of `row` and what the row says of the claim; or a reject."""
        binding = self._binding
        if row.problem:
            return self._reject(row.record, "", row.problem)
        column, number = binding.claim_column, ""
        try:
            identity(row.cells[binding.claim_at])
            column = binding.line_column
            number = identity(row.cells[binding.line_at])
            values: dict[str, Value] = {}
            given: dict[str, Value] = {}
            for each in binding.fields:
                column = each.name
                (given if each.of_claim else values)[column] = each.value(row.cells)
        except FieldProblem as problem:
            known = claim_id if column != binding.claim_column else ""
            return self._reject(row.record, column, problem.reason, known, number)
        lacking = missing_required(self._required, {**values, **given})
        if lacking:
            return self._reject(
                row.record, lacking, "is missing, and it is required", claim_id, number
            )
        return Line(claim_id, number, values, row.record), given
