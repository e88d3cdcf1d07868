"""Options that several commands have."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.diagnostics import printable

if TYPE_CHECKING:
    from whopays.codes import Pack

engine_option = click.option(
    "--engine",
    type=click.Choice(["durable", "reference"]),
    default="durable",
    show_default=True,
    help="What evaluates the conditions.",
)
rules_option = click.option(
    "--rules",
    type=click.Path(path_type=Path),
    required=True,
    help="The rule file, or the folder of rule files; hidden folders are not entered.",
)
contract_option = click.option(
    "--contract", help="Decide by this contract, whoever the payer is."
)

codes_option = click.option(
    "--codes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PACK",
    help="A code pack (a folder): codes that are not in force are told. Repeatable.",
)


def state_licences(packs: tuple[Pack, ...]) -> None:
    """Say whose the code packs are that are used, and under which licence."""
    for pack in packs:
        click.echo(f"codes: {printable(pack.statement)}", err=True)


class Day(click.ParamType[date]):
    """A date such as 2026-03-04."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the date."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not a date; write it like 2026-03-04", param, ctx)


known_on_option = click.option(
    "--known-on", type=Day(), help="Leave out what was signed after this day."
)


def must_be_path(rules: Path, instead: str) -> None:
    """Say what to write where a contract's id stands in place of its rules."""
    if rules.exists() or len(rules.parts) != 1 or rules.suffix:
        return
    raise click.UsageError(
        f"There is no file or folder {rules}. If it is a contract, name the folder of its "
        f"rules first: RULES {instead}"
    )
