"""`whopays test`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from whopays.cli.options import engine_option
from whopays.cli.problems import PROBLEMS, show


@click.command("test")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--verbose", "-v", is_flag=True, help="List the tests that pass, too.")
@engine_option
def command(rules: Path, verbose: bool, engine: str) -> None:
    """Run the tests that the rule file or folder RULES contains."""
    from whopays.api import load  # noqa: PLC0415 - on demand

    book = load(rules, engine=engine)
    show(book.notes)
    results = book.run_tests()
    for result in results:
        if result.state == "passed" and not verbose:
            continue
        mark = {"passed": "passed", "failed": "FAILED", "later": "not run"}
        place = result.case.span.place
        click.echo(f"{mark[result.state]}  {result.case.title}  ({place})")
        for problem in result.problems:
            click.echo(f"    {problem}")
    counts = Counter(result.state for result in results)
    if not results:
        click.echo('no tests: write `test "what it shows"` blocks into the rule files')
    else:
        click.echo(
            f"{counts['passed']} passed, {counts['failed']} failed, "
            f"{counts['later']} not run"
        )
    if counts["failed"]:
        sys.exit(PROBLEMS)
