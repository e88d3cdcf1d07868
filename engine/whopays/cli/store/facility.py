"""`whopays store facility`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

import click

from whopays.cli.store.options import desk_of, json_option, of_store

if TYPE_CHECKING:
    from whopays.api.office import Facility, Store

_Command = TypeVar("_Command", bound=Callable[..., None])
_ON_OFF = click.Choice(["on", "off"])


def _switch(name: str, setting: str, what: str) -> Callable[[_Command], _Command]:
    return click.option(name, setting, type=_ON_OFF, help=what)


@click.command("facility")
@_switch("--coordination", "fully_enabled", "Coordination fully enabled: see above.")
@_switch("--secondary-only", "secondary_only", "No tertiary methods, although enabled.")
@_switch("--second-person", "second_person", "Another person approves each change.")
@_switch("--reports", "reports", "The reports for secondary payers are made.")
@_switch("--ad-hoc", "ad_hoc", "Ad hoc calculation before coordination is enabled.")
@of_store
@json_option
def command(where: str, user: str | None, form: str, **settings: str | None) -> None:
    """Show the settings of the facility, and change those that are named.

    With coordination fully enabled: profiles may have tertiary methods; they are changed
    by check-out and check-in alone, and a bulk update is refused; results are shown on
    accounts and in the worklist with its filter by language category; an ad hoc
    calculation begins from the reprice of a primary payer, by who has the right to
    calculate. Without: results stand in the reports alone, many profiles may be changed
    at once, and there is no worklist.
    """
    desk = desk_of(where, user)
    changes = {name: on == "on" for name, on in settings.items() if on is not None}
    if changes:
        desk.store.set_facility(desk.who, changes)
    facility, rights = desk.store.facility(), desk.store.rights()
    if form == "json":
        record = {**asdict(facility), "rights": rights}
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
        return
    _show(facility)
    for person, held in rights.items():
        click.echo(f"{person}: {', '.join(held)}")
    _note_unused(desk.store, facility)


def _show(facility: Facility) -> None:
    click.echo(facility.name)
    for words, is_on in (
        ("coordination fully enabled", facility.fully_enabled),
        ("secondary methods only", facility.secondary_only),
        ("a second person is required", facility.second_person),
        ("reports", facility.reports),
        ("ad hoc calculation before it is enabled", facility.ad_hoc),
    ):
        click.echo(f"  {words}: {'on' if is_on else 'off'}")


def _note_unused(store: Store, facility: Facility) -> None:
    """Say how many profiles have tertiary methods that are not used."""
    if facility.has_tertiary:
        return
    from whopays.api.office import Judge  # noqa: PLC0415 - on demand

    found = Judge(store).published.values()
    unused = sum(each.tertiary is not None for each in found)
    if unused:
        why = facility.against_tertiary()
        click.echo(f"note: {unused} tertiary methods are not used: {why}", err=True)
