"""`whopays schema`."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("schema")
@click.argument("what", type=click.Choice(["claim", "account", "decision", "changes"]))
@click.option(
    "--rules", type=click.Path(path_type=Path), help="Whose facts (claim, account)."
)
def command(what: str, rules: Path | None) -> None:
    """Print the JSON Schema of a claim or an account, or of a record that is printed.

    The records are those of `explain --format json`: a decision, or the changes that
    `--what-would-change` finds.
    """
    from whopays.api import load, shipped_rules  # noqa: PLC0415 - on demand
    from whopays.explain.schema import CHANGES, DECISION  # noqa: PLC0415

    if what == "account":
        from whopays.api.accounts import schema_of  # noqa: PLC0415

        click.echo(json.dumps(schema_of(rules), indent=2))
        return
    if what != "claim":
        schema = DECISION if what == "decision" else CHANGES
        click.echo(json.dumps(schema, indent=2))
        return
    book = load(rules or shipped_rules("facts"), engine="reference")
    click.echo(json.dumps(book.claim_schema(), indent=2))
