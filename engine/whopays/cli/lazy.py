"""Groups of commands, each command in a module that is imported when it is called."""

from __future__ import annotations

import importlib
from typing import ClassVar

import click


class Lazy(click.Group):
    """Imports a command's module when the command is called.

    `commands_of` are the names with what they do; `package` has a module for each, with
    a `command`.
    """

    package = ""
    commands_of: ClassVar[dict[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Return the names of the commands, in the order to show them."""
        return list(self.commands_of)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        cmd_name: str,
    ) -> click.Command | None:
        """Return the command, or None."""
        if cmd_name not in self.commands_of:
            return None
        module = importlib.import_module(f"{self.package}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.commands_of.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, with a suggestion where there is none of the name."""
        from whopays.diagnostics.suggest import nearest  # noqa: PLC0415 - on demand

        if args and not args[0].startswith("-") and args[0] not in self.commands_of:
            near = nearest(args[0], self.commands_of)
            hint = f" Did you mean `{near}`?" if near else ""
            raise click.UsageError(f"There is no command `{args[0]}`.{hint}", ctx)
        return super().resolve_command(ctx, args)
