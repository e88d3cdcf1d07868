"""`whopays cob profiles set`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.cob.office import (
    Place,
    opened_office,
    profiles_options,
    told_rejects,
)
from whopays.cli.cob.options import order_option
from whopays.cli.cob.tables import show_table
from whopays.cli.problems import REJECTS, count

if TYPE_CHECKING:
    from whopays.api.bulk import Effect, Planned
    from whopays.api.reports import Office
    from whopays.office.bulk import Bulk

_MOST_SHOWN = 50


_EXAMPLE = """\b
For example:
  whopays cob profiles set --profiles p.yaml --where "payer=Blue*" \\
    --method ALLOWED-LESS-PAID-CAPPED --reprice yes \\
    --dry-run --accounts a.csv
"""


@click.command("set", epilog=_EXAMPLE)
@profiles_options
@click.option("--user", metavar="NAME", envvar="WHOPAYS_USER", help="Who you are.")
@click.option("--why", metavar="TEXT", help="Why; a store keeps it with the versions.")
@click.option(
    "--method", metavar="ID", help="The secondary method; none takes it away."
)
@click.option("--tertiary", metavar="ID", help="The tertiary method, or none.")
@click.option(
    "--language-category",
    "category",
    type=click.Choice(["favorable", "unfavorable", "none"]),
    help="How collectable a payment is; it changes no amount.",
)
@click.option(
    "--reprice",
    type=click.Choice(["yes", "no", "none"]),
    help="Whether accounts are repriced by it.",
)
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="SETTING=TEXT",
    help="Profiles that say so; * is anything, != is not. Repeatable: all must hold.",
)
@click.option("--all", "everything", is_flag=True, help="All profiles.")
@click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
@click.option(
    "--accounts",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Show what it does to the dollars of these accounts. Repeatable.",
)
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="A rule file or folder with methods of yours, beside those that ship.",
)
@order_option
def command(  # noqa: PLR0917 - one for each option
    profiles: Path | None,
    store: str | None,
    user: str | None,
    why: str | None,
    method: str | None,
    tertiary: str | None,
    category: str | None,
    reprice: str | None,
    conditions: tuple[str, ...],
    everything: bool,
    dry_run: bool,
    accounts: tuple[Path, ...],
    rules: Path | None,
    order: str | None,
) -> None:
    """Change settings of many contract profiles at once.

    --where compares a setting: id, title, payer, plans, effective, termination, secondary,
    tertiary, language_category, reprice. With --dry-run nothing is changed, and with
    --accounts you see what the change does to the three reports and their dollars.
    Comments and layout of the file stay as they are.
    """
    from whopays.api.bulk import planned  # noqa: PLC0415 - on demand
    from whopays.office.bulk import BulkError, Settings, where  # noqa: PLC0415

    wanted = Settings(method, tertiary, category, reprice)
    _must_say(conditions, everything=everything, settings=wanted.said)
    place = Place(profiles, store, rules, order)
    try:
        chosen = [where(each) for each in conditions]
        with opened_office(place) as office:
            if profiles is None and why is None and not dry_run:
                raise click.UsageError("Say why, with --why: the store keeps it.")
            found = planned(office.profiles, chosen, wanted, office.positions())
            _show(found.bulk)
            rejected = bool(accounts) and _show_effect(found, accounts, office)
        if found.bulk.changed and not dry_run:
            _write(place, found, user, why or "")
        elif found.bulk.changed:
            click.echo("\nnothing is changed: this was a dry run")
    except BulkError as error:
        raise click.UsageError(str(error)) from None
    if rejected:
        sys.exit(REJECTS)


def _write(place: Place, found: Planned, user: str | None, why: str) -> None:
    """Write a bulk update into the file or the store that it was worked out from."""
    if place.profiles is not None:
        from whopays.api.bulk import update_file  # noqa: PLC0415 - on demand

        own = () if place.rules is None else (place.rules,)
        update_file(place.profiles, found, own)
        click.echo(f"\nwritten to {place.profiles}")
        return
    from whopays.cli.store.options import desk_of, said  # noqa: PLC0415 - on demand

    desk = desk_of(place.where, user)
    changed = [each.after for each in found.bulk.changed]
    done = desk.update_profiles(changed, said(why, "--why"))
    click.echo(f"\n{count(len(done), 'profile')} changed in {desk.store.place}")


def _must_say(
    conditions: Sequence[str], *, everything: bool, settings: Mapping[str, str]
) -> None:
    if bool(conditions) == everything:
        raise click.UsageError("Say which profiles: --where SETTING=TEXT, or --all.")
    if not settings:
        raise click.UsageError(
            "Say what to change: --method, --tertiary, --language-category, --reprice."
        )


def _show(bulk: Bulk) -> None:
    number = len(bulk.profiles)
    total = f"{number:,} profile{'' if number == 1 else 's'}"
    if not bulk.changed:
        already = "it says so already" if bulk.meant == 1 else "they say so already"
        ends = already if bulk.meant else "nothing to change"
        click.echo(f"{bulk.meant:,} of {total} meant: {ends}")
        return
    rows = [
        (each.before.id if at == 0 else "", line)
        for each in bulk.changed[:_MOST_SHOWN]
        for at, line in enumerate(each.lines)
    ]
    show_table((("profile", "left"), ("changes", "left")), rows)
    more = len(bulk.changed) - _MOST_SHOWN
    if more > 0:
        click.echo(f"and {more:,} more profiles")
    click.echo(f"\n{len(bulk.changed):,} of {total} change, {bulk.meant:,} were meant")


def _show_effect(found: Planned, accounts: Sequence[Path], office: Office) -> bool:
    """Show what happens to the dollars of accounts; tell whether some can't be read."""
    from whopays.api.bulk import effect_on  # noqa: PLC0415 - on demand

    effect = effect_on(accounts, found, office)
    before, after = effect.before.reports.totals, effect.after.reports.totals
    rows = [
        (
            name,
            *(f"{each[name].accounts:,}" for each in (before, after)),
            *_dollars(before[name].cents, after[name].cents),
        )
        for name in before
    ]
    click.echo("")
    show_table(
        (
            *(("report", "left"), ("accounts before", "right"), ("after", "right")),
            *(("expected before", "right"), ("after", "right"), ("more", "right")),
        ),
        rows,
    )
    _show_moved(effect)
    return told_rejects(effect.after)


def _dollars(before: int | None, after: int | None) -> tuple[str, str, str]:
    from whopays.model.money import dollars  # noqa: PLC0415 - on demand

    both = ["" if each is None else dollars(each) for each in (before, after)]
    return both[0], both[1], dollars((after or 0) - (before or 0))


def _show_moved(effect: Effect) -> None:
    if not effect.moved:
        click.echo("\nno account comes to anything else")
        return
    click.echo("")
    rows = [
        (
            each.after.account,
            f"{each.after.plan}, {each.after.position}",
            _moved(each.before.report, each.after.report),
            *_dollars(each.before.expected, each.after.expected),
        )
        for each in effect.moved[:_MOST_SHOWN]
    ]
    show_table(
        (
            *(("account", "left"), ("plan", "left"), ("report", "left")),
            *(("expected before", "right"), ("after", "right"), ("more", "right")),
        ),
        rows,
    )
    more = len(effect.moved) - _MOST_SHOWN
    if more > 0:
        click.echo(f"and {more:,} more accounts")


def _moved(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"
