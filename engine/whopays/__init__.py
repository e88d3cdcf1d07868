"""Who pays a health-care claim, how much, and why.

>>> import whopays
>>> rules = whopays.load("contracts/")          # doctest: +SKIP
>>> for decision in rules.decide(claim):        # doctest: +SKIP
...     print(decision.status, decision.cents, decision.explain())
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from whopays.api import (
        EngineMissing,
        LineDecision,
        RuleBook,
        RulesFolderError,
        load,
    )
    from whopays.api.frames import DecidedFrame, decide_frame
    from whopays.claims import Reject
    from whopays.diagnostics import Diagnostic, DiagnosticError
    from whopays.model.claim import Claim

__all__ = [
    "Claim",
    "DecidedFrame",
    "Diagnostic",
    "DiagnosticError",
    "EngineMissing",
    "LineDecision",
    "Reject",
    "RuleBook",
    "RulesFolderError",
    "decide_frame",
    "load",
]
__version__ = "0.1.0"

_HOMES = {
    "Claim": "whopays.model.claim",
    "DecidedFrame": "whopays.api.frames",
    "decide_frame": "whopays.api.frames",
    "Diagnostic": "whopays.diagnostics",
    "DiagnosticError": "whopays.diagnostics",
    "Reject": "whopays.claims",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: `--help` needs none."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(_HOMES.get(name, "whopays.api")), name)
    globals()[name] = found
    return found
