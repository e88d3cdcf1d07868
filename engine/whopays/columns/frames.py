"""Tables in memory, of whichever library: into Arrow, decided, and out again as Arrow.

The Arrow PyCapsule interface is what pyarrow, polars and pandas share: a table that
exports `__arrow_c_stream__` is taken, and what is given back exports it, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from whopays.claims import Mapping as ClaimMapping
from whopays.claims import ReadReport, Reject
from whopays.columns.decide import Columnar
from whopays.columns.reading import ROWS, read_table
from whopays.model.facts import Fact

_REJECT = ("file", "record", "field", "reason", "claim_id", "line")


@dataclass(frozen=True)
class DecidedFrame:
    """The decisions of a table, as Arrow tables.

    `decisions` has a row for each line, with the columns of `columns.schema` (cents are
    whole numbers); `explanations` a row for each `id`, with its JSON text; `rejects` a
    row for each row of the table that could not be read. `notes` say which columns were
    ignored. The whole is taken as its decisions by what reads the Arrow PyCapsule
    interface: `polars.DataFrame(found)`.
    """

    decisions: Any
    explanations: Any
    rejects: Any
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of decisions."""
        return int(self.decisions.num_rows)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the decisions by the Arrow PyCapsule interface."""
        return self.decisions.__arrow_c_stream__(requested_schema)


def decided_frame(
    table: Any,
    columnar: Columnar,
    facts: dict[str, Fact],
    mapping: ClaimMapping | None = None,
    chunk: int = ROWS,
) -> DecidedFrame:
    """Return the decisions of the rows of `table`, `chunk` rows at a time.

    TypeError if it is no table, DiagnosticError if a column is missing or can't be read.
    """
    report = ReadReport()
    chunks = read_table(as_arrow(table), facts, mapping, report=report, rows=chunk)
    decisions: list[Any] = []
    rejects: list[Reject] = []
    explanations: dict[str, str] = {}
    for each in chunks:
        rejects.extend(each.rejects)
        if len(each.lines):
            found = columnar.decide(each.lines)
            decisions.append(found.table)
            explanations.update(found.explanations)
    whole = pa.concat_tables(decisions or [columnar.schema.empty_table()])
    return DecidedFrame(
        whole.unify_dictionaries(),
        _explanations(explanations),
        _rejects(rejects),
        report.notes(),
    )


def as_arrow(table: Any) -> Any:
    """Return `table` as an Arrow table, or raise TypeError."""
    if isinstance(table, pa.Table):
        return table
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        return pa.table(table)
    if type(table).__module__.partition(".")[0] == "pandas":
        return pa.Table.from_pandas(table, preserve_index=False)
    lazy = ": call its method collect() first" if hasattr(table, "collect") else ""
    raise TypeError(
        f"a {type(table).__name__} is no table that Arrow can take{lazy}; give a table "
        "of pyarrow, or a data frame of polars or pandas"
    )


def _explanations(found: Mapping[str, str]) -> Any:
    names = sorted(found)
    columns = {"id": names, "explanation": [found[name] for name in names]}
    schema = pa.schema([("id", pa.string()), ("explanation", pa.string())])
    return pa.table(columns, schema)


def _rejects(found: Iterable[Reject]) -> Any:
    kinds = {name: pa.int64() if name == "record" else pa.string() for name in _REJECT}
    rows = [asdict(each) for each in found]
    return pa.Table.from_pylist(rows, pa.schema(list(kinds.items())))
