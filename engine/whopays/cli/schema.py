"""`whopays schema`."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("schema")
@click.argument("what", type=click.Choice(["claim", "decision"]))
@click.option("--rules", type=click.Path(path_type=Path), help="Whose facts (claim).")
def command(what: str, rules: Path | None) -> None:
    """Print the JSON Schema of a claim document, or of a decision's record."""
    from whopays.api import load, shipped_rules  # noqa: PLC0415 - on demand
    from whopays.explain.schema import DECISION  # noqa: PLC0415

    if what == "decision":
        click.echo(json.dumps(DECISION, indent=2))
        return
    book = load(rules or shipped_rules("facts"), engine="reference")
    click.echo(json.dumps(book.claim_schema(), indent=2))
