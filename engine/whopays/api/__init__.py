"""The whole way through, as Python: load rules, decide claims, explain decisions.

The only layer that knows the whole order.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from whopays.api.book import RuleBook
from whopays.api.check import Report, check
from whopays.api.line import LineDecision
from whopays.api.rulefiles import RulesFolderError, read_rules, shipped_rules
from whopays.diagnostics import DiagnosticError, nearest
from whopays.engines.rulesets import EngineMissing, raw_engine

if TYPE_CHECKING:
    from whopays.codes import Pack

__all__ = [
    "ENGINES",
    "EngineMissing",
    "LineDecision",
    "Report",
    "RuleBook",
    "RulesFolderError",
    "check",
    "load",
    "read_rules",
    "shipped_rules",
]
ENGINES = ("durable", "reference")


def load(
    path: str | Path,
    *,
    engine: str = "durable",
    known_on: date | None = None,
    contract: str | None = None,
    codes: Iterable[str | Path] = (),
) -> RuleBook:
    """Read the rule file or the folder of rule files at `path`.

    `engine` is "durable", or "reference" where durable-rules can't be installed.
    `known_on`: leave out what was signed later. `contract`: use this one alone, for any
    payer and group. `codes`: folders of code packs, by whose dates the codes of lines are
    in force or not. Raise `DiagnosticError` with everything that is wrong with the
    text, `RulesFolderError` if there is none, `EngineMissing` if durable-rules is.
    """
    if engine not in ENGINES:
        raise ValueError(f"there is no engine {engine!r}; there are {ENGINES}")
    rules, found = read_rules(path)
    if any(each.is_error for each in found):
        raise DiagnosticError(found)
    if contract is not None and contract not in rules.contracts:
        known = ", ".join(rules.contracts) or "none"
        near = nearest(contract, rules.contracts)
        hint = f"did you mean {near}?" if near else f"there are {known}"
        raise RulesFolderError(f"there is no contract {contract}; {hint}")
    if engine == "durable":
        raw_engine()
    packs: tuple[Pack, ...] = ()
    if codes := tuple(codes):
        from whopays.codes import load_packs  # noqa: PLC0415 - who has none reads none

        packs = load_packs(codes)
    return RuleBook(rules, tuple(found), engine, known_on, contract, packs)
