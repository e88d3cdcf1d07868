"""One code explained: who claims it, who remains under the facts, who wins, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from whopays.analyse.catalogs.candidates import Candidate, Looked, View
from whopays.analyse.catalogs.listing import (
    Listed,
    Near,
    listing,
    mentions,
    nearest_ranges,
)
from whopays.analyse.catalogs.placing import Placed, Placer
from whopays.analyse.catalogs.stated import Stated
from whopays.model.catalog import Catalog
from whopays.model.changes import Changes
from whopays.model.codes import CodeSet
from whopays.model.facts import as_counted
from whopays.model.values import NONE, Value


@dataclass(frozen=True)
class Lookup:
    """All that a catalog says of a code under some facts.

    `status`: `placed` (by `winner`), `nowhere`, `open` (see `needs` and `changes`),
    `tie` (between `ties`), or `not looked up` (no `match by` looks at the system).
    `order` are the `match by` lines that hold, or may. `supposed` are code facts taken
    as none. `also` are other codes that may be meant; of `short_of` the codes have one
    character more.
    """

    catalog: Catalog
    system: str
    code: str
    given: Mapping[str, str]
    supposed: tuple[str, ...]
    status: str
    winner: str
    by_fact: str
    ties: tuple[str, ...]
    needs: tuple[str, ...]
    changes: Changes | None
    order: tuple[str, ...]
    looked: tuple[Looked, ...]
    codeless: tuple[Candidate, ...]
    mentioned: tuple[Listed, ...]
    near: tuple[Near, ...]
    stated: Stated | None
    service_date: date | None
    also: tuple[str, ...] = ()
    short_of: tuple[str, ...] = ()

    @property
    def code_text(self) -> str:
        """The code as the language writes it."""
        return str(CodeSet(self.system, ((self.code, self.code),)))

    @property
    def is_claimed(self) -> bool:
        """Whether some category lists the code."""
        return bool(listing(self.catalog, self.system, self.code))


def fact_of(catalog: Catalog, system: str) -> str | None:
    """Return the code fact by which `match by` looks at codes of `system`, or None."""
    for name in catalog.code_facts():
        if system in catalog.facts[name].systems:
            return name
    return None


def lookup(
    catalog: Catalog,
    system: str,
    code: str,
    given: Mapping[str, Value],
    stated: Stated | None = None,
) -> Lookup:
    """Return what `catalog` says of `code` of `system` on a line that has `given`.

    `stated`: what a contract says; only its categories are candidates. Code facts that
    `match by` looks at and nobody gave are taken as none: the line has this code alone.
    """
    known = catalog.facts if stated is None else stated.contract.facts
    own = fact_of(catalog, system)
    supposed: tuple[str, ...] = ()
    facts = {name: as_counted(known[name], value) for name, value in given.items()}
    if own is not None:
        facts[own] = code
        others = [name for name in catalog.code_facts() if name not in facts]
        supposed = tuple(name for name in others if catalog.facts[name].or_none)
        facts.update(dict.fromkeys(supposed, NONE))
    answered = frozenset(catalog.categories) if stated is None else stated.answered
    placed = Placer(catalog, answered).place(facts) if own is not None else None
    view = View(catalog, facts, answered, placed)
    listed = listing(catalog, system, code)
    day = given.get("service_date")
    return Lookup(
        catalog,
        system,
        code,
        {name: known[name].written(value) for name, value in given.items()},
        supposed,
        *_status(placed, view),
        placed.changes if placed is not None else None,
        tuple(view.order()),
        tuple(view.looked()) if own is not None else (),
        tuple(view.codeless()),
        mentions(catalog, system, code),
        () if listed or own is None else nearest_ranges(catalog, system, code),
        stated,
        day if isinstance(day, date) else None,
    )


def _status(
    placed: Placed | None, view: View
) -> tuple[str, str, str, tuple[str, ...], tuple[str, ...]]:
    """Return status, winner, the fact that found it, ties and needs."""
    if placed is None:
        return "not looked up", "", "", (), ()
    found, outcome = placed.found, placed.found.outcome
    if outcome.status == "undetermined":
        return "open", "", "", (), outcome.questions
    if outcome.status == "by_hand":
        return "tie", "", found.code_fact, view.ties(found.candidates), ()
    if outcome.landed is None:
        return "nowhere", "", "", (), ()
    return "placed", outcome.landed, found.code_fact, (), ()
