"""A claim as the file has it becomes a claim of the model, and rejects.

Each line of the file is in exactly one line or one reject. One bad element rejects its
line; what makes the whole claim unreadable rejects each of its lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping

from whopays.claims.binding import Binding, BoundField
from whopays.claims.documents import missing_required
from whopays.claims.gather import Gathered
from whopays.claims.records import (
    FieldProblem,
    ReadReport,
    Reject,
    Remark,
    clean_text,
)
from whopays.claims.x12.balance import coordination, total_charge
from whopays.claims.x12.cells import claim_cells, line_cells
from whopays.claims.x12.claimloop import ClaimLoop
from whopays.claims.x12.columns import element_of
from whopays.claims.x12.lineloop import LineLoop
from whopays.claims.x12.settled import names_original, numbers_of, unreadable
from whopays.model.claim import Claim, Line
from whopays.model.coordination import Coordination
from whopays.model.facts import Fact
from whopays.model.values import Value

#: Cells that are made of other columns, and where those stand.
_MADE_OF = {
    "bill_type": ("facility_code",),
    "place_of_service": ("place_of_service", "facility_code"),
    "age": ("patient_birth_date", "subscriber_birth_date"),
    "birth_date": ("patient_birth_date", "subscriber_birth_date"),
    "emergency": ("emergency_indicator", "admission_type"),
    "drg": ("drg_code",),
    "diagnoses": ("all_diagnoses",),
}


class Maker:
    """Makes claims of the model for one file.

    `columns` are those that the mapping names, in the order of the binding. `sources`
    say which facts of the claim are gathered from which of lines.
    """

    def __init__(
        self,
        file: str,
        binding: Binding,
        columns: tuple[str, ...],
        sources: AnyMapping[str, str],
        required: AnyMapping[str, Fact],
    ) -> None:
        self._file = file
        self._binding = binding
        self._columns = columns
        self._sources = sources
        self._required = required

    def made(self, claim: ClaimLoop, report: ReadReport) -> Iterator[Claim | Reject]:
        """Yield the rejects of `claim`, then its claim of the model if a line is good."""
        claim_id = _shown(claim.id)

        def odd(number: int, element: str, reason: str) -> None:
            report.remark(Remark(self._file, number, element, reason, claim_id))

        if not claim.lines:
            reason = claim.doubt or "has no service line"
            yield Reject(self._file, claim.number, "CLM", reason, claim_id)
            return
        problem = unreadable(claim, odd)
        if problem is not None:
            element, reason = problem
            for line in claim.lines:
                named = claim_id, _shown(line.assigned)
                yield Reject(self._file, line.number, element, reason, *named)
            return
        names_original(claim, odd)
        numbers = numbers_of(claim, odd)
        shared = claim_cells(claim)
        position = shared.get("payer_position", "")
        said = coordination(claim, numbers, position, odd)
        gathered = Gathered(self._sources)
        if claim.too_many:
            gathered.miss()
        good: list[Line] = []
        for number, line in zip(numbers, claim.lines, strict=True):
            read = self._line(claim, line, (claim_id, number), shared, said)
            if isinstance(read, Reject):
                gathered.miss()
                yield read
                continue
            made, given = read
            good.append(made)
            gathered.add(made.facts)
            for name, value in given.items():
                gathered.give(name, value)
        if good:
            of_claim = gathered.values()
            whole = tuple(
                Line(claim_id, each.number, {**each.facts, **of_claim}, each.record)
                for each in good
            )
            frequency = claim.sheet.values.get("frequency", "")
            cut = claim.too_many or claim.damaged
            is_whole = len(good) == len(claim.lines) and not cut
            charge = total_charge(claim) if is_whole else None
            yield Claim(claim_id, whole, said, frequency, charge)

    def _line(
        self,
        claim: ClaimLoop,
        line: LineLoop,
        named: tuple[str, str],
        shared: dict[str, str],
        said: Coordination | None,
    ) -> tuple[Line, dict[str, Value]] | Reject:
        def reject(column: str, reason: str) -> Reject:
            element = element_of(column, claim.kind)
            if column == "place_of_service" and column not in line.sheet.places:
                element = "CLM05-1"
            place = _place(column, claim, line)
            return Reject(self._file, place, element, reason, *named)

        if line.kind != claim.kind:
            element = {"": "LX", "professional": "SV1", "institutional": "SV2"}
            reason = "is of another kind than its claim" if line.kind else _NO_SERVICE
            at = element.get(line.kind, "SV3")
            return Reject(self._file, line.number, at, reason, *named)
        try:
            cells = line_cells(claim, shared, line, named[1], said)
        except FieldProblem as problem:
            return reject("birth_date", problem.reason)
        row = [cells.get(column) for column in self._columns]
        values: dict[str, Value] = {}
        given: dict[str, Value] = {}
        for each in self._binding.fields:
            try:
                (given if each.of_claim else values)[each.name] = each.value(row)
            except FieldProblem as problem:
                return reject(_column(each, cells), problem.reason)
        lacking = missing_required(self._required, {**values, **given})
        if lacking:
            reason = "is missing, and it is required"
            return Reject(self._file, line.number, lacking, reason, *named)
        return Line(*named, values, line.number), given


_NO_SERVICE = "has no service that can be read: neither SV1 nor SV2"


def _shown(claim_id: str) -> str:
    """Return a claim id for a reject, "" if it is none."""
    try:
        return clean_text(claim_id)
    except FieldProblem:
        return ""


def _column(field: BoundField, cells: dict[str, str]) -> str:
    """Return the column that a field was read from: the first that says something."""
    found = (column for column in field.columns if cells.get(column))
    return next(found, field.columns[0] if field.columns else field.name)


def _place(column: str, claim: ClaimLoop, line: LineLoop) -> int:
    """Return the number of the segment that `column` stands in."""
    for name in (column, *_MADE_OF.get(column, ())):
        for sheet in (line.sheet, claim.sheet, *reversed(claim.above)):
            if name in sheet.places:
                return sheet.places[name]
    return line.number
