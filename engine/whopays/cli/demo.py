"""`whopays demo`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from whopays.cli.decide import show_totals
from whopays.cli.options import engine_option

_SHOWN = "C-1003"


@click.command("demo")
@engine_option
def command(engine: str) -> None:
    """Decide the shipped sample claims by the shipped Riverbend contract."""
    from whopays.api import LineDecision, load, shipped_rules  # noqa: PLC0415 - on demand
    from whopays.claims import Reject  # noqa: PLC0415

    folder = shipped_rules("contracts/riverbend-commercial")
    book = load(folder, engine=engine)
    claims = sorted((folder / "claims").glob("*.json"))
    click.echo(f"rules:  {folder}")
    click.echo(f"claims: {len(claims)} files in {folder / 'claims'}\n")
    decided: list[LineDecision] = []
    for path in claims:
        for each in book.read(path, None):
            if not isinstance(each, Reject):
                decided.extend(book.decide(each))
    for found in decided:
        one = found.decision
        click.echo(f"{one.claim_id:<8} {one.line:>2}  {found.explain()}")
    with tempfile.TemporaryDirectory() as out:
        totals, _ = book.decide_files(
            claims, Path(out) / "demo", form="jsonl", mapping=None
        )
    click.echo("")
    show_totals(totals)
    shown = next(
        (each for each in decided if each.decision.claim_id == _SHOWN), decided[0]
    )
    click.echo("\none of them, explained:\n")
    click.echo(shown.explain("tree"))
