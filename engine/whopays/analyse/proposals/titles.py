"""What a generated test shows, in words: its title."""

from __future__ import annotations

from collections.abc import Mapping

from whopays.analyse.coverage.items import Item
from whopays.analyse.proposals.generated import fact_text
from whopays.model import conditions as model
from whopays.model.contract import Contract
from whopays.model.outcome import Outcome
from whopays.model.values import Value

_LONGEST = 110
_EDGES = {
    "at": "exactly at the threshold of",
    "beyond": "just beyond the threshold of",
    "before": "on the day before the month of",
    "first": "on the first day of the month of",
    "last": "on the last day of the month of",
    "after": "on the day after the month of",
}


def title(
    contract: Contract, item: Item, given: Mapping[str, Value], outcome: Outcome
) -> str:
    """Return the title of the test that shows `item` by a claim with these facts."""
    where = outcome.landed or "A line"
    said = _said(contract, item, given, outcome)
    text = " ".join(f"{where}{said}".replace('"', "").replace("|", "/").split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _said(
    contract: Contract, item: Item, given: Mapping[str, Value], outcome: Outcome
) -> str:
    name = short(item.clause)
    match item.kind:
        case "threshold":
            row = short(item.clause, when=False)
            return f"{_values(contract, item, given)}: {_EDGES[item.side]} {row}"
        case "condition" if item.side == "unknown":
            return f"{_missing(item, given)}: {_open(item)}"
        case "condition":
            return f"{_values(contract, item, given)}: {_sided(item, outcome)}"
        case "target":
            return f": {name} replaces {short(item.key[2])}"
        case "treat":
            return f": {name} moves it to {outcome.category}"
        case "day":
            return f" on {item.text}"
        case "known":
            return f", {item.text}"
        case "withdrawal":
            return f": {name} is withdrawn"
        case _:
            return f": {name}"


def _sided(item: Item, outcome: Outcome) -> str:
    name, _, kind = item.clause.partition(" ")
    if name in {"decide", "match", "category", "contract"} or not kind:
        acts = item.clause in (*outcome.clauses, *outcome.moved)
        if name in {"decide", "match"}:
            return f"{item.clause} {'holds' if item.side == 'true' else 'fails'}"
        if name in {"category", "contract"}:
            return f"{kind} {'takes it' if item.side == 'true' else 'passes it by'}"
        return f"{name} applies" if acts else f"{name} does not apply"
    acts = item.clause in outcome.clauses
    return short(item.clause, when=False) if acts else f"not {short(item.clause)}"


def _open(item: Item) -> str:
    name, _, kind = item.clause.partition(" ")
    if name in {"category", "contract"}:
        return f"{kind} may take it"
    return f"{short(item.clause)} is open"


def short(clause: str, *, when: bool = True) -> str:
    """Return what a title calls a clause: a row by its grid, others by their ids."""
    grid, quote, rest = clause.partition(' "')
    if not quote or grid == "category":
        return clause
    _, _, condition = rest.partition('"')
    return f"the row of {grid}{condition if when else ''}"


def _values(contract: Contract, item: Item, given: Mapping[str, Value]) -> str:
    """Return the values of the facts that the atom of `item` reads."""
    said = [
        f"{name} {fact_text(contract.facts[name], given[name])}"
        if name in given
        else f"no {name}"
        for name in model.atom_facts(item.key[2])
    ]
    return f", {', '.join(said)}"


def _missing(item: Item, given: Mapping[str, Value]) -> str:
    names = [name for name in model.atom_facts(item.key[2]) if name not in given]
    return f", {', '.join(names)} not known"
