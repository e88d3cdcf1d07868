"""Problems in files that authors write: one kind of report, with the place and the remedy."""

from whopays.diagnostics.cut import cut_short
from whopays.diagnostics.diagnostic import (
    Diagnostic,
    DiagnosticError,
    Edit,
    Label,
    Severity,
    Source,
    Span,
)
from whopays.diagnostics.fix import (
    Remedy,
    did_you_mean,
    fixes,
    insert,
    leave_out,
    leave_out_lines,
    rewrite,
    rewritten,
)
from whopays.diagnostics.printable import in_place, is_seen, printable
from whopays.diagnostics.render import render, render_all
from whopays.diagnostics.suggest import nearest, nearest_file

__all__ = [
    "Diagnostic",
    "DiagnosticError",
    "Edit",
    "Label",
    "Remedy",
    "Severity",
    "Source",
    "Span",
    "cut_short",
    "did_you_mean",
    "fixes",
    "in_place",
    "insert",
    "is_seen",
    "leave_out",
    "leave_out_lines",
    "nearest",
    "nearest_file",
    "printable",
    "render",
    "render_all",
    "rewrite",
    "rewritten",
]
