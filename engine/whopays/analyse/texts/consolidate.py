"""A contract as it stands on a day, as rule text that stands alone.

The clauses are written from the model, so they are what the engine decides by. The head
and all that the contract builds on, and that does not ship with whopays, come along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from whopays.analyse.texts.origin import Clause, Origins
from whopays.analyse.texts.written import (
    Names,
    condition,
    define_lines,
    exception_lines,
    grid_lines,
    treat_lines,
)
from whopays.model import conditions as model
from whopays.model.catalog import By, Period
from whopays.model.clocks import Clock, Route
from whopays.model.contract import (
    Amendment,
    Contract,
    Limit,
    Party,
    Row,
    Version,
)
from whopays.syntax import nodes
from whopays.syntax.documents import Document, block_text, written
from whopays.syntax.layout.format import tidied

_EDITION = "edition 1"
#: Texts in quotes, comments, and words.
_PIECES = re.compile(r'"[^"\n]*"|#[^\n]*|[A-Za-z_][A-Za-z0-9_]*(?:[.\-][A-Za-z0-9_]+)*')
#: In a limit, the line that says for whom and how long it counts.
_CONTRACT_YEAR = re.compile(r"^\s*per\s+\w+\s+per\s+contract\s+year\b", re.MULTILINE)


@dataclass(frozen=True)
class Parts:
    """What the text is made of, beside the model of the contract.

    `built_on` are the documents to come along, `facts_from` the facts of the contract
    and of the regulations that it uses: their clauses are written out.
    """

    head: nodes.ContractBlock
    facts_from: tuple[nodes.Reference, ...]
    built_on: tuple[Document, ...]


def consolidated(
    contract: Contract,
    version: Version,
    days: Sequence[Period],
    parts: Parts,
    known_on: date | None,
) -> str:
    """Return the text of `contract` as it stands in `version`, which is `known_on`.

    `days` are all on which it stands so, in order.
    """
    return _Consolidation(contract, version, days, parts, known_on).text()


class _Consolidation:
    def __init__(
        self,
        contract: Contract,
        version: Version,
        days: Sequence[Period],
        parts: Parts,
        known_on: date | None,
    ) -> None:
        self.contract = contract
        self.version = version
        self.days = days
        self.parts = parts
        self.known_on = known_on
        self.origins = Origins(contract)
        self.active = [
            each for each in contract.amendments if each.number in version.amendments
        ]
        self.names = self._names()

    def text(self) -> str:
        remarks, head = "\n".join(self._remarks()), "\n".join(self._head())
        # What the contract builds on keeps the comments of its author.
        built_on = map(written, self.parts.built_on)
        blocks = [remarks, _EDITION, *built_on, head, *map("\n".join, self._clauses())]
        return tidied(f"{self.contract.id}.rules", "\n\n".join(blocks) + "\n")

    # The head

    def _remarks(self) -> Iterator[str]:
        contract = self.contract
        days = ", and ".join(map(_days, self.days))
        yield f"# {contract.id} {contract.version} as it stands {days}."
        yield "# Consolidated by whopays, to be read and checked. What was signed, and binds, is:"
        yield f"#   the contract, {_signed(contract)}"
        for each in self.active:
            yield f"#   amendment {each.number}, {_signed(each)}{_withdrawn(each)}"
        if self.known_on is not None:
            yield f"# As known on {self.known_on}, without what was signed later."

    def _head(self) -> Iterator[str]:
        contract = self.contract
        head = self.parts.head
        yield f'contract {contract.id} "{contract.title}"'
        if head.version is not None:
            yield f"  version {contract.version}"
        numbers = ", ".join(map(str, self.version.amendments))
        yield f"  amended by {numbers or 'none'}"
        if contract.signed is not None:
            yield f"  signed {contract.signed}"
        yield from (f"  in force {period}" for period in self.days)
        if contract.payer is not None:
            group = f' group "{contract.group}"' if contract.group is not None else ""
            yield f'  for payer "{contract.payer}"{group}'
        if contract.products:
            yield f"  products {', '.join(contract.products)}"
        yield from map(self._party, self.version.text.parties)
        for words, references in (
            ("facts from", self.parts.facts_from),
            ("categories from", head.categories_from),
            ("terms from", head.terms_from),
        ):
            for each in references:
                yield f"  {words} {each.id.text} {each.version.text}"
        for words, word in (("divides", head.divides), ("calendar", head.calendar)):
            if word is not None:
                yield f"  {words} {word.text}"
        yield from (_decide_by(by, contract, self.names) for by in contract.decide_by)
        yield "end"

    def _party(self, party: Party) -> str:
        word = "party" if party.paid_by is None else "fund"
        paid_by = f" paid by {party.paid_by}" if party.paid_by is not None else ""
        remark = ""
        for amendment in self.active:
            for change in amendment.changes:
                if change.kind == "rename" and change.id == party.id:
                    cited = f" ({'; '.join(change.cites)})" if change.cites else ""
                    remark = f"  # renamed by amendment {amendment.number}{cited}"
        return f'  {word} {party.id} "{party.name}"{paid_by}{remark}'

    # The clauses

    def _clauses(self) -> Iterator[list[str]]:
        text, names = self.version.text, self.names
        for named, name in names.items():
            yield define_lines(name, named.part, names)
        for grid in text.grids:
            yield grid_lines(grid, text.parties, names, self._remark)
        for exception in text.exceptions:
            yield [*self._above(exception), *exception_lines(exception, names)]
        for treat in text.treats:
            yield [*self._above(treat), *treat_lines(treat, names)]
        kept: list[Limit | Route | Clock]
        kept = [*text.limits, *text.routes, *text.clocks]
        for clause in kept:
            block = _renamed(block_text(clause.span), self._new_names(clause))
            yield [*self._above(clause), self._counted(clause, block)]

    def _counted(self, clause: Limit | Route | Clock, block: str) -> str:
        """Return `block` with the day from which contract years count said in it."""
        since = self.contract.in_force[0].first
        if not isinstance(clause, Limit) or since == self.days[0].first:
            return block
        if clause.since is not None:
            return block
        return _CONTRACT_YEAR.sub(rf"\g<0> from {since}", block)

    def _remark(self, row: Row) -> str:
        number = self.origins.of(row)
        return f"amendment {number}" if number else ""

    def _above(self, clause: Clause) -> list[str]:
        return _of(self.origins.of(clause))

    # Definitions

    def _names(self) -> Names:
        """Return the names of all definitions in use; no two have the same."""
        used = dict.fromkeys(
            named
            for when in _conditions(self.contract, self.version)
            for named in _named(when)
        )
        numbers = {named: self.origins.of_define(named) for named in used}
        found: dict[model.Named, str] = {}
        taken: set[str] = set(self.contract.facts)
        # The texts with lower numbers keep their names.
        for named, number in sorted(numbers.items(), key=lambda each: each[1]):
            name = named.name
            if name in taken:
                name = f"{named.name}_of_amendment_{number}"
            while name in taken:
                name = f"{name}_too"
            taken.add(name)
            found[named] = name
        return found

    def _new_names(self, clause: Limit | Route | Clock) -> dict[str, str]:
        """Return the names in the text of `clause` that are others now."""
        found = _named(clause.when) if clause.when is not None else ()
        return {each.name: self.names[each] for each in found}


def _of(number: int) -> list[str]:
    return [f"# Of amendment {number}."] if number else []


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """Return `text` with the words `names` renamed, outside quotes and comments."""
    return _PIECES.sub(lambda piece: names.get(piece[0], piece[0]), text)


def _conditions(contract: Contract, version: Version) -> Iterator[model.Condition]:
    text = version.text
    found = [by.when for by in contract.decide_by]
    for grid in text.grids:
        found.append(grid.when)
        found.extend(row.when for row in (*grid.rows, *grid.otherwise))
    found.extend(exception.when for exception in text.exceptions)
    found.extend(treat.when for treat in text.treats)
    found.extend(limit.when for limit in text.limits)
    found.extend(route.when for route in text.routes)
    found.extend(clock.when for clock in text.clocks)
    yield from (when for when in found if when is not None)


def _named(when: model.Condition) -> Iterator[model.Named]:
    """Yield the definitions that `when` uses; those that they use come before them."""
    match when:
        case model.Named(_, part):
            yield from _named(part)
            yield when
        case model.All(parts) | model.Any_(parts):
            for part in parts:
                yield from _named(part)
        case model.Not(part):
            yield from _named(part)
        case _:
            return


def _decide_by(by: By, contract: Contract, names: Names) -> str:
    line = f"  decide by {by.facts[0]}"
    if by.when is not None:
        return f"{line} when {condition(by.when, names)}"
    return f"{line} otherwise" if len(contract.decide_by) > 1 else line


def _days(period: Period) -> str:
    first, last = period.first, period.last
    return f"from {first} onward" if last is None else f"from {first} to {last}"


def _signed(text: Contract | Amendment) -> str:
    signed = f"signed {text.signed}" if text.signed else "no day of signing given"
    return f"{signed}, in force {', '.join(map(str, text.in_force))}"


def _withdrawn(amendment: Amendment) -> str:
    gone = [each.target for each in amendment.changes if each.kind == "withdraw"]
    return f"; it withdraws {', '.join(gone)}" if gone else ""
