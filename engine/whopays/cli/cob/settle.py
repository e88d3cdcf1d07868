"""`whopays cob settle`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from whopays.cli.cob.office import Place, book_of, only_store_option
from whopays.cli.cob.options import (
    account_option,
    method_option,
    one_account,
    order_option,
    profiles_option,
    rules_option,
)
from whopays.cli.pages import HTML, must_take_a_page, output_option, put


@click.command("settle")
@click.argument("account_file", metavar="ACCOUNT", type=click.Path(path_type=Path))
@rules_option
@order_option
@method_option
@profiles_option
@only_store_option
@account_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["sentence", "tree", "json", HTML]),
    default="tree",
    show_default=True,
    help="json: a record, for programs; html: a page, for -o FILE.",
)
@output_option
def command(  # noqa: PLR0917 - one for each option
    account_file: Path,
    rules: Path | None,
    order: str | None,
    method: str | None,
    profiles: Path | None,
    store: str | None,
    account: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Explain the account in the file ACCOUNT, step by step.

    Shows which rule put each plan where it stands, each formula with its numbers, the
    term that won, each bound that acted, the rounding, and what is left: billed =
    payments + patient + write-off. Nothing is stored. `whopays schema result` describes
    the JSON.
    """
    must_take_a_page(output, form)
    book = book_of(Place(profiles, store, rules, order), method)
    settled = book.settle(one_account(book, account_file, account))
    if form == "json":
        click.echo(json.dumps(book.record(settled), indent=2, ensure_ascii=False))
    elif form == HTML:
        put(book.page(settled), output)
    elif form == "sentence":
        click.echo(book.sentences(settled))
    else:
        click.echo(book.tree(settled))
