"""`whopays decide`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.cli.options import (
    cache_option,
    codes_option,
    contract_option,
    folder_of_tables,
    known_on_option,
    no_cache_option,
    rules_option,
    shadow_option,
    state_licences,
)
from whopays.cli.problems import PROBLEMS, REJECTS, show
from whopays.cli.progress import Progress, Stop, stopped_by_signal

if TYPE_CHECKING:
    from whopays.batch.totals import Totals


@click.command("decide")
@click.argument("claims", nargs=-1, required=True, type=click.Path(path_type=Path))
@rules_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="A folder."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "parquet"]),
    default="jsonl",
    show_default=True,
    help="How the outputs are written.",
)
@click.option(
    "--partition-by",
    "partition",
    type=click.Choice(["month"]),
    help="Divide the decisions into a folder for each month (with --format parquet).",
)
@click.option(
    "--chunk",
    type=click.IntRange(min=1),
    metavar="LINES",
    help="How many lines are held in memory at once. The outputs are the same for any.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with a run into OUTPUT that was stopped; begin if there is none.",
)
@click.option(
    "--mapping",
    help="How the columns of tables, or of X12, are facts: a file, or a shipped name.",
)
@click.option(
    "--opening",
    type=click.Path(exists=True, path_type=Path),
    help="What limits have counted before: the output folder of an earlier run, or its "
    "balances.jsonl. Without it they begin at zero.",
)
@click.option("--unchecked", is_flag=True, help="Do not check the rules' cases first.")
@contract_option
@known_on_option
@click.option(
    "--engine",
    type=click.Choice(["durable", "reference", "spark"]),
    default="durable",
    show_default=True,
    help="What evaluates the conditions; `spark`: on Apache Spark, by durable-rules.",
)
@click.option(
    "--master",
    help="Where Spark runs: `local[2]`, `spark://HOST:PORT`; else as Spark is set up.",
)
@shadow_option
@cache_option
@no_cache_option
@codes_option
def command(  # noqa: PLR0917 - one for each option
    claims: tuple[Path, ...],
    rules: Path,
    output: Path,
    form: str,
    partition: str | None,
    chunk: int | None,
    resume: bool,
    mapping: str | None,
    opening: Path | None,
    contract: str | None,
    known_on: date | None,
    engine: str,
    shadow: int | str,
    cache: Path | None,
    no_cache: bool,
    master: str | None,
    unchecked: bool,
    codes: tuple[Path, ...],
) -> None:
    """Decide the claims in the files CLAIMS.

    CLAIMS are files, or patterns in quotation marks, such as 'claims/*.parquet'. The
    format of a file follows from its suffix; X12 (837P, 837I) is known by its
    beginning, whatever the suffix. Writes decisions, explanations, rejects, remarks,
    manifest.json and run.json into the folder OUTPUT, which is there when all is
    decided, and not before. Rules that `whopays check` refuses are not used. Each input
    line is in the decisions or in the rejects.

    Ctrl-C stops when the lines in hand are decided. What is decided is kept: the same
    command with --resume goes on with it, also after a crash or a full disk.

    With `--engine spark` CLAIMS are Parquet files, or tables that Spark knows, as
    table:NAME; the outputs are the same, and OUTPUT is where all workers reach it.

    The exit code is 3 when there are rejects, 130 when it was stopped.
    """
    from whopays.api import check, load  # noqa: PLC0415 - on demand

    if partition and form != "parquet":
        raise click.UsageError("--partition-by is for --format parquet")
    tables = folder_of_tables(cache, no_cache)
    if master and engine != "spark":
        raise click.UsageError("--master is for --engine spark")
    if resume and engine == "spark":
        raise click.UsageError("a run on Spark begins anew: leave out --resume")
    found = () if unchecked else check(rules).diagnostics
    if any(each.is_error for each in found):
        show(each for each in found if each.is_error)
        click.echo("nothing was decided: mend the rules first", err=True)
        sys.exit(PROBLEMS)
    filled = "durable" if engine == "spark" else engine
    book = load(rules, engine=filled, known_on=known_on, contract=contract, codes=codes)
    state_licences(book.packs)
    how = {
        "form": form,
        "partition": partition,
        "chunk": chunk,
        "resume": resume,
        "shadow": shadow,
        "cache": tables,
    }
    if opening is not None:
        how["opening"] = opening
    with _stoppable(output, resume=resume) as (progress, stop):
        told = {**how, "progress": progress.tell, "stop": stop}
        if engine == "spark":
            from whopays.api.cluster import decide_on_spark  # noqa: PLC0415 - on demand

            totals, notes = decide_on_spark(
                [str(each) for each in claims],
                rules,
                book,
                output,
                mapping=mapping,
                codes=codes,
                master=master,
                **told,
            )
        else:
            totals, notes = book.decide_files(claims, output, mapping=mapping, **told)
    for note in notes:
        click.echo(f"note: {note}", err=True)
    show_totals(totals)
    click.echo(f"written to {output}")
    if totals.rejects:
        click.echo(f"{totals.rejects} rejected, see rejects in {output}", err=True)
        sys.exit(REJECTS)


@contextmanager
def _stoppable(output: Path, *, resume: bool) -> Iterator[tuple[Progress, Stop]]:
    """Give what tells the progress and when to stop; say how to go on after a stop."""
    from whopays.batch.run import records_kept  # noqa: PLC0415 - on demand
    from whopays.batch.work import Interrupted  # noqa: PLC0415

    if not resume and (kept := records_kept(output)):
        click.echo(
            f"note: an earlier run into {output} that was stopped had decided {kept:,} "
            "records; this one begins anew (--resume would go on with it)",
            err=True,
        )
    progress = Progress()
    with stopped_by_signal() as stop:
        try:
            yield progress, stop
        except (Interrupted, KeyboardInterrupt):
            progress.end()
            click.echo("stopped", err=True)
            _say_kept(output)
            sys.exit(stop.code)
        except OSError:
            progress.end()
            _say_kept(output)
            raise
    progress.end()


def _say_kept(output: Path) -> None:
    from whopays.batch.run import records_kept  # noqa: PLC0415 - on demand

    if kept := records_kept(output):
        click.echo(
            f"{kept:,} records are decided and kept: the same command with --resume goes "
            f"on with them. {output} is as it was before.",
            err=True,
        )


_DUTY_WORDS = {
    "due": "settled",
    "unsaid": "no route",
    "conflict": "by hand",
    "undetermined": "open",
}


def show_totals(totals: Totals) -> None:
    """Print the closing table: lines and dollars by status, party and category."""
    from rich.console import Console  # noqa: PLC0415 - on demand
    from rich.table import Table  # noqa: PLC0415

    from whopays.model.money import dollars  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    for column, side in (("", "left"), ("lines", "right"), ("dollars", "right")):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    for status, lines in sorted(totals.statuses.items()):
        known = status == "decided" and totals.cents_by_party
        cents = dollars(totals.cents_decided) if known else ""
        table.add_row(f"status: {status.replace('_', ' ')}", f"{lines:,}", cents)
    table.add_row("status: rejected", f"{totals.rejects:,}", "")
    for group, lines_by, cents_by in (
        ("party", totals.lines_by_party, totals.cents_by_party),
        ("category", totals.lines_by_category, totals.cents_by_category),
    ):
        table.add_section()
        for name, lines in lines_by.most_common():
            cents = dollars(cents_by[name]) if name in cents_by else ""
            table.add_row(f"{group}: {name}", f"{lines:,}", cents)
    Console(width=None if sys.stdout.isatty() else 100).print(table)
    for what, states in (
        ("misdirected", totals.routes),
        ("time to pay", totals.clocks),
    ):
        found = [
            f"{_DUTY_WORDS[n]} ({c:,})" for n, c in states.most_common() if n != "none"
        ]
        if found:
            click.echo(f"{what}: {', '.join(found)}")
    if totals.cents_of_interest:
        click.echo(f"interest: {dollars(totals.cents_of_interest)}")
    _show_codes(totals)
    if totals.needs:
        most = ", ".join(f"{n} ({c:,})" for n, c in totals.needs.most_common(3))
        click.echo(f"facts most needed: {most}")


def _show_codes(totals: Totals) -> None:
    """Say how many codes, and catalogs, are not of the day of their lines."""
    if many := totals.outside_catalog:
        of = "1 line is of a day" if many == 1 else f"{many:,} lines are of days"
        click.echo(
            f"{of} on which the catalog of the contract is not in force: its codes may "
            "be others (`catalog_note`)"
        )
    if totals.not_in_force:
        said = ", ".join(f"{n} ({c:,})" for n, c in totals.not_in_force.most_common())
        click.echo(f"codes not in force on their day: {said}")
