"""The commands, each in a module of its own that is imported when it is called."""

from __future__ import annotations

import sys

import click

from whopays.cli.lazy import Lazy

_COMMANDS = {
    "check": "Check rule files: names, types, and every case that can arise.",
    "fmt": "Lay out rule files as all rule files are laid out.",
    "test": "Run the tests that are written in rule files.",
    "consolidate": "Print a contract with its amendments as it stands on a day.",
    "blame": "Show which text says what about a category, and since when.",
    "lock": "Lock published texts, so that a later change of them is noticed.",
    "decide": "Decide files of claims and write decisions, explanations, rejects.",
    "explain": "Explain the decision of one claim.",
    "catalog": "Explain a code, count a list of codes, compare two catalogs.",
    "cob": "Coordinate benefits: who pays first, how much each, what is left.",
    "store": "Keep profiles and contracts: versions, check-out, check-in, a trail.",
    "remit": "Read remittances (X12 835) into the components of each charge.",
    "terms": "Say what billed, allowed and paid come to in each source's words.",
    "balance": "Check that the amounts of claims add up.",
    "export": "Write claims as files for others, such as all-payer claims databases.",
    "schema": "Print the JSON Schema of claims, accounts or decisions.",
    "demo": "Decide the sample claims that come with whopays.",
}


class _Commands(Lazy):
    """The commands of whopays."""

    package = "whopays.cli"
    commands_of = _COMMANDS


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="whopays")
def cli() -> None:
    """Decide who pays a health-care claim, how much, and why."""


def main() -> None:
    """Run the command line; never show a traceback for what a user did."""
    from whopays.cli.problems import told  # noqa: PLC0415 - on demand

    with told():
        cli(prog_name="whopays")
    sys.exit(0)
