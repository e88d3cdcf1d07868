"""`whopays explain --what-would-change`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from whopays.api import LineDecision, RuleBook
    from whopays.model.changes import Changes
    from whopays.model.claim import Line


@dataclass(frozen=True)
class Wish:
    """What is asked for: another share of `party`, the answer `to`, or any other."""

    party: str | None
    to: str | None


def what_would_change_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command."""
    for option in (
        click.option(
            "--to",
            metavar="ANSWER",
            help="Only what makes it this answer: `PLAN`, `PLAN 60%, IPA 40%`, "
            "`not covered`.",
        ),
        click.option(
            "--party", metavar="PARTY", help="Only what changes the share of PARTY."
        ),
        click.option(
            "--what-would-change",
            is_flag=True,
            help="Say by which facts the answer would be another.",
        ),
    ):
        command = option(command)
    return command


def wish_of(party: str | None, to: str | None) -> Wish:
    """Return what is asked for; refuse two wishes at once."""
    if party is not None and to is not None:
        raise click.UsageError("Give `--party` or `--to`, not both.")
    return Wish(party, to)


def must_wish(
    wish: Wish | None, party: str | None, to: str | None, why_not: str | None
) -> None:
    """Refuse options that go with another."""
    if wish is None and (party is not None or to is not None):
        name = "--party" if party is not None else "--to"
        raise click.UsageError(f"`{name}` goes with `--what-would-change`.")
    if wish is not None and why_not is not None:
        raise click.UsageError(
            "`--why-not` and `--what-would-change` are two questions; ask one at a time."
        )


def must_be_party(name: str, parties: set[str]) -> None:
    """Refuse a party that there is not."""
    from whopays.diagnostics import nearest  # noqa: PLC0415 - on demand

    if name in parties:
        return
    near = nearest(name, sorted(parties))
    hint = f" Did you mean `{near}`?" if near else ""
    raise click.UsageError(f"There is no party `{name}`.{hint}")


def changes_of(book: RuleBook, line: Line, wish: Wish | None) -> Changes | None:
    """Return what would change the decision of `line`, if that is asked for."""
    from whopays.analyse.changes.goals import GoalError  # noqa: PLC0415 - on demand

    if wish is None:
        return None
    try:
        return book.what_would_change(line, party=wish.party, to=wish.to)
    except GoalError as error:
        raise click.UsageError(str(error)) from None


def told_changes(decided: LineDecision, changes: Changes, form: str) -> str:
    """Return `changes` in the form that is asked for."""
    from whopays.explain import (  # noqa: PLC0415 - on demand
        changes_record,
        changes_sentence,
        changes_tree,
    )

    if form == "json":
        record = changes_record(decided.decision, changes)
        return json.dumps(record, indent=2, ensure_ascii=False)
    told = changes_sentence if form == "sentence" else changes_tree
    return told(decided.decision, changes)
