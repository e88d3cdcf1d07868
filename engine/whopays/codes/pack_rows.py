"""`codes.csv` of a code pack: codes, the days on which they are in force, their wording.

What is wrong is told by the number of its line, never with what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from whopays.claims.codes import read_code
from whopays.claims.dates import date_format, read_date
from whopays.claims.records import FieldProblem
from whopays.claims.rows import Row
from whopays.codes.names import systems_of_column
from whopays.codes.table import Table, table
from whopays.diagnostics import (
    Diagnostic,
    DiagnosticError,
    cut_short,
    nearest,
)
from whopays.model.catalog import Period
from whopays.model.codes import SHAPES, system_of

_COLUMNS = ("system", "code", "valid_from", "valid_to", "wording")
#: Other names of the columns, as those who publish code lists have them.
_ALSO = {
    **dict.fromkeys(("from", "add_dt", "add_date", "effective_date"), "valid_from"),
    **dict.fromkeys(("eff_date", "start_date", "begin_date"), "valid_from"),
    **dict.fromkeys(("to", "term_dt", "term_date", "termination_date"), "valid_to"),
    **dict.fromkeys(("end_date", "expiration_date"), "valid_to"),
    **dict.fromkeys(("long_description", "description", "text"), "wording"),
}
_COMPACT = date_format("%Y%m%d")
_DAY = timedelta(days=1)
_MOST_CODES = 2_000_000
_MOST_TOLD = 100
_MOST_PERIODS = 50  # of one code
_LONGEST = 2_000  # characters of one wording


@dataclass
class PackRows:
    """What the rows say: periods in force by (system, code), and wordings."""

    periods: dict[tuple[str, str], tuple[Period, ...]] = field(default_factory=dict)
    wordings: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)


def read_rows(
    path: Path, name: str, systems: tuple[str, ...], *, wordings: bool
) -> PackRows:
    """Return the codes of the file `path` of the pack `name`.

    Raise DiagnosticError with the numbers of the lines that can't be read.
    """
    what = f"{path.name} of the pack `{name}`"
    found = table(path, what)
    reader = _Reader(_columns(found, what), systems, wordings)
    problems: list[Diagnostic] = []
    for row in found.rows():
        try:
            reader.add(row)
        except FieldProblem as problem:
            message = f"line {row.record:,} of {what}: {problem.reason}"
            problems.append(Diagnostic("M042", message, ()))
            if len(problems) > _MOST_TOLD:
                break
        if len(reader.rows.periods) > _MOST_CODES:
            message = f"{what} has more than {_MOST_CODES:,} codes"
            problems.append(Diagnostic("M042", message, ()))
            break
    if not problems and not reader.rows.periods:
        problems.append(Diagnostic("M042", f"{what} has no code", ()))
    if problems:
        raise DiagnosticError(cut_short(problems))
    return reader.rows


def _columns(found: Table, what: str) -> dict[str, int]:
    names = [_column(each) for each in found.names]
    at: dict[str, int] = {}
    problems = []
    for place, name in enumerate(names):
        if name in at:
            message = f"{what} has the column `{name}` twice"
            problems.append(Diagnostic("M011", message, ()))
        elif name in _COLUMNS:
            at[name] = place
    if "code" not in at:
        near = nearest("code", names)
        remedy = f"the columns are {', '.join(_COLUMNS)}; `code` has to be there"
        problems.append(
            Diagnostic(
                "M010",
                f"{what} has no column `code`",
                (),
                help=f"the nearest is `{near}`; {remedy}" if near else remedy,
            )
        )
    if problems:
        raise DiagnosticError(problems)
    return at


def _column(name: str) -> str:
    """Return what whopays calls the column `name`; one of a code system has codes."""
    if name in _COLUMNS:
        return name
    return _ALSO.get(name) or ("code" if systems_of_column(name) else name)


@dataclass
class _Reader:
    at: dict[str, int]
    systems: tuple[str, ...]
    wanted: bool
    rows: PackRows = field(default_factory=PackRows)

    def add(self, row: Row) -> None:
        """Take one row, or raise FieldProblem."""
        if row.problem:
            raise FieldProblem(f"it {row.problem}")
        cells = dict(self._cells(row))
        system, code = self._code(cells)
        first = _day(cells, "valid_from") or date.min
        last = _day(cells, "valid_to")
        if last is not None and last < first:
            raise FieldProblem("`valid_to` is before `valid_from`")
        key = (system, code)
        periods = (*self.rows.periods.get(key, ()), Period(first, last))
        self.rows.periods[key] = _in_order(periods)
        wording = cells.get("wording", "")
        if len(wording) > _LONGEST:
            raise FieldProblem(f"`wording` is longer than {_LONGEST:,} characters")
        if self.wanted and wording:
            self.rows.wordings[key] = wording

    def _cells(self, row: Row) -> Iterator[tuple[str, str]]:
        for name, place in self.at.items():
            yield name, str(row.cells[place]).strip()

    def _code(self, cells: dict[str, str]) -> tuple[str, str]:
        systems = self.systems
        system = cells.get("system", "").upper()
        if system:
            if system not in SHAPES:
                raise FieldProblem("`system` is no code system")
            if system not in systems:
                raise FieldProblem(f"the pack is not of the system {system}")
            systems = (system,)
        if not cells["code"]:
            raise FieldProblem("`code` is missing")
        try:
            code = read_code(cells["code"], systems)
        except FieldProblem as problem:
            raise FieldProblem(f"`code` {problem.reason}") from None
        found = [each for each in systems if system_of(code, (each,))]
        if len(found) > 1:
            several = " and of ".join(found)
            raise FieldProblem(f"`code` has the shape of {several}: say its `system`")
        return found[0], code


def _day(cells: dict[str, str], name: str) -> date | None:
    text = cells.get(name, "")
    if not text:
        return None
    try:
        if text.isascii() and text.isdigit():
            return read_date(text, _COMPACT)
        return read_date(text, None)
    except FieldProblem:
        raise FieldProblem(f"`{name}` is not a date such as 2026-01-01") from None


def _in_order(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """Return `periods` in order, those that touch joined; raise where two overlap."""
    if len(periods) == 1:
        return periods
    if len(periods) > _MOST_PERIODS:
        raise FieldProblem(f"the code is given more than {_MOST_PERIODS} times")
    ordered = sorted(periods, key=lambda each: each.first)
    found = [ordered[0]]
    for each in ordered[1:]:
        before = found[-1]
        if before.last is None or before.last >= each.first:
            raise FieldProblem("the code is given before for the same days")
        if before.last + _DAY == each.first:
            found[-1] = Period(before.first, each.last)
        else:
            found.append(each)
    return tuple(found)
