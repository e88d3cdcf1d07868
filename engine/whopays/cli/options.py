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


_LONG = 10  # digits


class Shadow(click.ParamType["int | str"]):
    """How many entries the reference decides, too: `all`, `off`, or every Nth."""

    name = "all|N|off"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int | str:
        """Return the words as they are, a number as one."""
        said = str(value)
        is_short = said.isascii() and said.isdigit() and len(said) < _LONG
        is_number = is_short and int(said) > 0
        if not is_number and said not in {"all", "off"}:
            self.fail(f"{said} is not all, off, or a number such as 10", param, ctx)
        return int(said) if is_number else said


shadow_option = click.option(
    "--shadow",
    type=Shadow(),
    metavar="all|N|off",
    default="all",
    show_default=True,
    help="Of what durable-rules answers, how much the reference decides, too: all, every "
    "Nth, or nothing. A difference stops the run.",
)
cache_option = click.option(
    "--cache",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Keep filled tables in this folder of yours, not in your cache folder.",
)
no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Keep no filled tables, and use none."
)


def folder_of_tables(cache: Path | None, no_cache: bool) -> Path | None:
    """Return where filled tables are kept, None for nowhere.

    Raise OSError for a folder that is somebody else's, or that others may write.
    """
    from whopays.resources import cache_folder, own_folder  # noqa: PLC0415 - on demand

    if cache is not None and no_cache:
        raise click.UsageError("--cache and --no-cache exclude each other")
    if cache is not None:
        return own_folder(cache)
    return None if no_cache else cache_folder()


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
