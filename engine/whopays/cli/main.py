"""The commands, each in a module of its own that is imported when it is called."""

from __future__ import annotations

import importlib
import sys

import click

_COMMANDS = {
    "check": "Check rule files: names, types, and every case that can arise.",
    "fmt": "Lay out rule files as all rule files are laid out.",
    "test": "Run the tests that are written in rule files.",
    "consolidate": "Print a contract with its amendments as it stands on a day.",
    "blame": "Show which text says what about a category, and since when.",
    "lock": "Lock published texts, so that a later change of them is noticed.",
    "decide": "Decide files of claims and write decisions, explanations, rejects.",
    "explain": "Explain the decision of one claim.",
    "schema": "Print the JSON Schema of claims or of decisions.",
    "demo": "Decide the sample claims that come with whopays.",
}


class _Lazy(click.Group):
    """Imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Return the names of the commands, in the order to show them."""
        return list(_COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        cmd_name: str,
    ) -> click.Command | None:
        """Return the command, or None."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"whopays.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, with a suggestion where there is none of the name."""
        from whopays.diagnostics.suggest import nearest  # noqa: PLC0415 - on demand

        if args and not args[0].startswith("-") and args[0] not in _COMMANDS:
            near = nearest(args[0], _COMMANDS)
            hint = f" Did you mean `{near}`?" if near else ""
            raise click.UsageError(f"There is no command `{args[0]}`.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="whopays")
def cli() -> None:
    """Decide who pays a health-care claim, how much, and why."""


def main() -> None:
    """Run the command line; never show a traceback for what a user did."""
    from whopays.cli.problems import told  # noqa: PLC0415 - on demand

    with told():
        cli(prog_name="whopays")
    sys.exit(0)
