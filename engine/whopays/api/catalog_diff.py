"""Two catalogs compared, and the contracts that what differs touches."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from whopays.analyse.catalogs.moves import Diff, diff
from whopays.analyse.catalogs.touched import TouchedContract, touched
from whopays.api.catalogs import find_catalog, shipped_contracts
from whopays.api.rulefiles import read_rules
from whopays.diagnostics import DiagnosticError
from whopays.model.contract import Contract


def compare_catalogs(
    old: str, new: str, rules: Iterable[Path] | None = None
) -> tuple[Diff, list[TouchedContract]]:
    """Return what differs between two catalogs, and what of contracts that touches.

    The catalogs are named as `find_catalog` takes them. The contracts are those in
    `rules`, or those that ship. Raise `RulesFolderError` for what is not there,
    `DiagnosticError` for rules with errors.
    """
    found = diff(find_catalog(old), find_catalog(new))
    paths = shipped_contracts() if rules is None else list(rules)
    return found, [
        touched(found, contract) for path in paths for contract in _contracts(path)
    ]


def _contracts(path: Path) -> Iterable[Contract]:
    rules, problems = read_rules(path)
    if any(each.is_error for each in problems):
        raise DiagnosticError(problems)
    return rules.contracts.values()
