"""`whopays store add-contract`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from whopays.cli.store.options import desk_of, of_store, said, why_option
from whopays.cli.store.told import tell

_NAME = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,59}")


@click.command("add-contract")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option(
    "--name", required=True, metavar="NAME", help="Its name, such as SUN-VAL."
)
@why_option
@of_store
def command(rules: Path, name: str, why: str, where: str, user: str | None) -> None:
    """Add the rule file or the folder of rule files RULES as the contract NAME.

    It is checked, and its tests run; with an error or a failed test nothing is kept.
    Profiles may name the methods that it has.
    """
    if not _NAME.fullmatch(name):
        raise click.UsageError(
            f"{name[:60]} is no name: capitals, digits, `-`, `_` and `.`, as SUN-VAL"
        )
    desk = desk_of(where, user)
    tell(desk.store, desk.add_contract(rules, name, said(why, "--why")))
