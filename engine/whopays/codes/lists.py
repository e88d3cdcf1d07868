"""Lists of codes, as a release of codes or an export of claims has them, row by row.

Each row that names a code is in the result, and each that can't be read is, too, by the
number of its line. The file is read as it goes: a list may be of any length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from whopays.claims.codes import read_code
from whopays.claims.records import FieldProblem
from whopays.claims.rows import Row
from whopays.codes.names import (
    CODE_COLUMNS,
    SYSTEM_COLUMNS,
    systems_called,
    systems_of_column,
)
from whopays.codes.table import Table, folded, table
from whopays.diagnostics import Diagnostic, DiagnosticError, nearest
from whopays.model.codes import SHAPES, system_of

_LONGEST = 100  # characters of a code
_SHOWN = 4  # columns named one by one


@dataclass(frozen=True)
class Entry:
    """One code of a list: the line of the file, from 1, the code and its system."""

    record: int
    system: str
    code: str
    file: str = ""


@dataclass(frozen=True)
class Unread:
    """A row, or a cell of one, that can't be read; `reason` never says what it holds."""

    record: int
    reason: str
    file: str = ""


@dataclass(frozen=True)
class _Column:
    """A column with codes: of `systems`, or of the one that the row names (None)."""

    name: str
    at: int
    systems: tuple[str, ...] | None


@dataclass(frozen=True)
class CodeList:
    """A list in a file: the columns that hold codes, and the one that names systems."""

    found: Table
    columns: tuple[_Column, ...]
    system_at: int | None
    has_header: bool
    #: Systems of codes whose system nothing names; the likelier of them.
    by_shape: tuple[str, ...]
    looked_at: tuple[str, ...]

    @property
    def described(self) -> str:
        """Which columns were taken, in words."""
        names = ", ".join(f"`{each.name}`" for each in self.columns[:_SHOWN])
        if len(self.columns) > _SHOWN:
            names += f" and {len(self.columns) - _SHOWN} more columns"
        left = self._left_out
        if self.system_at is not None:
            said = self.found.first[self.system_at]
            return f"codes in {names}, of the system in `{said}`{left}"
        if any(each.systems is None for each in self.columns):
            return f"codes in {names}, of the system that their shape says{left}"
        systems = dict.fromkeys(s for each in self.columns for s in each.systems or ())
        return f"codes in {names}, of {', '.join(systems)}{left}"

    @property
    def _left_out(self) -> str:
        """The columns that sound as if they held codes, and are not read."""
        read = {each.at for each in self.columns}
        left = [
            f"`{self.found.first[at]}`"
            for at, name in enumerate(self.found.names)
            if at not in read and (name in CODE_COLUMNS or systems_of_column(name))
        ]
        more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
        said = f"{', '.join(left[:_SHOWN])}{more}"
        return f"; not read: {said} (--column names it)" if left else ""

    def read(self) -> Iterator[Entry | Unread]:
        """Yield the codes, and the rows that can't be read, in the order of the file."""
        if not self.has_header:
            yield from self._row(Row(1, self.found.first))
        for row in self.found.rows():
            yield from self._row(row)

    def _row(self, row: Row) -> Iterator[Entry | Unread]:
        file = self.found.path.name
        if row.problem:
            yield Unread(row.record, f"it {row.problem}", file)
            return
        cells = [str(row.cells[each.at]).strip() for each in self.columns]
        if not any(cells):
            # In a table of several kinds of codes, as claims are, that is no mistake.
            if len(cells) == 1:
                yield Unread(row.record, "it names no code", file)
            return
        for column, cell in zip(self.columns, cells, strict=True):
            if not cell:
                continue
            try:
                system, code = self._code(cell[: _LONGEST + 1], column, row)
            except FieldProblem as problem:
                yield Unread(row.record, f"`{column.name}` {problem.reason}", file)
                continue
            yield Entry(row.record, system, code, file)

    def _code(self, cell: str, column: _Column, row: Row) -> tuple[str, str]:
        """Return the system and code of `cell`, as a lookup of it finds them."""
        systems = self._systems(column, row)
        if systems == self.by_shape:
            with suppress(FieldProblem):
                return _read(cell, ("ICD10CM",) if "." in cell else self.looked_at)
        return _read(cell, systems)

    def _systems(self, column: _Column, row: Row) -> tuple[str, ...]:
        if column.systems is not None:
            return column.systems
        said = "" if self.system_at is None else str(row.cells[self.system_at]).strip()
        if not said:
            return self.by_shape
        found = systems_called(said)
        if not found:
            raise FieldProblem("is of a code system that is not known")
        return found


def _read(cell: str, systems: tuple[str, ...]) -> tuple[str, str]:
    code = read_code(cell, systems)
    return system_of(code, systems) or systems[0], code


def code_list(
    path: Path,
    looked_at: Iterable[str],
    *,
    columns: tuple[str, ...] = (),
    system: str | None = None,
) -> CodeList:
    """Return the list in the file `path`; its columns are found by their names.

    `looked_at` are the likeliest systems where nothing names one. `columns` are those
    with codes, instead of what their names say; `system` is that of all codes. Raise
    DiagnosticError if no column holds codes, OSError if the file can't be opened.
    """
    found = table(path, f"the list {path.name}")
    likelier = tuple(dict.fromkeys(looked_at))
    by_shape = tuple(dict.fromkeys((*likelier, *SHAPES)))
    systems = None if system is None else _named(system)
    chosen = _chosen(found, columns)
    if chosen is None:
        if not _is_data(found.first, systems or by_shape):
            raise _no_column(found, path)
        column = _Column("the first column", 0, systems)
        return CodeList(found, (column,), None, False, by_shape, likelier)
    system_at = next(
        (at for at, name in enumerate(found.names) if name in SYSTEM_COLUMNS), None
    )
    held = tuple(
        _Column(found.first[at], at, systems or own or None) for at, own in chosen
    )
    has_own = all(each.systems is not None for each in held)
    at = None if has_own else system_at
    _must_differ(found, (*(each.at for each in held), *(() if at is None else (at,))))
    return CodeList(found, held, at, True, by_shape, likelier)


def _must_differ(found: Table, taken: Iterable[int]) -> None:
    """Refuse a table in which the name of a column that is read stands twice."""
    for at in taken:
        if found.names.count(found.names[at]) > 1:
            name = found.first[at][:60]
            message = f"the list {found.path.name} has more than one column `{name}`"
            remedy = "give each column a name of its own, so that none is passed over"
            raise DiagnosticError([Diagnostic("M043", message, (), help=remedy)])


def _named(system: str) -> tuple[str, ...]:
    found = systems_called(system)
    if not found:
        near = nearest(system.upper(), SHAPES)
        raise DiagnosticError(
            [
                Diagnostic(
                    "M043",
                    f"there is no code system `{system[:60]}`",
                    (),
                    help=f"did you mean {near}?"
                    if near
                    else f"there are {', '.join(SHAPES)}",
                )
            ]
        )
    return found


def _chosen(
    found: Table, wanted: tuple[str, ...]
) -> list[tuple[int, tuple[str, ...]]] | None:
    """Return where codes stand, each with the systems that the name says; None if nowhere."""
    names = found.names
    if wanted:
        chosen = []
        for name in dict.fromkeys(map(folded, wanted)):
            if folded(name) not in names:
                near = nearest(folded(name), names)
                remedy = f"did you mean `{near}`?" if near else ""
                message = f"the list {found.path.name} has no column `{name[:60]}`"
                raise DiagnosticError([Diagnostic("M043", message, (), help=remedy)])
            chosen.append((names.index(folded(name)), systems_of_column(folded(name))))
        return chosen
    any_code: list[tuple[int, tuple[str, ...]]] = [
        (at, ()) for at, name in enumerate(names) if name in CODE_COLUMNS
    ]
    if any_code:
        return any_code
    own = [(at, systems_of_column(name)) for at, name in enumerate(names)]
    return [each for each in own if each[1]] or None


def _is_data(cells: tuple[str, ...], systems: tuple[str, ...]) -> bool:
    """Tell whether the first line of a list of one column is a code, and no header."""
    if len(cells) != 1:
        return False
    try:
        read_code(cells[0][: _LONGEST + 1], systems)
    except FieldProblem:
        return False
    return any(char.isdigit() for char in cells[0])


def _no_column(found: Table, path: Path) -> DiagnosticError:
    near = nearest("code", found.names)
    hint = f"; is it `{near}`?" if near else ""
    message = f"the list {path.name} has no column that is known to hold codes"
    remedy = (
        "name the column by --column, or call it `code` (with `system` beside it), "
        f"`hcpcs`, `revenue_code` or `diagnosis_code`{hint}"
    )
    return DiagnosticError([Diagnostic("M043", message, (), help=remedy)])
