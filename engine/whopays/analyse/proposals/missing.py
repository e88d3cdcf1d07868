"""Proposes tests for what the tests of a contract miss."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from whopays.analyse.coverage.demands import clauses_of
from whopays.analyse.coverage.hangs import TooManyWaysError, seen_by_tests
from whopays.analyse.coverage.items import Item, Key
from whopays.analyse.proposals.generated import Test, reasons_of
from whopays.analyse.proposals.titles import title
from whopays.analyse.witnesses.builds import Builder, Built
from whopays.analyse.witnesses.drafts import Draft
from whopays.model.conditions import Read
from whopays.model.contract import Contract
from whopays.model.outcome import Outcome
from whopays.model.values import UNKNOWN, Value
from whopays.reference import decide_known
from whopays.reference.values import possible_values
from whopays.resolve.tests import complete
from whopays.terms.line import said_of, with_needs

_RANK = (
    *("threshold", "target", "day", "known", "withdrawal", "treat"),
    *("condition", "exception", "otherwise", "row"),
)


class DisagreementError(RuntimeError):
    """The tables and the reference decide a claim differently: a bug of whopays."""


def tests_for(
    builder: Builder, built: Iterable[Built], items: Iterable[Item], titles: set[str]
) -> list[Test]:
    """Return a test for each of `built`, in the order of the `items` that they show.

    `titles` are taken already. The outcomes are the reference's.
    """
    order = {item.key: (at, item) for at, item in enumerate(items)}
    found: list[tuple[int, Test]] = []
    taken = set(titles)
    covered: set[Key] = set()
    for each in built:
        mine = [key for key in each.touches if key in order and key not in covered]
        if not mine:
            continue
        covered.update(mine)
        slim = slimmed(builder, each, frozenset(mine))
        outcome = _as_run(builder, slim.draft, expected(builder, slim.draft))
        if outcome is None:
            continue
        shown = min((order[key] for key in mine), key=_rank)
        name = title(builder.contract, shown[1], slim.draft.given, outcome)
        found.append((shown[0], _test(builder, name, slim.draft, outcome)))
    found.sort(key=lambda pair: pair[0])
    return [replace(test, title=_untaken(test.title, taken)) for _, test in found]


def _as_run(builder: Builder, draft: Draft, outcome: Outcome) -> Outcome | None:
    """Return `outcome` with what terms lack in a test, in place of the terms.

    None where such a term is known there: a fact that no test mentions may be none,
    and the parts of the term then give it.
    """
    contract = builder.contract
    names = [name for name in outcome.needs if contract.facts[name].is_term]
    said = said_of(contract, names, complete(contract, dict(draft.given)))
    if any(each.value is not UNKNOWN for each in said):
        return None
    return with_needs(outcome, said)


def _rank(place: tuple[int, Item]) -> tuple[int, bool, int]:
    at, item = place
    return _RANK.index(item.kind), item.side == "unknown", at


def _test(builder: Builder, name: str, draft: Draft, outcome: Outcome) -> Test:
    clauses = {
        clause.id: clause
        for version in builder.touches.hanging(draft.known_on).program.versions
        for clause in clauses_of(version)
    }
    reasons = reasons_of(outcome, clauses)
    return Test(name, builder.contract.id, draft, outcome, reasons)


def _untaken(name: str, taken: set[str]) -> str:
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found)
    return found


def slimmed(builder: Builder, built: Built, wanted: frozenset[Key]) -> Built:
    """Return `built` with the few facts that it needs to touch `wanted`, dates in order."""
    told = _told(builder, built.draft)

    def tried(given: Mapping[str, Value]) -> Built | None:
        draft = replace(built.draft, given=given)
        if _told(builder, draft) != told:
            return None
        found = builder.built(draft)
        return found if wanted <= found.touches else None

    given = built.draft.given
    for facts in builder.hung_on(built.draft):
        best = tried({name: given[name] for name in given if name in facts})
        if best is not None:
            break
    else:
        best = built
        for name in given:
            rest = best.draft.given
            best = tried({n: rest[n] for n in rest if n != name}) or best
    for name, day in _late(best.draft.given).items():
        best = tried({**best.draft.given, name: day}) or best
    return best


def _told(builder: Builder, draft: Draft) -> Hashable:
    """Return the decision of `draft`, and whether it asks anything unknown."""
    try:
        found, ways = builder.ways(draft)
    except TooManyWaysError:
        return None
    return seen_by_tests(found.outcome), len(ways) > 1


def _late(given: Mapping[str, Value]) -> dict[str, date]:
    """Return the dates before the last one, each moved to the last one.

    Cells do not know that a service is no earlier than the admission for it.
    """
    dates = {name: day for name, day in given.items() if isinstance(day, date)}
    last = max(dates.values(), default=None)
    if last is None or "service_date" not in dates:
        return {}
    return {"service_date": last} if dates["service_date"] < last else {}


def expected(builder: Builder, draft: Draft) -> Outcome:
    """Return the outcome of `draft`; raise `DisagreementError` if the reference differs.

    The reference decides the claim: in each way to fill in what is unknown, where
    something is. Its answers are joined as those of the tables are.
    """
    found, ways = builder.ways(draft)
    in_force = builder.in_force(draft.known_on)
    for way in ways:
        read = _reading(builder.contract, way.facts)
        outcome = decide_known(builder.contract, in_force, read, draft.category)
        if seen_by_tests(outcome) != seen_by_tests(way.found.outcome):
            raise DisagreementError(
                f"{dict(draft.given)}: {outcome} {way.found.outcome}"
            )
    return found.outcome


def _reading(contract: Contract, facts: Mapping[str, Value]) -> Read:
    """Return what reads `facts`; one that no table tells apart has any value."""

    def read(name: str) -> Value:
        value = facts.get(name, UNKNOWN)
        return possible_values(contract, name, facts)[0] if value is UNKNOWN else value

    return read
