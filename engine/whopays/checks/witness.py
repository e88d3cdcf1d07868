"""Builds a claim that shows a problem, and lets the reference decide it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product

from whopays.model.catalog import Category
from whopays.model.conditions import value_text
from whopays.model.facts import Fact, Kind
from whopays.model.outcome import Outcome
from whopays.model.values import NONE, UNKNOWN, Value
from whopays.program.compile import Program, VersionProgram
from whopays.program.table import Table
from whopays.reference import decide_known

_TRIES = 60
_CODES = 12
Facts = dict[str, Value]


def witness(
    version: VersionProgram,
    category: str | None,
    table: Table,
    entries: Iterable[tuple[int, ...]],
    shows: Callable[[Outcome], bool],
) -> Facts | None:
    """Return the facts of a claim, landed on `category`, that `shows` the problem.

    `entries` are cells of `table`; None when no claim was found within the tries.
    """
    program = version.program
    for cells in entries:
        base = _base(program, version)
        for dim, cell in zip(table.dims, cells, strict=True):
            base.update(zip(dim.facts, dim.values[cell], strict=True))
        for facts in islice(landing(version, category, base), _TRIES):
            outcome = _decided(version, facts)
            if outcome is not None and shows(outcome) and outcome.landed == category:
                return facts
    return None


def _decided(version: VersionProgram, facts: Facts) -> Outcome | None:
    read = facts.get

    def known(name: str) -> Value:
        value = read(name, UNKNOWN)
        return NONE if value is UNKNOWN else value

    in_force = [version.version]
    return decide_known(version.program.contract, in_force, known)


def _base(program: Program, version: VersionProgram) -> Facts:
    """Return a claim of the contract on the first day of `version`, otherwise empty."""
    contract = program.contract
    facts: Facts = {}
    if contract.products:
        facts["product"] = contract.products[0]
    for name, value in (("payer", contract.payer), ("group", contract.group)):
        if value is not None:
            facts[name] = value
    for by in contract.decide_by:
        facts[by.facts[0]] = version.version.period.first
    return facts


def landing(
    version: VersionProgram,
    category: str | None,
    base: Facts,
    without: frozenset[str] = frozenset(),
) -> Iterator[Facts]:
    """Yield claims like `base` with codes by which they may land on `category`.

    The facts `without` stay as `base` has them, also where it has none.
    """
    catalog = version.program.contract.catalog
    if category is None:
        codes: Facts = dict.fromkeys(catalog.code_facts(), NONE)
        yield from _completed(version, {**codes, **base}, None, without)
        return
    found = catalog.categories[category]
    for fact, code in _codes(version, found):
        others = {name: NONE for name in catalog.code_facts() if name != fact}
        given = base.get(fact, code)
        chosen = given if given is not NONE else code
        claim = {**others, **base, fact: chosen}
        yield from _completed(version, claim, found, without)
    if not found.codes and found.when is not None:
        codes = dict.fromkeys(catalog.code_facts(), NONE)
        yield from _completed(version, {**codes, **base}, found, without)


def _codes(version: VersionProgram, category: Category) -> Iterator[tuple[str, str]]:
    program = version.program
    for fact in program.contract.catalog.code_facts():
        families = program.code_index(fact).representatives
        own = [
            (len(family), code)
            for family, code in families.items()
            if category.name in family
        ]
        yield from ((fact, code) for _, code in sorted(own)[:_CODES])


def _completed(
    version: VersionProgram,
    facts: Facts,
    category: Category | None,
    without: frozenset[str],
) -> Iterator[Facts]:
    """Yield `facts` with values for what the category's condition and order ask."""
    program = version.program
    asked = [program.order, program.dates]
    if category is not None and category.when is not None:
        asked.append(version.select(frozenset({category.name})))
    names: dict[str, tuple[Value, ...]] = {}
    for table in asked:
        for dim in table.dims:
            for at, name in enumerate(dim.facts):
                if name not in facts and name not in without:
                    values = tuple(dict.fromkeys(each[at] for each in dim.values))
                    # A claim without a fact is the plainest one.
                    names[name] = tuple(sorted(values, key=lambda v: v is not NONE))
    for values in product(*names.values()):
        yield {**facts, **dict(zip(names, values, strict=True))}


def in_words(facts: Facts, known: dict[str, Fact]) -> str:
    """Return the claim as a test would give it."""
    said = []
    for name, value in sorted(facts.items()):
        fact = known.get(name)
        if fact is None or value is NONE:
            continue
        kind = fact.kind
        text = value_text(value, money=kind is Kind.MONEY, percent=kind is Kind.PERCENT)
        said.append(f"{name} {text}")
    return ", ".join(said)
