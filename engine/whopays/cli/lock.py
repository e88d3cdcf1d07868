"""`whopays lock`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from whopays.cli.problems import PROBLEMS, count, show


@click.command("lock")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; compare what is locked."
)
@click.option(
    "--again",
    multiple=True,
    metavar="DOCUMENT",
    help='Lock a changed document anew, as `--again "contract SUN-VAL 1.0"`.',
)
@click.option(
    "--forget",
    multiple=True,
    metavar="DOCUMENT",
    help="No longer expect a document that was taken away.",
)
def command(
    rules: Path, only_check: bool, again: tuple[str, ...], forget: tuple[str, ...]
) -> None:
    """Lock the published texts in the folder RULES.

    Writes a digest of each contract, amendment, catalog and the like into
    RULES/whopays.lock. Whoever reads the folder later is told if one of them was
    changed or taken away. Comments, layout, the order of lines, tests, and which file a
    text is in make no difference. Run it again to lock what is new.
    """
    from whopays.api.lock import check_lock, lock  # noqa: PLC0415 - on demand

    if only_check:
        if again or forget:
            raise click.UsageError(
                "--check writes nothing, so it takes no other option."
            )
        found, locked = check_lock(rules)
        show(found)
        if any(each.is_error for each in found):
            sys.exit(PROBLEMS)
        click.echo(f"{count(locked, 'document')} as locked")
        return
    done = lock(rules, again=again, forget=forget)
    show(done.notes)
    for words, names in (
        ("locked", done.added),
        ("locked again", done.again),
        ("forgotten", done.forgotten),
    ):
        for name in names:
            click.echo(f"{words}  {name}")
    click.echo(f"{count(done.kept, 'document')} locked before, written to {done.path}")
