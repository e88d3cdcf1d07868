"""A diagnostic as plain data, for `--format json`. `grammar/diagnostics.md` says the shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from whopays.diagnostics.diagnostic import Diagnostic, Span


def record(found: Diagnostic, address: Callable[[str], str]) -> dict[str, Any]:
    """Return `found` as plain data; the first label is where the problem is.

    `address` makes of the name of a file the address by which programs find it.
    """
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "labels": [
            {**place(label.span, address), "remark": label.remark}
            for label in found.labels
        ],
        "help": found.help,
        "fix": [{**place(edit.span, address), "text": edit.text} for edit in found.fix],
        "notes": list(found.notes),
    }


def place(span: Span, address: Callable[[str], str]) -> dict[str, Any]:
    """Return where `span` is: lines and columns from 1, the end column excluded.

    Columns count characters (Unicode code points).
    """
    return {
        "file": span.source.name,
        "uri": address(span.source.name),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
