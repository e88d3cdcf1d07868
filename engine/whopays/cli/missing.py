"""Writes the tests that are missing, without touching what a file holds already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from whopays.analyse.proposals.generated import file_text
from whopays.analyse.survey import Survey
from whopays.cli.problems import count
from whopays.diagnostics import DiagnosticError
from whopays.syntax import parse
from whopays.syntax.files import decoded, replace_text


def write(surveys: Sequence[Survey], rules: Path, target: str, *, quiet: bool) -> None:
    """Write tests for what each of `surveys` finds missing.

    `target` is a file; empty: a file of its own beside each contract below `rules`.
    A file is written aside and renamed; what it holds already stays above the tests.
    Raise `DiagnosticError` if that has errors.
    """
    for survey in surveys:
        path = Path(target) if target else _beside(survey, rules)
        if not survey.tests:
            _tell(
                f"{survey.contract.id}: nothing is missing, nothing is written", quiet
            )
            continue
        before = _held(path)
        replace_text(path, file_text(survey.contract, survey.tests, before))
        tests = count(len(survey.tests), "test")
        _tell(
            f"{survey.contract.id}: {tests} written to {path}, generated and unreviewed: "
            "read them, and take out the line `generated, unreviewed` of each",
            quiet,
        )
        if not path.resolve().is_relative_to(rules.resolve()):
            _tell(f"  {rules} does not contain {path}: test both in one folder", quiet)


def _held(path: Path) -> str:
    """Return what the rule file `path` holds; nothing if it is not there yet."""
    if path.suffix != ".rules":
        raise click.UsageError(f"{path} is no rule file: its name ends in .rules.")
    if not path.exists():
        return ""
    before = decoded(str(path), path.read_bytes())
    _, found = parse(str(path), before)
    if any(each.is_error for each in found):
        raise DiagnosticError(found)
    return before


def _beside(survey: Survey, rules: Path) -> Path:
    root = rules if rules.is_dir() else rules.parent
    folder = (root / survey.contract.span.source.name).parent
    return folder / f"{survey.contract.id.lower()}-missing.rules"


def _tell(message: str, quiet: bool) -> None:
    click.echo(message, err=quiet)
