"""What would change the answer of a line, told fact by fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whopays.analyse.changes.become import Decide, Teller
from whopays.analyse.changes.change import Changer, Facts, Search
from whopays.analyse.changes.goals import Wanted
from whopays.decide.decision import Decision
from whopays.decide.line import Decider
from whopays.model.changes import Changes, ChangeSet
from whopays.model.facts import Fact
from whopays.model.values import UNKNOWN

LARGEST = 3


def already(wanted: Wanted) -> Changes:
    """Return that a line has the answer that is wanted."""
    return Changes(wanted.words, False, (), LARGEST, True, (), is_so=True)


def what_would_change(  # noqa: PLR0913 - what is decided, by whom, to what
    deciders: Sequence[Decider],
    now: Decision,
    facts: Facts,
    wanted: Wanted,
    decide: Decide,
    *,
    largest: int = LARGEST,
) -> Changes:
    """Return what would change the decision `now` of a line that has `facts`.

    `decide` decides a line of other facts by all the contracts. Sets of more than
    `largest` facts are not looked for.
    """
    known: dict[str, Fact] = {}
    for decider in deciders:
        known = {**decider.program.contract.facts, **known}
    settles = now.status == "undetermined"
    unknown = {name for name in known if facts.get(name, UNKNOWN) is UNKNOWN}
    free = unknown if settles else {n for n, fact in known.items() if not fact.fixed}
    changer = Changer(
        deciders, facts, frozenset(free), lambda other: decide(other).outcome
    )
    search = changer.search(wanted.reached, largest)
    teller = Teller(deciders, known, facts, decide)
    sets = (teller.told(names, found) for names, found in search.found.items())
    codes = {
        name
        for decider in deciders
        for name in decider.program.contract.catalog.code_facts()
    }
    return Changes(
        wanted.words,
        settles,
        tuple(sorted(sets, key=lambda found: _fewest_first(found, codes))),
        largest,
        search.is_complete,
        () if settles else _fixed(search, known, facts),
    )


def _fixed(search: Search, known: Mapping[str, Fact], facts: Facts) -> tuple[str, ...]:
    return tuple(sorted(n for n in search.read if known[n].fixed and n in facts))


def _fewest_first(
    found: ChangeSet, codes: set[str]
) -> tuple[int, int, bool, tuple[str, ...]]:
    """Return by what sets are sorted: what leads to no answer, or to another service, is last."""
    statuses = {way.status for way in found.ways}
    rank = 2 if statuses == {"no_contract"} else int(statuses == {"undetermined"})
    return len(found.facts), rank, not codes.isdisjoint(found.facts), found.facts
