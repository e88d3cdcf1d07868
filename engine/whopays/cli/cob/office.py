"""The profiles that commands about accounts work by: those of a file, or of a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

from whopays.cli.cob.options import told_reject

if TYPE_CHECKING:
    from whopays.api.accounts import AccountBook
    from whopays.api.reports import Office, Reported
    from whopays.office.reports import Reports

_Command = TypeVar("_Command", bound=Callable[..., None])
_MOST_TOLD = 20
METHOD_OR_PROFILES = (
    "--method is for plans that name none, and profiles say which have none: give one of "
    "the two"
)
_HERE = Path("whopays.db")

accounts_argument = click.argument(
    "accounts", nargs=-1, required=True, type=click.Path(path_type=Path)
)
_profiles_option = click.option(
    "--profiles",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The contract profiles, a YAML file, in place of a store.",
)
store_option = click.option(
    "--store",
    metavar="FILE-OR-URL",
    envvar="WHOPAYS_STORE",
    help="The store with the profiles; else WHOPAYS_STORE, or whopays.db here.",
)
#: Without a default: accounts are settled by what they say where no store is named.
only_store_option = click.option(
    "--store",
    metavar="FILE-OR-URL",
    help="A store: plans pay by the profiles that it has published.",
)


def profiles_options(command: _Command) -> _Command:
    """Give a command the options that say where its profiles are."""
    return _profiles_option(store_option(command))


@dataclass(frozen=True)
class Place:
    """Where the profiles are, and what is used beside them."""

    profiles: Path | None
    store: str | None
    rules: Path | None = None
    order: str | None = None

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files that are read, for a command not to write over them."""
        return () if self.profiles is None else (self.profiles,)

    @property
    def where(self) -> str:
        """The store that is meant; say what to name if there is none."""
        if self.store or _HERE.exists():
            return self.store or str(_HERE)
        raise click.UsageError(
            "Name the contract profiles: --profiles FILE, or the store that has them "
            "with --store."
        )


@contextmanager
def opened_office(place: Place) -> Iterator[Office]:
    """Give the office at `place`, for a while; say what to name if it names none."""
    if place.profiles is not None:
        if _is_typed("store"):
            raise click.UsageError("--profiles or --store: give one of the two")
        from whopays.api.reports import office_of_file  # noqa: PLC0415 - on demand

        yield office_of_file(place.profiles, place.rules, place.order)
        return
    from whopays.cli.store.options import opened  # noqa: PLC0415 - on demand

    store = opened(place.where)
    from whopays.api.office.used import office_of_store  # noqa: PLC0415 - on demand

    with office_of_store(store, place.rules, place.order) as office:
        yield office


def book_of(place: Place, method: str | None) -> AccountBook:
    """Return what settles accounts at `place`: without profiles, as the accounts say.

    `method` is that of plans that name none. Results of a store are only shown where the
    switch of the facility lets them be.
    """
    if place.profiles is None and place.store is None:
        from whopays.api.accounts import load_accounts  # noqa: PLC0415 - on demand

        return load_accounts(place.rules, order=place.order, method=method)
    if method is not None:
        raise click.UsageError(METHOD_OR_PROFILES)
    with opened_office(place) as office:
        if place.profiles is None:
            must_be_allowed(office.profiles.facility.against_results())
        return office.load(office.profiles)


def _is_typed(name: str) -> bool:
    context = click.get_current_context()
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def must_be_allowed(against: str) -> None:
    """Refuse what the switch of a facility is against, in its words."""
    if against:
        raise click.UsageError(f"{against}.")


def told_order(reports: Reports, order: str | None) -> None:
    """Say what to do where it is not known which plan of accounts pays second."""
    from whopays.office.failures import ORDER_UNDETERMINED  # noqa: PLC0415 - on demand

    number = sum(row.failure == ORDER_UNDETERMINED for row in reports.rows)
    if number and order is None:
        accounts = "1 account" if number == 1 else f"{number:,} accounts"
        click.echo(
            f"note: it is not known which plan of {accounts} pays second; with `--order "
            "as-given` plans pay in the order in which they stand",
            err=True,
        )


def told_rejects(read: Reported) -> bool:
    """Say which accounts can't be read, and what was left out; tell if there are any."""
    for note in read.notes:
        click.echo(f"note: {note}", err=True)
    for each in read.rejects[:_MOST_TOLD]:
        told_reject(each.file, each.record, f"{each.field} {each.reason}")
    more = len(read.rejects) - _MOST_TOLD
    if more > 0:
        click.echo(f"rejected: {more:,} more", err=True)
    return bool(read.rejects)
