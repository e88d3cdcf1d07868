"""What came of a change, in words for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from whopays.cli.problems import count
from whopays.diagnostics import printable

if TYPE_CHECKING:
    from whopays.api.office import Store
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
    if found is None:
        return
    for line in found.difference:
        click.echo(f"  {printable(line)}")
    if not found.difference:
        click.echo("  nothing that it says is different: comments and layout alone are")
    tests, warnings = found.checks.get("tests", 0), found.checks.get("warnings", 0)
    if "tests" in found.checks:
        click.echo(
            f"  checked: {count(warnings, 'warning')}, {count(tests, 'test')} passed"
        )
