"""`whopays store show`."""

from __future__ import annotations

from pathlib import Path

import click

from whopays.cli.store.options import opened, store_option


@click.command("show")
@click.argument("name")
@click.option(
    "--version", "number", type=click.IntRange(1), help="Else the current one."
)
@click.option("--waiting", is_flag=True, help="The change that waits instead.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A new folder for the files.",
)
@store_option
def command(
    *, name: str, number: int | None, waiting: bool, output: Path | None, where: str
) -> None:
    """Print the profile or contract NAME; with -o, write its files into a folder.

    Nothing is checked out by this. About the version, `whopays store log NAME` says more.
    """
    if waiting and number is not None:
        raise click.UsageError("--waiting is of no version yet: leave out --version")
    store = opened(where)
    from whopays.api.office.contents import unpacked  # noqa: PLC0415 - on demand
    from whopays.api.office.folders import must_be_free, write_whole  # noqa: PLC0415
    from whopays.diagnostics import printable  # noqa: PLC0415

    body = store.waiting(name)[2] if waiting else store.version(name, number)[1]
    files = unpacked(body)
    if output is not None:
        must_be_free(output)
        write_whole(output, files)
        click.echo(f"written to {output}")
        return
    for file, text in files.items():
        if len(files) > 1:
            click.echo(f"# {printable(file)}")
        click.echo(text, nl=not text.endswith("\n"))
