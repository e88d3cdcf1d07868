"""`whopays schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command("schema")
@click.argument(
    "what",
    type=click.Choice(
        [
            *("claim", "account", "decision", "changes"),
            *("result", "calculation", "reject", "proofs"),
        ]
    ),
)
@click.option(
    "--rules", type=click.Path(path_type=Path), help="Whose facts (claim, account)."
)
def command(what: str, rules: Path | None) -> None:
    """Print the JSON Schema of a claim or an account, or of a record that is printed.

    The records are those of `explain --format json`: a decision, or the changes that
    `--what-would-change` finds; and those about accounts: the result of `cob settle` and
    `cob reprice`, the calculation of `cob calculate`, a reject of `cob reprice`, and the
    proofs of `cob prove`.
    """
    if what == "account":
        from whopays.api.accounts import schema_of  # noqa: PLC0415 - on demand

        found = schema_of(rules)
    elif what == "claim":
        from whopays.api import load, shipped_rules  # noqa: PLC0415 - on demand

        book = load(rules or shipped_rules("facts"), engine="reference")
        found = book.claim_schema()
    else:
        found = _of_record(what)
    click.echo(json.dumps(found, indent=2))


def _of_record(what: str) -> dict[str, Any]:
    """Return the schema of a record that a command prints or writes."""
    from whopays.explain import accounts, schema  # noqa: PLC0415 - on demand
    from whopays.prove.schema import PROOFS  # noqa: PLC0415

    return {
        "decision": schema.DECISION,
        "changes": schema.CHANGES,
        "result": accounts.RESULT,
        "calculation": accounts.CALCULATION,
        "reject": accounts.REJECT,
        "proofs": PROOFS,
    }[what]
