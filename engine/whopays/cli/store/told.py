"""What came of a change, in words for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from whopays.cli.problems import count
from whopays.diagnostics import printable

if TYPE_CHECKING:
    from whopays.api.office import Store
    from whopays.store import Verdict
    from whopays.store.checkins import CheckedIn


def tell(store: Store, done: CheckedIn) -> None:
    """Say which version there is now and what it says otherwise, or that it waits."""
    if done.waits:
        verdict = store.item(done.name).proposal
        found = verdict.verdict if verdict is not None else None
        click.echo(
            f"{done.name} waits for a second person: whopays store approve {done.name}"
        )
    else:
        found = store.version(done.name, done.number)[0].verdict
        click.echo(f"{done.name} is version {done.number} now, SHA-256 {done.digest}")
    for line in () if found is None else lines_of(found):
        click.echo(f"  {line}")


def lines_of(verdict: Verdict) -> Iterator[str]:
    """Yield what a version says otherwise than the one before, and what was checked."""
    for line in verdict.difference:
        yield printable(line)
    if not verdict.difference:
        yield "nothing that it says is different: comments and layout alone are"
    if "tests" in verdict.checks:
        tests, warnings = verdict.checks["tests"], verdict.checks.get("warnings", 0)
        yield f"checked: {count(warnings, 'warning')}, {count(tests, 'test')} passed"
