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
from whopays.claims import Reject
from whopays.diagnostics import Diagnostic, DiagnosticError
from whopays.model.claim import Claim

__all__ = [
    "Claim",
    "Diagnostic",
    "DiagnosticError",
    "EngineMissing",
    "LineDecision",
    "Reject",
    "RuleBook",
    "RulesFolderError",
    "load",
]
__version__ = "0.1.0"
