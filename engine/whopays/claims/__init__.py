"""Claims as files write them, read into the model; what can't be read is a reject."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from whopays.claims.csv_files import read_csv
from whopays.claims.json_files import read_json, read_jsonl
from whopays.claims.mapping import Mapping
from whopays.claims.mapping_file import (
    load_mapping,
    parse_mapping,
    shipped_mapping,
    shipped_mappings,
)
from whopays.claims.records import FieldProblem, ReadReport, Reject
from whopays.claims.schema import claim_schema
from whopays.claims.tables import read_parquet
from whopays.claims.values import PLAIN, Form, value_of
from whopays.claims.x12 import SUFFIXES, is_x12_file, read_x12
from whopays.diagnostics import Diagnostic, DiagnosticError
from whopays.model.claim import Claim
from whopays.model.facts import Fact

__all__ = [
    "PLAIN",
    "FieldProblem",
    "Form",
    "Mapping",
    "ReadReport",
    "Reject",
    "claim_schema",
    "load_mapping",
    "parse_mapping",
    "read_claims",
    "read_csv",
    "read_json",
    "read_jsonl",
    "read_parquet",
    "read_x12",
    "shipped_mapping",
    "shipped_mappings",
    "value_of",
]

#: A contract's `products` extend this fact, so a reader takes any word for it.
OPEN_FACTS = frozenset({"product"})
_DOCUMENTS = {".json": read_json, ".jsonl": read_jsonl, ".ndjson": read_jsonl}
_TABLES = {
    ".csv": read_csv,
    ".txt": read_csv,
    ".psv": read_csv,
    ".parquet": read_parquet,
}
_X12_MAPPING = "x12-837"


def read_claims(
    path: str | Path,
    facts: dict[str, Fact],
    mapping: Mapping | None = None,
    open_facts: frozenset[str] = OPEN_FACTS,
    report: ReadReport | None = None,
) -> Iterator[Claim | Reject]:
    """Return the claims and rejects of a file, by its suffix; of X12 by its beginning.

    Each record of the file is in exactly one line of a claim or one reject. `report` is
    filled while the claims are consumed. DiagnosticError, at once, if the file is of no
    known format or lacks a column; OSError if it can't be opened.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix not in _DOCUMENTS and (suffix in SUFFIXES or is_x12_file(file)):
        named = mapping or shipped_mapping(
            _X12_MAPPING, facts, open_facts, where_declared=True
        )
        return read_x12(file, facts, named, open_facts, report)
    if suffix in _TABLES:
        return _TABLES[suffix](file, facts, mapping, open_facts, report)
    if suffix not in _DOCUMENTS:
        known = ", ".join((*_DOCUMENTS, *_TABLES, *SUFFIXES))
        message = f"the file {file} is of no format that whopays reads"
        raise DiagnosticError(
            [Diagnostic("M015", message, (), help=f"the formats are {known}")]
        )
    if mapping is not None:
        message = (
            "a mapping is for tables; fields of a claim document are named as facts"
        )
        raise DiagnosticError([Diagnostic("M015", message, ())])
    return _DOCUMENTS[suffix](file, facts, open_facts, report)
