"""`whopays cob profiles`: what each product pays behind other payers, by a file."""

from __future__ import annotations

import click

from whopays.cli.lazy import Lazy


class _Commands(Lazy):
    """The commands about contract profiles."""

    package = "whopays.cli.cob.profiles"
    commands_of = {  # noqa: RUF012 - never changed
        "check": "Read a profile file, and say what is wrong with it.",
        "set": "Change settings of many profiles at once, with a dry run.",
        "methods": "List the methods that profiles may name.",
    }


@click.group("profiles", cls=_Commands)
def command() -> None:
    """Contract profiles: methods, language category and reprice of each product.

    A profile file is YAML; the one that comes with whopays is rulesets/profiles/sample.yaml.
    Profiles that several people change are kept in a store: `whopays store`.
    """
