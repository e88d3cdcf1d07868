"""Accounts as files write them: documents, tables and X12 837, read into the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from whopays.claims.accounts.document import AccountReader, Filed, Seen
from whopays.claims.accounts.rows import read_rows
from whopays.claims.accounts.x12 import read_x12_accounts
from whopays.claims.json_files import read_documents
from whopays.claims.records import ReadReport, Reject
from whopays.claims.x12 import SUFFIXES, is_x12_file
from whopays.diagnostics import Diagnostic, DiagnosticError
from whopays.model.facts import Fact

__all__ = ["AccountReader", "Filed", "Seen", "read_accounts"]

_DOCUMENTS = (".json", ".jsonl", ".ndjson")
_TABLES = (".csv", ".psv", ".txt", ".parquet")


def read_accounts(
    path: str | Path,
    facts: Mapping[str, Fact],
    report: ReadReport | None = None,
    seen: Seen | None = None,
) -> Iterator[Filed | Reject]:
    """Return the accounts and rejects of a file, by its suffix; of X12 by its beginning.

    Each account of the file is one `Filed` or one `Reject`. `facts` are those that
    methods and orders may read, `seen` the accounts of files that are read together with
    this one. DiagnosticError, at once, if the file is of no known
    format or its header lacks a column; OSError if it can't be opened.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    reader = AccountReader(str(file), facts, report or ReadReport(), seen)
    if suffix not in _DOCUMENTS and (suffix in SUFFIXES or is_x12_file(file)):
        return read_x12_accounts(file, facts, reader)
    if suffix in _DOCUMENTS:
        return read_documents(file, reader)
    if suffix in _TABLES:
        return read_rows(file, reader)
    known = ", ".join((*_DOCUMENTS, *_TABLES, *SUFFIXES))
    message = f"the file {file} is of no format that accounts are read from"
    raise DiagnosticError(
        [Diagnostic("M015", message, (), help=f"the formats are {known}")]
    )
