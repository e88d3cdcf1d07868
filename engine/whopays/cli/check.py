"""`whopays check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from whopays.cli.pages import HTML, must_take_a_page, output_option, put
from whopays.cli.problems import PROBLEMS, count, show


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
@output_option
def command(rules: Path, form: str, output: Path | None) -> None:
    """Check the rule file or folder RULES: names, types, and every case.

    Looks at each combination of facts that the conditions can tell apart, and reports
    those in which nothing answers or two answers contradict each other.
    """
    from whopays.api import check  # noqa: PLC0415 - on demand

    must_take_a_page(output, form)
    report = check(rules)
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
    if any(each.is_error for each in report.diagnostics):
        sys.exit(PROBLEMS)


def _print_json(value: object) -> None:
    import json  # noqa: PLC0415 - on demand

    click.echo(json.dumps(value, indent=2))


def _say(name: str, checked: object) -> None:
    from whopays.checks import Checked  # noqa: PLC0415

    if not isinstance(checked, Checked):
        return
    errors = any(each.is_error for each in checked.found)
    click.echo(
        f"{name}: {checked.entries:,} cases in {count(checked.tables, 'table')}, "
        f"{count(checked.versions, 'version')} of the text"
    )
    if not errors and not checked.unproved:
        click.echo("  in every one of them exactly one answer stands")
    if checked.unproved:
        click.echo(f"  {count(checked.unproved, 'table')} too large to be looked at")
    if checked.by_otherwise:
        listed = ", ".join(sorted(checked.by_otherwise))
        click.echo(f"  `otherwise` answers, sometimes or always, for: {listed}")
