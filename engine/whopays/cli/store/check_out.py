"""`whopays store check-out`."""

from __future__ import annotations

from pathlib import Path

import click

from whopays.cli.store.options import desk_of, of_store, said


@click.command("check-out")
@click.argument("name")
@click.option(
    "--reason", metavar="TEXT", required=True, help="What for; others see it."
)
@click.option(
    "--hours",
    type=click.IntRange(1, 744),
    default=8,
    show_default=True,
    help="How long.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The folder; else NAME, here.",
)
@of_store
def command(  # noqa: PLR0917 - one for each option
    name: str,
    reason: str,
    hours: int,
    output: Path | None,
    where: str,
    user: str | None,
) -> None:
    """Check out NAME: until you check it in or the time is over, nobody else can.

    Its files are written into a folder; edit them there, then check in. Who has it
    already renews the check-out, and keeps the folder.
    """
    desk = desk_of(where, user)
    held, folder, is_written = desk.check_out(
        name, said(reason, "--reason"), output, hours
    )
    click.echo(f"{name}, version {held.base}, is yours until {held.expires}")
    words = "edit the files in" if is_written else "your files are kept in"
    click.echo(f"{words} {folder}, then: whopays store check-in {name} --why TEXT")
