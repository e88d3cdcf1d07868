"""A mapping applied to the header of one table: facts read from rows by position."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence

from whopays.claims.mapping import MISSING, Field, How, Mapping
from whopays.claims.records import FieldProblem
from whopays.claims.values import empty_value, value_of
from whopays.diagnostics import (
    Diagnostic,
    DiagnosticError,
    Label,
    Remedy,
    Source,
    Span,
    did_you_mean,
    nearest,
)
from whopays.model.facts import Fact
from whopays.model.values import NONE, UNKNOWN, Missing, Value

_REMEMBERED = 50_000  # values of one field; codes and dates repeat


class BoundField:
    """Reads one fact from the cells of a row.

    `cells_at` are the places in a row that the value depends on, `is_plain` says that
    it is what one cell says, as it stands there.
    """

    def __init__(
        self, field: Field, at: AnyMapping[str, int], open_facts: frozenset[str]
    ) -> None:
        self.name = field.fact.name
        self.of_claim = field.fact.of == "claim"
        self.columns = field.columns
        self.fact = field.fact
        self.form = field.form
        self._field = field
        self._at = tuple(at[column] for column in field.columns)
        self._versions_at = tuple(at[column] for column in field.version_columns)
        self._open_facts = open_facts
        self._known: dict[object, Value] = {}
        self.cells_at = (*self._at, *self._versions_at)
        alone = len(self._at) == 1 and not self._versions_at
        self._only_at = self._at[0] if alone and field.how is not How.CONSTANT else None
        self.is_plain = alone and field.how is How.ONE and not field.values

    def value(self, row: Sequence[object]) -> Value:
        """Return the fact's value in `row`, or raise FieldProblem."""
        if self._only_at is not None:  # most are so, and most values were met before
            cell = row[self._only_at]
            if cell is None or isinstance(cell, str):
                known = self._known.get(cell)
                return self._remembered(cell, [cell]) if known is None else known
        if self._field.how is How.CONSTANT:
            return self._field.constant
        cells = [row[at] for at in self._at]
        if self._versions_at and self._is_other_version(cells, row):
            return UNKNOWN
        if not all(cell is None or isinstance(cell, str) for cell in cells):
            return self._read(cells)  # a list of a table: not worth remembering
        key = cells[0] if len(cells) == 1 else tuple(cells)
        found = self._known.get(key)
        return self._remembered(key, cells) if found is None else found

    def _remembered(self, key: object, cells: list[object]) -> Value:
        found = self._read(cells)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = found
        return found

    def _is_other_version(self, cells: list[object], row: Sequence[object]) -> bool:
        return any(
            not _is_blank(cell) and _stripped(row[at]) not in self._field.versions
            for cell, at in zip(cells, self._versions_at, strict=True)
        )

    def _read(self, cells: list[object]) -> Value:
        field = self._field
        raw: object = cells[0]
        if field.how is How.FIRST:
            raw = next((cell for cell in cells if not _is_blank(cell)), None)
        elif field.how is How.LIST:
            raw = [cell for cell in cells if not _is_blank(cell)]
            if not raw:
                return empty_value(field.fact, field.form)
        elif field.how is How.JOIN:
            blank = sum(map(_is_blank, cells))
            if 0 < blank < len(cells):
                raise FieldProblem("is given in part: one of its columns is empty")
            raw = None if blank else field.join.join(str(_stripped(c)) for c in cells)
        if field.values:
            raw = _translated(raw, field.values)
            if isinstance(raw, Missing):
                return raw
        return value_of(field.fact, raw, field.form, self._open_facts)


def _translated(raw: object, values: AnyMapping[str, str]) -> object:
    """Return `raw` with each cell that `values` lists replaced; or none, or unknown."""
    if not isinstance(raw, list):
        said = values.get(raw.strip()) if isinstance(raw, str) else None
        return raw if said is None else MISSING.get(said, said)
    found = [_translated(each, values) for each in raw]
    return UNKNOWN if UNKNOWN in found else [each for each in found if each is not NONE]


def _stripped(cell: object) -> object:
    return cell.strip() if isinstance(cell, str) else cell


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


class Binding:
    """Where a table has the claim id, the line number and each fact.

    DiagnosticError if the mapping names a column that `header` does not have, or has
    twice: before any row is read.
    """

    def __init__(
        self,
        mapping: Mapping,
        header: Sequence[str],
        file: str,
        open_facts: frozenset[str] = frozenset(),
    ) -> None:
        _check(mapping, header, file)
        at = {name: index for index, name in enumerate(header)}
        self.width = len(header)
        self.gather = mapping.gather
        self.claim_column = mapping.claim_id
        self.line_column = mapping.line
        self.claim_at = at[mapping.claim_id]
        self.line_at = at[mapping.line]
        self.fields = tuple(BoundField(each, at, open_facts) for each in mapping.fields)


def needed_columns(mapping: Mapping) -> tuple[str, ...]:
    """Return the columns that `mapping` names, each once."""
    named = [mapping.claim_id, mapping.line]
    for field in mapping.fields:
        named.extend((*field.columns, *field.version_columns))
    return tuple(dict.fromkeys(named))


def unused_columns(header: Sequence[str], facts: AnyMapping[str, Fact]) -> list[str]:
    """Return the columns that are neither facts of a line or claim nor its keys."""
    own = {"claim_id", "line"}
    own.update(name for name, fact in facts.items() if fact.of in {"line", "claim"})
    return [name for name in header if name not in own]


def _check(mapping: Mapping, header: Sequence[str], file: str) -> None:
    found = []
    for column in needed_columns(mapping):
        times = list(header).count(column)
        if times == 1:
            continue
        named = span = mapping.places.get(column)
        if span is None:  # whopays' own columns: the header itself is at fault
            shown = Source(file, ",".join(header)[:1000])
            span = Span(shown, 0, len(shown.text))
        near = nearest(column, header)
        code, what, remedy = "M010", "does not have", Remedy()
        if times:
            code, what = "M011", "has twice"
            remedy = Remedy("rename one of the two columns")
        elif near and named:
            remedy = did_you_mean(named, near)
        elif near:
            remedy = Remedy(f"the nearest is `{near}`")
        found.append(
            Diagnostic(
                code,
                f"the mapping names the column `{column}`, which the file {what}",
                (Label(span),),
                help=remedy.words,
                fix=remedy.fix,
                notes=(f"the file is {file}",),
            )
        )
    if found:
        raise DiagnosticError(found)
