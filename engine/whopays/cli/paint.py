"""Diagnostics on a terminal: colour where it is wanted, and no line wider than it."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable
from typing import TextIO

import click

from whopays.diagnostics import Diagnostic
from whopays.diagnostics.render import Line, layout

#: The colours of the roles of a piece; `diagnostics/render.py` gives the roles.
_STYLES = {
    "error": "bold red",
    "warning": "bold yellow",
    "message": "bold",
    "gutter": "blue",
    "mark": "bold red",
    "mark remark": "red",
    "other mark": "blue",
    "other mark remark": "blue",
    "note": "bold cyan",
    "help": "bold green",
}


_NARROWEST = 20  # cells for words, however narrow the terminal is
_USUAL = 80  # cells of a terminal that does not say how wide it is


def print_diagnostics(found: Iterable[Diagnostic]) -> None:
    """Print `found` to the error stream, a blank line between two."""
    stream = sys.stderr
    width = _width(stream) if stream.isatty() else None
    blocks = [layout(each, width) for each in found]
    lines = [line for block in blocks for line in (*block, [])][:-1]
    if wants_colour(stream):
        _painted(lines, stream)
        return
    text = "\n".join("".join(text for _, text in line) for line in lines)
    click.echo(text, err=True)


def say(line: str) -> None:
    """Print `line`; on a terminal that is narrower it goes on below, further in."""
    width = _width(sys.stdout) if sys.stdout.isatty() else len(line) + 1
    blanks = " " * (len(line) - len(line.lstrip()) + 2)
    found = textwrap.wrap(
        line,
        max(width, len(blanks) + _NARROWEST),
        subsequent_indent=blanks,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for each in found or [""]:
        click.echo(each)


def _width(stream: TextIO) -> int:
    """Return how many cells wide the terminal `stream` is."""
    given = os.environ.get("COLUMNS", "")
    if given.isdigit() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL
    except (OSError, ValueError):
        return _USUAL


def wants_colour(stream: TextIO) -> bool:
    """Tell whether `stream` gets colour, by the conventions that tools share.

    NO_COLOR turns it off, FORCE_COLOR or CLICOLOR_FORCE on; otherwise a terminal gets
    it, unless CLICOLOR=0 or TERM=dumb. See no-color.org and bixense.com/clicolors.
    """
    if os.environ.get("NO_COLOR"):
        return False
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        if os.environ.get(name, "0") not in {"", "0"}:
            return True
    plain = os.environ.get("CLICOLOR") == "0" or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def _painted(lines: list[Line], stream: TextIO) -> None:
    from rich.console import Console  # noqa: PLC0415 - only where there is colour
    from rich.text import Text  # noqa: PLC0415

    console = Console(
        file=stream,
        force_terminal=True,
        color_system="standard",
        highlight=False,
        soft_wrap=True,
        emoji=False,
        markup=False,
    )
    for line in lines:
        pieces = [(text, _STYLES.get(role, "")) for role, text in line]
        console.print(Text.assemble(*pieces), soft_wrap=True)
