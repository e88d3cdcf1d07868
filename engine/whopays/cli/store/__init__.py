"""`whopays store`: profiles and contracts with versions, check-out and check-in."""

from __future__ import annotations

import click

from whopays.cli.lazy import Lazy


class _Commands(Lazy):
    """The commands about a store."""

    package = "whopays.cli.store"
    commands_of = {  # noqa: RUF012 - never changed
        "init": "Make a store for a facility.",
        "list": "List profiles and contracts, and who has them checked out.",
        "show": "Print a profile or contract, in any version.",
        "add-profiles": "Add the profiles of a file.",
        "add-contract": "Add a rule file, or a folder of rule files.",
        "check-out": "Take one item to change it: nobody else can meanwhile.",
        "check-in": "Hand a change in: checked, tested, and kept as a new version.",
        "release": "Give an item back unchanged.",
        "approve": "Publish a change of another person.",
        "send-back": "Give a change back to its author.",
        "restore": "Make an earlier version the current one.",
        "log": "Show who did what, when and why.",
        "verify": "Check that nothing in the store was tampered with.",
        "facility": "Show or change the settings of the facility.",
        "allow": "Give a person a right.",
        "deny": "Take a right from a person.",
        "upgrade": "Bring a store of an earlier whopays up to this one.",
    }


@click.group("store", cls=_Commands)
def command() -> None:
    """Keep contract profiles and contracts, with versions and a trail.

    A store is a file (SQLite), or a database of PostgreSQL by its URL:
    postgresql://USER@HOST/NAME. Say which with --store or WHOPAYS_STORE; else it is
    whopays.db in the folder where you are. To change something, check it out, edit the
    files of the folder that is written, and check it in.
    """
