"""`whopays check`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.options import known_on_option
from whopays.cli.pages import HTML, must_take_a_page, output_option, put
from whopays.cli.problems import PROBLEMS, count, show

if TYPE_CHECKING:
    from whopays.checks import Checked


@click.command("check")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "html"]),
    default="text",
    show_default=True,
    help="json: for programs; sarif: for tools that show results of analysis; "
    "html: a page for people.",
)
@known_on_option
@output_option
def command(rules: Path, form: str, known_on: date | None, output: Path | None) -> None:
    """Check the rule file or folder RULES: names, types, and every case.

    A case is a combination of facts that the conditions can tell apart. Each that a
    claim line can be in is looked at: those in which nothing answers, or two answers
    contradict each other, are reported with a claim that shows it.

    Of a folder all files *.rules are read, in folders below it too, but not in hidden
    ones such as .git.

    The text is looked at as it is known with all its amendments; with --known-on, as
    it was known on that day.
    """
    from whopays.api import check  # noqa: PLC0415 - on demand

    must_take_a_page(output, form)
    report = check(rules, known_on=known_on)
    if form == "json":
        _print_json(report.record())
    elif form == "sarif":
        from whopays.api.sarif import sarif_of  # noqa: PLC0415

        _print_json(sarif_of(report.diagnostics, rules))
    elif form == HTML:
        from whopays.api.pages import page_of_check  # noqa: PLC0415

        put(page_of_check(report), output)
        if output is not None:
            errors = sum(each.is_error for each in report.diagnostics)
            warnings = len(report.diagnostics) - errors
            click.echo(f"{count(errors, 'error')}, {count(warnings, 'warning')}")
    else:
        show(report.diagnostics)
        for name, checked in report.contracts.items():
            _say(name, checked)
        if not any(each.is_error for each in report.diagnostics):
            for name, many in report.catalogs.items():
                _say_ranked(name, many)
    if any(each.is_error for each in report.diagnostics):
        sys.exit(PROBLEMS)


def _print_json(value: object) -> None:
    import json  # noqa: PLC0415 - on demand

    click.echo(json.dumps(value, indent=2))


def _say(name: str, checked: Checked) -> None:
    from whopays.checks import statement  # noqa: PLC0415 - on demand
    from whopays.cli.paint import say  # noqa: PLC0415 - on demand

    for line in statement(name, checked):
        say(line)


def _say_ranked(name: str, categories: int) -> None:
    from whopays.cli.paint import say  # noqa: PLC0415 - on demand

    many = f"{categories:,} categories" if categories > 1 else "1 category"
    say(f"{name}: {many}; wherever two can hold the same line, one of them goes first")
