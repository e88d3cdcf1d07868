"""The history of a category or a clause of a contract in a folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from whopays.analyse.texts.blame import History, history, subjects
from whopays.api.consolidate import contract_of
from whopays.api.rulefiles import RulesFolderError, read_rules
from whopays.diagnostics import DiagnosticError, nearest


def blame(
    path: str | Path,
    subject: str,
    *,
    contract: str | None = None,
    known_on: date | None = None,
) -> History:
    """Return which texts at `path` say what about `subject`, and since when.

    `subject` is a category, by any of its names, or the id of a clause; `A otherwise` is
    that of a grid. Raise `DiagnosticError` if the rules have errors, `RulesFolderError`
    if there is no such contract or subject.
    """
    rules, found = read_rules(path)
    errors = [each for each in found if each.is_error]
    if errors:
        raise DiagnosticError(errors)
    chosen = contract_of(rules, contract)
    known = subjects(chosen)
    name = known.get(" ".join(subject.split()).casefold())
    if name is None:
        near = nearest(subject, known)
        hint = f"; did you mean `{known[near]}`?" if near else ""
        raise RulesFolderError(
            f"contract {chosen.id} has no category or clause `{subject}`{hint}"
        )
    return history(chosen, name, known_on)
