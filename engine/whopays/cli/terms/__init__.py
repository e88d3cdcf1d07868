"""`whopays terms`: what each source's words come to on a claim."""

from __future__ import annotations

import click

from whopays.cli.lazy import Lazy

_SHOW = "show"
_HELP = ("-h", "--help")


class _Commands(Lazy):
    """The commands about payment terms; a file in place of a command is shown."""

    package = "whopays.cli.terms"
    commands_of = {  # noqa: RUF012 - never changed
        _SHOW: "Print claims in every source's words (`show` may be left out).",
        "compare": "Say on which lines two sources differ, by how much, and why.",
    }

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take anything that is no command for a file to be shown."""
        if args and args[0] not in (*self.commands_of, *_HELP):
            args = [_SHOW, *args]
        return super().parse_args(ctx, args)


@click.group("terms", cls=_Commands)
def command() -> None:
    """Say what billed, allowed and paid mean to each source, and what they come to.

    `whopays terms CLAIM` prints the claims of a file in every source's words, each with
    its formula filled in. `whopays terms CLAIM --help` has the options.
    """
