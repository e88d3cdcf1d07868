"""Which items a contract has: all that its tests are asked to show.

The text is gone through version by version; what stands unchanged in several versions
is one item. An item's key is made of places in the text, never of what words say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from whopays.analyse.coverage.bounds import bounds
from whopays.analyse.coverage.edges import edges, value_at
from whopays.analyse.coverage.items import Item, Key
from whopays.diagnostics import Span
from whopays.model import conditions as model
from whopays.model.contract import Amendment, Change, ExceptionClause, Row, Treat
from whopays.model.facts import Fact, Kind
from whopays.model.values import UNKNOWN
from whopays.program.compile import Program, VersionProgram
from whopays.program.piece import Clause

Mark: TypeAlias = tuple[str, int]
_DAY = timedelta(days=1)
SIDES = {"true": "holds", "false": "fails", "unknown": "is unknown"}
EDGES = {
    "at": "exactly at",
    "beyond": "just beyond",
    "before": "on the day before the month of",
    "first": "on the first day of the month of",
    "last": "on the last day of the month of",
    "after": "on the day after the month of",
}


def mark(span: Span) -> Mark:
    """Return what tells the place apart from all other places of the text."""
    return span.source.name, span.start


@dataclass(frozen=True)
class Owner:
    """Something with a condition: `name` as reports call it, and its place."""

    name: str
    span: Span
    when: model.Condition


def items_of(program: Program) -> tuple[Item, ...]:
    """Return all items of the contract of `program`, in the order of its text."""
    found: dict[Key, Item] = {}
    for part in (_clauses, _conditions, _signings, _withdrawals):
        for item in part(program):
            found.setdefault(item.key, item)
    found.update((bound.key, bound.item) for bound in bounds(program))
    catalog = program.contract.catalog.span.source.name

    def place(item: Item) -> tuple[bool, str, int]:
        name, start = mark(item.span)
        return name == catalog != program.contract.span.source.name, name, start

    return tuple(sorted(found.values(), key=place))


def clauses_of(version: VersionProgram) -> Iterator[Clause]:
    """Yield the rows, exceptions and treats of `version`."""
    for grid in version.text.grids:
        yield from grid.rows
        yield from grid.otherwise
    yield from version.text.exceptions
    yield from version.text.treats


def clause_key(clause: Clause) -> Key:
    """Return the key of the item that `clause` answers, or moves a line."""
    if isinstance(clause, Row):
        kind = "row" if clause.category is not None else "otherwise"
        return kind, mark(clause.span)
    return "treat" if isinstance(clause, Treat) else "exception", mark(clause.span)


def _clauses(program: Program) -> Iterator[Item]:
    for version in program.versions:
        for clause in clauses_of(version):
            key = clause_key(clause)
            if isinstance(clause, Treat):
                said = f'moves a line from "{clause.source}" to "{clause.target}"'
                yield Item("treat", clause.id, "moves", said, clause.span, key)
                continue
            yield Item(key[0], clause.id, "answers", "answers", clause.span, key)
            if isinstance(clause, ExceptionClause):
                for target in clause.targets:
                    yield Item(
                        "target",
                        clause.id,
                        "replaced",
                        f"replaces {target.text}",
                        clause.span,
                        target_key(clause, target.text),
                    )


def target_key(exception: ExceptionClause, target: str) -> Key:
    """Return the key of the item that `exception` replaces `target`."""
    return "target", mark(exception.span), target


# Conditions


def owners_of(program: Program) -> Iterator[Owner]:
    """Yield all that has a condition which a decision may ask, each once."""
    seen: set[Mark] = set()
    for name, span, when in _whens(program):
        if when is not None and mark(span) not in seen:
            seen.add(mark(span))
            yield Owner(name, span, when)


def _whens(program: Program) -> Iterator[tuple[str, Span, model.Condition | None]]:
    contract, catalog = program.contract, program.contract.catalog
    yield f"contract {contract.id}", contract.span, program.gate.clauses[0][1]
    for by in contract.decide_by:
        yield f"decide by {by.facts[0]}", by.span, by.when
    for version in program.versions:
        for grid in version.text.grids:
            yield grid.id, grid.span, grid.when
        for clause in clauses_of(version):
            yield clause.id, clause.span, clause.when
    for by in catalog.match_by:
        yield f"match by {', '.join(by.facts)}", by.span, by.when
    answered = {name for version in program.versions for name in version.answered}
    for name in sorted(answered):
        category = catalog.categories[name]
        yield f'category "{name}"', category.span, category.when


def _conditions(program: Program) -> Iterator[Item]:
    facts = program.contract.facts
    for owner in owners_of(program):
        for atom, named in atoms_of(owner.when).items():
            where = f"`{atom.text}`" + (f" (in {named})" if named else "")
            for side, word in SIDES.items():
                yield Item(
                    "condition",
                    owner.name,
                    side,
                    f"where {where} {word}",
                    owner.span,
                    condition_key(owner.span, atom, side),
                )
            for edge in edges(atom, facts):
                yield Item(
                    "threshold",
                    owner.name,
                    edge.side,
                    f"{EDGES[edge.side]} {_mark(atom, facts, edge.side)}",
                    owner.span,
                    threshold_key(owner.span, atom, edge.side),
                )


def _mark(atom: model.Atom, facts: dict[str, Fact], side: str) -> str:
    """Return the threshold of `atom` in words, with the value that `side` asks for."""
    value = value_at(atom, facts, side, lambda _: UNKNOWN)
    if value is None:
        return f"`{atom.text}`"
    kind = facts[atom.fact].kind
    text = model.value_text(
        value, money=kind is Kind.MONEY, percent=kind is Kind.PERCENT
    )
    return f"`{atom.text}`: {atom.fact} {text}"


def condition_key(span: Span, atom: model.Atom, side: str) -> Key:
    """Return the key of the item that `atom` of what stands at `span` is on `side`."""
    return "condition", mark(span), atom, side


def threshold_key(span: Span, atom: model.Atom, side: str) -> Key:
    """Return the key of the item that a line stands on `side` of `atom`'s threshold."""
    return "threshold", mark(span), atom, side


def atoms_of(when: model.Condition, named: str = "") -> dict[model.Atom, str]:
    """Return the atoms of `when`, each with the definition in which it stands, if any."""
    match when:
        case model.All(parts) | model.Any_(parts):
            found: dict[model.Atom, str] = {}
            for part in parts:
                found = {**atoms_of(part, named), **found}
            return found
        case model.Not(part):
            return atoms_of(part, named)
        case model.Named(name, part):
            return atoms_of(part, name)
        case _:
            return {when: named}


# What was known, and what is withdrawn


@dataclass(frozen=True)
class Signing:
    """A day on which a contract or amendments of it (`numbers`) were signed."""

    words: str
    span: Span
    numbers: frozenset[int]


def signings(program: Program) -> dict[date, Signing]:
    """Return what was signed, by the day."""
    contract = program.contract
    signed: dict[date, list[Amendment]] = {}
    for amendment in contract.amendments:
        if amendment.signed is not None:
            signed.setdefault(amendment.signed, []).append(amendment)
    found: dict[date, Signing] = {}
    if contract.signed is not None:
        found[contract.signed] = Signing(contract.id, contract.span, frozenset())
    for day, amendments in signed.items():
        numbers = [each.number for each in amendments]
        plural = "s" if len(numbers) > 1 else ""
        words = f"amendment{plural} {', '.join(map(str, numbers))}"
        found.setdefault(day, Signing(words, amendments[0].span, frozenset(numbers)))
    return found


def known_key(day: object, side: str) -> Key:
    """Return the key of the item that something is known on `day`, or the day before."""
    return "known", day, side


def _signings(program: Program) -> Iterator[Item]:
    for day, signing in signings(program).items():
        words = signing.words
        for side, text in (
            ("before", f"known on the day before {words} was signed ({day})"),
            ("first", f"known on {day}, the day on which {words} was signed"),
        ):
            key, clause = known_key(day, side), program.contract.id
            yield Item("known", clause, side, text, signing.span, key)


def withdrawals(program: Program) -> Iterator[tuple[Amendment, Change]]:
    """Yield the withdrawals of amendments."""
    for amendment in program.contract.amendments:
        for change in amendment.changes:
            if change.kind == "withdraw":
                yield amendment, change


def withdrawal_key(change: Change) -> Key:
    """Return the key of the item that `change` has taken something away."""
    return "withdrawal", mark(change.span)


def _withdrawals(program: Program) -> Iterator[Item]:
    for amendment, change in withdrawals(program):
        text = f"{change.target}, withdrawn by amendment {amendment.number}, is missed"
        yield Item(
            "withdrawal",
            change.target,
            "withdrawn",
            text,
            change.span,
            withdrawal_key(change),
        )
