"""`whopays consolidate`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from whopays.cli.options import Day, known_on_option, must_be_path


@click.command("consolidate")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--contract", metavar="ID", help="Which contract, if there are several.")
@click.option(
    "--as-of", type=Day(), required=True, help="The day on which it is in force."
)
@known_on_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file, not the terminal."
)
def command(
    rules: Path,
    contract: str | None,
    as_of: date,
    known_on: date | None,
    output: Path | None,
) -> None:
    """Print a contract of RULES, with its amendments, as it stands on one day.

    What is printed is a rule file that stands alone: it can be checked, and decides the
    same as the texts that it is made of, on all days on which these are in force
    together. Its head says which days these are; on others it is no contract. Comments
    in the head, in grids, exceptions, treats and definitions do not come along. What
    was signed stays what binds.
    """
    from whopays.api.consolidate import consolidate  # noqa: PLC0415 - on demand
    from whopays.syntax.files import rule_files  # noqa: PLC0415

    must_be_path(rules, f"--contract {rules} --as-of {as_of}")
    if output is not None and output.exists():
        sources = {each.resolve() for each in rule_files(rules)}
        if output.resolve() in sources:
            raise click.UsageError(f"{output} is one of the texts of {rules}.")
    text = consolidate(rules, as_of, contract=contract, known_on=known_on)
    if output is None:
        click.echo(text.encode("utf-8"), nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"written to {output}")
    if rules.is_dir() and output.resolve().is_relative_to(rules.resolve()):
        click.echo(
            f"note: {output} is now read with {rules}, which has this contract already; "
            "move it elsewhere",
            err=True,
        )
