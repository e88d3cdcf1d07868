"""Problems in files that authors write: one kind of report, with the place and the remedy."""

from whopays.diagnostics.diagnostic import (
    Diagnostic,
    DiagnosticError,
    Label,
    Severity,
    Source,
    Span,
)
from whopays.diagnostics.render import render, render_all
from whopays.diagnostics.suggest import nearest

__all__ = [
    "Diagnostic",
    "DiagnosticError",
    "Label",
    "Severity",
    "Source",
    "Span",
    "nearest",
    "render",
    "render_all",
]
