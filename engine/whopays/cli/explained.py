"""`whopays explain` of the output of a run: no rules, no claims, only the folder."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from whopays.cli.pages import HTML, put
from whopays.cli.problems import REJECTS, USAGE
from whopays.cli.whatif import must_be_party

if TYPE_CHECKING:
    from whopays.batch.found import Output

_SHOWN = 5


@dataclass(frozen=True)
class Asked:
    """What is to be explained, and how."""

    claim: str | None
    line: str | None
    form: str
    why_not: str | None
    page: Path | None


#: Options of a run, which can't be other ones now, and of what is worked out anew.
_NOT_NOW = (
    *("rules", "what_would_change", "party", "to"),
    *("mapping", "contract", "known_on", "codes"),
)


def must_have_rules(rules: Path | None) -> Path:
    """Return `rules`; refuse to go on without them."""
    if rules is None:
        raise click.UsageError("Missing option '--rules'.")
    return rules


def explained_from_output(params: Mapping[str, Any]) -> bool:
    """Explain claims from the output of a run; return False if `claims` is none.

    `params` are the parameters of `whopays explain`.
    """
    from whopays.api.outputs import is_output  # noqa: PLC0415 - on demand

    folder: Path = params["claims"]
    if not is_output(folder):
        return False
    for name in _NOT_NOW:
        if params[name]:
            raise click.UsageError(
                f"{folder} is the output of a run, and is explained as it was decided: "
                f"leave out `--{name.replace('_', '-')}`, or name the claims in its place."
            )
    names = ("claim", "line", "form", "why_not", "output")
    _explain(folder, Asked(*(params[name] for name in names)))
    return True


def _explain(folder: Path, asked: Asked) -> None:
    """Explain the lines of a claim from the output in `folder`."""
    from whopays.api.outputs import (  # noqa: PLC0415 - on demand
        output,
        page_of_output,
        parties_of,
        told,
    )

    if asked.claim is None:
        raise click.UsageError("Name the claim in this output, by `--claim`.")
    found = output(folder)
    if asked.why_not is not None:
        must_be_party(asked.why_not, parties_of(found))
    decisions = found.decisions(asked.claim, asked.line)
    rejects = found.rejects(asked.claim, asked.line)
    if not decisions and not rejects:
        click.echo(f"error: {_missing(found, asked)}", err=True)
        sys.exit(USAGE)
    for each in rejects:
        place = f"{each['file']}, record {each['record']}"
        problem = f"{each['field']} {each['reason']}".strip()
        click.echo(f"rejected: {place}: {problem}", err=True)
    if any(each.shared.id in found.evaluated for each in decisions):
        click.echo(
            "note: durable-rules failed in this run, and what it did not answer was "
            "evaluated as the rules read; this decision rests on some of it",
            err=True,
        )
    if asked.form == HTML:
        put(page_of_output(found, decisions, rejects, asked.why_not), asked.page)
    else:
        for decision in decisions:
            click.echo(told(decision, asked.form, asked.why_not))
    if rejects:
        sys.exit(REJECTS)


def _missing(found: Output, asked: Asked) -> str:
    """Return what is not there, and what there is in its place."""
    claim = asked.claim or ""
    if asked.line is not None:
        lines = [each.line for each in found.decisions(claim)]
        lines += [each["line"] for each in found.rejects(claim)]
        if lines:
            return (
                f"claim {claim} has no line {asked.line} in this output; "
                f"it has {_some(lines)}"
            )
    # Only ids that are the same but for their spelling: others are nobody's business.
    alike = found.alike(claim)
    hint = f"; did you mean {_some(alike)}?" if alike else ""
    return f"there is no claim {claim} in this output{hint}"


def _some(names: list[Any]) -> str:
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown
