"""`whopays cob prove`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from whopays.cli.problems import BUG, PROBLEMS, show


@click.command("prove")
@click.argument("rules", required=False, type=click.Path(path_type=Path))
@click.option("--method", metavar="ID", help="This method alone.")
@click.option(
    "--seconds",
    type=click.IntRange(min=1, max=3600),
    default=10,
    show_default=True,
    help="How long the prover may take for one promise, and as long for an account.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: a record, for programs; money is in whole cents.",
)
def command(rules: Path | None, method: str | None, seconds: int, form: str) -> None:
    """Prove what the methods in RULES keep whatever the amounts are.

    RULES is a file or a folder; without it, the rules that ship. For each method: the
    payment is never below $0.00; never above a ceiling that the method states, what the
    plan allows, or what is left of the charge; more paid before never means more paid now;
    the account balances. Each is proved for all amounts, or an account that breaks it is
    shown, which the engine has settled. A method that breaks one by design says so:
    `breaks charge because "why"`.

    The exit code is 1 where a method breaks a promise and does not say so, or says so and
    keeps it. Needs z3: pip install 'whopays[prove]'.
    """
    from whopays.api.proofs import prove_methods  # noqa: PLC0415 - on demand

    found = prove_methods(rules, method=method, seconds=seconds)
    if form == "json":
        click.echo(json.dumps(found.record(), indent=2, ensure_ascii=False))
    else:
        click.echo(found.table())
    sys.stdout.flush()
    show(found.diagnostics)
    for each in found.faults:
        click.echo(
            f"error: a fault of whopays, please report it: {each.method.id}, "
            f"{each.promise}: {each.why}",
            err=True,
        )
    if found.faults:
        sys.exit(BUG)
    if found.diagnostics:
        sys.exit(PROBLEMS)
