"""Who pays a line: the definition, short enough to read.

It knows no cells, no tables and no program: it reads the contract's text on the raw
facts of a line. A fact that is unknown is tried with every value that could make a
difference (`values`), and the answers are joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from whopays.model.catalog import By, Catalog
from whopays.model.claim import Line
from whopays.model.conditions import ComparesFacts, Condition, Read
from whopays.model.contract import Contract, ExceptionClause, Row, Text, Version
from whopays.model.outcome import MOST_COMPLETIONS, Leaf, Outcome, join
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.reference.values import all_atoms, possible_values
from whopays.resolve import versions
from whopays.terms.line import seen_by_clauses, terms_of, with_needs

T = TypeVar("T")
NO_CONTRACT = Outcome("no_contract")


class _Asks(Exception):
    """The definition reads a fact that is unknown."""

    def __init__(self, fact: str) -> None:
        self.fact = fact


def decide(
    contract: Contract,
    line: Line,
    *,
    known_on: date | None = None,
    category: str | None = None,
) -> Outcome:
    """Return who pays `line` under `contract`; `category` places the line by name."""
    in_force, _ = versions(contract, known_on)
    facts = seen_by_clauses(contract, line.read)
    choices: dict[str, list[Value]] = {}
    leaves: list[Leaf] = []

    def known(read: Read) -> Outcome:
        return decide_known(contract, in_force, read, category)

    for bits, outcome in completions(contract, facts, choices, known):
        leaves.append((bits, outcome))
        if len(leaves) > MOST_COMPLETIONS:
            needs = tuple(sorted(choices))
            return Outcome("undetermined", needs=needs, minimised=False)
    found = join(leaves, choices)
    if found.status != "undetermined":
        return found
    needs = with_partners(contract, found.needs, facts, duties=False)
    return with_needs(replace(found, needs=needs), terms_of(contract, line.read))


def with_partners(
    contract: Contract,
    needs: tuple[str, ...],
    facts: dict[str, Value],
    *,
    duties: bool,
) -> tuple[str, ...]:
    """Return `needs` and the unknown facts that they are compared with.

    The values of facts that are compared hang together: only all of them settle it.
    `duties`: it is a route or a clock that needs them.
    """
    found = set(needs)
    pairs = [
        (atom.fact, atom.other)
        for atom in all_atoms(contract, duties=duties)
        if isinstance(atom, ComparesFacts)
        and facts.get(atom.fact, UNKNOWN) is UNKNOWN
        and facts.get(atom.other, UNKNOWN) is UNKNOWN
    ]
    while (
        more := {n for pair in pairs if found.intersection(pair) for n in pair} - found
    ):
        found |= more
    return tuple(sorted(found))


def decide_known(
    contract: Contract,
    in_force: Iterable[Version],
    read: Read,
    category: str | None = None,
) -> Outcome:
    """Return who pays a line all of whose facts are known."""
    version = governing(contract, in_force, read)
    if version is None:
        return NO_CONTRACT
    text, catalog = version.text, contract.catalog
    if category is None:
        places = _places(catalog, text, read)
        if len(places) > 1:
            return Outcome(
                "by_hand", note=f"two categories: {', '.join(sorted(places))}"
            )
        category = places[0] if places else None
    return _settle(catalog, text, category, read)


def governing(
    contract: Contract, in_force: Iterable[Version], read: Read
) -> Version | None:
    """Return the text that governs a line, None if the contract does not answer for it."""
    if not _is_ours(contract, read):
        return None
    by = _first_that_holds(contract.decide_by, read)
    day = read(by.facts[0]) if by is not None else NONE
    return next(
        (v for v in in_force if isinstance(day, date) and day in v.period), None
    )


def _is_ours(contract: Contract, read: Read) -> bool:
    if contract.products and read("product") not in contract.products:
        return False
    if contract.payer is not None and read("payer") != contract.payer:
        return False
    return contract.group is None or read("group") == contract.group


def _first_that_holds(lines: tuple[By, ...], read: Read) -> By | None:
    return next((by for by in lines if _holds(by.when, read)), None)


def _holds(when: Condition | None, read: Read) -> bool:
    return when is None or when.holds(read)


# Category


def _places(catalog: Catalog, text: Text, read: Read) -> list[str]:
    """Return the categories where the line stands: one, none, or an unranked two."""
    by = _first_that_holds(catalog.match_by, read)
    for fact in by.facts if by is not None else ():
        code = read(fact)
        if not isinstance(code, str):
            continue
        found = _first_ranked(
            catalog,
            [
                name
                for name, category in catalog.categories.items()
                if catalog.lists(name, fact, code)
                and _is_answered(catalog, text, name)
                and _holds(category.when, read)
            ],
        )
        if found:
            return found
    return _first_ranked(
        catalog,
        [
            name
            for name, category in catalog.categories.items()
            if not category.codes
            and category.when is not None
            and _is_answered(catalog, text, name)
            and _holds(category.when, read)
        ],
    )


def _first_ranked(catalog: Catalog, names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if not any(name in catalog.later[other] for other in names)
    ]


def _is_answered(catalog: Catalog, text: Text, name: str) -> bool:
    line = (name, *catalog.ancestors[name])
    return any(text.has_row(each) for each in line) or any(
        treat.source in line for treat in text.treats
    )


def _nearest(catalog: Catalog, category: str, having: set[str]) -> str | None:
    """Return `category`, or its nearest ancestor, that is in `having`."""
    line = (category, *catalog.ancestors[category])
    return next((each for each in line if each in having), None)


def _answering(catalog: Catalog, text: Text, category: str) -> str | None:
    """Return `category`, or its nearest ancestor, with a treat or a row of its own."""
    having = {treat.source for treat in text.treats}
    having |= {row.category for grid in text.grids for row in grid.rows if row.category}
    return _nearest(catalog, category, having)


# Clauses


def _settle(catalog: Catalog, text: Text, landed: str | None, read: Read) -> Outcome:
    category = landed
    moved: list[str] = []
    while category is not None:
        source = _answering(catalog, text, category)
        treats = [t for t in text.treats if t.source == source and _holds(t.when, read)]
        if not treats:
            break
        if len({t.target for t in treats}) > 1:
            names = tuple(sorted(t.id for t in treats))
            return Outcome("by_hand", None, names, landed=landed, note="conflict")
        category = treats[0].target
        moved.extend(t.id for t in treats)
    rows = list(_rows(catalog, text, category, read))
    acting: list[Row | ExceptionClause] = [*rows]
    beaten: set[str] = set()
    waiting = list(text.exceptions)
    while True:
        met = [e for e in waiting if any(_is_to(e, clause) for clause in acting)]
        if not met:
            break
        waiting = [e for e in waiting if e not in met]
        acting.extend(e for e in met if _holds(e.when, read))
    for clause in acting:
        if isinstance(clause, ExceptionClause):
            beaten.update(each.id for each in acting if _is_to(clause, each))
    left = [clause for clause in acting if clause.id not in beaten]
    names = tuple(sorted(clause.id for clause in left))
    where = (tuple(sorted(moved)), category, landed)
    answers = {clause.answer for clause in left}
    if len(answers) != 1:
        note = "conflict" if answers else "gap"
        return Outcome("by_hand", None, names, *where, note=note)
    answer = answers.pop()
    status = {"shares": "decided", "draft": "by_hand"}.get(answer.kind, answer.kind)
    return Outcome(status, answer, names, *where)


def _rows(
    catalog: Catalog, text: Text, category: str | None, read: Read
) -> Iterator[Row]:
    for grid in text.grids:
        if not _holds(grid.when, read):
            continue
        own = None
        if category is not None:
            having = {row.category for row in grid.rows if row.category is not None}
            own = _nearest(catalog, category, having)
        found = [
            row
            for row in grid.rows
            if own is not None and row.category == own and _holds(row.when, read)
        ]
        yield from found or [r for r in grid.otherwise if _holds(r.when, read)]


def _is_to(exception: ExceptionClause, clause: Row | ExceptionClause) -> bool:
    for target in exception.targets:
        if isinstance(clause, ExceptionClause):
            if target.what == "clause" and target.id == clause.id:
                return True
        elif target.id == clause.grid and (
            target.what == "clause"
            or (target.what == "otherwise" and clause.category is None)
            or (target.what == "row" and clause.category == target.category)
        ):
            return True
    return False


# Unknown facts


def completions(
    contract: Contract,
    facts: dict[str, Value],
    choices: dict[str, list[Value]],
    answer: Callable[[Read], T],
) -> Iterator[tuple[Mapping[str, int], T]]:
    """Yield every way to fill in the unknown facts that are read, and the `answer`.

    What is read goes into `choices`, with the values that were tried.
    """
    waiting: list[tuple[Mapping[str, Value], Mapping[str, int]]] = [(facts, {})]
    while waiting:
        known, bits = waiting.pop()

        def read(name: str, known: Mapping[str, Value] = known) -> Value:
            value = known.get(name, UNKNOWN)
            if value is UNKNOWN:
                raise _Asks(name)
            return value

        try:
            yield bits, answer(read)
        except _Asks as asked:
            name = asked.fact
            if name not in choices:
                choices[name] = possible_values(contract, name, facts)
            for at, value in enumerate(choices[name]):
                waiting.append(({**known, name: value}, {**bits, name: 1 << at}))
