"""Who pays a health-care claim, how much, and why.

>>> import whopays
>>> rules = whopays.load("contracts/")          # doctest: +SKIP
>>> for decision in rules.decide(claim):        # doctest: +SKIP
...     print(decision.status, decision.cents, decision.explain())
"""

from whopays.api import (
    EngineMissing,
    LineDecision,
    RuleBook,
    RulesFolderError,
    load,
)
from whopays.diagnostics import Diagnostic, DiagnosticError

__all__ = [
    "Diagnostic",
    "DiagnosticError",
    "EngineMissing",
    "LineDecision",
    "RuleBook",
    "RulesFolderError",
    "load",
]
__version__ = "0.1.0"
