"""`whopays balance`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.problems import PROBLEMS, REJECTS, count
from whopays.cli.terms.options import (
    facts_option,
    mapping_option,
    rules_option,
    told_notes,
    told_reject,
)

if TYPE_CHECKING:
    from whopays.api.terms import Balance, ComponentClaim
    from whopays.terms.checks import Check


@click.command("balance")
@click.argument(
    "files",
    metavar="CLAIMS...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@rules_option
@facts_option
@mapping_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: a record for each identity that fails, then the counts.",
)
def command(
    files: tuple[Path, ...],
    rules: Path | None,
    facts: str,
    mapping: str | None,
    form: str,
) -> None:
    """Check that the amounts of the claims in the files CLAIMS add up.

    Thirteen identities are checked, I1 to I13: that each dollar of a charge is in exactly
    one component, that lines and claims have the same totals, that a remittance adds up
    as it was sent, and so on. What fails is told with its numbers. An identity whose
    amounts are not known is not checked, and is counted as such. The exit code is 1 when
    one fails that must hold, and 3 when something can't be read.
    """
    from whopays.api.terms import (  # noqa: PLC0415 - on demand
        Balance,
        ReadReport,
        Reject,
        load_terms,
    )

    book = load_terms(rules, facts)
    balance = Balance()
    rejects = 0
    reports = [ReadReport() for _ in files]
    for path in files:
        path.stat()
    for path, report in zip(files, reports, strict=True):
        for each in book.read(path, mapping, report):
            if isinstance(each, Reject):
                rejects += 1
                told_reject(each)
                continue
            for check in balance.take(each):
                click.echo(_told(check, each, path.name, form))
    for report in reports:
        told_notes(report)
    click.echo(_counts(balance, form))
    if rejects:
        sys.exit(REJECTS)
    if balance.errors:
        sys.exit(PROBLEMS)


def _told(check: Check, claim: ComponentClaim, file: str, form: str) -> str:
    if form == "json":
        from whopays.explain.terms.record import check_record  # noqa: PLC0415

        return json.dumps({"file": file, **check_record(check, claim)})
    severity = "error" if check.is_hard else "warning"
    place = f"{file}, {claim.label}, {check.place}"
    return f"{severity}[{check.identity}]: {place}: {check.text}"


def _counts(balance: Balance, form: str) -> str:
    from whopays.terms.balance import IDENTITIES  # noqa: PLC0415 - on demand

    counts = {
        name: {
            "hold": balance.held[name],
            "fail": balance.failed[name],
            "not_known": balance.open[name],
        }
        for name in IDENTITIES
    }
    if form == "json":
        whole = {
            "claims": balance.claims,
            "rows": balance.rows,
            "errors": balance.errors,
            "warnings": balance.warnings,
            "identities": counts,
        }
        return json.dumps(whole)
    asked = f"{count(balance.claims, 'claim')}, {count(balance.rows, 'row')}"
    found = f"{count(balance.errors, 'error')}, {count(balance.warnings, 'warning')}"
    lines = [f"{asked}: {found}", "       hold  fail  not known"]
    for name, said in counts.items():
        numbers = f"{said['hold']:>6}{said['fail']:>6}{said['not_known']:>11}"
        lines.append(f"  {name:<3}{numbers}  {IDENTITIES[name]}")
    return "\n".join(lines)
