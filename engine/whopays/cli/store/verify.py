"""`whopays store verify`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from whopays.cli.problems import PROBLEMS, count
from whopays.cli.store.options import json_option, opened, store_option


@click.command("verify")
@click.option(
    "--head", metavar="DIGEST", help="A head that was noted down: the trail passes it."
)
@store_option
@json_option
def command(head: str | None, where: str, form: str) -> None:
    """Check that nothing in the store was changed, left out or added behind its back.

    Every entry of the trail chains to the one before by its digest, every content has the
    digest that it was kept by, and the versions, check-outs, settings and rights are those
    that the trail tells. Note down the head that is printed: with --head a later run sees
    whether the end of the trail was cut off, or the store replaced by an older copy.
    """
    done = opened(where).verify(head)
    if form == "json":
        click.echo(json.dumps(asdict(done), indent=2))
    else:
        for problem in done.problems:
            click.echo(f"wrong: {problem}")
        looked = (
            f"{count(done.entries, 'entry')} of the trail, "
            f"{count(done.versions, 'version')}, {count(done.contents, 'content')}"
        )
        click.echo(f"{looked}: {count(len(done.problems), 'problem')}")
        click.echo(f"head {done.head}")
    if done.problems:
        sys.exit(PROBLEMS)
