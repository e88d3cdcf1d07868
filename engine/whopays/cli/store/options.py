"""Options that the commands about a store have, and the store that they name."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from whopays.api.office import Desk, Store

_Command = TypeVar("_Command", bound=Callable[..., None])

_LONGEST = 2_000
store_option = click.option(
    "--store",
    "where",
    metavar="FILE-OR-URL",
    envvar="WHOPAYS_STORE",
    default="whopays.db",
    show_default=True,
    help="The store; WHOPAYS_STORE says it for all commands.",
)
user_option = click.option(
    "--user",
    metavar="NAME",
    envvar="WHOPAYS_USER",
    help="Who you are; else WHOPAYS_USER, or the name that you are logged in with.",
)
why_option = click.option(
    "--why", metavar="TEXT", required=True, help="Why; it is kept with the version."
)
json_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: a record, for programs.",
)
right_argument = click.argument(
    "right", type=click.Choice(["edit", "approve", "calculate", "manage"])
)


def of_store(command: _Command) -> _Command:
    """Give a command the options of who works on which store."""
    return store_option(user_option(command))


def opened(where: str) -> Store:
    """Return the store at `where`."""
    must_have_libraries()
    from whopays.api.office import open_store  # noqa: PLC0415 - on demand

    return open_store(where)


def desk_of(where: str, user: str | None) -> Desk:
    """Return the store at `where` with who works on it."""
    store = opened(where)
    from whopays.api.office import Desk  # noqa: PLC0415 - on demand

    return Desk(store, name_of(user))


def name_of(user: str | None) -> str:
    """Return who works on the store, or say how to tell it."""
    found = " ".join((user or "").split())
    if not found and user is None:
        try:
            found = getpass.getuser()
        except (OSError, KeyError):
            found = ""
    if not found or not found.isprintable() or len(found) > 100:  # noqa: PLR2004
        raise click.UsageError("say who you are with --user NAME or WHOPAYS_USER")
    return found


def said(text: str, option: str) -> str:
    """Return what was said as one line; a reason that says nothing is refused."""
    found = " ".join(text.split())
    if not found or not found.isprintable():
        raise click.UsageError(f"{option} needs a few words")
    if len(found) > _LONGEST:
        raise click.UsageError(f"{option} has more than {_LONGEST:,} characters")
    return found


def must_have_libraries() -> None:
    """Say what to install where the libraries of the store are absent."""
    from importlib.util import find_spec  # noqa: PLC0415 - on demand

    if find_spec("sqlalchemy") is None or find_spec("alembic") is None:
        raise click.UsageError(
            "a store needs two libraries more: pip install 'whopays[store]', or "
            "'whopays[postgresql]' for a store in PostgreSQL"
        )
