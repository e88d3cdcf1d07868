"""`whopays test`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.options import contract_option, engine_option
from whopays.cli.pages import HTML, must_take_a_page, output_option, put
from whopays.cli.problems import PROBLEMS, show

if TYPE_CHECKING:
    from whopays.analyse.testing import Result

# What analyses is imported when it is asked for.
# ruff: noqa: PLC0415

_MARKS = {"passed": "passed", "failed": "FAILED", "later": "not run"}


@click.command("test")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--verbose", "-v", is_flag=True, help="List what is shortened otherwise.")
@click.option("--coverage", is_flag=True, help="Say what the tests do not touch.")
@click.option(
    "--write-missing",
    "target",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Write tests for what is missing, to be reviewed. RULES stands before it.",
)
@click.option("--mutate", is_flag=True, help="Say which slips the tests do not notice.")
@click.option(
    "--at-most", type=click.IntRange(1), help="With --mutate: draw so many, not all."
)
@click.option("--seed", type=int, help="With --at-most: which are drawn.  [default: 1]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="json: for programs; html: a page for people.",
)
@output_option
@contract_option
@engine_option
def command(
    *,
    rules: Path,
    verbose: bool,
    coverage: bool,
    target: str | None,
    mutate: bool,
    at_most: int | None,
    seed: int | None,
    form: str,
    output: Path | None,
    contract: str | None,
    engine: str,
) -> None:
    """Run the tests that the rule file or folder RULES contains.

    --coverage lists the rows, exceptions, conditions, thresholds and days that no
    passing test touches, and of dictionaries the definitions, readings and editions.
    --write-missing writes tests of them, to FILE or beside the
    contract; what a file holds already stays. --mutate makes small slips in the text,
    one at a time, and lists those that no passing test notices.
    """
    from whopays.api import load

    must_take_a_page(output, form)
    if (at_most is not None and not mutate) or (seed is not None and at_most is None):
        raise click.UsageError(
            "--at-most goes with --mutate, and --seed with --at-most."
        )
    if mutate and form == HTML:
        raise click.UsageError(
            "Slips have no page: leave out --mutate or --format html."
        )
    book = load(rules, engine=engine, contract=contract)
    show(book.notes)
    results = [
        each
        for each in book.run_tests()
        if contract is None or each.case.contract == contract
    ]
    surveys = book.surveys(results) if coverage or mutate or target is not None else []
    of_contracts = (each.coverage for each in surveys)
    covered = [*of_contracts, *book.term_coverage(results)] if coverage else []
    mutations = [
        each.mutation(1 if seed is None else seed, at_most)
        for each in surveys
        if mutate
    ]
    if form == "json":
        import json

        record = {
            "tests": [each.record() for each in results],
            "coverage": [each.record() for each in covered],
            "mutation": [each.record() for each in mutations],
        }
        click.echo(json.dumps(record, indent=2))
    elif form == HTML:
        from whopays.api.pages import page_of_tests

        put(page_of_tests(book, results, covered, mutations), output)
        if output is not None:
            _say(results, verbose=verbose)
    else:
        _say(results, verbose=verbose)
        if covered:
            from whopays.cli.covered import told

            lines = (line for each in covered for line in told(each, verbose=verbose))
            click.echo("\n".join(lines))
        if mutations:
            from whopays.cli.mutated import told as told_of

            click.echo("\n".join(line for each in mutations for line in told_of(each)))
    if target is not None:
        from whopays.cli.missing import write

        write(surveys, rules, target, quiet=form != "text")
    if any(each.state == "failed" for each in results):
        sys.exit(PROBLEMS)


def _say(results: list[Result], *, verbose: bool) -> None:
    for result in results:
        if result.state == "passed" and not verbose:
            continue
        place = result.case.span.place
        click.echo(f"{_MARKS[result.state]}  {result.case.title}  ({place})")
        for problem in result.problems:
            click.echo(f"    {problem}")
    if not results:
        click.echo('no tests: write `test "what it shows"` blocks into the rule files')
        return
    counts = Counter(result.state for result in results)
    click.echo(
        f"{counts['passed']} passed, {counts['failed']} failed, "
        f"{counts['later']} not run"
    )
    unreviewed = sum(
        each.state == "passed" and each.case.unreviewed for each in results
    )
    if unreviewed:
        click.echo(
            f"{unreviewed} of those that passed are generated and unreviewed: "
            "read them, and take out the line `generated, unreviewed`"
        )
