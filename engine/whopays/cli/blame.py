"""`whopays blame`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from whopays.analyse.texts.blamed import kind_of, name_of, record, says, text_of
from whopays.analyse.texts.written import quoted
from whopays.cli.options import known_on_option, must_be_path

if TYPE_CHECKING:
    from whopays.analyse.texts.blame import History, Standing, Stretch
    from whopays.analyse.texts.earlier import Said
    from whopays.diagnostics import Span


@click.command("blame")
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("words", nargs=-1, required=True, metavar="CATEGORY")
@click.option("--contract", metavar="ID", help="Which contract, if there are several.")
@known_on_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
def command(
    rules: Path,
    words: tuple[str, ...],
    contract: str | None,
    known_on: date | None,
    form: str,
) -> None:
    """Show which text of RULES says what about CATEGORY, and since when.

    For each period: the row, with the exceptions and treats that touch it, the document
    that each comes from, when it was signed and where it stands, and what it replaced.
    In place of a category the id of a clause may stand: an exception, a treat, a limit,
    a route, a clock, a party (for its name), or the `otherwise` of a grid, as in "C otherwise".
    """
    from whopays.api.blame import blame  # noqa: PLC0415 - on demand

    subject = " ".join(words)  # who forgets the quotes means the same
    must_be_path(rules, f'"{subject}" --contract {rules}')
    history = blame(rules, subject, contract=contract, known_on=known_on)
    if form == "json":
        click.echo(json.dumps(record(history), indent=2, ensure_ascii=False))
        return
    for line in _told(history):
        click.echo(line)


def _told(history: History) -> Iterator[str]:
    contract = history.contract
    yield f"{contract.id} {contract.version}: {history.subject}"
    before: list[Standing] = []
    for stretch in history.stretches:
        yield ""
        yield from _stretch(stretch, history, before)
        before = [*stretch.standing, *stretch.gone]
    if not history.stretches:
        yield ""
        signed = f"contract {contract.id}, signed {contract.signed}"
        yield f"not known on {history.known_on}: {signed}"
        return
    for amendment in history.unknown:
        yield ""
        name = name_of(contract, amendment.number)
        yield f"not known on {history.known_on}: {name}, signed {amendment.signed}"


def _stretch(
    stretch: Stretch, history: History, before: list[Standing]
) -> Iterator[str]:
    period = stretch.period
    last = "onward" if period.last is None else f"to {period.last}"
    yield f"from {period.first} {last}"
    if not stretch.standing:
        yield "  no clause of these days touches it"
    tell = _Teller(history, stretch)
    for standing in (*stretch.standing, *stretch.gone):
        if standing in before:
            yield f"  {tell.head(standing)}, as before"
        else:
            yield f"  {tell.head(standing)}"
            yield from tell.chain(standing)


class _Teller:
    """Tells where the clauses of one stretch come from."""

    def __init__(self, history: History, stretch: Stretch) -> None:
        self.contract = history.contract
        # Who asks as known on a day gets nothing that was not known.
        self.since = stretch.period.first if history.known_on is None else date.max

    def head(self, standing: Standing) -> str:
        first = standing.chain[0]
        if first.withdrawn_by is not None:
            return f"withdrawn: {_named(first)}"
        is_told = standing.role in {"", "exception"}
        return _named(first) + ("" if is_told else f" ({standing.role})")

    def chain(self, standing: Standing) -> Iterator[str]:
        first, *earlier = standing.chain
        yield from self._withdrawal(first, "    ")
        yield from self._source(first, "    ")
        for said in earlier:
            yield f"    instead of {_named(said)}"
            yield from self._withdrawal(said, "      ")
            yield from self._source(said, "      ")

    def _withdrawal(self, said: Said, indent: str) -> Iterator[str]:
        if said.withdrawn_by is not None and said.withdrawn_at is not None:
            yield f"{indent}withdrawn by {self._document(said.withdrawn_by)}"
            yield f"{indent}  {_line(said.withdrawn_at)}"

    def _source(self, said: Said, indent: str) -> Iterator[str]:
        clause = said.clause
        in_the_id = kind_of(clause) in {"row", "otherwise"}
        if clause.when is not None and not in_the_id:
            yield f"{indent}when {clause.when.text}"
        yield f"{indent}{self._document(said.number)}"
        cites = f", cites {quoted(clause.cites)}" if clause.cites else ""
        yield f"{indent}{_line(clause.span)}{cites}"

    def _document(self, number: int) -> str:
        text = text_of(self.contract, number)
        days = f"in force {', '.join(map(str, text.in_force))}"
        name = f"{name_of(self.contract, number)}, {days}"
        if text.signed is None:
            return name
        late = text.signed > self.since
        return f"{name}, signed {text.signed}{', not known before' if late else ''}"


def _named(said: Said) -> str:
    clause, kind = said.clause, kind_of(said.clause)
    word = "" if kind in {"row", "otherwise"} else f"{kind} "
    arrow = " →" if kind in {"row", "otherwise", "exception"} else ""
    return f"{word}{clause.id}{arrow} {says(clause)}"


def _line(span: Span) -> str:
    return f"{span.source.name}:{span.line}"
