"""Where a page goes: into a file, or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path

import click

HTML = "html"
_BEGINS = b"<!doctype html>"


def _file(
    ctx: click.Context,  # noqa: ARG001 - click's
    param: click.Parameter,  # noqa: ARG001
    value: Path | None,
) -> Path | None:
    """Return the file that is meant: `-` is standard output, as if none were named."""
    return None if value == Path("-") else value


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_file,
    help="The file for the page; with --format html.",
)


def must_take_a_page(output: Path | None, form: str) -> None:
    """Refuse an `output` that no page can be written to, before the work is done."""
    if output is None:
        return
    if form != HTML:
        raise click.UsageError("`-o` is for a page; add `--format html`.")
    if not output.parent.is_dir():
        raise click.UsageError(f"There is no folder {output.parent}.")
    if output.is_file() and not _is_page(output):
        raise click.UsageError(
            f"{output} is there, and is no page of HTML; name another file."
        )


def _is_page(path: Path) -> bool:
    with path.open("rb") as file:
        begins = file.read(len(_BEGINS)).lower()
    return begins in {b"", _BEGINS}


def put(page: str, output: Path | None) -> None:
    """Write `page` to the file `output`, or print it where there is none.

    A file is replaced by another that is complete: nobody reads half a page.
    """
    if output is None:
        click.echo(page.encode("utf-8"), nl=False)
        if sys.stdout.isatty():
            note = "this is a page for a browser; `-o FILE` writes it into a file"
            click.echo(f"note: {note}", err=True)
    elif output.exists() and not output.is_file():
        output.write_bytes(page.encode("utf-8"))  # such as /dev/stdout
    else:
        from whopays.syntax.files import replace_text  # noqa: PLC0415 - on demand

        try:
            replace_text(output, page)
        except OSError as error:  # of the file aside, which nobody has named
            raise OSError(error.errno, error.strerror, str(output)) from error
        click.echo(f"written to {output}")
